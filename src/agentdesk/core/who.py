"""Whose matter a message is: which way it went, whether a person or a machine wrote, and who that person is.

Promises: what was sent from here belongs to whom it went to, a form to who filled it in; what an agent said of a sender
counts before what bulk headers say. A form that names nobody to answer is somebody's all the same, each time somebody else's.
Refuses: looking at anything but addresses, folder and class, and at a form's labelled lines.
"""

from dataclasses import replace

from agentdesk.core.commands import Receive
from agentdesk.core.form import CONTACT, FILLED_IN, addresses_in, is_filled_in, name_in
from agentdesk.core.lookalike import domain_of, domains
from agentdesk.core.model import Address, Direction, Incoming, MailClass
from agentdesk.core.seal import tokens_in
from agentdesk.core.state import Given, State
from agentdesk.core.text import visible
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
    direction, mail_class, reason, person = Direction.IN, mail.mail_class, mail.class_reason, sender
    submitter = None
    if command.role == "sent" or (own and command.role == "other"):
        direction, mail_class, reason = _sent(mail)
        person = next((a for a in (*mail.to, *mail.cc) if a.email not in given.own), NOBODY)
    elif submitter := _submitter(given, mail, own=own):
        person = submitter
    elif own:
        mail_class, reason = MailClass.OWN_LOOP, OWN_ADDRESS
    elif reason == FILLED_IN:
        mail_class = MailClass.BULK  # a form that we filled in elsewhere
    by_form = submitter is not None
    everybody = (person, *(() if by_form else (sender,)), *mail.to, *mail.cc)
    people = {
        given.seal.identity(mail.channel, a.email): a
        for a in everybody
        if a.email and a.email not in given.own
    }
    # Whom a form does not name is nobody's else: the next who is not named is somebody else.
    name = person.email or (f"form {mail.message_id or command.raw}" if by_form else "")
    identity = given.seal.identity(mail.channel, name)
    if direction == Direction.IN:
        mail_class, reason = heard(mail_class, reason, state.field("identity", identity, "verdict"))
    return Who(direction, mail_class, reason, person, identity, tuple(people.items()), by_form)


def _submitter(given: Given, mail: Incoming, *, own: bool) -> Address | None:
    """Who filled in the form that a mail is: whom its Reply-To names, else the one address in its text, else somebody without an address;
    None where it is no form, or was filled in by us."""
    foreign = next((a for a in mail.reply_to if a.email not in given.own), None)
    if foreign and (own or mail.class_reason == CONTACT):
        return Address(foreign.name or name_in(mail.text, foreign.email), foreign.email)
    if not (mail.class_reason == FILLED_IN or _is_own_form(given, mail)):
        return None
    named = addresses_in(mail.text)
    theirs = [each for each in named if each not in given.own]
    if named and not theirs:
        return None
    email = theirs[0] if len(theirs) == 1 else ""
    return Address(name_in(mail.text, email), email)


def _is_own_form(given: Given, mail: Incoming) -> bool:
    """Whether what came under an address of our house, and of no colleague, is a form that the shop's program passes on: to us alone, in
    answer to nothing, and no mail of this desk."""
    sender = mail.sender or NOBODY
    if mail.mail_class != MailClass.HUMAN or sender.email in given.staff.addresses - given.own:
        return False
    answers = mail.in_reply_to or mail.references or tokens_in(mail.message_id or "")
    houses = domains(given.own)
    everybody = (sender, *mail.to, *mail.cc)
    ours = all(each.email in given.own or domain_of(each.email) in houses for each in everybody)
    return ours and not answers and is_filled_in(mail.subject, visible(mail.text, mail.folds))


def _sent(mail: Incoming) -> tuple[Direction, MailClass, str]:
    """What lies among what we sent: a person's answer, or a text that a provider or another desk sent by itself."""
    if mail.mail_class in {MailClass.AUTO_REPLY, MailClass.OWN_LOOP}:
        return Direction.AUTO, MailClass.AUTO_REPLY, "sent folder"
    return Direction.OUT, MailClass.HUMAN, "sent folder"
