"""A courier's strike: customers on four channels in three languages ask the same, and one quick reply answers them all.

`Strike` is the shop; the provider is a folder that keeps its own truth, a line for each message it took. As a program
(`strike.py FOLDER SEED KILLS`) it answers everybody in many lives, each but the last killed: before one of the statements that
its store is told, or before or after one of the messages that the provider takes.
"""

import asyncio
import json
import os
import random
import signal
import sys
import traceback
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from agentdesk.channels import Ability, Accepted, Arrival, Batch, chat
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.language import language as language_of
from agentdesk.core.model import Acts, Address, Incoming, Place
from agentdesk.core.replies import QuickReply
from agentdesk.engine import circular, clock, outbox, reply
from agentdesk.engine.intake import Intake
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from agentdesk.store import queries
from desks import SHOP, Bench

CHANNELS = ("email", "whatsapp", "telegram", "sms")
ASKED = {
    "ca": "Hola, encara no he rebut la comanda, quan arribarà? Moltes gràcies",
    "es": "Hola, todavía no he recibido el pedido, ¿cuándo llegará? Muchas gracias",
    "en": "Hello, I have not received my order yet, when will it be there? Thanks",
}
NAMES = {"ca": "Mercè", "es": "Lucía", "en": "Emily"}
TEXTS = {
    "ca.tu": "Hola {{customer.first_name}}, per la vaga de missatgers la teva comanda arriba {{?day}}.",
    "es.tu": "Hola {{customer.first_name}}, por la huelga de mensajeros tu pedido llega {{?day}}.",
    "en": "Hello {{customer.first_name}}, as the couriers are on strike your order comes {{?day}}.",
}
STRIKE = QuickReply("strike", {"en": "Strike"}, TEXTS)
GIVEN = {"day": "24/11"}


def says(language: str) -> str:
    """What a customer of that language is to be told."""
    text = TEXTS[language if language == "en" else f"{language}.tu"]
    return text.replace("{{customer.first_name}}", NAMES[language]).replace("{{?day}}", GIVEN["day"])


class Provider:
    """One channel. `place` is told before and after each message that it takes."""

    ability = Ability(text_max=1000)

    def __init__(self, kind: str, file: Path, place) -> None:
        self.kind = kind
        self.file = file
        self.place = place
        self.plan: list[object] = []

    def compose(self, out):
        return compose(out) if self.kind == "email" else chat.sent(out, self.kind)

    def taken(self) -> list[dict[str, str]]:
        lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        return [each for each in map(json.loads, lines) if each["channel"] == self.kind]

    async def send(self, raw, envelope, before_data):
        if self.plan:
            return self.plan.pop(0)
        before_data()
        if self.kind == "email":
            mail = message_from_bytes(raw, policy=default)
            found = {
                "id": mail["Message-ID"],
                "to": mail["To"],
                "text": mail.get_body(("plain",)).get_content(),
            }
        else:
            sending = chat.sending(raw)
            found = {"id": json.loads(raw)["id"], "to": sending.to, "text": sending.text}
        self.place()
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"channel": self.kind, **found}) + "\n")
        self.place()
        return Accepted(clock.now())

    async def find_sent(self, message_id):
        return any(each["id"] == message_id for each in self.taken())


