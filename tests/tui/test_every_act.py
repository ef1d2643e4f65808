"""Every act there is: by key, palette, `?` and `:`, in three languages, and with a reason where it cannot be done."""

import pytest
from babel.messages.pofile import read_po

from agentdesk.actions import ACTIONS, BY_ID, CUSTOMER, READING, WRITING
from agentdesk.core.commands import Resolve
from agentdesk.core.settling import Excuse
from agentdesk.screens.sight import Sight
from test_translations import catalogues
from tui.driver import SMALL, WIDE, plays

NO_REASON = {"marked", "alone"}
"""What a key does where tickets are marked; no need that could be unmet."""


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_act_has_its_title_and_its_help_in_this_language(language):
    with catalogues.catalogue_file(language).open("rb") as text:
        known = {message.id: message.string for message in read_po(text, locale=language)}
    assert [each.id for each in ACTIONS if not (known.get(each.title) and known.get(each.help))] == []


def test_every_need_that_an_act_has_is_said_where_it_is_not_met(shop):
    sight = Sight(shop.bench.desk, shop.settings, shop.home)
    reasons = {each.id: set() for each in ACTIONS}

    def look():
        for each in ACTIONS:
            newest = sight.opened.messages[-1] if sight.opened else None
            reasons[each.id].add(sight.why_not(each, newest))

    try:
        look()  # nothing is selected
        sight.open(1)
        look()
        shop.bench.desk.do(Resolve(shop.bench.id(1), Excuse("phone")))
        sight.open(1)
        look()
        sight.settings = shop.settings = type(shop.settings)(shop.settings.desk)  # the account is gone
        look()
    finally:
        sight.close()
    needy = {each.id for each in ACTIONS if each.needs - NO_REASON}
    assert {name for name, said in reasons.items() if said - {""}} == needy
    said = set().union(*reasons.values()) - {""}
    assert len(said) == len(set().union(*(each.needs for each in ACTIONS)) - NO_REASON), said


@plays
async def test_the_palette_and_the_help_hold_every_act_and_say_what_cannot_be_done(shop):
    async with shop.console(SMALL) as at:
        for list_of_all in ("help.palette", "help.keys"):
            await at.do(list_of_all)
            await at.until(lambda: at.app.screen is not at.app.home)
            assert set(BY_ID) <= {each.value for each in at.app.screen.choices}
            await at.type("send and resolve")
            await at.sees("compose.resolve   ! Nothing is being written: r begins an answer")
            await at.press("escape")
        for name in ("compose.resolve", "queue.sort"):
            await at.do("help.command")
            await at.answer(name)
            await at.sees(
                "r begins an answer, or goes on with its draft."
                if BY_ID[name].where == WRITING
                else "longest"
            )


@plays
async def test_the_help_begins_with_the_keys_of_the_pane_that_has_them(shop):
    def first():
        return [each.value for each in at.app.screen.choices[:3]]

    async with shop.console(WIDE) as at:
        for shown, where in (("queue.open", READING), ("customer.show", CUSTOMER)):
            await at.do(shown, "help.keys")
            await at.until(lambda: at.app.screen is not at.app.home)
            assert {BY_ID[name].where for name in first()} == {where}
            await at.type("resolve")
            await at.until(lambda: first()[0] == "ticket.resolve")
            await at.press("escape")


@pytest.mark.parametrize("key", ["f1", "ctrl+p"])
@plays
async def test_over_what_is_being_written_every_act_on_it_is_found_by_name_and_done(shop, key):
    """On a tablet there are no F keys, and seven acts have no other."""
    async with shop.console(SMALL) as at:
        await at.do("ticket.reply")
        await at.type("Hola Maria")
        await at.press(key)
        await at.until(lambda: at.app.screen is not at.app.home)
        listed = [each.value for each in at.app.screen.choices]
        assert {BY_ID[name].where for name in listed[:3]} == {WRITING}
        assert {each.id for each in ACTIONS if each.where == WRITING} <= set(listed)
        await at.press("escape")
        await at.until(lambda: at.app.screen is at.app.home)
        await at.type(", avui")
        assert at.app.home.panes.composer.text == "Hola Maria, avui"
        await at.press(key)
        await at.until(lambda: at.app.screen is not at.app.home)
        await at.type("compose.later")
        await at.press("enter")
        await at.answer("tomorrow 9:00")
        await at.until(lambda: len(shop.outbox()) == 1)


@plays
async def test_below_what_is_being_written_stands_how_to_attach_and_where_the_rest_is(shop):
    async with shop.console(SMALL) as at:
        await at.do("ticket.reply")
        await at.until(lambda: "^t attach" in at.footer and "^p more ..." in at.footer)
        await at.press("escape", "escape")
