"""Errors and codes become words."""

import dataclasses
import inspect
from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import errors, i18n, present, reporting, standing, trust, vacant
from agentdesk.actions import BY_ID
from agentdesk.core.figures import Share
from agentdesk.core.instant import stamp
from agentdesk.core.model import CHANNELS, Priority, Status
from agentdesk.core.views import VIEWS, QueueRow
from agentdesk.errors import DeskError, NotFoundError, RefusedError, UsageError

KINDS = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, DeskError)]


@pytest.fixture(autouse=True)
def in_english():
    yield
    i18n.use("en")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_error_has_words_even_with_no_values(kind, language):
    i18n.use(language)
    said = present.problem(kind())
    assert said.code == kind.code
    assert said.title
    assert said.remedy
    assert "{" not in said.title + said.detail + said.remedy


def test_values_fill_the_words_and_braces_in_them_stay():
    said = present.problem(UsageError(reason="{x} is %s {0.__class__}"))
    assert said.detail == "{x} is %s {0.__class__}"


def test_the_noun_is_translated_too():
    i18n.use("es")
    said = present.problem(NotFoundError(what="account", name="soporte"))
    assert "cuenta" in said.detail
    assert "soporte" in said.detail


def test_a_refusal_of_the_law_becomes_a_sentence():
    said = present.problem(RefusedError(reason="changed_since", what="Assigned"))
    assert "whose it is" in said.detail
    assert "changed since" in said.detail
    assert present.problem(RefusedError(reason="server said so")).detail == "server said so"


def test_every_status_priority_and_channel_has_a_word_and_an_unknown_one_shows_itself():
    for value in Status:
        assert "_" not in present.status(value)
    for level in Priority:
        assert present.priority(level)
    for name in CHANNELS:
        assert present.channel(name)
    assert present.status("odd") == "odd"
    assert trust.warning("odd_code") == "odd_code"
    assert trust.warning("charset") != "charset"


def row(**values):
    given = (
        {each.name: None for each in dataclasses.fields(QueueRow)} | {"erased": False, "subject": ""} | values
    )
    return QueueRow(**given)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (119.9, "119 s"),
        (120, "2 m"),
        (-1, "-1 s"),
        (7_199, "119 m"),
        (7_200, "2 h"),
        (-200_000, "-2 d"),
    ],
)
def test_time_left_in_its_largest_fitting_unit(seconds, said):
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    due = stamp(now + timedelta(seconds=seconds))
    assert standing.time_left(row(next_due_at=due), now) == said
    assert standing.time_left(row(), now) == ""


def test_a_ticket_always_has_something_to_show_as_its_subject():
    assert present.subject(row(subject="Pedido 12")) == "Pedido 12"
    assert present.subject(row()) == "(no subject)"
    assert present.subject(row(subject="x", erased=True)) == present.erased()


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (245_760, "246 kB"),
        (999_700, "1.0 MB"),
        (10**12, "1000 GB"),
    ],
)
def test_sizes(count, said):
    assert present.size(count) == said


@pytest.mark.parametrize(("language", "said"), [("en", "-1.4"), ("es", "-1,4"), ("ca", "-1,4")])
def test_a_number_has_the_decimal_mark_of_the_language(language, said):
    i18n.use(language)
    assert present.tenths(-1.44) == said
    assert present.size(1_400) == f"{said[1:]} kB"
    assert reporting.share(Share((1,), (1, 2, 3))) == f"33{said[2]}3 % 1/3 (6-79)"


def test_directions_and_what_machines_write():
    assert present.direction("in") == "received"
    assert present.direction("in", "bounce") == "undelivered mail"
    assert present.direction("note") == "internal note"


def test_an_empty_view_says_what_it_is_for_and_what_is_usual():
    for view in VIEWS:
        said = vacant.words(view, lambda act: BY_ID[act].keys[0])
        first, rest = said.split("\n")
        assert (first, rest.endswith("."), rest.count(".") > 1) == ("Nothing here.", True, True), view
    assert "h says that you have, W opens what was no thanks." in vacant.words(
        "afterwards", lambda act: BY_ID[act].keys[0]
    )
    assert vacant.words("vip", str) == "Nothing here."
