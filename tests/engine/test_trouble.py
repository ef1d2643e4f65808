"""What a connector has trouble with stands in its account's health while it lasts, and not a moment longer."""

import pytest

from agentdesk.config import Account, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.engine.feed import Feed
from agentdesk.engine.trouble import LASTS, Trouble
from agentdesk.errors import LoginError, RelayFullError, UnreachableError
from agentdesk.screens.paths import Paths
from agentdesk.store import queries
from desks import Bench


class Connector:
    trouble = None


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def health(bench):
    with bench.reading() as connection:
        return queries.health(connection).get("shop")


def test_a_trouble_that_lasts_is_said_and_its_end_asks_for_a_pass(bench):
    connector = Connector()
    trouble = Trouble(bench.desk, "shop", connector)
    with bench.desk.transaction() as writer:
        writer.intake.set_health("shop", "ok", synced_at=bench.clock.at)
    connector.trouble = RelayFullError(reason="it holds all it may")
    assert not trouble.look(100.0)
    assert health(bench).state == "ok", "a moment's trouble is none"
    assert not trouble.look(100.0 + LASTS)
    assert (health(bench).state, health(bench).error) == ("backoff", "relay_full")
    assert health(bench).synced_at is not None
    connector.trouble = None
    assert trouble.look(101.0 + LASTS), "a pass is asked for, which says that all is well"
    assert not trouble.look(102.0 + LASTS)


def test_another_trouble_takes_its_place(bench):
    connector = Connector()
    trouble = Trouble(bench.desk, "shop", connector)
    for error, state in ((UnreachableError(), "backoff"), (LoginError(), "needs_login")):
        connector.trouble = error
        trouble.look(0.0)
        trouble.look(LASTS)
        assert (health(bench).state, health(bench).error) == (state, error.code)


def test_what_is_over_in_a_moment_is_never_written(bench):
    connector = Connector()
    trouble = Trouble(bench.desk, "shop", connector)
    for at in range(20):
        connector.trouble = UnreachableError() if at % 2 else None
        assert not trouble.look(at * LASTS)
    assert health(bench) is None


def test_a_connector_that_knows_no_trouble_has_none(bench):
    assert not Trouble(bench.desk, "shop", object()).look(0.0)


class Glass:
    """As much of a console as is needed to be told something."""

    def __init__(self, bench):
        self.sight, self.feed = self, Feed(bench.desk)
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "en"), accounts=(Account("shop", "vimet", "whatsapp"),)
        )
        self.told = []

    def tell(self, text, *, bad):
        self.told.append(text)


def test_what_may_be_missing_is_told_once_when_it_is_found_out(bench):
    glass = Glass(bench)
    paths = Paths(glass)

    def gap(text):
        with bench.desk.transaction() as writer:
            writer.intake.set_gap("shop", text)
        paths.say_faults()
        return glass.told

    assert gap("relay: cursor") == [], "of before this console was opened"
    assert gap("relay: missing") == gap("relay: missing") == ["vimet: relay: the relay has lost messages"]
    glass.feed.close()
