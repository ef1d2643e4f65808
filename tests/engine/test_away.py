"""What the provider says while the laptop is off: the same as the desk would, in a Sieve that is somebody else's."""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk.calendars import load_calendar
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.hours import is_open
from agentdesk.core.restraint import Covered
from agentdesk.core.sieve import Mailbox, script
from agentdesk.engine import away, clock
from agentdesk.engine.saying import words
from agentdesk.errors import RefusedError
from engine.test_saying import CALENDAR
from servers.sieve import interpreter

ZONE = ZoneInfo("Europe/Madrid")
HOLIDAYS = '"09-11" = "Diada"\n"12-25" = "Nadal"\n"12-26" = "Sant Esteve"\n"11-01" = "Tots Sants"'
OURS = CALENDAR.replace('country = "ES"\nregion = "CT"\n', "").replace(
    "[holidays]", f"[holidays]\n{HOLIDAYS}"
)
"""The same shop with its holidays written down: the library that knows them all takes its time."""
NOW = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
ACCOUNT = Account("mailbox", "soporte", "email", "soporte@shop.test", ("pedidos@shop.test",))
MAIL = "From: Maria <maria@x.test>\nTo: soporte@shop.test\nSubject: Pedido\nMessage-ID: <a@x.test>\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    found = Home.under(tmp_path_factory.mktemp("home"))
    (found.config / "calendars").mkdir(parents=True)
    (found.config / "calendars" / "shop.toml").write_text(OURS)
    return found


@pytest.fixture(scope="module")
def calendar(home):
    return load_calendar((home.config,), "shop", ZONE)


def settings(**away_):
    return Settings(DeskSettings("Europe/Madrid", "es", calendar="shop"), accounts=(ACCOUNT,), away=away_)


@pytest.fixture(scope="module")
def text(home):
    return away.script(settings(), home, ACCOUNT, away.languages_of(settings()), NOW)


def at_any_time(text: str) -> str:
    """The script with the clock put into a header, so that it can be asked about any moment."""
    return re.sub(r'currentdate (:zone "[^"]+" (?:(?::value "..")|:matches)) ', r'date \1 "x-now" ', text)


@pytest.fixture
def sieve(text):
    with interpreter(at_any_time(text)) as made:
        yield made


def moments():
    """Edges of the day, on days of the week and on what is odd in the year."""
    for day in (
        "2026-11-30",
        "2026-12-05",
        "2026-12-06",
        "2026-12-24",
        "2027-09-10",
        "2027-09-11",
        "2027-10-30",
    ):
        for time in ("09:59:59", "10:00:00", "16:29:59", "20:30:00"):
            yield datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE)
    for hour in ("2027-03-28T03:30", "2027-07-15T23:30", "2027-10-31T03:30"):
        yield datetime.fromisoformat(hour).replace(tzinfo=ZONE)


@pytest.mark.servers
def test_a_real_sieve_says_at_each_moment_what_the_desk_would_say(sieve, home, calendar):
    seen = Counter()
    for at in moments():
        said = sieve.says(f"{MAIL}X-Now: {at:%a, %d %b %Y %H:%M:%S %z}\n")
        opened = is_open(calendar, at)
        seen[opened] += 1
        if opened:
            assert said is None, at
            continue
        opens = words(calendar, at, "es")["shop.opens"]
        assert said == _desk_says(home, at).strip(), at
        assert f"Volvemos {opens} y" in said
    assert seen == {True: 5, False: 26}, "both were asked for"


def _desk_says(home, at):
    return away.now_says(settings(), home, "away", "es", at, chat=False)


TELLS = {
    "a head in Catalan": ("maria@x.test", "Content-Language: ca-ES\n", "ca"),
    "a head in English, whatever else": (
        "maria@tienda.cat",
        "Content-Language: en-US, es\nAccept-Language: es-ES\n",
        "en",
    ),
    "what the writer's program is set to": ("maria@x.test", "Accept-Language: ca-ES, es-ES\n", "ca"),
    "a domain in Catalan": ("maria@botiga.cat", "", "ca"),
    "a domain in the United Kingdom": ("maria@shop.co.uk", "", "en"),
    "a domain in Spain": ("maria@tienda.es", "", "es"),
    "a language that nobody here speaks": ("maria@x.test", "Content-Language: cs-CZ\n", "es"),
    "nothing": ("maria@x.test", "", "es"),
}


@pytest.mark.servers
def test_a_real_sieve_says_it_in_the_language_that_the_head_or_the_domain_tells(sieve, home):
    at = datetime(2026, 11, 30, 22, 10, tzinfo=ZONE)
    night = "X-Now: Mon, 30 Nov 2026 22:10:00 +0100\n"
    for who, (sender, header, language) in TELLS.items():
        said = sieve.says(MAIL.replace("maria@x.test", sender, 1) + night + header)
        assert said == away.now_says(settings(), home, "away", language, at, chat=False).strip(), who


NEVER = {
    "a list": "List-Id: <news.x.test>\n",
    "a list that says only where to leave it": "List-Unsubscribe: <mailto:off@x.test>\n",
    "bulk": "Precedence: bulk\n",
    "an automatic reply": "Auto-Submitted: auto-replied\n",
    "another agentdesk": "X-Agentdesk-Loop: 1\n",
    "who wants none": "X-Auto-Response-Suppress: OOF, AutoReply\n",
}


