"""A relay for each module with a box for each test, and relays of a test's own."""

import itertools

import pytest

from servers.relay import Relay


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    """One that several tests share: each has a box of its own in it."""
    running = Relay(tmp_path_factory.mktemp("relay"))
    yield running
    running.stop()


_names = itertools.count()


@pytest.fixture
def box(relay):
    return relay.box(f"box{next(_names)}")


@pytest.fixture
def started(tmp_path):
    """Starts relays that end with the test: `started(*options)`."""
    relays = []

    def start(*options, **more):
        relays.append(Relay(tmp_path / f"relay{len(relays)}", *options, **more))
        return relays[-1]

    yield start
    for each in relays:
        if each.process is not None and each.process.poll() is None:
            each.stop()
