"""The simulated shop day: the same for everybody, on every channel, and alive."""

import asyncio
import re
import shutil
from collections import Counter
from datetime import timedelta

import pytest

from agentdesk.channels import Account, Envelope, Opening, scene
from agentdesk.channels.demo import Demo
from agentdesk.channels.scene import span
from agentdesk.channels.stage import FILE
from agentdesk.core.instant import moment
from agentdesk.core.model import Address, MailClass, Outgoing
from agentdesk.core.sla import ClockState, Metric, Tier, from_data
from agentdesk.engine.intake import Intake
from agentdesk.errors import ChannelError
from desks import Bench
from servers import until

SHOP = "hola@vimet.example"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
TOPICS = [
    "where",
    "return",
    "exchange",
    "damaged",
    "missing",
    "invoice",
    "payment",
    "address",
    "cancel",
    "stock",
    "code",
    "complaint",
    "thanks",
    "praise",
    "question",
    "hours",
    "newsletter",
    "auto_reply",
    "bounce",
    "spam",
    "hostile",
]


class Day:
    """A desk on which the day is received, from a clock that is turned by hand."""

    def __init__(self, folder, name="day"):
        self.folder = folder / name
        self.folder.mkdir()
        self.bench = Bench(self.folder)
        self.bench.desk.own = frozenset({SHOP})
        self.clock = self.bench.clock
        self.opening = Opening(self.clock.at, 14)
        self.account = Account("demo", "vimet", SHOP, lambda: "", self.folder / "spool")
        self.demo = Demo(self.account, clock=self.clock)
        self.cursor = None
        self.arrivals = []

    def receive(self, **span_of_time):
        """Time passes, and what has come meanwhile is taken."""
        self.clock.go(**span_of_time)
        intake = Intake(self.bench.desk, "demo", self.demo.read)
        new = []

        async def all_of_it():
            async for batch in self.demo.receive(self.cursor, self.opening, once=True):
                intake.take(batch)
                self.cursor = batch.cursor
                new.extend(batch.arrivals)

        asyncio.run(all_of_it())
        self.arrivals += new
        return new

    def reply(self, arrival, text="Ja ho tenim."):
        """Answers a message that came; the result and the Message-ID."""
        mail = self.demo.read(arrival.raw)
        out = Outgoing(
            message_id=f"<re{len(self.arrivals)}.{arrival.place.uid}@vimet.example>",
            sender=Address("Vimet", SHOP),
            to=(mail.sender,),
            subject=f"Re: {mail.subject}",
            text=text,
            at=self.clock.at,
            in_reply_to=mail.message_id,
            references=(*mail.references, mail.message_id),
        )
        envelope = Envelope(SHOP, (mail.sender.email,))
        sent = self.demo.send(self.demo.compose(out), envelope, lambda: None)
        return asyncio.run(sent), out.message_id

    def said(self, subject):
        """The arrival of today with that subject."""
        return next(
            a for a in self.arrivals if not a.before and self.demo.read(a.raw).subject.startswith(subject)
        )

    def queue(self, view="inbox"):
        return [
            (r.number, r.channel, r.customer_name, r.subject, r.band) for r in self.bench.queue(view, 500)
        ]

    def mails(self, *, before=False):
        return [self.demo.read(a.raw) for a in self.arrivals if a.before == before]


@pytest.fixture
def day(tmp_path):
    made = Day(tmp_path)
    yield made
    made.bench.close()


def test_two_days_are_the_same(tmp_path):
    days = [Day(tmp_path, name) for name in ("one", "two")]
    for each in days:
        each.receive()
        for _ in range(20):
            each.receive(minutes=30)
    assert days[0].queue("all") == days[1].queue("all")
    assert [a.raw for a in days[0].arrivals] == [a.raw for a in days[1].arrivals]
    for each in days:
        each.bench.close()


def test_the_queue_looks_alive_at_once(day):
    day.receive()
    bands = Counter(row.band for row in day.bench.queue("inbox", 500))
    assert all(bands[band] >= 5 for band in ("chat", "can_meet", "late", "rest"))
    assert len(day.bench.queue("overdue", 500)) >= 10


def test_a_deadline_passes_within_the_first_minutes(day):
    day.receive()
    before = len(day.bench.queue("overdue", 500))
    day.receive(minutes=3)
    assert len(day.bench.queue("overdue", 500)) > before


def test_seven_channels_and_three_languages(day):
    day.receive()
    rows = day.bench.queue("inbox", 500)
    assert {row.channel for row in rows} == {
        "email",
        "whatsapp",
        "telegram",
        "messenger",
        "x",
        "webchat",
        "phone",
    }
    assert {row.language for row in rows} == {"es", "ca", "en"}
    for row in rows:
        assert row.identity.startswith(f"{row.channel}:")


