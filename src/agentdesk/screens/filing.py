"""The files that came with a message: one is saved, or handed to the system's own program.

Promises: a folder that is not there is made, if that is wanted; what was typed of it stays until the file is saved or Esc.
"""

from pathlib import Path

from agentdesk import present, trust
from agentdesk.core.text import safe_line
from agentdesk.core.views import AttachmentView, MessageView
from agentdesk.engine.files import last_folder, save_into, show
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front
from agentdesk.widgets.cells import cut, middle

NAMED, KIND = 40, 20
"""Cells of a file's name, of which both ends are seen, and of its type."""


async def _chosen_file(home: Front) -> tuple[MessageView, AttachmentView] | None:
    """One file of the selected message; asks where there are several."""
    message = home.panes.conversation.selected()
    if message is None or not message.attachments:
        home.tell(tr("This message has no files."), bad=True)
        return None
    choices = [
        Choice(
            a.part,
            middle(safe_line(a.name) or safe_line(a.media_type), NAMED),
            f"{present.size(a.size)}  {_kind(a)}",
        )
        for a in message.attachments
    ]
    part = (
        choices[0].value
        if len(choices) == 1
        else await home.doing.ask(Pick(tr("Which file?"), matching(choices)))
    )
    found = next((a for a in message.attachments if a.part == part), None)
    return (message, found) if found else None


def _kind(file: AttachmentView) -> str:
    return cut(safe_line(file.media_type), KIND)


async def save_attachment(home: Front) -> None:
    """One file of the selected message, under a safe name that takes nobody's place."""
    chosen = await _chosen_file(home)
    if chosen is None:
        return
    message, file = chosen
    typed = str(last_folder(home.place))
    while folder := await home.doing.ask(Ask(tr("Into which folder?"), typed, wrong=_wrong)):
        typed = folder
        if await _saved(home, message.id, file, _meant(folder)):
            return


async def _saved(home: Front, message: str, file: AttachmentView, folder: Path) -> bool:
    """Saves it; a folder that is not there is made, if that is wanted."""
    question = tr("There is no folder {path}. Make it?").format(path=safe_line(str(folder)))
    if _is_missing(folder) and not await home.doing.ask(Confirm(question)):
        return False
    saved: list[Path] = []
    if not await home.doing.did(
        lambda: saved.append(save_into(home.desk, home.place, message, file.part, file.name, folder))
    ):
        return False
    home.tell(tr("Saved as {path}.").format(path=saved[0]))
    return True


def _meant(typed: str) -> Path:
    return Path(typed.strip()).expanduser().absolute()


def _is_missing(folder: Path) -> bool:
    return not folder.is_dir()


def _wrong(typed: str) -> str:
    """Why nothing can be saved there; empty where it can, or the folder can be made."""
    try:
        found = _meant(typed)
        is_file = found.exists() and not found.is_dir()
    except (OSError, RuntimeError, ValueError):
        is_file = True
    return tr("{path} is no folder").format(path=safe_line(typed)) if is_file else ""


async def open_attachment(home: Front) -> None:
    """Hands one file to the system's own program, after a look at its name and type."""
    chosen = await _chosen_file(home)
    if chosen is None:
        return
    message, file = chosen
    name = middle(safe_line(file.name) or safe_line(file.media_type), NAMED)
    question = tr("Open {name} with the system's program?").format(name=name)
    detail = f"{_kind(file)}, {present.size(file.size)}"
    warning = trust.opens(file.name, file.media_type)
    if await home.doing.ask(Confirm(question, detail, warning=warning)) and await home.doing.did(
        lambda: show(home.desk, home.place, message.id, file.part, file.name)
    ):
        home.tell(tr("Opened."))
