"""What a ticket is about and how far it is along a playbook: as its rows say it, and what somebody may want of it.

Apart from `core.playbook`, which knows what the steps mean, so that whoever only lists tickets loads no more than this.
"""

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a playbook that was taken."""

    step: str
    answer: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class Progress:
    """The playbook that a ticket follows since a time, and what was taken of it; `holds`: not resolved before its end."""

    playbook: str
    since: str
    holds: bool
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True, slots=True)
class Describe:
    """What kind of matter it is (PQRS), and which incident; "" takes it away, None leaves it."""

    ticket: str
    kind: str | None = None
    incident: str | None = None


@dataclass(frozen=True, slots=True)
class ChoosePlaybook:
    """The ticket follows `playbook` from its beginning, None for none; `incident` and `kind` are what that is for, `forget` its
    steps: what was taken of them before counts no more. `holds`: it must be finished before the ticket is resolved."""

    ticket: str
    playbook: str | None
    incident: str | None = None
    kind: str | None = None
    forget: tuple[str, ...] = ()
    holds: bool = False


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A step of the ticket's playbook is taken; `answer` is the choice, or DONE. `forget` are steps whose answers count no
    more, since they came after it; `holds`: the playbook must be finished before the ticket is resolved, and is not."""

    ticket: str
    playbook: str
    step: str
    answer: str
    forget: tuple[str, ...] = ()
    holds: bool = False
