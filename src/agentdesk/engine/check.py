"""One thing that `doctor` looked at."""

from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`remedy` is empty where all is well, or what to do if what is said was not meant."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
