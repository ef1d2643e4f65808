"""Answering with a text that the provider approved: choose it, fill its places, see the whole, send."""

from dataclasses import replace

from agentdesk.config import Account
from agentdesk.core.letter import Wish
from agentdesk.core.text import safe_line
from agentdesk.engine import reply, template
from agentdesk.engine.template import Listed
from agentdesk.i18n import tr
from agentdesk.screens.dialogs import Ask, Choice, Confirm, Pick, matching
from agentdesk.screens.front import Front


async def answer(home: Front) -> None:
    row, opened = home.row, home.sight.opened
    account = _account(home)
    if row is None or account is None:
        return
    found: list[Listed] = []
    home.tell(tr("Asking for the templates ..."))
    if not await home.doing.did(lambda: found.append(template.listed(home.place, account))):
        return
    # Those in the customer's language come first.
    templates = sorted(found[0].templates, key=lambda each: not each.language.startswith(row.language or "-"))
    choices = [
        Choice(f"{each.name}:{each.language}", each.name, each.language, each.body) for each in templates
    ]
    chosen = await home.doing.ask(Pick(tr("Which template?"), matching(choices), reading=True))
    if not chosen:
        return
    one = template.named(tuple(templates), chosen, None)
    values: list[str] = []
    for place in one.places:
        question = tr("What goes in {place}?").format(place=f"{{{{{place}}}}}")
        value = await home.doing.ask(Ask(question, hint=template.spelled(one, values), wrong=_wrong))
        if value is None:
            return
        values.append(safe_line(value).strip())
    read_to = opened.read_to if opened else None
    wish = replace(template.filled(one, tuple(values)), read_to=read_to)
    if await home.doing.ask(Confirm(tr("Send this?"), wish.text)):
        await _send(home, wish)


def _account(home: Front) -> Account | None:
    """The one by which an answer goes."""
    whom = home.sight.window.to_whom(home.row.id) if home.row else None
    return home.settings.account(whom.account) if whom else None


def _wrong(text: str) -> str:
    return "" if text.strip() else tr("A placeholder cannot stay empty.")


async def _send(home: Front, wish: Wish) -> None:
    row = home.row
    account = _account(home)
    if row is None or account is None:
        return
    done: list[reply.Written] = []

    def write() -> None:
        channel = home.connect(home.place, account)
        done.append(reply.write(home.desk, home.settings, channel, row.id, wish))

    if await home.doing.did(write):
        home.paths.move_on(row.id)
        home.holding.add(done[0], row, wish.text)
