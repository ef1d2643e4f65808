"""Commands about texts, rules and knowledge, and about clocks and figures."""

from agentdesk.cli.parse import Verb, argument, pair_written, ticket_number, up_to
from agentdesk.cli.verbs.words import FIGURES, HOLD, LIMIT, NAME, TEXTS, TICKET
from agentdesk.core.figures import GROUPS
from agentdesk.errors import N_

FROM = argument("--from", "--since", metavar="D", dest="since", help=N_("from this day"))
TO = argument("--to", metavar="D", dest="until", help=N_("to this day, the day itself included"))
QUERY = argument("query", metavar="Q", nargs="+", help=N_("what to look for"))

TEXTS_VERBS: tuple[Verb, ...] = (
    Verb("quick list", TEXTS, N_("the quick replies"), "quick:list_replies", (
        argument("--for", metavar="N", dest="ticket", type=ticket_number, help=N_("a ticket: what fits what its customer wrote comes first")),
    )),
    Verb("quick show", TEXTS, N_("one of them"), "quick:show", (
        NAME,
        argument("--language", choices=("es", "ca", "en"), help=N_("for a customer of this language")),
        argument("--form", choices=("tu", "usted", "vostè", "voste"), help=N_("how customers are addressed")),
    )),
    Verb("quick send", TEXTS, N_("answer many tickets with one, each in its language on its channel"), "circular:send", (
        NAME,
        argument("--filter", metavar="Q", required=True, help=N_("whom: what a search for Q finds of what is not resolved")),
        argument("--view", metavar="VIEW", help=N_("only of this view")),
        argument("--var", metavar="K=V", action="append", type=pair_written, default=[], help=N_("a value for its placeholder; K.ca=V for one language")),
        argument("--dry-run", action="store_true", help=N_("say who gets what and who does not, and write nothing")),
        HOLD,
    )),
    Verb("quick run", TEXTS, N_("do what a macro without a text says"), "quick:run", (TICKET, NAME)),
    Verb("quick edit", TEXTS, N_("change one in your editor, or make a new one"), "quick:edit", (NAME,)),
    Verb("quick check", TEXTS, N_("find mistakes in them"), "quick:check"),
    Verb("rules list", TEXTS, N_("what is done by itself, and what it did"), "rules:list_rules"),
    Verb("rules check", TEXTS, N_("find mistakes in the rules"), "rules:check"),
    Verb("rules dry-run", TEXTS, N_("what the rules would have done, and why what they would not; writes nothing"), "rules:dry_run", (
        argument("names", metavar="NAME", nargs="*", help=N_("only these; otherwise those that are on, or all where none is")),
        argument("--since", "--from", metavar="D", dest="since", required=True, help=N_("from this day")),
    )),
    Verb("rules on", TEXTS, N_("switch a rule on, from now"), "rules:switch_on", (NAME,)),
    Verb("rules off", TEXTS, N_("switch a rule off"), "rules:switch_off", (NAME,)),
    Verb("rules fired", TEXTS, N_("what the rules did and could not do"), "rules:fired", (
        argument("ticket", metavar="N", nargs="?", type=ticket_number, help=N_("only on this ticket")),
        LIMIT,
    )),
    Verb("playbook list", TEXTS, N_("the playbooks"), "playbook:list_playbooks"),
    Verb("playbook show", TEXTS, N_("the steps of one"), "playbook:show", (NAME,)),
    Verb("playbook check", TEXTS, N_("find mistakes in them"), "playbook:check"),
    Verb("playbook choose", TEXTS, N_("have a ticket follow one; none ends it"), "playbook:choose", (TICKET, NAME)),
    Verb("playbook step", TEXTS, N_("take the next step on a ticket, or the one named"), "playbook:step", (
        TICKET,
        argument("step", metavar="STEP", nargs="?", help=N_("which step, or what is chosen at the next one")),
        argument("choice", metavar="CHOICE", nargs="?", help=N_("what is chosen")),
    )),
    Verb("kb search", TEXTS, N_("look into the knowledge base"), "", (QUERY,)),
    Verb("kb check", TEXTS, N_("find mistakes in it")),
    Verb("kb build", TEXTS, N_("write it as pages"), "", (
        argument("directory", metavar="DIR", help=N_("the directory")),
    )),
)  # fmt: skip

FIGURES_VERBS: tuple[Verb, ...] = (
    Verb("sla check", FIGURES, N_("find mistakes in targets and calendars, and how promises are kept"), "sla:check", (
        argument("--from", "--since", metavar="D", dest="since", help=N_("promises that began from this day on: 2026-11-01, last month, 7d; by default 30 days")),
        argument("--to", metavar="D", dest="until", help=N_("to this day, the day itself included")),
    )),
    Verb("sla why", FIGURES, N_("why a clock says what it says"), "why:why", (TICKET,)),
    Verb("sla board", FIGURES, N_("what is due, as it changes"), "board:board"),
    Verb("sla apply", FIGURES, N_("count open tickets anew after a change of targets or hours"), "sla:apply", (
        argument("--dry-run", action="store_true", help=N_("only say what would be due at another time, and write nothing")),
    )),
    Verb("survey ask", FIGURES, N_("ask the customer of a resolved ticket how it was"), "survey:ask", (TICKET,)),
    Verb("survey list", FIGURES, N_("who was asked how it was, and what they said"), "survey:list_surveys", (FROM, TO), alone=True),
    Verb("report", FIGURES, N_("figures, each with its tickets"), "report:report", (
        argument(
            "kind", nargs="?", choices=("sla", "fcr", "volume", "unanswered", "csat", "promises", "topics", "staffing"),
            help=N_("which figures"),
        ),
        argument("--from", "--since", metavar="D", dest="since", help=N_("from this day: 2026-11-01, last month, 7d; by default 30 days")),
        TO,
        argument("--by", choices=GROUPS, help=N_("what to group by; by default the channel")),
        argument("--days", metavar="N", type=up_to(3650), help=N_("so long must a resolution hold (fcr); by default 7")),
        argument("--csv", action="store_true", help=N_("as a table for a spreadsheet")),
        argument("--tickets", action="store_true", help=N_("the tickets behind each figure")),
    )),
)  # fmt: skip
