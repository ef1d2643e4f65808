"""What the commands are listed under, and the arguments that several of them share."""

from agentdesk.cli.parse import argument, count, ticket_number, up_to, written
from agentdesk.errors import N_

TICKETS = N_("Tickets")
MAIL = N_("Sending and receiving")
PEOPLE = N_("Customers")
TEXTS = N_("Texts, rules and knowledge")
FIGURES = N_("Clocks and figures")
ACCOUNTS = N_("Accounts and agents")
STORE = N_("What is stored")
PROGRAM = N_("The program")

A_YEAR = 366 * 24 * 3600

TICKET = argument("ticket", metavar="N", type=ticket_number, help=N_("the ticket's number"))
NAME = argument("name", metavar="NAME", help=N_("its name"))
NAMED_LATER = argument("name", metavar="NAME", nargs="?", help=N_("its name"))
LIMIT = argument(
    "--limit", metavar="N", type=count, help=N_("at most so many; stderr says how many are left out")
)
TEXT = argument("--text", metavar="T", type=written, help=N_("the text"))
FILE = argument("--file", metavar="F", help=N_("the file that holds the text"))
STDIN = argument("stdin", metavar="-", nargs="?", help=N_("read the text from standard input"))
ATTACH = argument("--attach", metavar="F", action="append", default=[], help=N_("attach this file"))
HOLD = argument(
    "--hold", metavar="SECONDS", type=up_to(A_YEAR), default=0, help=N_("how long it can be taken back")
)
ACCOUNT = argument("--account", metavar="NAME", required=True, help=N_("the account it belongs to"))
