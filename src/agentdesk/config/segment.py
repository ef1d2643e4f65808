"""`[segments]`: NAME = "what customers have in common", checked."""

from pathlib import Path
from typing import NoReturn

from agentdesk.config.checks import handle
from agentdesk.config.words import hint
from agentdesk.core.segment import Segment, SegmentError, parse
from agentdesk.errors import N_, ConfigError
from agentdesk.i18n import tr

_REASONS = {
    "empty": N_("it says nothing that customers have in common"),
    "too_long": N_("it has too many words"),
    "no_operator": N_("{word} is no operator such as tag:vip{hint}"),
    "unknown_operator": N_("there is no operator {operator}:{hint}"),
    "no_value": N_("{operator}: needs a value after the colon{hint}"),
    "unknown_value": N_("{operator}: does not know {value}{hint}"),
    "count": N_("{value} must be written tickets:>5, up to 999"),
}


def segment_of(name: str, text: object, file: Path) -> Segment:
    """The segment of this name; raises ConfigError."""

    def fail(reason: str) -> NoReturn:
        raise ConfigError(file=file, key=f"segments.{name}", reason=reason) from None

    try:
        handle(name)
    except ValueError as error:
        fail(str(error))
    if not isinstance(text, str):
        fail(tr("it must be a text in quotes"))
    try:
        return parse(name, text)
    except SegmentError as error:
        word = error.values.get("value") or error.values.get("operator") or error.values.get("word", "")
        meant = hint(word.partition(":")[0], error.known)
        fail(tr(_REASONS[error.reason]).format(**error.values, hint=meant))
