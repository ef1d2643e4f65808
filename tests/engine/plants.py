"""A person planted through every door there is, by words that nothing else has, and a look at every byte of a home."""

import shutil
import zlib
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from agentdesk.channels import Arrival, Batch, chat
from agentdesk.channels.mime import read_mail
from agentdesk.config import Account, Backup, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import Merge, MergeCustomers, Resolve, Snooze
from agentdesk.core.keeping import NoteCustomer, SetProfile
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address, Incoming, Place, Reaction
from agentdesk.core.pledging import GivePledge, Pledge
from agentdesk.engine import call, daily, ending, reply, survey
from agentdesk.engine.intake import Intake
from agentdesk.engine.note import note
from agentdesk.engine.window import Window
from agentdesk.store import draft, driver, pack, quick, rules
from agentdesk.store.intake import Arrived
from desks import SHOP, Bench, of_last_week
from engine.answering import Provider

WHO = "Zoraida Quirce <zoraida.quirce@orio.test>"
ADDRESS, NUMBER, CALLED = "zoraida.quirce@orio.test", "34600987123", "+34911222333"
MARKS = (
    "zoraida", "quirce", NUMBER, CALLED[1:], "zanahoriazul", "calabacinmorado", "facturasecreta", "bytesdeladjunto",
    "mid-orio-1", "grandesecreto", "borradorsecreto", "notasecreta", "respuestasecreta", "valorsecreto", "circularsecreta",
    "pedidosecreto", "enmiendasecreta", "chatsecreto", "editadosecreto", "llamadasecreta", "cuarentenasecreta",
    "llegadasecreta", "perfilsecreto", "apuntesecreto", "respuestatardia", "primeracarta", "promesasecreta", "compromisosecreto", "abiertosecreto", "reclamosecreto", "encuestasecreta", "reglasecreta", "excusasecreta", "siestasecreta", "\N{FLAMINGO}",
)  # fmt: skip
PARTS = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
BODY = (
    "--b\r\nContent-Type: text/plain\r\n\r\nun calabacinmorado\r\n--b\r\nContent-Type: text/plain; name=facturasecreta.txt\r\n"
    "Content-Disposition: attachment; filename=facturasecreta.txt\r\n\r\nbytesdeladjunto\r\n--b--"
)
NAMED = f"To: {SHOP}\r\nCc: {WHO}\r\n"


class Desk:
    """A desk under one home, on which one person wrote by mail and chat, called, and is spoken of wherever one can speak."""

    def __init__(self, folder) -> None:
        self.home = Home.under(folder)
        self.home.make()
        self.home.key.write_bytes(b"k" * 32)
        of_last_week(self.home.key)
        self.said: list[object] = []
        self.open()

    def open(self) -> None:
        self.bench = Bench(self.home.data.parent, read=self._read)
        self.chats = Intake(self.bench.desk, "wa", self._read)
        self.settings = Settings(
            DeskSettings("Europe/Madrid", "es"), accounts=(Account("mailbox", "s", "email", SHOP),)
        )

    def _read(self, raw):
        data = raw if isinstance(raw, bytes) else raw.read_bytes()
        return self.said[int(data)] if data.isdigit() else read_mail(raw)

    def says(self, what: object) -> None:
        self.said.append(what)
        raw = b"%06d" % (len(self.said) - 1)
        arrival = Arrival(
            Place("wa", "x", 0, len(self.said)), self.bench.clock.at, raw, len(raw), role="inbox"
        )
        self.chats.take(Batch(f"c{len(self.said)}", (arrival,)))

    def customer(self, word: str) -> str:
        with Window(self.bench.desk) as window:
            return window.customer(word)

    def bytes(self) -> dict[str, bytes]:
        """Every file below the home, and every blob unpacked but for the mail that somebody else wrote."""
        found = {str(path): path.read_bytes() for path in self.home.data.parent.rglob("*") if path.is_file()}
        for store in self.home.data.parent.rglob("desk.db"):
            with closing(driver.connect(str(store), read_only=True)) as connection:
                for name, packed, data in connection.execute("SELECT hash, packed, data FROM blob"):
                    text = zlib.decompress(data) if packed else bytes(data)
                    if NAMED.encode() not in text:
                        found[f"{store}:{name}"] = text
        return found

    def left(self) -> list[tuple[str, str]]:
        found = {where: data.lower() for where, data in self.bytes().items()}
        return [(mark, where) for mark in MARKS for where, data in found.items() if mark.encode() in data]


