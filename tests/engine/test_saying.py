"""What a customer hears at once: that the message is here, or that the shop is closed and when it opens."""

from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest

from agentdesk.channels.mime import read_mail
from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Settings
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.restraint import fitting
from agentdesk.core.sla import Policy
from agentdesk.engine import automatic
from agentdesk.engine.saying import TEXTS, Speaker
from agentdesk.errors import RefusedError
from agentdesk.policies import load_policy
from engine.answering import Shop

ZONE = ZoneInfo("Europe/Madrid")
CALENDAR = """
country = "ES"
region = "CT"
[week]
monday = ["10:00-14:00", "16:30-20:30"]
tuesday = ["10:00-14:00", "16:30-20:30"]
wednesday = ["10:00-14:00", "16:30-20:30"]
thursday = ["10:00-14:00", "16:30-20:30"]
friday = ["10:00-14:00", "16:30-20:30"]
saturday = ["10:00-14:00"]
[holidays]
"08-01..08-31" = "Agosto"
[special]
"12-24" = { open = ["10:00-12:00"], name = "Nochebuena" }
"""
HOURS = {
    "es": "de lunes a viernes de 10:00 a 14:00 y de 16:30 a 20:30, sábados de 10:00 a 14:00",
    "ca": "de dilluns a divendres de 10:00 a 14:00 i de 16:30 a 20:30, dissabtes de 10:00 a 14:00",
    "en": "Monday to Friday 10:00 to 14:00 and 16:30 to 20:30, Saturdays 10:00 to 14:00",
}
WROTE = {
    "es": "Hola, ¿cuándo llega mi pedido? Gracias.",
    "ca": "Bon dia, quan arriba la meva comanda? Gràcies.",
    "en": "Hello, when will my order arrive? Thank you.",
}
AWAY = {
    "es": """Hola, Maria:

Hemos recibido tu mensaje, pero ahora estamos cerrados. Volvemos {opens} y te responderemos a partir de entonces.

Nuestro horario: {hours}.

Si quieres añadir algo, contesta a este mensaje. Esta respuesta es automática; la próxima la escribirá una persona.
""",
    "ca": """Hola, Maria,

Hem rebut el teu missatge, però ara tenim tancat. Tornem {opens} i et respondrem a partir de llavors.

El nostre horari: {hours}.

Si hi vols afegir alguna cosa, contesta aquest missatge. Aquesta resposta és automàtica; la següent l'escriurà una persona.
""",
    "en": """Hi Maria,

We have your message, but we are closed right now. We are back {opens} and will answer from then on.

Our hours: {hours}.

If you want to add something, just reply to this message. This reply is automatic; a person will write the next one.
""",
}
ACK = {
    "es": """Hola, Maria:

Hemos recibido tu mensaje. Es la consulta #1.

Te responderemos hoy antes de las 12:00. Mientras tanto no tienes que hacer nada; si quieres añadir algo, contesta a este mensaje.

Esta respuesta es automática. La próxima la escribirá una persona.
""",
    "ca": """Hola, Maria,

Hem rebut el teu missatge. És la consulta #1.

Et respondrem avui abans de les 12:00. Mentrestant no has de fer res; si hi vols afegir alguna cosa, contesta aquest missatge.

Aquesta resposta és automàtica. La següent l'escriurà una persona.
""",
    "en": """Hi Maria,

We have your message. It is request #1.

We will answer today before 12:00. There is nothing you need to do until then; if you want to add something, just reply to this message.

This reply is automatic. A person will write the next one.
""",
}


def local(*at: int) -> datetime:
    return datetime(*at, tzinfo=ZONE).astimezone(UTC)


