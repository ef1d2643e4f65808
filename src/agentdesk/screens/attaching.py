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
from agentdesk.screens.front import Encloses, Front

UP, NOTHING, OFF = "..", "", "off "
"""What a choice stands for besides a path; the last with the number of a file that goes along."""


class Files(Find):
    """A folder's list; answers with a path, and `marked` are the others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "mark", show=False, priority=True, id="files.mark")
    ]

    def __init__(self, home: Front, folder: str, enclosing: Encloses) -> None:
        self.marked: list[str] = []
        self._home = home
        self._enclosing = enclosing
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
        return [
            *choices,
            *self._along(typed),
            Choice(UP, "../", safe_line(browse.shown(listing.folder.parent))),
        ]

    def _along(self, typed: str) -> list[Choice]:
        """What goes along already and can be left behind; below what is there, so that nobody takes it off by Enter alone."""
        word = browse.meant(typed).rpartition("/")[2].casefold()
        sign = self._home.panes.composer.glyphs.file
        return [
            Choice(f"{OFF}{n}", f"{sign} {safe_line(each.name)}", tr("goes along; Enter leaves it out"))
            for n, each in enumerate(self._enclosing.places)
            if word in each.name.casefold()
        ]

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
        elif entry is not None or chosen.startswith(OFF):
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
    enclosing = writing.enclosing
    if writing.to is None or writing.kind == "note" or enclosing is None:
        home.tell(tr("A note takes no files."))
        return
    dialog = Files(home, browse.last_folder(home.place), enclosing)
    chosen = await home.doing.ask(dialog)
    if not chosen:
        return
    files: dict[str, OutFile] = {}
    for each in _paths(dialog.marked, chosen):
        try:
            files[each] = await aside(lambda path=Path(each): browse.read(path))  # type: ignore[misc]
        except OSError as error:
            home.tell(f"{safe_line(Path(each).name)}: {error.strerror or error}", bad=True)
            return
    await _change(home, enclosing, chosen, files)


def _paths(marked: list[str], chosen: str) -> list[str]:
    """What was chosen, each once, as it is found from any folder."""
    paths = marked if chosen.startswith(OFF) else [*marked, chosen]
    return list(dict.fromkeys(str(Path(each).absolute()) for each in paths))


async def _change(home: Front, enclosing: Encloses, chosen: str, files: dict[str, OutFile]) -> None:
    """Puts `files` to what goes along, or says why not; of what goes already the `chosen` one is left out."""
    writing = home.writing
    if writing.to is None or writing.enclosing is not enclosing:
        return
    there = await enclosing.files()
    places = enclosing.places
    off = {places[int(chosen.removeprefix(OFF))]} if chosen.startswith(OFF) else set()
    stays = [
        file
        for place, file in zip(places, there, strict=True)
        if place not in off and place.path not in files
    ]
    try:
        writing.to.fits("", (*stays, *files.values()))
    except RefusedError as error:
        home.doing.fail(error)
        return
    if files:
        browse.remember(home.place, Path(list(files)[-1]).parent)
    try:
        enclosing.drop(tuple(off))
        for path, file in files.items():
            enclosing.add(path, file)
    finally:
        writing.dress()
