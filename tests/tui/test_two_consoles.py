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


@plays
async def test_an_answer_that_is_taken_back_here_leaves_what_was_added_to_its_draft_in_another_console(shop):
    async with shop.console(WIDE) as laptop, shop.console(WIDE) as tablet:
        number = laptop.ticket
        await laptop.do("ticket.reply")
        await laptop.type("LAPTOP7")
        await laptop.until(lambda: shop.draft(number) == "LAPTOP7")
        await tablet.do("ticket.reply")
        await tablet.type(" TAULETA7")
        await tablet.until(lambda: shop.draft(number) == "LAPTOP7 TAULETA7")
        await laptop.do("compose.send")
        await laptop.until(lambda: len(shop.outbox()) == 1)
        await laptop.do("act.undo")
        await laptop.sees("taken back")
        assert laptop.app.home.panes.composer.text == "LAPTOP7 TAULETA7"
        await tablet.do("compose.close")
        await laptop.do("compose.close")
        assert shop.draft(number) == "LAPTOP7 TAULETA7"


@plays
async def test_esc_keeps_what_was_typed_here_though_another_console_put_other_words_in_its_place(shop):
    async with shop.console(WIDE) as at:
        await at.do("ticket.reply")
        await at.type("Li arriba dilluns")
        await at.until(lambda: shop.draft(at.ticket) == "Li arriba dilluns")
        with closing(Feed(shop.bench.desk)) as feed:
            elsewhere = Drafts(shop.bench.desk, feed)
            elsewhere.text(shop.bench.id(at.ticket), "reply")
            elsewhere.keep(shop.bench.id(at.ticket), "reply", "Li arriba")
        await at.do("compose.close")
        assert shop.draft(at.ticket) == "Li arriba dilluns"


@plays
async def test_esc_brings_back_no_draft_that_was_only_looked_at_here_and_went_elsewhere(shop):
    with closing(Feed(shop.bench.desk)) as feed:
        elsewhere, ticket = Drafts(shop.bench.desk, feed), shop.bench.id(1)
        elsewhere.keep(ticket, "reply", "Ja surt.")
        async with shop.console(WIDE) as at:
            await at.goes_to(1)
            await at.do("ticket.reply")
            await at.sees("Ja surt.")
            elsewhere.keep(ticket, "reply", "")
            await at.do("compose.close")
            assert shop.draft(1) == ""
