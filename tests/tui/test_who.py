"""Two people taking turns at one laptop: everything bears the right name, and whoever comes back knows what was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from textual import events

from agentdesk.config import Agent, Send
from agentdesk.engine import reply
from agentdesk.engine.desk import Desk
from agentdesk.engine.note import note
from tui.driver import SIZES, SMALL, WIDE, plays

AGENTS = (
    Agent("Joan", signature="Joan, atenció al client"),
    Agent("Núria", signature="Una abraçada,\nNúria"),
)


@pytest.fixture
def shared(shop):
    shop.with_settings(agents=AGENTS, send=Send(signature="La Botiga"))
    return shop


async def sits_down(at, name):
    await at.do("program.who")
    await at.answer(name[0])  # whoever is not here comes first, so one letter will do
    await at.until(lambda: at.app.desk.agent == name)
    await at.sees(f"Hello, {name}")
    await at.press("escape")
    await at.until(lambda: at.app.screen is at.app.home)


@SIZES
@plays
async def test_whoever_sits_down_is_named_and_told_what_was(shared, size):
    desk = shared.bench.desk
    note(desk, shared.bench.id(1), "mira-ho @núria si us plau")
    async with shared.console(size) as at:
        await at.until(lambda: "Joan" in at.lines[0])
        await at.do("ticket.reply")
        await at.type("a mitges")
        await at.do("program.who" if at.where != "writing" else "compose.close")
        await at.do("program.who")
        await at.answer("Núria")
        await at.sees(
            "Hello, Núria",
            "first time",
            "Notes for you",
            "mira-ho @núria",
            "Drafts that are open",
            "Joan: answer",
        )
        await at.press("escape")
        await at.until(lambda: "Núria" in at.lines[0] and "Joan" not in at.lines[0])
        assert shared.home.agent_file.read_text("utf-8").strip() == "Núria"


@plays
async def test_a_draft_stays_with_whoever_typed_it(shared):
    async with shared.console(WIDE) as at:
        await at.do("ticket.reply")
        number = at.ticket
        await at.type("de Joan")
        await at.do("compose.close")
        await sits_down(at, "Núria")
        await at.do("ticket.reply")
        assert "de Joan" not in at.text
        await at.do("compose.close")
        await sits_down(at, "Joan")
        await at.do("ticket.reply")
        await at.sees("de Joan")
        assert shared.draft(number) == "de Joan"


@plays
async def test_an_undo_never_takes_back_what_another_did(shared):
    async with shared.console(WIDE) as at:
        number = at.ticket
        await at.do("ticket.take")
        await at.sees("is yours")
        await sits_down(at, "Núria")
        await at.do("act.undo")
        await at.until(lambda: "! " in at.footer)
        assert shared.bench.ticket(number).row.assignee == "Joan"


@pytest.mark.slow
@pytest.mark.timeout(400)
@plays
async def test_sixty_acts_by_two_bear_the_right_name_and_signature(shared):
    for number in range(4, 34):
        shared.write(f"Client{number}", f"Pedido {number}", "On és?")
    names = ("Joan", "Núria")
    async with shared.console(SMALL) as at:
        for turn in range(60):
            who = names[turn // 3 % 2]
            if at.app.desk.agent != who:
                await sits_down(at, who)
            if turn % 4 < 2:
                await at.do("ticket.reply")
                await at.type(f"{turn} de {who}")
                await at.do("compose.send")
                await at.until(lambda: not at.app.home.panes.composing)
            else:
                await at.do("ticket.note")
                await at.type(f"{turn} de {who}")
                await at.do("compose.send")
                await at.sees("The note is kept.")
    shared.bench.clock.at += timedelta(hours=1)
    await shared.flush()
    with shared.bench.reading() as connection:
        acts = connection.execute(
            "SELECT e.actor, m.direction, m.name, m.text FROM event e JOIN message m ON e.data LIKE '%' || m.id || '%' "
            "WHERE m.direction IN ('out', 'note') AND e.data LIKE '%MessageAdded%' ORDER BY m.n"
        ).fetchall()
        texts = [
            (actor, name, shared.bench.store.blobs.text(connection, text)) for actor, _, name, text in acts
        ]
    assert len(texts) == 60
    for actor, name, text in texts:
        other = names[actor == "Joan"]
        assert f" de {actor}" in text
        assert name == actor
        assert other not in text
    sent = [raw.decode("utf-8", "replace") for raw in shared.provider.accepted]
    assert len(sent) == 30
    for raw in sent:
        assert (raw.count("Joan") > 1) is not ("abra" in raw)


@plays
async def test_after_a_long_rest_the_next_key_asks_and_is_not_lost(shared):
    async with shared.console(WIDE) as at:
        await at.press("down")
        await at.press("up")
        shared.bench.clock.at += timedelta(minutes=31)
        await at.send("r")
        await at.sees("Still Joan?")
        assert at.where != "writing"
        await at.press("enter")
        await at.until(lambda: at.where == "writing")
        shared.bench.clock.at += timedelta(minutes=31)
        await at.send("x", "y")
        await at.sees("Still Joan?")
        await at.send("z", "backspace", "Z")
        at.app.post_message(events.Paste(" i més\ntext"))
        await at.until(lambda: len(at.app.screen.behind) == 5)
        await at.press("enter")
        await at.until(lambda: at.app.home.panes.composer.text.endswith("xyZ i més\ntext"))
        assert at.app.screen is at.app.home


@plays
async def test_a_rest_that_ends_with_more_than_one_act_does_them_all_in_turn(shared):
    async with shared.console(WIDE) as at:
        shared.bench.clock.at += timedelta(minutes=31)
        await at.send("r", "H", "o", "l", "a")
        await at.sees("Still Joan?")
        await at.until(lambda: len(at.app.screen.behind) == 4)
        await at.press("enter")
        await at.until(lambda: at.app.home.panes.composer.text == "Hola")


@plays
async def test_another_who_comes_back_does_not_type_into_a_strangers_answer(shared):
    async with shared.console(WIDE) as at:
        await at.do("ticket.reply")
        number = at.ticket
        await at.type("de Joan")
        shared.bench.clock.at += timedelta(minutes=31)
        await at.send("x")
        await at.sees("Still Joan?")
        await at.send("y")
        await at.until(lambda: at.app.screen.behind)
        await at.press("down", "enter")
        await at.sees("Hello, Núria")
        await at.press("escape")
        await at.until(lambda: at.app.screen is at.app.home)
        assert at.app.desk.agent == "Núria"
        assert not at.app.home.panes.composing
        shared.bench.desk.agent = "Joan"
        assert shared.draft(number) == "de Joan"


@plays
async def test_one_alone_is_never_asked(shop):
    shop.with_settings(agents=(Agent("Joan"),))
    async with shop.console(WIDE) as at:
        shop.bench.clock.at += timedelta(hours=9)
        await at.do("ticket.reply")
        await at.until(lambda: at.where == "writing")


@SIZES
@plays
async def test_a_blank_screen_shows_nothing_of_customers(shared, size):
    async with shared.console(size) as at:
        seen = [line for line in at.lines if "@" in line]
        assert seen
        await at.do("program.blank")
        await at.until(lambda: "any key" in at.text)
        assert not any(line in at.text for line in seen)
        await at.press("e")
        await at.until(lambda: at.app.screen is at.app.home)
        assert at.ticket


def test_a_signature_is_the_agents_own_or_the_desks(shop):
    settings = replace(shop.settings, agents=AGENTS[:1], send=Send(signature="La Botiga, {{agent.name}}"))
    (account,) = settings.accounts
    assert reply.signature(settings, account, "Joan") == "Joan, atenció al client"
    assert reply.signature(settings, account, "Núria") == "La Botiga, Núria"
    named = replace(settings, desk=replace(settings.desk, shop="Mimo"), send=Send(signature="{{shop.name}}"))
    assert reply.signature(named, account, "Núria") == "Mimo"
    assert isinstance(shop.bench.desk, Desk)


@plays
async def test_a_blank_screen_hides_a_dialog_too_which_goes_on_beneath_it(shared):
    async with shared.console(WIDE) as at:
        await at.do("program.who")
        await at.answer("Núria")
        await at.sees("Hello, Núria", "first time")
        await at.do("program.blank")
        await at.sees("any key shows the screen again")
        assert "Hello" not in at.text
        await at.press("x")
        await at.sees("Hello, Núria")
        await at.press("escape")
        await at.do("find.search")
        await at.sees("Search")
        await at.type("Mar")
        await at.do("program.blank")
        await at.loses("Search")
        await at.do("program.blank")
        await at.sees("Search", "Mar")