@pytest.mark.servers
def test_it_answers_no_list_no_machine_and_not_after_its_year(sieve):
    night = "X-Now: Mon, 30 Nov 2026 22:10:00 +0100\n"
    assert sieve.says(MAIL + night)
    for who, header in NEVER.items():
        assert sieve.says(MAIL + night + header) is None, who
    for who in ("no-reply@x.test", "MAILER-DAEMON@x.test", "pedidos@shop.test", "noreply-pedidos@x.test"):
        assert sieve.says(MAIL.replace("maria@x.test", who, 1) + night) is None, who
    assert sieve.says(f"{MAIL}X-Now: Sun, 28 Nov 2027 22:10:00 +0100\n") is None


@pytest.mark.servers
def test_as_it_is_made_it_parses_and_speaks_by_the_server_s_own_clock(tmp_path):
    now = clock.now()  # a server's clock cannot be turned
    hour = (now.astimezone(ZONE) + timedelta(hours=6)).hour
    week = "".join(f'{day} = ["{hour:02}:00-{hour:02}:30"]\n' for day in _WEEK)
    other = Home.under(tmp_path / "home")
    (other.config / "calendars").mkdir(parents=True)
    (other.config / "calendars" / "shop.toml").write_text(f"[week]\n{week}")
    made = away.script(settings(), other, ACCOUNT, ["es", "ca"], now)
    with interpreter(made) as sieve:
        said = sieve.says(MAIL)
        assert f"{hour}:00 y te responderemos" in said
        assert "tenim tancat" not in said, "one language a mail"
        assert "però ara tenim tancat" in sieve.says(f"{MAIL}Content-Language: ca\n")


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def test_words_of_the_shop_s_can_neither_end_the_text_nor_become_commands(home, calendar, text):
    wild = 'Hola ${subject}\n.\ndiscard;\n"; stop; text: {{x}} \\'
    made = script(
        Covered(calendar), Mailbox('a"b@x.test', ('a"b@x.test',)), lambda _, opens: wild + opens, ["es"], NOW
    )
    body = made.partition("text:\n")[2]
    assert body == 'Hola $ {subject}\n..\ndiscard;\n"; stop; text: {{x}} \\${opens0}\n.\n;\n}\n}\n'
    assert ':from "a\\"b@x.test"' in made


def test_a_text_of_the_shop_s_in_one_language_is_said_in_that(home):
    folder = home.config / "automatic"
    folder.mkdir()
    try:
        (folder / "out-of-hours.toml").write_text("[text]\nca.tu = 'Tornem {{shop.opens|aviat}}.'\n")
        made = away.script(settings(), home, ACCOUNT, away.languages_of(settings()), NOW)
    finally:
        shutil.rmtree(folder)
    assert made.count("vacation :days") == 1
    assert "Tornem ${opens0}." in made
    assert '"demà a les 10:00"' in made or "dilluns" in made
    assert "mañana" not in made


def test_what_lies_in_the_laptop_s_hours_is_left_to_the_desk(home, text):
    (home.config / "calendars" / "laptop.toml").write_text(
        "[week]\n" + "".join(f'{d} = ["08:00-22:00"]\n' for d in _WEEK)
    )
    made = away.script(settings(email="laptop"), home, ACCOUNT, ["es"], NOW)
    assert '"22:00:00"' in made
    assert '"14:00:00"' not in made
    assert '"14:00:00"' in text


def test_a_desk_without_hours_has_nothing_to_say_and_a_text_that_needs_the_ticket_is_refused(home):
    always = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(ACCOUNT,))
    with pytest.raises(RefusedError) as error:
        away.script(always, home, ACCOUNT, ["es"], NOW)
    assert error.value.values["reason"] == "never_closed"
    folder = home.config / "automatic"
    folder.mkdir()
    try:
        (folder / "out-of-hours.toml").write_text("[text]\nes.tu = 'Consulta {{ticket.number}}'\n")
        with pytest.raises(RefusedError) as error:
            away.script(settings(), home, ACCOUNT, ["es"], NOW)
        assert error.value.values["reason"] == "text_incomplete"
    finally:
        shutil.rmtree(folder)


CHAT = {
    "es": (
        "Hola. Hemos recibido tu mensaje (consulta #1042). Te responderemos lo antes posible.",
        "Hola. Ahora estamos cerrados. Volvemos mañana martes a las 10:00 y te responderemos a partir de entonces. Nuestro horario: ",
    ),
    "ca": (
        "Hola. Hem rebut el teu missatge (consulta #1042). Et respondrem tan aviat com puguem.",
        "Hola. Ara tenim tancat. Tornem demà dimarts a les 10:00 i et respondrem a partir de llavors. El nostre horari: ",
    ),
    "en": (
        "Hi there. We have your message (request #1042). We will answer as soon as we can.",
        "Hi there. We are closed right now. We are back tomorrow, Tuesday, at 10:00 and will answer from then on. Our hours: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", CHAT)
def test_a_chat_gets_it_in_short(home, language):
    at = datetime(2026, 11, 30, 22, 10, tzinfo=ZONE)
    ack, closed = CHAT[language]
    assert away.now_says(settings(), home, "ack", language, at, chat=True) == ack
    assert away.now_says(settings(), home, "away", language, at, chat=True).startswith(closed)


@pytest.mark.parametrize("language", CHAT)
def test_the_app_s_text_has_room_in_the_app(home, language):
    text = away.standing(settings(), home, [language]).strip()
    assert len(text) <= away.APP_MOST, text
    assert "{" not in text, "the app fills nothing in"


def test_the_app_s_text_names_no_day_and_has_the_hours(home):
    text = away.standing(settings(), home, ["es", "ca"])
    assert "Volvemos en nuestro horario" in text
    assert "de lunes a viernes de 10:00 a 14:00 y de 16:30 a 20:30, sábados de 10:00 a 14:00" in text
    assert "dissabtes de 10:00 a 14:00" in text
