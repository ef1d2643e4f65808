"""Esc out of every kind of dialog there is: what was typed is there when the same is asked again."""

import ast
import threading

from textual.widgets import Input, TextArea

from agentdesk.actions import BY_ID
from test_house import ROOT, named, tree
from tui.driver import WIDE, plays

ASKING = ("call.note", "ticket.new", "ticket.tag", "find.search", "ticket.cause")
"""An act for each kind of dialog in which one types: two forms, a line, a search, a list whose words may be an answer."""
FIELDS = {
    "screens/blanks.py",  # what was typed goes into the text, Esc or not
    "screens/call.py",
    "screens/dialogs.py",
    "screens/first.py",
    "screens/letterbox.py",
    "screens/recipients.py",
    "widgets/composer.py",  # drafts
}
"""Files that make a field to type in. Who adds one says below, or in a test of its own, that Esc loses nothing there."""


def test_every_field_to_type_in_is_one_of_those_that_lose_nothing():
    found = {
        named(path).removeprefix("src/agentdesk/")
        for place in ("screens", "widgets")
        for path in (ROOT / "src" / "agentdesk" / place).glob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"Line", "Page", "Pad", "Input", "TextArea"}
    }
    assert found == FIELDS


def fields(at):
    screen = at.app.screen
    return [*screen.query(Input), *screen.query(TextArea)]


def words(at):
    return [each.text if isinstance(each, TextArea) else each.value for each in fields(at)]


async def asked(at, action):
    at.app.home.doing.run(BY_ID[action])
    await at.until(lambda: at.app.screen is not at.app.home and fields(at))


@plays
async def test_what_was_typed_into_a_dialog_is_there_again_after_esc_and_gone_after_an_answer(shop):
    async with shop.console(WIDE) as at:
        await at.app.home.complete()
        for action in ASKING:
            await asked(at, action)
            for n, field in enumerate(fields(at)):
                at.app.screen.set_focus(field)
                field.insert(f"mig {n}", location=(0, 0)) if isinstance(field, TextArea) else field.insert(
                    f"mig {n}", 0
                )
            typed = words(at)
            assert all(typed), action
            await at.press("escape")
            await asked(at, action)
            assert words(at) == typed, action
            await at.press("escape")
        await at.do("ticket.reply")
        await asked(at, "compose.people")
        await at.type("eva@x.test")
        typed = words(at)
        await at.press("escape")
        await asked(at, "compose.people")
        assert words(at) == typed
        assert "eva@x.test" in typed
        await at.press("escape")
        await at.do("compose.close", "find.filter")
        await at.type("is:u")
        await at.press("escape")
        await at.do("find.filter")
        assert words(at) == ["is:u"]
        await at.type("lang:ca")  # takes its place
        await at.press("enter")
        await at.sees("only lang:ca")
        await at.do("find.filter")
        assert words(at) == ["lang:ca"]
        await at.press("escape")


class Late(dict):
    """Channels that are not at hand before they are `free`."""

    def __init__(self, channel):
        super().__init__()
        self.free, self.channel = threading.Event(), channel
        self.free.set()

    def get(self, key, default=None):
        assert self.free.wait(30)
        return self.channel


@plays
async def test_what_is_typed_while_an_answer_takes_long_to_be_sent_stays_as_a_draft(shop):
    shop.others = late = Late(shop.provider)
    async with shop.console(WIDE) as at:
        number = at.ticket
        await at.do("ticket.reply")
        await at.type("Ya sale")
        late.free.clear()
        await at.press("ctrl+j")
        await at.type(" y otra cosa")
        await at.until(lambda: at.app.home.panes.composer.text == "Ya sale y otra cosa")
        late.free.set()
        await at.sees("kept as a draft")
        assert shop.draft(number) == " y otra cosa"
        assert len(shop.outbox()) == 1
        await at.do("ticket.reply")
        other = at.ticket
        assert other != number
        await at.type("Primero")
        late.free.clear()
        await at.press("ctrl+j")
        await at.do("compose.close")
        await at.goes_to(number)
        await at.do("ticket.reply")
        await at.until(lambda: at.app.home.writing.active and at.ticket != other)
        await at.type(". Segundo")
        late.free.set()
        await at.until(lambda: len(shop.outbox()) == 2)
        assert at.app.home.panes.composer.text == " y otra cosa. Segundo"
        assert at.app.home.writing.active
        await at.until(lambda: shop.draft(other) == "")