class Strike:
    """A desk with an account on each of the four channels."""

    def __init__(self, folder: Path, place=lambda: None) -> None:
        self.folder = folder
        self.said: list[Incoming] = []
        self.bench = Bench(folder / "desk")
        self.home = Home.under(folder / "desk")
        self.providers = {kind: Provider(kind, folder / "taken", place) for kind in CHANNELS}
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"),
            accounts=tuple(
                Account(kind, kind, kind, SHOP if kind == "email" else "+34900") for kind in CHANNELS
            ),
        )
        self.shop = circular.Shop(self.bench.desk, self.settings, lambda account: self.providers[account.id])

    def writes(
        self, number: int, kind: str, language: str, text: str = "", address: str = "", **more: object
    ) -> int:
        """Customer `number` writes; gives the number of the newest ticket."""
        who = Address(f"{NAMES[language]} Puig", address or _address(number, kind))
        text = text or ASKED[language]
        self.said.append(
            Incoming(
                kind, who, "Pedido", text, message_id=_name(number, kind, len(self.said)),
                sent_at=self.bench.clock.at, language=language_of(text), **more,
            )
        )  # fmt: skip
        place = Place(kind, "x", 0, len(self.said))
        arrival = Arrival(place, self.bench.clock.at, b"%06d" % (len(self.said) - 1), 6)
        intake = Intake(self.bench.desk, kind, lambda raw: self.said[int(bytes(raw))])
        intake.take(Batch(f"cursor {len(self.said)}", (arrival,)))
        return max(row.number for row in self.bench.queue("all", 500))

    def everybody(self, people: int) -> None:
        """So many customers, spread over channels and languages."""
        for number in range(people):
            self.writes(number, CHANNELS[number % 4], tuple(ASKED)[number % 3])

    def tickets(self) -> list[str]:
        return [row.id for row in self.bench.queue("inbox", 500)]

    def looked_at(self, given=GIVEN, quick=STRIKE):
        return circular.looked_at(self.shop, quick, self.tickets(), given)

    def begin(self, hold: float | None = None, acts: Acts | None = None):
        return circular.begin(self.shop, STRIKE, self.looked_at(), GIVEN, acts=acts or Acts(), hold=hold)

    def answer(self, hold: float | None = None):
        """Everybody, at once."""
        letters = self.begin(hold)
        while letters.step():
            pass
        return letters

    def flush(self) -> None:
        for kind, provider in self.providers.items():
            asyncio.run(Postman(self.bench.desk, self.home, kind, provider).flush())

    def taken(self) -> list[dict[str, str]]:
        return [each for provider in self.providers.values() for each in provider.taken()]

    def outbox(self):
        with Window(self.bench.desk) as window:
            return window.outbox()

    def close(self) -> None:
        self.bench.close()


def _address(number: int, kind: str) -> str:
    return f"c{number}@x.test" if kind == "email" else f"34600{number:06}"


def _name(number: int, kind: str, said: int) -> str:
    return f"<m{said}@x.test>" if kind == "email" else chat.name(kind, _address(number, kind), said)


# The program.

PLACES = 4300
"""Where a life that nobody kills could die, about."""


class Places:
    """Counts the places where it could die, and dies at the one it was given."""

    def __init__(self, last: int = -1) -> None:
        self.seen = 0
        self.last = last

    def __call__(self, _: object = None) -> None:
        self.seen += 1
        if self.seen == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def live(folder: Path, places: Places) -> None:
    """Answers everybody, goes on where an earlier life ended, and asks the provider about what is in doubt."""
    strike = Strike(folder, places)
    strike.bench.clock.at = clock.now()
    strike.bench.desk.ids = clock.fresh_ids()
    strike.bench.store.connection.set_trace_callback(places)
    letters = circular.left_over(strike.shop)
    if letters is None and not (folder / "taken").exists() and not strike.outbox():
        letters = strike.begin(hold=0)
    while letters and letters.step():
        pass
    strike.flush()
    known = {each["id"] for each in strike.taken()}
    with closing(strike.bench.desk.reader()) as connection:
        doubtful = queries.written(connection, "unknown")
        names = {
            message: outbox.outbox.Outbox(connection).mailing(message).message_id for message, *_ in doubtful
        }
    for message, name in names.items():
        if name in known:
            reply.settle_sent(strike.bench.desk, message)
        else:
            reply.retry(strike.bench.desk, message)
    strike.flush()
    strike.close()


def forked(folder: Path, last: int = -1) -> int:
    """How a life of its own ended: 0, or minus the signal."""
    child = os.fork()
    if not child:
        status = 1
        try:
            live(folder, Places(last))
            status = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, seed: int, kills: int, people: int = 60) -> None:
    """Kills as many lives as that, each later than the one before, then lets one come to its end."""
    strike = Strike(folder)
    strike.bench.clock.at = clock.now()
    strike.bench.desk.ids = clock.fresh_ids()
    strike.everybody(people)
    strike.close()
    pick = random.Random(seed)
    ends = [forked(folder, pick.randrange(1, 2 * PLACES // (kills + 2))) for _ in range(kills)]
    sys.stdout.write(json.dumps([*ends, forked(folder)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
