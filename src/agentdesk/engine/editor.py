"""The user's own editor, and what it is given: a text, or the files of quick replies.

Promises: a shipped quick reply is edited as a copy among the shop's own files, a new one begins with a form to fill in; a copy
that was left as it was goes again, whatever was written stays, and is checked. Refuses: overwriting a file that is there.
"""

import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agentdesk import quick, shipped
from agentdesk.errors import DiskError, UsageError
from agentdesk.i18n import tr
from agentdesk.shopfile import Problem

_TEXTS = ("es.tu", "es.usted", "ca.tu", "ca.voste", "en")


def run(path: Path) -> None:
    """Has the user's editor edit a file until it ends; raises OSError where it cannot be started."""
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    subprocess.run([*command, str(path)], check=False)  # noqa: S603 - the user's own editor


def rewritten(text: str) -> str:
    """The text as the user's editor leaves it, in UTF-8 or else in Latin-1; raises OSError."""
    with tempfile.NamedTemporaryFile("w+", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        run(Path(file.name))
        written = Path(file.name).read_bytes()
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1252", "replace")


def edit(config: Path, name: str, agents: Sequence[str]) -> tuple[Problem, ...]:
    """Has the quick reply `name` edited; what is wrong with it then. Raises UsageError for a name that is none, DiskError."""
    if not re.fullmatch(r"\w[\w-]*", name):
        raise UsageError(reason=tr("{name}: a name is one word of letters, digits and -").format(name=name))
    path = config / quick.FOLDER / f"{name}.toml"
    try:
        first = None if path.exists() else _begun(path, name)
        run(path)
        if first is not None and path.read_text("utf-8", "replace") == first:
            path.unlink()
    except OSError as error:
        raise DiskError(path=str(path), reason=error.strerror or str(error)) from error
    return tuple(each for each in quick.check((config,), agents) if each.file == path)


def _begun(path: Path, name: str) -> str:
    """Writes what one begins with, and gives it."""
    model = shipped() / quick.FOLDER / path.name
    text = model.read_text("utf-8") if model.exists() else _form(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return text


def _form(name: str) -> str:
    titles = "".join(f'{language} = "{name}"\n' for language in ("es", "ca", "en"))
    texts = "".join(f'{key} = """\n\n"""\n' for key in _TEXTS)
    return f"[title]\n{titles}\n[text]\n{texts}"