def planted(desk: Desk) -> None:
    bench = desk.bench
    bench.mail(BODY, sender=WHO, subject="La zanahoriazul", message_id="<mid-orio-1@orio.test>", extra=PARTS)
    bench.mail(
        "Otra",
        sender="pep@y.test",
        subject="De Pep",
        raw=f"From: pep@y.test\r\n{NAMED}\r\nHola a todos".encode(),
    )
    name = chat.name("whatsapp", NUMBER, 1)
    said = Incoming(
        "whatsapp",
        Address("Zoraida", NUMBER),
        "chat",
        "un chatsecreto",
        message_id=name,
        sent_at=bench.clock.at,
    )
    desk.says(said)
    edited = replace(said, text="un editadosecreto", message_id=f"{name}.2", edits=name)
    desk.says(edited)
    desk.says(Reaction("whatsapp", name, Address("Zoraida", NUMBER), "\N{FLAMINGO}", bench.clock.at))
    call.note_call(bench.desk, call.Call("llamadasecreta", number=CALLED, name="Zoraida Quirce"))
    for word in (f"whatsapp:{NUMBER}", f"phone:{CALLED}"):
        bench.desk.do(MergeCustomers(desk.customer(word), desk.customer(ADDRESS)))
    note(bench.desk, bench.id(1), "una notasecreta")
    ending.no_answer(bench.desk, bench.id(1), "una excusasecreta")
    bench.desk.do(Snooze(bench.id(1), bench.clock.at + timedelta(days=2), reason="una siestasecreta"))
    channel = Provider(bench)
    reply.write(bench.desk, desk.settings, channel, bench.id(1), Wish("una respuestasecreta"), hold=60.0)
    due = Pledge("una promesasecreta", bench.clock.at + timedelta(days=1))
    reply.write(
        bench.desk,
        desk.settings,
        channel,
        bench.id(1),
        Wish("otra respuestasecreta", pledges=(due,)),
        hold=60.0,
    )
    bench.desk.do(GivePledge(bench.id(1), replace(due, text="un compromisosecreto")))
    bench.desk.do(SetProfile(desk.customer(ADDRESS), (("empresa", "perfilsecreto"),)))
    bench.desk.do(NoteCustomer(desk.customer(ADDRESS), "un apuntesecreto"))
    bench.mail("un reclamosecreto", sender=WHO, subject="Fusionado")
    later = Wish("una respuestatardia", at=bench.clock.at + timedelta(days=1))
    reply.write(bench.desk, desk.settings, channel, bench.id(5), later)
    bench.desk.do(Merge(bench.id(5), bench.id(2)))
    _surveyed(desk, channel)
    _local(desk)
    _files(desk)


def _surveyed(desk: Desk, channel: Provider) -> None:
    """Asked how it was, and what was said to that."""
    bench = desk.bench
    bench.desk.do(Resolve(bench.id(1)))
    with Window(bench.desk) as window:
        asked = survey.ask(bench.desk, desk.settings, desk.home, channel, window.ticket(1).row)
    (name,) = [each.remote_id for each in bench.messages(1) if each.id == asked.message]
    bench.mail("5, encuestasecreta", sender=WHO, subject="Re", reply_to=name)


def _local(desk: Desk) -> None:
    """What only this laptop knows."""
    bench, at = desk.bench, desk.bench.clock.at
    ticket, message = bench.id(1), bench.messages(1)[0].id
    raws = [
        pack(f"From: {ADDRESS}\r\n\r\n{word}".encode()) for word in ("cuarentenasecreta", "llegadasecreta")
    ]
    large = bench.folder / "large"
    large.write_bytes(
        f"From: {WHO}\r\nMessage-ID: <g@orio.test>\r\n\r\n".encode() + b"grandesecreto\r\n" * (1 << 17)
    )
    place = Place("mailbox", "INBOX", 1, 900)
    bench.intake.take(Batch("large", (Arrival(place, at, large, large.stat().st_size),)))
    with bench.desk.transaction() as writer:
        one = writer.connection
        writer.blobs.put(one, raws)
        row = ("q", "mailbox", raws[0].hash, 9, "2026-11-23T09:00:00.000Z", "odd", 1, "inbox", 0, 0)
        one.execute("INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", row)
        waiting = Arrived(
            Place("other", "INBOX", 1, 901),
            raws[1].hash,
            9,
            at,
            at,
            "inbox",
            frozenset(),
            before=False,
            waits=False,
        )
        writer.intake.add([waiting])
        draft.save(one, ticket, "Joan", "reply", "borradorsecreto", at)
        draft.save(one, bench.id(2), "Joan", f"party {ADDRESS}", "sobre ella", at)
        draft.save(one, "first", "Joan", "first", f'{{"to": "{ADDRESS}", "text": "primeracarta"}}', at)
        draft.save(one, bench.id(2), "Joan", "reply", "Hola Pep", at)
        draft.save(
            one, bench.id(2), "Joan", "people", f'{{"cc": [{{"name": "", "email": "{ADDRESS}"}}]}}', at
        )
        quick.remember(one, ticket, {"pregunta": "valorsecreto"})
        rules.fail(one, "r", ticket, at, code="address_fails", values={"address": "reglasecreta"})
        one.execute(
            "INSERT INTO circular_letter VALUES ('c', ?, 1, 'circularsecreta', NULL, NULL)", (ticket,)
        )
        one.execute(
            "INSERT INTO lookup VALUES (?, 'shop', 'x', '[\"pedidosecreto\"]', NULL, NULL, '', '')", (ticket,)
        )
        values = (message, "2026-11-23T09:00:00.000Z")
        one.execute(
            "INSERT INTO amendment VALUES (?, 'mailbox', 'e', NULL, 1, 1, ?2, ?2, 0, 'enmiendasecreta', NULL)",
            values,
        )


def _files(desk: Desk) -> None:
    desk.home.log_file.write_text(f"a line\n550 <{ADDRESS}> no such user\nLa zanahoriazul went\n")
    (desk.home.state / "opened").mkdir()
    (desk.home.state / "opened" / "f.txt").write_text("abiertosecreto")
    daily.once(desk.bench.desk, desk.home, Backup())
    desk.bench.store.settle()
    for name in ("desk.db", "desk.key", "blobs"):
        path, former = desk.home.data / name, desk.home.data.with_name("data.before-restore-20261122T090000Z")
        former.mkdir(exist_ok=True)
        (shutil.copytree if path.is_dir() else shutil.copy)(path, former / name)
