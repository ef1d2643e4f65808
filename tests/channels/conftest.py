"""One relay for all that hears by webhooks; each test has a box of its own there."""

from collections.abc import Iterator

import pytest

from servers.relay import Relay


@pytest.fixture(scope="session")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    running = Relay(tmp_path_factory.mktemp("relay"))
    yield running
    running.stop()