@cache
def policy(calendar: str) -> Policy:
    """Read once: a hundred years of holidays take a moment."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "calendars").mkdir()
        (Path(folder) / "calendars" / "shop.toml").write_text(calendar)
        return load_policy((Path(folder),), "guide", "shop", ZONE)


class Speaking(Shop):
    """A shop with hours, in which somebody writes."""

    def __init__(self, folder, at=(2026, 11, 30, 11, 0), calendar=CALENDAR, away=None, **bench) -> None:
        super().__init__(folder, policy=lambda: policy(calendar), **bench)
        desk = DeskSettings("Europe/Madrid", "es", calendar="shop")
        self.settings = Settings(desk, accounts=self.settings.accounts, away=away or {})
        self.bench.clock.at = local(*at)

    def hear(self, language="es", **mail):
        self.bench.mail(WROTE[language], **{"sender": "Maria <maria@x.test>", **mail})

    def greet(self, ticket=1, kind=""):
        return self.greet_in(self.bench.id(ticket), kind)

    def greet_in(self, ticket, kind=""):
        """As the shipped rules do, each at its time."""
        desk = self.bench.desk
        kind = kind or fitting(desk.policy.calendar, desk.now())
        give = lambda *_: self.provider  # noqa: E731 - the connector of any account
        once = f"{ticket}:{self.bench.uid}"
        speaker = Speaker(desk, self.home, self.settings, give)
        return speaker.say(ticket, TEXTS[kind], kind=kind, once=once)

    def no(self, ticket=1, kind=""):
        with pytest.raises(RefusedError) as error:
            self.greet(ticket, kind)
        return error.value.values["reason"]

    def said(self):
        self.flush()
        return read_mail(self.provider.accepted[-1]).text


@pytest.fixture
def opened(tmp_path):
    shops = []

    def open_shop(*at: int, **more):
        made = (
            Speaking(tmp_path / str(len(shops)), at, **more)
            if at
            else Speaking(tmp_path / str(len(shops)), **more)
        )
        shops.append(made)
        return made

    yield open_shop
    for each in shops:
        each.bench.close()


MOMENTS = {
    "on a weekday at 22:10": (
        (2026, 11, 30, 22, 10),
        "mañana martes a las 10:00",
        "demà dimarts a les 10:00",
        "tomorrow, Tuesday, at 10:00",
    ),
    "at midday, until the afternoon": (
        (2026, 11, 30, 14, 0),
        "hoy a las 16:30",
        "avui a les 16:30",
        "today at 16:30",
    ),
    "on a Sunday": (
        (2026, 11, 29, 12, 0),
        "mañana lunes a las 10:00",
        "demà dilluns a les 10:00",
        "tomorrow, Monday, at 10:00",
    ),
    "on the holiday of Catalonia": (
        (2026, 9, 11, 11, 0),
        "mañana sábado a las 10:00",
        "demà dissabte a les 10:00",
        "tomorrow, Saturday, at 10:00",
    ),
    "on 24 December at 13:00, when it opened until 12:00": (
        (2026, 12, 24, 13, 0),
        "el lunes 28 de diciembre a las 10:00",
        "dilluns 28 de desembre a les 10:00",
        "on Monday 28 December at 10:00",
    ),
    "in a closed August": (
        (2026, 8, 3, 11, 0),
        "el martes 1 de septiembre a las 10:00",
        "dimarts 1 de setembre a les 10:00",
        "on Tuesday 1 September at 10:00",
    ),
}


@pytest.mark.parametrize(("at", "es", "ca", "en"), MOMENTS.values(), ids=MOMENTS)
def test_out_of_hours_says_when_it_opens_in_the_customer_s_language(opened, at, es, ca, en):
    shop = opened(*at)
    for number, (language, opens) in enumerate((("es", es), ("ca", ca), ("en", en)), 1):
        shop.hear(language, sender=f"Maria <maria{number}@x.test>")
        shop.greet(number)
        assert shop.said() == AWAY[language].format(opens=opens, hours=HOURS[language])


@pytest.mark.parametrize("language", ["es", "ca", "en"])
def test_in_open_hours_it_says_the_number_and_what_is_promised(opened, language):
    shop = opened()
    shop.hear(language)
    shop.greet()
    assert shop.said() == ACK[language]
    assert shop.no(kind="away") == "shop_is_open"


def test_what_it_promises_is_what_is_promised_and_the_hours_are_the_calendar_s(opened):
    late = opened(2026, 11, 28, 13, 30)  # an hour of a Saturday that ends at 14:00
    late.hear()
    late.greet()
    assert "Te responderemos el lunes 30 de noviembre antes de las 10:30." in late.said()
    other = opened(
        2026, 11, 30, 22, 0, calendar='[week]\nmonday = ["9:00-19:00"]\ntuesday = ["9:00-19:00"]\n'
    )
    other.hear()
    other.greet()
    assert "Nuestro horario: lunes y martes de 9:00 a 19:00." in other.said()


def test_one_a_day_whatever_they_write_and_however_often_it_is_asked_for(opened):
    shop = opened()
    shop.hear()
    shop.greet()
    assert shop.no() == "said_already"
    shop.bench.clock.go(hours=6)
    shop.hear(subject="Otra cosa")
    assert shop.no(2) == "said_today"
    shop.bench.clock.go(hours=5)
    shop.hear(subject="De noche")
    assert shop.no(3) == "said_today", "not the other text either"
    shop.bench.clock.go(hours=14)
    shop.hear(subject="Al otro día")
    shop.greet(4)
    assert shop.flush().sent == 1, "what was not sent in its quarter of an hour is not sent"


def test_of_two_processes_that_both_found_that_it_may_go_one_writes(opened):
    shop = opened()
    shop.hear()
    desk, ticket = shop.bench.desk, shop.bench.id(1)
    write = partial(automatic.write, desk, shop.settings, shop.provider, ticket, "Recibido.")
    write(kind="ack", once="the one")
    with pytest.raises(RefusedError) as error:
        write(kind="ack", once="the other")
    assert error.value.values["reason"] == "said_today"
    assert shop.flush().sent == 1


def test_who_was_found_to_be_the_same_person_is_told_once(opened):
    shop = opened()
    shop.hear()
    shop.greet()
    shop.hear(sender="Maria <maria@other.test>")
    one, other = (shop.bench.ticket(number).row.customer for number in (1, 2))
    shop.bench.desk.do(MergeCustomers(other, one))
    assert shop.no(2) == "said_today"


def test_what_nobody_waits_for_is_not_acknowledged(opened):
    shop = opened()
    shop.hear()
    shop.answer(hold=0)
    shop.flush()
    assert shop.no() == "is_answered"
    shop.hear(sender="Pau <pau@x.test>", role="junk")
    assert shop.no(2) in {"in_junk", "no_person"}
    shop.hear(sender="Ana <ana@x.test>")
    shop.bench.clock.go(minutes=16)
    assert shop.no(3) == "too_old"


def test_a_person_on_a_mailing_list_is_work_and_hears_nothing_by_itself_but_our_own_group_is_no_list(opened):
    shop = opened()
    for number, name in enumerate(("botigues.x.test", "soporte.shop.test"), 1):
        extra = f"List-Id: Llista <{name}>\r\nList-Post: <mailto:l@x.test>\r\n"
        shop.hear(sender=f"Maria <maria{number}@x.test>", extra=extra)
    assert [row.waiting_since is not None for row in shop.bench.queue()] == [True, True]
    assert shop.no(1) == "by_list"
    assert "by_list" in shop.bench.messages(1)[0].warnings
    assert shop.greet(2)


def test_a_text_that_waited_until_it_was_not_true_is_taken_back(opened):
    shop = opened(2026, 11, 30, 20, 25)
    shop.hear()
    shop.greet()
    shop.bench.clock.go(minutes=6)
    assert shop.flush().sent == 0
    assert shop.outbox() == []
    other = opened(2026, 11, 30, 11, 0)
    other.hear()
    other.bench.clock.go(minutes=10)
    other.greet()
    other.bench.clock.go(minutes=6)
    assert other.flush().sent == 0, "the message is sixteen minutes old"


def test_while_the_provider_answers_by_itself_the_desk_is_silent_and_for_a_day_after(opened):
    shop = opened(2026, 11, 30, 22, 10, away={"email": "closed"})
    shop.hear()
    assert shop.no() == "provider_spoke"
    shop.bench.clock.go(hours=13)
    shop.hear(subject="Otra vez")
    assert shop.no(2) == "provider_spoke"
    shop.hear(sender="Pau <pau@x.test>")
    assert shop.greet(3)
    (shop.home.config / "calendars").mkdir(parents=True)
    (shop.home.config / "calendars" / "laptop.toml").write_text('[week]\nmonday = ["8:00-23:00"]\n')
    laptop = Settings(shop.settings.desk, accounts=shop.settings.accounts, away={"email": "laptop"})
    shop.settings = laptop
    shop.bench.clock.at = local(2026, 12, 7, 22, 10)
    shop.hear(sender="Eva <eva@x.test>")
    assert shop.greet(4), "the laptop is open until 23:00"
    shop.bench.clock.go(hours=1)
    shop.hear(sender="Joel <joel@x.test>")
    assert shop.no(5) == "provider_spoke"


def test_the_shop_s_own_words_go_before_ours_and_what_is_not_whole_does_not_go(opened):
    shop = opened()
    folder = shop.home.config / "automatic"
    folder.mkdir(parents=True)
    text = "[title]\nes='a'\nca='a'\nen='a'\n[text]\nes.tu = '''{}'''\n"
    (folder / "acknowledge.toml").write_text(text.format("Recibido: {{ticket.number}}"))
    shop.hear()
    shop.greet()
    assert shop.said() == "Recibido: 1\n"
    (folder / "acknowledge.toml").write_text(text.format("Recibido: {{?order}}"))
    shop.hear(sender="Pau <pau@x.test>")
    assert shop.no(2) == "text_incomplete"


def test_it_bears_what_keeps_machines_silent_and_no_report_is_asked_for(opened):
    shop = opened()
    envelopes = []
    send = shop.provider.send

    async def seen(raw, envelope, before_data):
        envelopes.append(envelope)
        return await send(raw, envelope, before_data)

    shop.provider.send = seen
    shop.hear()
    shop.greet()
    shop.flush()
    (raw,) = shop.provider.accepted
    for line in (b"Auto-Submitted: auto-replied", b"X-Auto-Response-Suppress: All", b"Precedence: bulk"):
        assert b"\r\n" + line + b"\r\n" in raw
    assert b"\r\nX-Agentdesk-Loop: " in raw
    assert [(each.sender, each.recipients) for each in envelopes] == [("", ("maria@x.test",))]
