"""Whether a channel takes a text and its files.

Promises: what its service would refuse is refused before anything is written, with the limit and what to do instead. Refuses:
knowing any channel; its connector declares what it takes.
"""

from agentdesk.channels import Ability, Channel, ability_on
from agentdesk.core.model import OutFile
from agentdesk.errors import RefusedError

Takes = Ability
"""What a channel declares that it takes."""


def takes(channel: Channel, kind: str) -> Takes | None:
    """What a connector takes on the channel `kind`; None where it says nothing."""
    return ability_on(channel, kind)


def fits(text: str, files: tuple[OutFile, ...], ability: Takes | None) -> None:
    """Raises RefusedError for what the channel would not take."""
    if ability is None:
        return
    if ability.text_max and len(text) > ability.text_max:
        raise RefusedError(reason="too_long", most=ability.text_max, is_now=len(text))
    if files and not ability.file_max:
        raise RefusedError(reason="no_files")
    if len(files) > ability.files_max:
        raise RefusedError(reason="too_many_files", most=ability.files_max)
    for file in files:
        _fits(file, ability)


def _fits(file: OutFile, ability: Takes) -> None:
    media_type = file.media_type.partition(";")[0].strip().lower()
    if ability.types and media_type not in ability.types:
        raise RefusedError(reason="no_such_files", name=file.name, kind=media_type)
    most = dict(ability.type_max).get(media_type.partition("/")[0], ability.file_max)
    if len(file.data) > most:
        is_now = -(-len(file.data) >> 20)  # what is a byte over is over
        raise RefusedError(reason="file_too_large", name=file.name, is_now=is_now, most=most >> 20)
