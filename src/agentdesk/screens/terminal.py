"""The terminal as the toolkit writes to it: the last door, and made to outlive the moment in which it is closed.

Promises: whatever is written, by whomever, is a frame of text, colours and places, or one whole command of a list; the rest
is seen as U+FFFD. Refuses: telling our colours and places from a stranger's; `widgets.plain` has seen each text before.
"""

import os
import re
import selectors
import sys
import termios
from codecs import getincrementaldecoder, lookup
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from textual.drivers.linux_driver import LinuxDriver

from agentdesk.core.text import MARK
from agentdesk.notices import through_tmux

if TYPE_CHECKING:
    from textual.app import App

_NOTICE = r"(?:9;agentdesk: |777;notify;agentdesk;|99;;agentdesk: )[^\x00-\x1f\x7f-\x9f]*"
_COMMAND = re.compile(
    r"\x07"  # the bell
    r"|\x1b\[\?[0-9;]+(?:[hl]|\$p)"  # modes (screen, mouse, paste, ...) and which of them the terminal has
    r"|\x1b\[[<>]\d*u"  # its keyboard
    r"|\x1b\]22;[a-z-]*\x07"  # the pointer's shape
    r"|\x1b\]52;c;[A-Za-z0-9+/]*={0,2}\x07"  # what somebody has copied here, to the clipboard; the same for tmux and screen
    r"|\x1bPtmux;\x1b\x1b\]52;c;[A-Za-z0-9+/]*={0,2}\x07\x1b\\"
    r"|\x1bP\x1b\]52;c;\x1b\\(?:\x1bP[A-Za-z0-9+/=]++\x1b\\)*\x1bP\x07\x1b\\"
    rf"|\x1b\]{_NOTICE}(?:\x07|\x1b\\)|\x1bPtmux;\x1b\x1b\]{_NOTICE}(?:\x07|\x1b\x1b\\)\x1b\\"  # a notice
)
"""Each is a write of its own, so that none of it is ever taken for one in the midst of a frame."""
_FRAME = (
    r"(?:[\n -~\u00a1-\u034e\u0350-\u061b\u061d-\u200a\u200c\u200d\u2010-\u2027\u2030-\u205e\u2070-\ud7ff"
    r"\uf900-\ufdcf\ufdf0-\ufdff\ufe0e-\ufefe\uff00-\uffef\ufffc\ufffd\U00010000-\U000dffff]++"
    r"|\x1b\[(?:[0-9;]*+m|[0-9]++;[0-9]++H))"
)
"""Text without what controls, hides in it or turns it round, and the sequences for colour and place."""
_CLIPBOARD = "\x1b]52;c;"
_AT_ONCE = 76
"""Letters that GNU screen passes on at once; it cuts what is longer."""
_WHOLE = re.compile(f"{_FRAME}*")


A_READ = 4096
"""Bytes taken from the terminal at once."""
LOOKS_EVERY = 0.1
"""Seconds after which it is looked whether Escape was a key of its own, or the console is to end."""

_SANE = "".join(
    ("\x1b[?2026l", "\x1b[<u", *(f"\x1b[?{mode}l" for mode in (1000, 1003, 1015, 1006, 1016, 1004, 2004, 2048)),
     "\x1b[?7h", "\x1b[?1049l", "\x1b[?25h", "\x1b[0m")
)  # fmt: skip
"""Everything that Textual switches on, off."""


