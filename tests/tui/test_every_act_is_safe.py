"""Every act there is, done on a ticket that holds every payload in every field as an older store may: what it shows is text.

`tui.test_terminal_safety` looks at the bytes of the panes and dialogs in a real terminal; here no act is left out but by name.
"""

from dataclasses import replace

import pytest

from agentdesk.actions import ACTIONS, WRITING
from agentdesk.core.model import Address
from hostile import MARK, undrawable
from hostile_shop import ACCOUNT, EVERYTHING, careless, keep
from tui.driver import HUGE, plays

LEFT_OUT = {
    "program.quit": "ends the console",
    "program.blank": "shows nothing; a test of its own says so",
    "compose.editor": "hands the text to another program",
    "replies.edit": "hands the text to another program",
    "replies.new": "hands the text to another program",
    "reading.file": "hands a file to another program",
    "reading.play": "hands a file to another program",
    "sync.now": "needs a network",
}
OPENS = frozenset(
    [
        "account.add",
        "call.note",
        "compose.attach",
        "compose.help",
        "compose.later",
        "compose.people",
        "compose.promise",
        "compose.quick",
        "compose.snooze",
        "customer.edit",
        "customer.erase",
        "customer.export",
        "customer.link",
        "customer.mute",
        "customer.note",
        "files.mark",
        "find.filter",
        "find.search",
        "go.closing",
        "go.figures",
        "go.morning",
        "help.command",
        "help.keys",
        "help.palette",
        "outbox.show",
        "program.notices",
        "program.theme",
        "program.who",
        "quarantine.show",
        "reading.links",
        "reading.raw",
        "reading.save",
        "reading.split",
        "replies.read",
        "replies.read_back",
        "rules.show",
        "snooze.again",
        "snooze.quiet",
        "snooze.until",
        "ticket.assign",
        "ticket.cause",
        "ticket.describe",
        "ticket.forward",
        "ticket.language",
        "ticket.life",
        "ticket.merge",
        "ticket.move",
        "ticket.new",
        "ticket.playbook",
        "ticket.priority",
        "ticket.promise",
        "ticket.quick",
        "ticket.resolve",
        "ticket.tag",
    ]
)
"""Acts that open a screen or a dialog here; the others act at once, or say why not."""
GROUPS = tuple(dict.fromkeys(each.id.partition(".")[0] for each in ACTIONS))


def everything():
    """One mail in which every field a stranger can fill holds all payloads."""
    return replace(
        careless(0),
        sender=Address(EVERYTHING, f"c{EVERYTHING}@x.test"),
        subject=EVERYTHING,
        text=f"a {EVERYTHING} b\n> {EVERYTHING}",
        warnings=(EVERYTHING,),
    )


def test_what_is_left_out_is_there():
    assert LEFT_OUT.keys() <= {each.id for each in ACTIONS}


@pytest.mark.parametrize("group", GROUPS)
@plays
async def test_what_an_act_shows_is_text(shop, group, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    keep(shop.bench.desk, [everything()])
    shop.with_settings(accounts=(replace(shop.settings.accounts[0], id=ACCOUNT),))
    opened = set()
    async with shop.console(HUGE) as at:

        def looks(act, step):
            wrong = [(line.strip()[:60], found) for line in at.lines if (found := undrawable(line))]
            assert not wrong, (act.id, step, wrong)

        await at.app.home.complete()
        for act in ACTIONS:
            if act.id in LEFT_OUT or act.id.partition(".")[0] != group:
                continue
            at.app.home.paths.go_to("all")
            at.app.home.paths.open(3)
            if act.where == WRITING or group in {"compose", "files"}:
                at.app.home.paths.write("reply")
                at.app.home.panes.composer.insert("Bon dia")
            await at.pilot.pause()
            looks(act, "before")
            assert MARK in at.text
            at.app.home.doing.run(act)
            await at.until(lambda: at.app.home.doing.rests or at.app.screen is not at.app.home)
            await at.pilot.pause()
            looks(act, "shown")
            if at.app.screen is not at.app.home:
                opened.add(act.id)
                for step, keys in (("down", ("down",)), ("typed", ()), ("entered", ("enter",))):
                    if step == "typed":
                        await at.paste(EVERYTHING)
                    await at.send(*keys)
                    looks(act, step)
            for _ in range(6):
                if at.app.screen is at.app.home:
                    break
                await at.press("escape")
                looks(act, "left")
            assert at.app.screen is at.app.home, act.id
    assert opened == {name for name in OPENS if name.partition(".")[0] == group}