def test_what_shops_are_asked_is_all_there():
    play = scene.load(scene.shipped())
    said = [line for line in play.lines.values() if not line.past]
    assert {line.topic for line in said} >= set(TOPICS)
    assert len({line.key.partition("/")[0] for line in said}) >= 80
    assert len(play.people) >= 35
    customers = [person for person in play.people.values() if person.regular]
    assert sum(len(person.addresses) > 1 for person in customers) >= 10
    for language in ("es", "ca", "en"):
        assert len({line.topic for line in said if line.person.language == language}) >= 12


def test_the_last_two_years_are_history(day):
    day.receive()
    past = [row for row in day.bench.queue("all", 500) if row.history]
    assert len(past) == 113  # of 120, in which seven go on in a chat of the same week
    assert {row.status for row in past} == {"closed"}
    oldest = min(arrival.received_at for arrival in day.arrivals)
    assert timedelta(days=600) < day.opening.opened_at - oldest < timedelta(days=731)
    assert {"in", "out"} == {m.direction for m in day.bench.messages(past[0].number)}


def test_the_last_four_weeks_are_answered_tickets_from_which_there_are_figures(day):
    day.receive()
    rows = [row for row in day.bench.queue("all", 500) if not row.history]
    today = day.opening.opened_at - timedelta(hours=12)
    lately = [row for row in rows if moment(row.last_message_at) < today]
    assert len(lately) >= 25
    assert {row.status for row in lately} == {"waiting_customer"}
    assert [row.number for row in lately if row.waiting_since] == []
    clocks = [clock for row in lately for clock in map(from_data, day.bench.ticket(row.number).clocks)]
    first = [
        each.state for each in clocks if (each.metric, each.tier) == (Metric.FIRST_RESPONSE, Tier.STANDARD)
    ]
    assert set(first) == {ClockState.MET, ClockState.MET_LATE}
    assert 0.6 < first.count(ClockState.MET) / len(first) < 0.95


def test_machines_are_in_a_view_of_their_own(day):
    day.receive()
    day.receive(hours=14)
    classes = {mail.mail_class for mail in day.mails()}
    assert classes == {MailClass.HUMAN, MailClass.BULK, MailClass.AUTO_REPLY, MailClass.BOUNCE}
    machine = {row.customer_name for row in day.bench.queue("machine", 500)}
    assert {"Mundo Embalaje", "SEO Growth Team", "Mail Delivery System", "Francesc Oller"} <= machine
    assert not machine & {row.customer_name for row in day.bench.queue("inbox", 500)}


def test_the_hostile_mail_shows_no_control_byte(day):
    day.receive()
    hostile = next(row for row in day.bench.queue("inbox", 500) if "raro" in row.identity)
    (message,) = day.bench.messages(hostile.number)
    assert "pulse aquí" in message.text
    assert "$(rm -rf ~)" in message.text
    raw = day.said("Pedido urgente").raw
    assert b"\x1b]52;c;" in raw
    assert b"\x00" in raw
    for text in (hostile.subject, hostile.customer_name, message.text, message.name):
        assert not CONTROLS.search(text)


def test_pictures_papers_html_and_quotes(day):
    day.receive()
    day.receive(hours=14)
    mails = day.mails()
    files = [each for mail in mails for each in mail.attachments]
    assert {file.media_type for file in files} == {"image/png", "application/pdf"}
    assert all(0 < file.size < 2000 for file in files)
    assert "BIENVENIDA5" in next(m for m in mails if m.subject == "Código de bienvenida").text
    assert sum(bool(mail.folds) for mail in mails) >= 4
    assert not [mail for mail in mails if "charset" in mail.warnings]


def test_a_stranger_in_a_thread_gets_a_ticket_of_his_own_that_is_linked(day):
    day.receive()
    day.receive(minutes=15)
    row = next(row for row in day.bench.queue("inbox", 500) if row.customer_name == "Gerard Bonet")
    (linked,) = day.bench.ticket(row.number).linked
    assert day.bench.ticket(linked).row.customer_name == "Laia Bonet"


def test_who_writes_again_in_a_chat_stays_in_the_ticket(day):
    day.receive()
    day.receive(minutes=20)
    rows = [row for row in day.bench.queue("inbox", 500) if row.identity == "webchat:visitor-5d22"]
    assert [row.messages for row in rows] == [3]


