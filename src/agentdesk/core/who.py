"""Whose matter a message is: which way it went, whether a person or a machine wrote, and who that person is.

Promises: what was sent from here belongs to whom it went to, a form to who filled it in; what an agent said of a sender
counts before what bulk headers say. Refuses: looking at anything but addresses, folder and class.
"""

from dataclasses import replace

from agentdesk.core.commands import Receive
from agentdesk.core.form import name_in
from agentdesk.core.model import Address, Direction, Incoming, MailClass
from agentdesk.core.state import Given, State
from agentdesk.core.verdict import OWN_ADDRESS, heard
from agentdesk.values import dataclass

NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Who:
    """`person` is the customer's address, `identity` its id, `people` are all that take part, ours left out."""

    direction: Direction
    mail_class: MailClass
    reason: str
    person: Address
    identity: str
    people: tuple[tuple[str, Address], ...]
    by_form: bool = False

    def in_room(self, given: Given, mail: Incoming) -> "Who":
        """Whose the conversation is: the room's where `mail` was said in one, else the same."""
        if mail.room is None:
            return self
        return replace(self, person=mail.room, identity=given.seal.identity(mail.channel, mail.room.email))

    @property
    def speaks(self) -> bool:
        """A person wrote to us."""
        return self.direction == Direction.IN and self.mail_class == MailClass.HUMAN


def behind(state: State, given: Given, command: Receive) -> Who:
    """Who is behind a message that came in or was found among what we sent."""
    mail = command.incoming
    sender = mail.sender or NOBODY
    own = sender.email in given.own
    foreign = next((a for a in mail.reply_to if a.email not in given.own), None)
    direction, mail_class, reason, person, by_form = (
        Direction.IN,
        mail.mail_class,
        mail.class_reason,
        sender,
        False,
    )
    if command.role == "sent" or (own and command.role == "other"):
        direction, mail_class, reason = _sent(mail)
        person = next((a for a in (*mail.to, *mail.cc) if a.email not in given.own), NOBODY)
    elif foreign and (own or mail.class_reason == "contact_form"):
        name = foreign.name or name_in(mail.text, foreign.email)
        person, by_form = Address(name, foreign.email), True
    elif own:
        mail_class, reason = MailClass.OWN_LOOP, OWN_ADDRESS
    everybody = (person, *(() if by_form else (sender,)), *mail.to, *mail.cc)
    people = {
        given.seal.identity(mail.channel, a.email): a
        for a in everybody
        if a.email and a.email not in given.own
    }
    identity = given.seal.identity(mail.channel, person.email)
    if direction == Direction.IN:
        mail_class, reason = heard(mail_class, reason, state.field("identity", identity, "verdict"))
    return Who(direction, mail_class, reason, person, identity, tuple(people.items()), by_form)


def _sent(mail: Incoming) -> tuple[Direction, MailClass, str]:
    """What lies among what we sent: a person's answer, or a text that a provider or another desk sent by itself."""
    if mail.mail_class in {MailClass.AUTO_REPLY, MailClass.OWN_LOOP}:
        return Direction.AUTO, MailClass.AUTO_REPLY, "sent folder"
    return Direction.OUT, MailClass.HUMAN, "sent folder"
