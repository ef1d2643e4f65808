"""Whose a ticket is, in words, and what is said before it is another customer's: screen and command line say it alike.

Promises: pure; of a room, that everybody there reads an answer; of a ticket that moves both sides with what else there is of them, whom an answer reaches from then on, and who still takes part.
Refuses: deciding any of that (`core.move`).
"""

from collections.abc import Mapping

from agentdesk.core.card import Moving, Side
from agentdesk.core.text import safe_line, safe_name
from agentdesk.errors import N_
from agentdesk.i18n import tr, tr_n

REFUSALS: Mapping[str, str] = {
    "erased": N_("That customer was forgotten."),
    "moved_already": N_("The ticket is that customer's already."),
    "machine_moves_not": N_("Machine mail is nobody's matter: X says that a person wrote it."),
    "chat_moves_not": N_(
        "A chat is whoever writes in it: L makes two customers one, if it is the same person; B takes a message out of another ticket."
    ),
    "answer_on_its_way": N_(
        "An answer to the previous customer waits in the outbox: take it back first, or let it go out."
    ),
    "unreached_there": N_(
        "That customer has no mail address here, and an answer to this ticket goes by mail."
    ),
    "is_a_party": N_("That is a third party of this ticket."),
}
"""Why a ticket stays whose it is."""


def group(name: str) -> str:
    """A room by its name."""
    return tr("group {name}").format(name=quoted(name))


def everybody_reads(name: str) -> str:
    """To whom an answer goes that is said in the room of that name."""
    return tr("{name}: everybody in the group reads it").format(name=quoted(name))


def quoted(name: str) -> str:
    """The name of a room, told from a person's."""
    return f"«{safe_name(name)}»"


def called(side: Side) -> str:
    """A customer by name and address."""
    name, address = safe_name(side.name), safe_line(side.address)
    return f"{name} <{address}>" if name and address else name or address or tr("(no name)")


def lines(moving: Moving) -> list[str]:
    """All of it, a line each."""
    former = safe_name(moving.former.name or moving.former.address) or tr("(no name)")
    found = [
        f"#{moving.number} {safe_line(moving.subject) or tr('(no subject)')}",
        tr("from: {customer}").format(customer=_with_rest(moving.former)),
        tr("to: {customer}").format(customer=_with_rest(moving.to)),
    ]
    if moving.channel != "phone":
        found.append(
            tr("An answer goes to {customer} from then on; nothing that others wrote here is quoted.").format(
                customer=called(moving.to)
            )
        )
    found.append(
        tr(
            "{name} keeps taking part: what they still write to this matter lands here, and is not answered by r."
        ).format(name=former)
    )
    if moving.parties:
        who = ", ".join(map(safe_line, moving.parties))
        found.append(tr("Third parties stay what they are: {who}").format(who=who))
    if moving.drafts:
        n = moving.drafts
        found.append(
            tr_n(
                "! {n} draft of an answer lies here, written to {name}.",
                "! {n} drafts of answers lie here, written to {name}.",
                n,
            ).format(n=n, name=former)
        )
    return found


def _with_rest(side: Side) -> str:
    n = side.tickets
    return f"{called(side)} ({tr_n('{n} other ticket', '{n} other tickets', n).format(n=n)})"


def done(moving: Moving) -> str:
    """What is said once it is done."""
    text = tr("#{number} is {customer}'s now.")
    return text.format(number=moving.number, customer=safe_line(moving.to.name or moving.to.address))
