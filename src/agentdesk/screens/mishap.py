"""What nobody foresaw, in the console or in a thread beside it: drafts are kept, a report is written, somebody is told.

Promises: it never fails itself; a thread that died does not go unsaid. Refuses: going on as if nothing had been.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from agentdesk.engine import clock, crash
from agentdesk.errors import DeskError
from agentdesk.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from agentdesk.screens.front import Front


class Mishaps:
    """Those of one console. `again` is called, on the screen's thread, where what receives and sends beside it died."""

    def __init__(self, home: Front, again: Callable[[], None]) -> None:
        self._home = home
        self._again = again
        self._hook: Callable[[threading.ExceptHookArgs], object] | None = None

    def watch(self) -> None:
        """From now on a thread that dies is told of here."""
        self._hook = threading.excepthook
        threading.excepthook = self._beside

    def stop(self) -> None:
        if self._hook is not None:
            threading.excepthook = self._hook

    def ended(self, error: BaseException) -> Path | None:
        """The console cannot go on: what is being written is kept. Gives the path of the report."""
        with suppress(Exception):  # whatever is broken, the report comes next
            self._home.keep()
        return self._report(error, "main")

    def _report(self, error: BaseException, thread: str) -> Path | None:
        size = self._home.app.size
        around = crash.Around((size.width, size.height), tuple(self._home.doing.lately), thread)
        return crash.report(self._home.place, error, clock.now(), around)

    def _beside(self, args: threading.ExceptHookArgs) -> None:
        """In the thread that died."""
        error, thread = args.exc_value, args.thread.name if args.thread else ""
        if isinstance(error, DeskError) or error is None:
            return  # raised on purpose, and said elsewhere
        path = self._report(error, thread)
        with suppress(RuntimeError):  # the console is gone already
            self._home.app.call_from_thread(self._told, thread, path)

    def _told(self, thread: str, path: Path | None) -> None:
        if thread == "background":
            self._again()
            text = tr(
                "Receiving and sending stopped because of an error of ours and are starting again. Report: {report}"
            )
        else:
            text = tr("Something besides the console stopped because of an error of ours. Report: {report}")
        self._home.tell(text.format(report=path or tr("none could be written")), bad=True)
