"""What becomes of a message after it was there: a change of ours as somebody wants it, a version as it is read, and that another
message answers it."""

from agentdesk.values import dataclass

FIRST_SEEN_EDITED = "first_seen_edited"
"""The warning on a message of which an edit came first."""


@dataclass(frozen=True, slots=True)
class Amend:
    """A message of ours that was sent says `text` (a content address) from now on; None takes it back."""

    message: str
    text: str | None


@dataclass(frozen=True, slots=True)
class ReportUnchanged:
    """A service did not make the changes of a message that are its versions `first` to `last`, and will not: `reason` in its
    words. `event` is that of the last of them."""

    message: str
    first: int
    last: int
    reason: str
    event: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """`kind`: edited, original, withdrawn, part_withdrawn or transcript, edit_refused or withdrawal_refused; `text` is None where something was
    taken back, and may be for a transcript."""

    kind: str
    at: str
    text: str | None

    @property
    def is_refused(self) -> bool:
        """A change of ours that the service did not make."""
        return self.kind in {"edit_refused", "withdrawal_refused"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a message of a chat answers: the message of that id in the same ticket, `name`'s (empty where nobody is called so), which came
    `at` a stamp. `words` is how it begins now, on one line, or its file's name; `gone`: whoever wrote it was forgotten."""

    message: str
    name: str
    is_ours: bool
    at: str
    words: str
    gone: bool = False
