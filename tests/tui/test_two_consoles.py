"""Two consoles of one agent on the same ticket: neither takes the other's draft away."""

from contextlib import closing

import pytest

from agentdesk.engine.feed import Feed
from agentdesk.screens.drafts import Drafts
from desks import Bench
from tui.driver import WIDE, plays


@pytest.fixture
def two(tmp_path):
    bench = Bench(tmp_path)
    bench.mail()
    with closing(Feed(bench.desk)) as feed:
        yield Drafts(bench.desk, feed), Drafts(bench.desk, feed), bench.id(1)
    bench.close()


def test_both_texts_are_kept_however_each_goes_on(two):
    one, other, ticket = two
    assert one.text(ticket, "reply") == other.text(ticket, "reply") == ""
    one.keep(ticket, "reply", "Le llega el lunes.")
    other.keep(ticket, "reply", "Hola")
    assert Drafts(one._desk, one._feed).text(ticket, "reply") == "Le llega el lunes.\n\nHola"
    other.keep(ticket, "reply", "Hola María:")
    one.keep(ticket, "reply", "Le llega el martes.")
    other.keep(ticket, "reply", "Hola María: perdone.")
    assert one._feed.draft(ticket, "reply") == "Le llega el martes.\n\nHola María: perdone."
    other.keep(ticket, "reply", "")  # it was sent, or emptied
    assert one._feed.draft(ticket, "reply") == "Le llega el martes."
    one.keep(ticket, "reply", "")
    assert one._feed.draft(ticket, "reply") == ""


def test_a_draft_that_both_opened_and_changed_is_kept_in_both_versions(two):
    one, other, ticket = two
    one.keep(ticket, "reply", "Le llega")
    assert other.text(ticket, "reply") == "Le llega"
    one.keep(ticket, "reply", "Le llega el lunes.")
    other.keep(ticket, "reply", "Le llega el martes.")
    assert other._feed.draft(ticket, "reply") == "Le llega el lunes.\n\nLe llega el martes."
    assert one.text(ticket, "reply") == other._feed.draft(ticket, "reply")
    one.keep(ticket, "reply", "Le llega el martes.")  # whoever sees both puts them in order
    assert other._feed.draft(ticket, "reply") == "Le llega el martes."


def test_a_draft_that_the_other_one_has_sent_is_gone_unless_it_was_changed_here(two):
    one, other, ticket = two
    one.keep(ticket, "reply", "Ya va")
    assert other.text(ticket, "reply") == "Ya va"
    one.keep(ticket, "reply", "")
    other.keep(ticket, "reply", "Ya va, y gracias")
    assert one._feed.draft(ticket, "reply") == "Ya va, y gracias"


def test_of_two_choices_that_are_no_text_the_later_one_counts(two):
    one, other, ticket = two
    one.keep(ticket, "people", "a@x.test")
    other.keep(ticket, "people", "b@x.test")
    assert one._feed.draft(ticket, "people") == "b@x.test"


@plays
async def test_esc_here_leaves_what_was_typed_in_another_console(shop):
    async with shop.console(WIDE) as at:
        await at.do("ticket.reply")
        with closing(Feed(shop.bench.desk)) as feed:
            elsewhere = Drafts(shop.bench.desk, feed)
            elsewhere.keep(shop.bench.id(at.ticket), "reply", "Un texto largo, escrito en la otra.")
        await at.type("Hola")
        await at.do("compose.close")
        assert shop.draft(at.ticket) == "Un texto largo, escrito en la otra.\n\nHola"
        await at.do("ticket.reply")
        assert at.app.home.panes.composer.text == shop.draft(at.ticket)
