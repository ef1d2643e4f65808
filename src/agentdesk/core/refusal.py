"""What a decision answers where nothing happens: a no, whose reason `present` puts into words, or that it is known already."""

from typing import Any

from agentdesk.values import dataclass


class Refusal(Exception):  # noqa: N818 - the law refuses, it does not fail
    """`reason` is a code such as nothing_changes, over, no_ticket; `values` fill its sentence."""

    def __init__(self, reason: str, **values: Any) -> None:
        self.reason = reason
        self.values = values
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Known:
    """The answer to a message that is stored already: only its place is new."""

    message: str