class Lasting:
    """A terminal's output; what is written after it was closed is nobody's to read and goes nowhere.

    Textual's writing thread ends at the first error, and the app then waits for ever to hand it its last words.
    """

    def __init__(self, file: TextIO, encoding: str | None = None) -> None:
        self._file = file
        if hasattr(file, "reconfigure"):  # a letter that the locale has not stays one cell wide
            file.reconfigure(encoding=encoding, errors="replace")

    def write(self, text: str) -> int:
        """As the file's own; never raises OSError."""
        with suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        """As the file's own; never raises OSError."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """Textual's own driver over such an output, that lets nothing foreign through."""

    def __init__(
        self,
        app: "App[object]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._goes_on = False
        if self._file is not None:
            # Textual draws on standard error; where that is a file (`agentdesk 2>errors`), the terminal is standard output.
            drawn = self._file if self._file.isatty() else sys.__stdout__ or self._file
            self._file = Lasting(drawn, letters(os.environ))  # type: ignore[assignment]

    def write(self, data: str) -> None:
        safe = guarded(data)
        for each in copied(safe, os.environ) if safe.startswith(_CLIPBOARD) else (safe,):
            super().write(each)

    def run_input_thread(self) -> None:
        """As Textual's own, with what is pasted taken out; a byte that is no letter is no end of the console."""
        from agentdesk.screens.pasting import Typed

        parser = Typed(self._debug)
        decode = getincrementaldecoder(letters(os.environ))("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(LOOKS_EVERY) and (typed := decode(os.read(self.fileno, A_READ))):
                    for event in parser.feed(typed):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        for _ in parser.feed(""):  # nobody is told of what was begun
            pass

    def _sigcont_application(self, *_: object) -> None:
        """Goes on after a halt. Textual begins its input anew at each such signal, also where it never ended: several threads
        then read one terminal, and those that nobody ends keep the process alive. A terminal that hangs up sends one, too."""
        if self._goes_on or self.exit_event.is_set():  # in the midst of beginning anew, or of ending
            return
        self._goes_on = True
        try:
            if self._auto_restart and self._key_thread is not None and self._key_thread.is_alive():
                self.suspend_application_mode()
                self._must_signal_resume = True
            if self._must_signal_resume:
                super()._sigcont_application()
        finally:
            self._goes_on = False

    def show_cursor(self, *, on: bool) -> None:
        """The terminal's own cursor, which a reader of the screen follows."""
        self.write("\x1b[?25h" if on else "\x1b[?25l")

    def report_mouse(self, *, on: bool) -> None:
        """From now on the mouse is told to the console, or left to the terminal, whose own selection works then."""
        if on:
            self._mouse = True
            self._enable_mouse_support()
            return
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
            self._mouse_pixels = False
        self._disable_mouse_support()
        self._mouse = False


@contextmanager
def kept_sane(descriptor: int) -> Iterator[None]:
    """Whatever happens within, the terminal then echoes and waits for lines as before; where it ends by an error, it also
    shows its own screen and cursor again and reports no mouse."""
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        before = None
    try:
        yield
    except BaseException:
        with suppress(OSError):
            os.write(descriptor, _SANE.encode())
        raise
    finally:
        if before is not None:
            with suppress(termios.error):
                termios.tcsetattr(descriptor, termios.TCSANOW, before)


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether this terminal is on another machine: what it shows comes over a line."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def letters(environ: Mapping[str, str]) -> str:
    """The encoding of what is typed and drawn: the locale's, also where this machine has not got that locale, and UTF-8 where it
    says none."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    named = locale.partition(".")[2].partition("@")[0]
    try:
        known = lookup(named or getattr(sys.__stdin__, "encoding", None) or "utf-8").name
    except LookupError:
        return "utf-8"
    return "utf-8" if known == "ascii" else known


def copied(command: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """A clipboard's command as the terminal here gets it, and as whatever stands between passes it on."""
    term = environ.get("TERM", "")
    if environ.get("TMUX") or term.startswith("tmux"):
        return command, through_tmux(command)
    if environ.get("STY") or term.startswith("screen"):
        text = command.removeprefix(_CLIPBOARD).removesuffix("\x07")
        parts = (text[at : at + _AT_ONCE] for at in range(0, len(text), _AT_ONCE))
        return command, "".join(f"\x1bP{part}\x1b\\" for part in (_CLIPBOARD, *parts, "\x07"))
    return (command,)


def guarded(data: str) -> str:
    """One write to the terminal: a command of the list as it is, else a frame with U+FFFD for what no frame has."""
    if _WHOLE.fullmatch(data) or _COMMAND.fullmatch(data):
        return data
    return re.sub(f"({_FRAME}+)|.", lambda piece: piece[1] or MARK, data, flags=re.DOTALL)
