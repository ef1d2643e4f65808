"""Receiving, sending and the daily backup beside the console: an event loop in a daemon thread, ended within two seconds."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from agentdesk.config import Account, Backup, Home
from agentdesk.engine.desk import Desk
from agentdesk.engine.outbox import Connect
from agentdesk.engine.start import connector
from agentdesk.engine.sync import Ailing, Pass, Poller, Progress, watch
from agentdesk.engine.voice import Hearing

ENDS_WITHIN = 1.8


class Background:
    """`start` once, `stop` once; `on_pass` is called in the background thread, `on_ailing` in one of what goes on beside."""

    def __init__(
        self,
        desk: Desk,
        home: Home,
        accounts: tuple[Account, ...],
        on_pass: Callable[[Pass], object],
        backup: Backup | None = None,
        transcribe: Hearing | None = None,
        connect: Connect = connector,
        on_ailing: Ailing = lambda *_: None,
    ) -> None:
        self._desk = desk
        self._home = home
        self._accounts = accounts
        self._on_pass = on_pass
        self._backup = backup
        self._transcribe = transcribe
        self._connect = connect
        self._on_ailing = on_ailing
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._polled: dict[str, tuple[Account, asyncio.Task[None]]] = {}
        """What is received, by account; all of it ends with the loop."""

    def start(self) -> None:
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run()), name="background", daemon=True
        )
        self._thread.start()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        watching = watch(
            self._desk,
            self._home,
            (),
            self._on_pass,
            self._backup,
            self._transcribe,
            self._connect,
            on_ailing=self._on_ailing,
        )
        self._poll(self._accounts)
        self._task = asyncio.ensure_future(_for_ever(watching))
        self._ready.set()
        try:
            await self._task
        except asyncio.CancelledError:
            return

    def join(self, account: Account, on_progress: Progress) -> None:
        """Another account, from now on; `on_progress` is called in the background thread. Not before `start`."""
        self._soon(self._take_in, account, on_progress)

    def receive(self, accounts: tuple[Account, ...]) -> None:
        """These and no others, from now on; what is another than before is begun anew. Not before `start`."""
        self._soon(self._poll, accounts)

    def _soon(self, act: Callable[..., None], *given: object) -> None:
        self._ready.wait()
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *given)

    def _poll(self, accounts: tuple[Account, ...]) -> None:
        wanted = {each.id: each for each in accounts}
        for name, (account, task) in tuple(self._polled.items()):
            if wanted.get(name) != account:
                task.cancel()
                del self._polled[name]
        for each in accounts:
            self._take_in(each)

    def _take_in(self, account: Account, on_progress: Progress | None = None) -> None:
        if account.id in self._polled:
            return
        poller = Poller(self._desk, self._home, account, on_progress, self._connect)
        self._polled[account.id] = account, asyncio.create_task(poller.forever(self._on_pass))

    def stop(self, within: float = ENDS_WITHIN) -> None:
        """Ends every connection; what does not end in time dies with the process, and the store stays whole."""
        if self._thread is None or not self._ready.wait(within):
            return
        if self._loop and self._task and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(within)


async def _for_ever(watching: Coroutine[Any, Any, None]) -> None:
    """Also where there is nothing to watch yet: an account may join."""
    await watching
    await asyncio.Event().wait()
