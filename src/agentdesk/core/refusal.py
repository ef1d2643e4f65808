"""A decision's no: a reason code that `present` puts into words."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - the law refuses, it does not fail
    """`reason` is a code such as nothing_changes, over, no_ticket; `values` fill its sentence."""

    def __init__(self, reason: str, **values: Any) -> None:
        self.reason = reason
        self.values = values
        super().__init__(reason)
