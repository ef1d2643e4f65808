"""Commands about customers and about what the shop knows of them."""

from agentdesk.cli.parse import Verb, argument, pair_written
from agentdesk.cli.verbs.words import FILE, NAME, PEOPLE, STDIN, TEXT, TICKET
from agentdesk.errors import N_

CUSTOMER = argument(
    "customer",
    metavar="C",
    help=N_('an id, an identity such as maria@example.com, or "#1042" for who wrote a ticket'),
)
OTHER = argument("other", metavar="B", help=N_("the other customer"))

PEOPLE_VERBS: tuple[Verb, ...] = (
    Verb("customer show", PEOPLE, N_("who it is and what was before"), "customer:show", (CUSTOMER,)),
    Verb("customer set", PEOPLE, N_("write down what you know of a customer: name, phone, company, language, form, or a field of your own"), "profile:set_fields", (
        CUSTOMER, argument("fields", metavar="FIELD=VALUE", nargs="+", type=pair_written, help=N_("FIELD= takes it away")),
    )),
    Verb("customer note", PEOPLE, N_("write a note about a customer, whatever the ticket"), "profile:note", (
        CUSTOMER, STDIN, TEXT, FILE,
        argument("--instead", metavar="ID", help=N_("in place of this note")),
        argument("--remove", metavar="ID", help=N_("take this note away")),
    )),
    Verb("customer mute", PEOPLE, N_("keep what they write apart: no clock runs, nothing rings"), "profile:mute", (CUSTOMER,)),
    Verb("customer unmute", PEOPLE, N_("hear a muted customer again"), "profile:unmute", (CUSTOMER,)),
    Verb("customer surveys", PEOPLE, N_("whether a customer is asked how it was: on or off"), "survey:wanted", (
        CUSTOMER, argument("said", metavar="on|off", choices=("on", "off"), help=N_("on or off")),
    )),
    Verb("segment list", PEOPLE, N_("customers by what they have in common, and how many there are"), "segment:list_segments", alone=True),
    Verb("customer merge", PEOPLE, N_("two customers are one"), "customer:merge", (CUSTOMER, OTHER)),
    Verb("customer unmerge", PEOPLE, N_("they are two after all"), "customer:unmerge", (CUSTOMER, OTHER)),
    Verb("customer export", PEOPLE, N_("everything about a customer"), "customer:export", (
        CUSTOMER,
        argument("folder", metavar="DIR", nargs="?", help=N_("a new folder to hand to them: a page to read, the data and all files; by default the data is printed")),
    )),
    Verb("customer erase", PEOPLE, N_("forget a customer"), "erase:erase", (
        CUSTOMER,
        argument("--yes", action="store_true", help=N_("really; it cannot be undone")),
        argument("--dry-run", action="store_true", help=N_("only say what would go, and what would stay with the providers")),
        argument("--mailbox", action="store_true", help=N_("delete the person's mails at the mail provider too")),
    )),
    Verb("lookup show", PEOPLE, N_("ask the shop about a ticket's customer: orders and what else it knows"), "lookup:show", (TICKET,), alone=True),
    Verb("lookup check", PEOPLE, N_("ask each lookup for nobody and say what is wrong"), "lookup:check"),
    Verb("lookup secret", PEOPLE, N_("keep the secret of a lookup, read from standard input"), "lookup:keep_secret", (NAME,)),
    Verb("customer import", PEOPLE, N_("read customers from a table"), "introduce:bring", (
        argument("file", metavar="FILE.csv", help=N_("the file")),
        argument("--dry-run", action="store_true", help=N_("only say what would be new, and which rows cannot be used")),
    )),
)  # fmt: skip
