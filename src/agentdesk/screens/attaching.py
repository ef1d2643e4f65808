"""Files that go along with what is being written: found in a list of what is on this laptop, or by a path that is typed.

Promises: the line above the list is the path, so that one types, pastes or walks; several can be marked; whatever the channel does not
take is refused with its reason before it is read into the answer. Refuses: reading folders on the screen's thread.
"""

from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from agentdesk import present
from agentdesk.core.model import OutFile
from agentdesk.core.text import safe_line
from agentdesk.engine import browse
from agentdesk.engine.aside import aside
from agentdesk.errors import RefusedError
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Choice, Find
from agentdesk.screens.front import Front

UP, NOTHING = "..", ""


class Files(Find):
    """A folder's list; answers with a path, and `marked` are the others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "mark", show=False, priority=True, id="files.mark")
    ]

    def __init__(self, home: Front, folder: str) -> None:
        self.marked: list[str] = []
        self._listing = browse.Listing(Path.home())
        hint = tr(
            "Enter takes it or goes in, {key} marks one of several, . shows hidden ones; or paste a path"
        ).format(key=home.panes.footer.key_of("files.mark"))
        super().__init__(tr("Which file goes along?"), self._found, home.doing.hold, hint=hint)
        self._input.value = folder

    async def _found(self, typed: str) -> list[Choice]:
        self._listing = listing = await aside(lambda: browse.listed(typed))
        choices = [self._choice(each) for each in listing.entries]
        if listing.trouble:
            choices.append(Choice(NOTHING, f"! {safe_line(listing.trouble)}"))
        elif not choices:
            choices.append(Choice(NOTHING, tr("Nothing here is called so.")))
        if listing.is_cut:
            more = tr("There is more: only the first {n} are looked through.").format(n=browse.LOOKED_AT)
            choices.append(Choice(NOTHING, more))
        return [*choices, Choice(UP, "../", safe_line(browse.shown(listing.folder.parent)))]

    def _choice(self, each: browse.Entry) -> Choice:
        name = safe_line(each.name)
        if each.is_folder:
            return Choice(each.path, f"  {name}/")
        sign = "*" if each.path in self.marked else " "
        return Choice(each.path, f"{sign} {name}", present.size(each.size))

    @property
    def _entry(self) -> browse.Entry | None:
        """The one under the cursor."""
        return next((each for each in self._listing.entries if each.path == self.chosen), None)

    def _answer(self, place: int | None) -> None:
        chosen = self.choices[place].value if place is not None and place < len(self.choices) else NOTHING
        entry = next((each for each in self._listing.entries if each.path == chosen), None)
        if chosen == UP:
            self._go(self._listing.folder.parent)
        elif entry is not None and entry.is_folder:
            self._go(Path(entry.path))
        elif entry is not None:
            self.dismiss(chosen)
        self._hold(False)

    def _go(self, folder: Path) -> None:
        self._input.value = browse.shown(folder)
        self._input.cursor_position = len(self._input.value)

    def action_mark(self) -> None:
        """This file too, or not any more; then the next one."""
        entry = self._entry
        if entry is None or entry.is_folder:
            return
        (self.marked.remove if entry.path in self.marked else self.marked.append)(entry.path)
        place = next(n for n, each in enumerate(self.choices) if each.value == entry.path)
        choices = [*self.choices]
        choices[place] = self._choice(entry)
        self._put(choices, place + 1)


async def attach(home: Front) -> None:
    """Adds files, where the channel takes them."""
    writing = home.writing
    if writing.to is None or writing.kind == "note":
        home.tell(tr("A note takes no files."))
        return
    dialog = Files(home, browse.last_folder(home.place))
    chosen = await home.doing.ask(dialog)
    if not chosen:
        return
    files: list[OutFile] = []
    for each in dict.fromkeys((*dialog.marked, chosen)):
        try:
            files.append(await aside(lambda path=Path(each): browse.read(path)))  # type: ignore[misc]
        except OSError as error:
            home.tell(f"{safe_line(Path(each).name)}: {error.strerror or error}", bad=True)
            return
    whole = [*writing.files, *files]
    try:
        writing.to.fits("", tuple(whole))
    except RefusedError as error:
        home.doing.fail(error)
        return
    browse.remember(home.place, Path(chosen).parent)
    writing.files = whole
    writing.dress()
