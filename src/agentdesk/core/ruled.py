"""The command with which a rule acts on a ticket, and what it did as it is shown."""

from collections.abc import Mapping

from agentdesk.core.model import Acts
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class FireRule:
    """`on` is the kind of event and `cause` its id; `key` tells apart what one event sets off, for what no event says (a clock).
    `did` is what the rule does in words of the shop's; `beside` that it does more than `acts`."""

    ticket: str
    rule: str
    on: str
    cause: str
    acts: Acts
    did: tuple[str, ...] = ()
    key: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A firing, or what failed of one: `failure` is then why, as a code with its values. `kind` is the event that set it off."""

    rule: str
    number: int
    at: str
    did: tuple[str, ...]
    kind: str = ""
    cause: str | None = None
    id: str | None = None
    taken_back: bool = False
    failure: tuple[str, Mapping[str, object]] | None = None

    @property
    def is_fault(self) -> bool:
        """Something is wrong; a text that may not go to somebody now is not."""
        code = self.failure[0] if self.failure else ""
        is_text = any(word.startswith("quick:") for word in self.did)
        return bool(code) and not (is_text and code not in {"said", "text_incomplete"})
