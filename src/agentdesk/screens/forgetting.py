"""Forgetting the customer of the open ticket, or handing out all that is kept of them.

What would go and what would stay is read first, and the word for it typed.

Promises: no single key forgets anybody; what is being written to them is closed first, so that it goes too. Refuses: an undo.
"""

from collections.abc import Iterable
from pathlib import Path

from agentdesk import farewell
from agentdesk.core.staying import Foreseen
from agentdesk.core.text import safe_line
from agentdesk.engine import forgetting, handout
from agentdesk.engine.files import safe_name
from agentdesk.engine.forgetting import Forgotten
from agentdesk.engine.handout import Handed
from agentdesk.i18n import tr, tr_n
from agentdesk.screens.dialogs import Ask, Choice, Pick, matching
from agentdesk.screens.front import Front

HERE, THERE = "here", "there"


async def erase(home: Front) -> None:
    card = home.sight.card()
    if card is None:
        return
    name = safe_line(card.name or next((address for _, address in card.identities), card.id))
    if home.panes.composing:
        home.writing.close()
    found: list[Foreseen] = []
    if not await home.doing.did(lambda: found.append(forgetting.foreseen(home.desk, card.id))):
        return
    where = await home.doing.ask(
        Pick(
            tr("Forget {name}: what goes, and what stays").format(name=name),
            matching(_choices(home, found[0])),
            reading=True,
        )
    )
    if where and await home.doing.ask(_certain(name)):
        done: list[Forgotten] = []
        if await home.doing.did(
            lambda: done.append(
                forgetting.erase(home.desk, home.place, card.id, home.settings.backup, mailbox=where == THERE)
            )
        ):
            home.paths.go_to(home.sight.view, home.sight.filter)
            home.tell(_told(name, done[0]), bad=bool(done[0].kept))


async def hand_out(home: Front) -> None:
    """Everything of the customer in a new folder."""
    card = home.sight.card()
    if card is None:
        return
    default = Path.home() / f"{safe_name(card.name or card.id)}-{home.desk.now():%Y-%m-%d}"
    folder = await home.doing.ask(Ask(tr("Into which new folder?"), str(default)))
    if not folder:
        return
    from agentdesk import handpage

    done: list[Handed] = []
    page = handpage.maker(home.settings.desk.tzinfo, home.settings.desk.language)
    if await home.doing.did(
        lambda: done.append(handout.write(home.desk, home.place, home.settings, card.id, Path(folder), page))
    ):
        text = tr("Read it before you hand it over: {path}")
        home.tell(text.format(path=done[0].folder))


def _choices(home: Front, before: Foreseen) -> list[Choice]:
    """With what each means."""
    gone = tr("Gone for good: {what}.").format(what=farewell.here(before.extent))
    stays = farewell.elsewhere(before.staying, home.settings)
    choices = [Choice(HERE, tr("Forget here"), "", _told_before(gone, stays))]
    if count := before.staying.deletable:
        title = tr_n(
            "Forget here, and delete {count} mail at the provider",
            "Forget here, and delete {count} mails at the provider",
            count,
        )
        left = farewell.elsewhere(before.staying, home.settings, mailbox=True)
        lines = (*left, *farewell.at_gmail(before.staying, home.settings))
        choices.append(Choice(THERE, title.format(count=count), "", _told_before(gone, lines)))
    return choices


def _told_before(gone: str, stays: Iterable[str]) -> str:
    return "\n".join((gone, "", tr("What stays:"), *stays, farewell.by_hand()))


def _certain(name: str) -> Ask:
    word = tr("forget")
    hint = tr("Type {word} and Enter; Esc leaves. Nothing brings it back.").format(word=word)
    return Ask(
        tr("Really forget {name}?").format(name=name),
        hint=hint,
        wrong=lambda typed: "" if typed.strip().casefold() == word.casefold() else hint,
    )


def _told(name: str, done: Forgotten) -> str:
    parts = [tr("{name} is forgotten.").format(name=name)]
    if done.asked:
        text = tr_n(
            "{count} mail is being deleted at the provider.",
            "{count} mails are being deleted at the provider.",
            done.asked,
        )
        parts.append(text.format(count=done.asked))
    parts += [
        tr("{path} may still hold the customer: remove it yourself.").format(path=path) for path in done.kept
    ]
    if done.is_read:
        parts.append(
            tr(
                "Another program still reads the store: nothing is left of the person there once it has ended."
            )
        )
    return " ".join(parts)
