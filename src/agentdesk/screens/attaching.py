"""Files that go along with what is being written."""

import asyncio
import mimetypes
from pathlib import Path

from agentdesk.core.model import OutFile
from agentdesk.core.text import safe_line
from agentdesk.errors import RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Ask
from agentdesk.screens.front import Front


async def attach(home: Front) -> None:
    """Adds a file by its path, where the channel takes it."""
    writing = home.writing
    if writing.to is None or writing.kind == "note":
        home.tell(tr("A note takes no files."))
        return
    typed = await home.doing.ask(Ask(tr("Which file goes along?"), hint=tr("a path; ~ is your home")))
    if not typed or not typed.strip():
        return
    path = Path(typed.strip())
    try:
        file = await asyncio.to_thread(_read, path)
    except OSError as error:
        home.tell(f"{path}: {error.strerror or error}", bad=True)
        return
    files = [*writing.files, file]
    try:
        writing.to.fits("", tuple(files))
    except RefusedError as error:
        home.doing.fail(error)
        return
    writing.files = files
    writing.dress()


def _read(path: Path) -> OutFile:
    full = path.expanduser()
    media_type = mimetypes.guess_type(full.name)[0] or "application/octet-stream"
    return OutFile(safe_line(full.name), media_type, full.read_bytes())
