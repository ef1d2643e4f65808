"""Asking a colleague, and telling the customer by when they hear."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk.core.until import spoken
from agentdesk.engine import reply
from agentdesk.engine.ask import ask, promised
from agentdesk.errors import RefusedError
from engine.answering import shop_in

SECRET = "@Marta ¿le cobramos el porte? Es un cliente difícil"


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def asked(shop, hold=0.0, **span):
    row, desk = shop.bench.ticket(1).row, shop.bench.desk
    told = promised(desk, shop.settings, shop.home, row, shop.bench.clock.at + timedelta(**span))
    return ask(desk, shop.settings, shop.provider, row, SECRET, told, hold=hold)


def test_the_customer_is_told_by_when_and_not_a_word_of_the_note(shop):
    asked(shop, hours=3)
    shop.flush()
    (raw,) = shop.provider.accepted
    text = raw.decode()
    assert "como muy tarde, hoy a las 13:00" in text.replace("=\r\n", "")
    assert "Marta" not in text
    kinds = {each.direction: each for each in shop.bench.messages(1)}
    assert kinds["note"].text == SECRET
    assert shop.bench.ticket(1).row.status == "open"


def test_one_undo_takes_back_both(shop):
    asked(shop, hold=10.0, days=1)
    reply.undo(shop.bench.desk)
    shop.flush()
    assert shop.provider.accepted == []
    assert [each.direction for each in shop.bench.messages(1)] == ["in"]


def test_nothing_is_promised_for_a_time_that_has_passed(shop):
    with pytest.raises(RefusedError) as refused:
        asked(shop, hours=-1)
    assert refused.value.values["reason"] == "past"


@pytest.mark.parametrize(
    ("at", "es", "ca", "en"),
    [
        ("2026-11-23T18:00", "hoy a las 18:00", "avui a les 18:00", "today at 18:00"),
        ("2026-11-24T01:05", "mañana a la 1:05", "demà a la 1:05", "tomorrow at 1:05"),
        (
            "2027-04-02T09:00",
            "el viernes 2 de abril a las 9:00",
            "divendres 2 d'abril a les 9:00",
            "Friday 2 April at 9:00",
        ),
    ],
)
def test_a_time_reads_as_people_say_it(at, es, ca, en):
    when, today = datetime.fromisoformat(at).replace(tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC).date()
    assert [spoken(when, today, each) for each in ("es", "ca", "en")] == [es, ca, en]