def test_a_customer_answers_what_we_write(day):
    day.receive()
    result, name = day.reply(day.said("Devolució de les estovalles"), "Et portem una etiqueta.")
    assert type(result).__name__ == "Accepted"
    assert not [a for a in day.receive(minutes=3) if b"camilla" in a.raw.lower()]
    (answer,) = [a for a in day.receive(minutes=2) if b"camilla" in a.raw.lower()]
    mail = day.demo.read(answer.raw)
    assert mail.in_reply_to == (name,)
    assert "demà mateix" in mail.text
    assert "> Et portem una etiqueta." in mail.text
    assert mail.folds
    day.reply(answer)
    assert [a for a in day.receive(minutes=4) if b"camilla" in a.raw.lower()]


def test_a_customer_answers_in_a_chat_too_and_in_the_same_ticket(day):
    day.receive()
    arrival = day.said("Hi, the checkout")
    day.reply(arrival)
    (answer,) = [
        m for m in map(day.demo.read, (a.raw for a in day.receive(seconds=25))) if "blocker" in m.text
    ]
    assert answer.channel == "webchat"
    assert answer.language == "en"


def test_a_reply_that_is_sent_again_is_answered_once(day):
    day.receive()
    for _ in range(3):
        day.reply(day.said("Factura con IVA"))
    assert len([a for a in day.receive(minutes=6) if b"antonio.munoz" in a.raw]) == 1


def test_what_came_while_nobody_looked_keeps_its_time(day):
    day.receive()
    at = day.opening.opened_at
    times = [arrival.received_at for arrival in day.receive(hours=3)]
    assert times == sorted(times)
    assert at < times[0] < at + timedelta(minutes=1)


def test_the_day_goes_as_fast_as_it_is_told(day):
    day.receive()
    day.demo.stage.begin(60.0)
    fast = day.receive(minutes=10)
    assert all(day.opening.opened_at < arrival.received_at <= day.clock.at for arrival in fast)
    slow = Day(day.folder, "slow")
    slow.receive()
    assert [a.place.uid for a in slow.receive(hours=10)] == [a.place.uid for a in fast]
    slow.bench.close()


def test_a_receive_that_goes_on_brings_each_message_in_its_time(day):
    brought = []

    async def watched():
        async for batch in day.demo.receive(None, day.opening, once=False):
            brought.extend(batch.arrivals)
            if batch.done == batch.total and day.clock.at == day.opening.opened_at:
                first = len(brought)
                day.clock.go(seconds=30)
                day.demo.nudge()
            elif batch.arrivals and day.clock.at > day.opening.opened_at:
                await day.demo.close()
        return first

    first = asyncio.run(asyncio.wait_for(watched(), 10))
    assert len(brought) == first + 1
    assert brought[-1].received_at == day.opening.opened_at + timedelta(seconds=25)


def test_another_process_sends_and_the_running_receive_brings_the_answer(day):
    day.receive()
    other = Demo(day.account, clock=day.clock)
    brought = []

    async def watched():
        async for batch in other.receive(day.cursor, day.opening, once=False):
            brought.extend(batch.arrivals)
            if brought:
                await other.close()
            else:
                await asyncio.to_thread(day.reply, day.said("hola, me sale error"))
                day.clock.go(seconds=40)

    asyncio.run(asyncio.wait_for(watched(), 10))
    assert until(lambda: any("con tarjeta" in other.read(a.raw).text for a in brought))


def test_a_broken_state_begins_the_day_anew_and_loses_nothing(day):
    day.receive()
    seen = [a.raw for a in day.arrivals]
    (day.folder / "spool" / FILE).write_text("{", "utf-8")
    assert [a.raw for a in day.receive()] == []
    assert [a.raw for a in day.arrivals] == seen
    day.cursor = None
    assert [a.raw for a in day.receive()] == seen


def test_a_mistake_in_the_script_is_named(day, tmp_path):
    script = tmp_path / "script"
    shutil.copytree(scene.shipped(), script)
    day.demo.stage.begin(1.0, script)
    scene.load.cache_clear()
    file = script / "day-en.toml"
    file.write_text(file.read_text("utf-8").replace('who = "emma"', 'who = "enma"', 1), "utf-8")
    with pytest.raises(ValueError, match=r"day-en\.toml: enma at 00:55: 'enma' is missing or unknown"):
        day.demo.stage.begin(1.0, script)
    with pytest.raises(ChannelError, match="enma"):
        asyncio.run(day.demo.check())


@pytest.mark.parametrize(("text", "seconds"), [("45s", 45), ("1.5min", 90), ("24h", 86_400)])
def test_spans(text, seconds):
    assert span(text) == seconds
