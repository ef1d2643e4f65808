"""Runs the relay until it is told to stop.

Promises: SIGTERM and Ctrl-C end it within a few seconds, with what came in stored and answered, and whoever waits
answered too; it listens before it says so. Refuses: more than one process, and TLS, which is the proxy's before it.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn

from agentdesk.errors import AddressError
from agentdesk.relay import Limits
from agentdesk.relay.clerk import Clerk
from agentdesk.relay.shelf import Shelf
from agentdesk.relay.web import Relay

CONNECTIONS = 500
ENDS_WITHIN = 5
"""Seconds that answers under way are given at the end."""
NEIGHBOURS = ["127.0.0.1", "::1"]
"""Who may say for whom they call: a proxy on the same machine."""


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises AddressError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(address=f"{host}:{port}", reason=reason) from None


def serve(
    shelf: Shelf,
    limits: Limits,
    line: socket.socket,
    now: Callable[[], datetime],
    ticks: Callable[[], float],
    on_start: Callable[[], object],
) -> bool:
    """Answers on `line` until SIGTERM or SIGINT, and says whether it was the latter; closes `shelf`."""
    return asyncio.run(_serve(shelf, limits, line, now, ticks, on_start))


async def _serve(
    shelf: Shelf,
    limits: Limits,
    line: socket.socket,
    now: Callable[[], datetime],
    ticks: Callable[[], float],
    on_start: Callable[[], object],
) -> bool:
    clerk = Clerk(shelf, limits, now)
    server = _Server(
        uvicorn.Config(
            Relay(clerk, limits, now, ticks).app(),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.WARNING,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=NEIGHBOURS,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=ENDS_WITHIN,
        )
    )

    by: list[signal.Signals] = []

    def stop(name: signal.Signals) -> None:
        by.append(name)
        clerk.end()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop, name)
    tidying = asyncio.create_task(clerk.tidy())
    try:
        on_start()
        await server.serve(sockets=[line])
    finally:
        tidying.cancel()
        await clerk.close()
    return signal.SIGINT in by


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:  # the signals are ours, see `stop`
        yield
