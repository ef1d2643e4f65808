"""The first mailbox, and any later one: address, servers, login, how far back, and then its mail comes in.

Promises: Esc goes one step back with what was typed; nothing is written before the login works, and then all of it or nothing.
Refuses: drawing; the dialogs are in `letterbox`.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, Any

from agentdesk import config, present, setups
from agentdesk.core.setup import domain_of
from agentdesk.engine import mailbox
from agentdesk.engine.aside import aside
from agentdesk.engine.start import introduce
from agentdesk.errors import DeskError, SecretError
from agentdesk.i18n import LANGUAGES, tr, tr_n
from agentdesk.screens import rules
from agentdesk.screens.dialogs import Ask, Choice, Pick, Read, matching
from agentdesk.screens.letterbox import Letterbox, Searching, Tried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from agentdesk.config import Account
    from agentdesk.screens.front import Front

DAYS = (14, 7, 30, 0)
LOOKS_EVERY = 0.5
_NAMES = {"es": "Español", "ca": "Català", "en": "English"}
"""Each language in itself: whoever looks for it may not read the one that is spoken."""


async def welcome(home: Front) -> None:
    """What an empty desk begins with."""
    words, title = "", tr("Welcome to agentdesk: what is the address of your shop's mailbox?")
    hint = tr("[Enter] goes on   [Esc] looks around first")
    while True:
        dialog = Pick(title, lambda typed: _choices(home, typed), hint=hint, words=words)
        chosen = await home.doing.ask(dialog)
        if chosen is None:
            text = tr("{key} adds a mailbox whenever you like.")
            home.tell(text.format(key=home.panes.footer.key_of("account.add")))
            return
        if chosen in LANGUAGES:
            await asyncio.to_thread(config.choose_language, home.place, chosen)
        if chosen != "address":
            home.wish = "demo" if chosen == "demo" else "again"
            home.app.exit()
            return
        words = dialog.typed
        if await _connected(home, words.strip()):
            await rules.offer(home)
            return


def _choices(home: Front, typed: str) -> Sequence[Choice]:
    if domain_of(typed):
        return [Choice("address", tr("Find the servers of {address}").format(address=typed.strip()))]
    others = [Choice(each, _NAMES[each]) for each in LANGUAGES if each != home.settings.desk.language]
    demo = Choice("demo", tr("Try the demo"), tr("a shop's day with made-up customers; nothing is sent"))
    return matching([demo, *others])(typed)


async def add(home: Front) -> None:
    """Another mailbox."""
    words, is_first = "", not home.settings.accounts

    def wrong(text: str) -> str:
        return "" if domain_of(text) else tr("{address} is no e-mail address").format(address=text or '""')

    while True:
        typed = await home.doing.ask(Ask(tr("The address of the mailbox"), words, wrong=wrong))
        if typed is None:
            return
        if await _connected(home, typed.strip()):
            if is_first and not home.settings.rules:
                await rules.offer(home)
            return
        words = typed


async def _connected(home: Front, address: str) -> bool:
    """All that follows the address; False where somebody goes back to it."""
    found = await home.doing.ask(Searching(address))
    if found is None:
        return False
    setup = next((each for each in found.setups if each.works), None)
    if setup is not None and "password" not in setup.ways:
        said = setups.beforehand(setup.provider) or tr("They offer {ways}.").format(ways=setups.ways(setup))
        text = tr(
            "docs/first-mailbox.md shows how to log in by OAuth2 with: agentdesk account add email --auth xoauth2"
        )
        await home.doing.ask(Read(setups.servers(setup), f"{said}\n\n{text}"))
        return False
    tried: Tried | None = await home.doing.ask(Letterbox(home, address, found, setup))
    if tried is None:
        return False
    days = await home.doing.ask(Pick(_question(), matching(_days(tried))))
    return await _kept(home, replace(tried, fields={**tried.fields, "waiting_days": int(days or DAYS[0])}))


def _question() -> str:
    return tr("How old may an unanswered mail be and still count as work? What is older is history.")


def _days(tried: Tried) -> list[Choice]:
    def title(days: int) -> str:
        return (
            tr_n("{n} day", "{n} days", days).format(n=days) if days else tr("nothing: all of it is history")
        )

    def waits(count: int | None) -> str:
        return "" if count is None else tr_n("{n} person waits", "{n} people wait", count).format(n=count)

    return [Choice(str(days), title(days), waits(tried.waiting.get(days))) for days in DAYS]


def by_hand(fields: Mapping[str, object]) -> str:
    """The command that adds the same mailbox with all that was chosen, its password in an encrypted file."""
    options = ("address", "imap", "smtp", "shop", "waiting_days")
    given = ((each, fields.get(each)) for each in options)
    words = (f"--{each.replace('_', '-')} {quote(str(value))}" for each, value in given if value is not None)
    return " ".join(("agentdesk account add email", quote(str(fields["name"])), *words, "--secret-file"))


async def _kept(home: Front, tried: Tried) -> bool:
    """Writes it and begins to receive; False where that could not be done, which is said."""
    try:
        account = await aside(lambda: mailbox.keep(home.desk, home.place, tried.fields, tried.word))
    except DeskError as error:
        told = present.problem(error)
        text = f"{told.detail}\n\n{told.remedy}"
        if isinstance(error, SecretError):
            text += f"\n\n{by_hand(tried.fields)}"
        await home.doing.ask(Read(told.title, text))
        return False
    desk = replace(home.settings.desk, shop=config.load(home.place).desk.shop)
    others = (each for each in home.settings.accounts if each.id != account.id)
    home.settings = replace(home.settings, desk=desk, accounts=(*others, account))
    home.sight.settings = home.settings
    introduce(home.desk, home.settings)
    seen: dict[str, int] = {}

    def told_of(_: Account, batch: Any) -> None:
        if batch.total:
            seen.update(done=batch.done, total=batch.total)

    home.behind.join(account, told_of)
    home.paths.go_to("inbox")
    home.tell(tr("{name} was added; its mail is coming in.").format(name=account.name))
    home.run_worker(_coming(home, account, seen), group="coming")
    return True


async def _coming(home: Front, account: Account, seen: dict[str, int]) -> None:
    """Says how far the first pass is, until it is over."""
    while account.id not in home.sight.feed.faults():
        await asyncio.sleep(LOOKS_EVERY)
        health = home.sight.window.health().get(account.id)
        if health and health.synced_at:
            home.tell(tr("The mail of {name} is here.").format(name=account.name))
            return
        if seen:
            home.tell(tr("{name}: {done} of {total} mails").format(name=account.name, **seen))
