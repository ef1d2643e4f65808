"""How the console behaves towards the terminal, changed by a key for as long as it runs; config.toml says how it begins."""

from agentdesk.config import Ui
from agentdesk.i18n import tr
from agentdesk.screens.front import Front
from agentdesk.screens.look import Look
from agentdesk.screens.shell import Shell
from agentdesk.widgets.glyphs import ASCII, SPOKEN, UNICODE, Glyphs


def _shell(home: Front) -> Shell:
    assert isinstance(home.app, Shell)
    return home.app


def mouse(home: Front) -> None:
    """Taken, or left to the terminal."""
    shell = _shell(home)
    shell.turn_mouse()
    if shell.has_mouse:
        home.tell(tr("The mouse works here again."))
    else:
        home.tell(tr("The mouse is the terminal's now: select and copy as anywhere."))


def say_mouse(home: Front) -> None:
    """Where the console began without it though it is wanted: why, and what turns it on."""
    if home.settings.ui.mouse and not _shell(home).has_mouse:
        said = tr("Within GNU screen the mouse is left to the terminal, so that Esc works; {key} takes it.")
        home.tell(said.format(key=home.panes.footer.key_of("program.mouse")))


def motion(home: Front) -> None:
    """Time is drawn every five seconds, or each second."""
    home.panes.is_steady = not home.panes.is_steady
    if home.panes.is_steady:
        home.tell(tr("Countdowns move every five seconds from now on."))
    else:
        home.tell(tr("Countdowns move each second from now on."))


def signs(look: Look, ui: Ui) -> Glyphs:
    """What the settings want drawn, as far as the terminal can."""
    return SPOKEN if ui.reader else _seen(look)


def _seen(look: Look) -> Glyphs:
    return ASCII if look.ascii else UNICODE


def reader(home: Front) -> None:
    """Lines to be heard instead of seen, or the other way round."""
    speaks = not home.panes.speaks
    home.panes.wear(SPOKEN if speaks else _seen(home.wears))
    _shell(home).show_cursor(on=speaks)
    home.paths.draw()
    home.paths.refresh_header()
    if speaks:
        home.tell(tr("Lines are made to be heard now: one pane, words for signs, a cursor to follow."))
    else:
        home.tell(tr("Lines are made to be seen again."))
