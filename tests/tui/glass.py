"""A stage for one widget, views to draw on it, and what the screen shows in the end."""

import asyncio
import bisect
import json
from datetime import timedelta
from pathlib import Path

import pytest
from textual.app import App
from textual.message import Message

from agentdesk.core.instant import stamp
from agentdesk.core.views import AttachmentView, MessageView, QueueRow, TicketView
from agentdesk.widgets.conversation import Conversation
from agentdesk.widgets.queue import Queue
from desks import MONDAY

BLNS = Path(__file__).parents[3] / "shared" / "corpora" / "term-blns" / "blns.json"
HOSTILE = (
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x9b31m",
    "[/x]",
    "[bold]not[/bold]",
    "[@click=app.bell]x[/]",
    "\u202egnp.exe",
    "\u2066x\u2069\u200b",
    "漢字かな交じり文" * 10,
    "a" + "\u0301" * 60,
    "👨‍👩‍👧‍👦🏳️‍🌈",
    "\x00\x07\x08\r\n\t",
    "\udcff",
    "",
)
CHANNELS = ("email", "whatsapp", "telegram", "messenger", "instagram", "x", "webchat", "phone", "form", "sms")
PEOPLE = (
    ("Maria Puig", "No m'ha arribat el paquet", "ca"),
    ("John O'Neil", "Refund please", "en"),
    ("Núria Ferrer", "Canvi de talla de la jaqueta blava", "ca"),
    ("@lolita_bcn", "¿Tenéis la M?", "es"),
    ("J. García Hernández de la Torre", "Devolución del pedido 12 que llegó roto", "es"),
    ("山田太郎", "注文した商品がまだ届きません", None),
    ("ACME GmbH", "Rechnung zur Bestellung 2026-1189", "de"),
)


def row(number: int = 1042, due: float | None = 240, **values) -> QueueRow:
    """A ticket due in `due` seconds of Monday at nine."""
    name, subject, language = PEOPLE[number % len(PEOPLE)]
    next_due = None if due is None else stamp(MONDAY + timedelta(seconds=due))
    given = {
        "id": f"t{number}",
        "number": number,
        "subject": subject,
        "status": "open",
        "channel": CHANNELS[number % len(CHANNELS)],
        "account": "mailbox",
        "customer": f"c{number}",
        "customer_name": name,
        "identity": f"email:c{number}@x.test",
        "assignee": None,
        "priority": "normal",
        "kind": None,
        "language": language,
        "unread": number % 3 == 0,
        "history": False,
        "since_before": False,
        "created_at": stamp(MONDAY),
        "last_message_at": stamp(MONDAY),
        "waiting_since": stamp(MONDAY),
        "next_due_at": next_due,
        "recover_at": None,
        "snoozed_until": None,
        "cause": None,
        "messages": 3,
        "erased": False,
        "band": "can_meet",
        "reason": "due",
        "key": (1, next_due or "", number),
    }
    return QueueRow(**{**given, **values})


def many(count: int) -> list[QueueRow]:
    """Rows due one after another, the first ones late."""
    return [row(1000 + n, -400 + 37 * n) for n in range(count)]


class Shelf:
    """A list as a source, that counts what it is asked."""

    def __init__(self, rows: list[QueueRow]) -> None:
        self.asked = self.given = 0
        self.put(rows)

    def put(self, rows: list[QueueRow]) -> None:
        self.rows = sorted(rows, key=lambda each: each.key)
        self.keys = [each.key for each in self.rows]

    def _give(self, start: int, stop: int) -> list[QueueRow]:
        found = self.rows[max(0, start) : max(0, stop)]
        self.asked += 1
        self.given += len(found)
        return found

    def after(self, key, limit):
        start = 0 if key is None else bisect.bisect_right(self.keys, key)
        return self._give(start, start + limit)

    def before(self, key, limit):
        stop = len(self.rows) if key is None else bisect.bisect_left(self.keys, key)
        return self._give(stop - limit, stop)

    def find(self, ticket):
        return next((each for each in self.rows if each.id == ticket), None)

    def total(self):
        return len(self.rows)


def ticket(number: int = 1042, tags=(), linked=(), drafts=0, clocks=(), **values) -> TicketView:
    return TicketView(row(number, **values), tags, linked, tuple(json.loads(json.dumps(clocks))), drafts)


def message(number: int = 1, text: str = "Bon dia", direction: str = "in", minutes: float = 0, **values):
    at = stamp(MONDAY + timedelta(minutes=minutes))
    given = {
        "id": f"m{number}",
        "ticket": "t1042",
        "direction": direction,
        "mail_class": "human",
        "class_reason": "",
        "joined_by": "new",
        "name": "Maria Puig" if direction == "in" else "Joan",
        "identity": "email:maria@x.test",
        "to": ("soporte@shop.test",),
        "cc": (),
        "subject": "Pedido",
        "remote_id": None,
        "sent_at": at,
        "received_at": at,
        "fetched_at": at,
        "text": text,
        "visible": text,
        "folds": (),
        "attachments": (),
        "warnings": (),
        "history": False,
        "erased": False,
        "raw": None,
    }
    return MessageView(**{**given, **values})


def file(name: str = "foto.jpg", media_type: str = "image/jpeg", size: int = 240_000) -> AttachmentView:
    return AttachmentView(name, media_type, size, "0" * 64, "2", inline=False)


class Stage(App):
    """One widget (or more), and what it has said."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { layers: base; }"

    def __init__(self, *widgets) -> None:
        super().__init__()
        self.widgets = widgets
        self.said: list[Message] = []
        self.keys: list[str] = []
        self.animation_level = "none"

    def compose(self):
        yield from self.widgets

    def on_key(self, event) -> None:
        self.keys.append(event.key)

    def heard(self, kind: type[Message]) -> list[Message]:
        return [each for each in self.said if isinstance(each, kind)]


def listening(*kinds: type[Message]) -> type[Stage]:
    """A stage whose `said` collects these messages."""

    def keep(self, said: Message) -> None:
        self.said.append(said)

    return type("Listening", (Stage,), {kind.handler_name: keep for kind in kinds})


def shown(app: App) -> list[str]:
    """The screen as plain lines."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def raw_free(lines: list[str]) -> bool:
    """Nothing on the screen that a terminal would obey."""
    return all(char.isprintable() or char in "\u200c\u200d" for line in lines for char in line)


def naughty() -> list[str]:
    if not BLNS.exists():
        pytest.skip("the list of naughty strings is not beside the checkout (../shared/corpora/term-blns)")
    return json.loads(BLNS.read_text("utf-8"))


def reading(act, size=(100, 30), **given):
    """Runs `act(pilot, pane)` with a conversation on the screen."""

    async def run():
        pane = Conversation(**given)
        app = listening(Conversation.OlderWanted)(pane)
        async with app.run_test(size=size) as pilot:
            pane.focus()
            await pilot.pause()
            await act(pilot, pane)

    asyncio.run(run())


def queueing(act, rows, size=(120, 40), queue=None):
    """Runs `act(pilot, queue, shelf)` with these rows on the screen."""

    async def run():
        shelf, on = Shelf(rows), queue or Queue()
        app = listening(Queue.Highlighted, Queue.Opened)(on)
        async with app.run_test(size=size) as pilot:
            on.focus()
            on.show(shelf, MONDAY)
            await pilot.pause()
            await act(pilot, on, shelf)

    asyncio.run(run())
