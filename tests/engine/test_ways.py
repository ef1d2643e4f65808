"""One person on several channels: the answer goes where they came last, another way is chosen on purpose and noted."""

from datetime import timedelta

import pytest

from agentdesk.channels import Ability
from agentdesk.channels.mime import read_mail
from agentdesk.core.commands import Merge, MergeCustomers, Snooze
from agentdesk.core.instant import stamp
from agentdesk.engine import reply
from agentdesk.engine.call import Call, note_call
from agentdesk.engine.switch import ways_to
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from engine.chats import MARIA
from engine.switching import met_twice


@pytest.fixture
def shop(tmp_path):
    yield from met_twice(tmp_path)


def shown(shop, number):
    """What is told first of the same person's other matters."""
    with Window(shop.bench.desk) as window:
        return window.ticket(number).before


def said(shop, number=1):
    return [(m.direction, m.account, m.text.partition("\n")[0]) for m in shop.bench.messages(number)]


def test_both_ways_to_a_person_are_known_the_last_first(shop):
    found = ways_to(shop.bench.desk, shop.bench.id(1))
    assert [(way.channel, way.address, way.number) for way in found] == [
        ("whatsapp", MARIA, 2),
        ("email", "maria@x.test", 1),
    ]


def test_an_answer_goes_by_the_way_its_ticket_came(shop):
    assert (shop.whom(1).channel, shop.whom(2).channel) == ("email", "whatsapp")


def test_in_one_matter_the_answer_goes_where_the_customer_wrote_last(shop):
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    assert (shop.whom(1).channel, shop.whom(1).account, shop.whom(1).to) == ("whatsapp", "shop", (MARIA,))
    shop.answers("Ja ve")
    shop.sends()
    assert [one.text for one in shop.sent] == ["Ja ve"]
    assert shop.post.accepted == []
    assert {m.account for m in shop.bench.messages(1) if m.text == "Ja ve"} == {"shop"}
    shop.mail("I la factura?", reply_to="<m1@x.test>")
    assert shop.whom(1).channel == "email"
    shop.answers("Aquí la tens")
    shop.sends()
    assert len(shop.post.accepted) == 1
    assert {m.account for m in shop.bench.messages(1) if m.text.startswith("Aquí")} == {"mailbox"}


def test_going_on_by_chat_stands_in_that_chat_with_a_note(shop):
    done = shop.answers("T'ho dic per aquí", by="whatsapp", note="Ara per WhatsApp")
    shop.sends()
    assert done.ticket == shop.bench.id(2)
    assert [one.text for one in shop.sent] == ["T'ho dic per aquí"]
    assert ("note", "shop", "Ara per WhatsApp") in said(shop, 2)
    assert {m.name for m in shop.bench.messages(2) if m.direction == "note"} == {"Joan"}
    assert shop.bench.ticket(1).row.number == 2, "the mail's ticket goes on there"


def test_what_the_customer_answers_nine_days_later_lands_in_the_same_matter(shop):
    shop.answers("T'ho dic per aquí", by="whatsapp")
    shop.sends()
    shop.go(days=9)
    shop.writes("Encara no ha arribat", 2)
    assert shop.bench.messages(1)[-1].text == "Encara no ha arribat"
    assert [row.number for row in shop.bench.queue()] == [2]


def test_going_on_by_mail_is_one_matter_too(shop):
    shop.answers("Aquí hi cap més", number=2, by="email", note="Ara per correu")
    shop.sends()
    (raw,) = shop.post.accepted
    letter = read_mail(raw)
    assert [a.email for a in letter.to] == ["maria@x.test"]
    assert letter.subject == "Re: Hola, us he escrit un correu"
    assert "On és el paquet" not in letter.text, "another matter is not quoted"
    shop.go(days=2)
    shop.mail("Rebut", subject=letter.subject, reply_to=letter.message_id)
    assert shop.bench.messages(2)[-1].visible.strip() == "Rebut"
    assert shop.whom(2).channel == "email"


def test_a_mail_in_a_chats_ticket_opens_no_window_and_is_promised_as_a_mail(shop):
    before = shop.bench.ticket(2).row.window_until
    shop.answers("Aquí hi cap més", number=2, by="email")
    shop.sends()
    shop.go(days=2)
    shop.mail("No l'he rebut", reply_to=read_mail(shop.post.accepted[0]).message_id)
    view = shop.bench.ticket(2)
    assert view.row.window_until == before
    (clock,) = [
        c
        for c in view.clocks
        if (c["metric"], c["tier"], c["state"]) == ("next_response", "standard", "running")
    ]
    assert clock["target"] == 3600, "an hour, not a chat's half minute"


def test_a_chat_in_a_mails_ticket_brings_its_window_along(shop):
    shop.bench.desk.do(Merge(shop.bench.id(2), shop.bench.id(1)))
    shop.go(minutes=1)
    shop.writes("I doncs?", 2)
    assert shop.bench.ticket(1).row.window_until == stamp(shop.bench.clock.at + timedelta(hours=24))
    shop.go(hours=25)
    with pytest.raises(RefusedError) as refused:
        shop.answers()
    assert refused.value.values["reason"] == "window_closed"


def test_a_switch_is_taken_back_with_its_note(shop):
    shop.answers("Aquí hi cap més", number=2, by="email", note="Ara per correu")
    reply.undo(shop.bench.desk)
    assert [text for _, _, text in said(shop, 2)] == ["Hola, us he escrit un correu"]
    shop.answers("Doncs per aquí", number=2)
    shop.sends()
    assert [one.text for one in shop.sent] == ["Doncs per aquí"]


def test_a_switch_to_a_chat_is_taken_apart_in_two_steps(shop):
    shop.answers("T'ho dic per aquí", by="whatsapp")
    reply.undo(shop.bench.desk)
    reply.undo(shop.bench.desk)
    assert shop.bench.ticket(1).row.number == 1
    assert [row.number for row in shop.bench.queue()] == [2, 1]


def test_a_second_answer_that_is_held_can_be_taken_back(shop):
    shop.answers("Hola", number=2)
    shop.sends()
    shop.go(minutes=1)
    shop.writes("I la factura?", 2)
    shop.answers("Ara va", number=2)
    reply.undo(shop.bench.desk)
    row = shop.bench.ticket(2).row
    assert (row.status, [text for _, _, text in said(shop, 2)][-1]) == ("open", "I la factura?")


def test_the_closed_window_of_another_channel_is_known_before(shop):
    shop.go(hours=25)
    with pytest.raises(RefusedError) as refused:
        shop.answers(by="whatsapp")
    assert refused.value.values["reason"] == "window_closed"
    assert shop.bench.ticket(1).row.number == 1, "nothing was merged"


def test_a_call_that_waits_is_answered_by_the_way_there_is(shop):
    shop.go(minutes=1)
    note_call(shop.bench.desk, Call("Vol saber quan arriba", then="open"), shop.bench.id(1))
    shop.answers("Demà")
    shop.sends()
    assert len(shop.post.accepted) == 1


def test_somebody_who_called_is_answered_where_they_write(shop):
    note_call(shop.bench.desk, Call("Truca la Maria", number="+34600111222", then="open"))
    with Window(shop.bench.desk) as window:
        shop.bench.desk.do(
            MergeCustomers(window.customer("phone:+34600111222"), window.customer("maria@x.test"))
        )
    assert shop.whom(3) is None
    shop.answers("Li contesto per correu", number=3, by="email")
    shop.sends()
    assert len(shop.post.accepted) == 1


def test_who_comes_by_another_channel_brings_what_is_open_and_how_it_ended(shop):
    call = note_call(
        shop.bench.desk, Call("Canviat per la talla M,\nja li ha arribat", number="+34600111222")
    )
    with Window(shop.bench.desk) as window:
        shop.bench.desk.do(
            MergeCustomers(window.customer("phone:+34600111222"), window.customer("maria@x.test"))
        )
    shop.go(minutes=1)
    shop.answers("Hola Maria, demà et truquem amb el preu", number=1)
    shop.sends()
    shop.bench.desk.do(Snooze(shop.bench.id(1), shop.bench.clock.at + timedelta(days=1)))
    assert call.ticket == shop.bench.id(3)
    told = shown(shop, 2)
    assert [(one.number, one.channel, one.is_open, one.said) for one in told] == [
        (1, "email", True, "Hola Maria, demà et truquem amb el preu"),
        (3, "phone", False, "Canviat per la talla M, ja li ha arribat"),
    ]
    assert told[0].until == "2026-11-24T09:02:00.000Z"


def test_who_always_comes_by_the_same_channel_is_told_nothing_of(shop):
    shop.mail("Una altra persona", sender="pau@x.test", subject="Una cosa")
    shop.mail("I una altra", sender="pau@x.test", subject="Una altra cosa")
    assert shown(shop, 4) == ()


def test_what_others_wrote_and_what_was_taken_back_is_no_outcome(shop):
    shop.answers("Això no", number=1)
    reply.undo(shop.bench.desk)
    (one,) = shown(shop, 2)
    assert (one.number, one.subject, one.said) == (1, "Pedido 7", "")


def test_a_stranger_is_no_way(shop):
    shop.mail("Una altra persona", sender="pau@x.test", subject="Altra cosa")
    assert set(shop.ways(3)) == {"email"}
    assert set(shop.ways(1)) == {"email", "whatsapp"}


def test_what_a_connector_declares_for_a_channel_is_what_counts(shop):
    shop.abilities = {"whatsapp": Ability(text_max=10)}
    with pytest.raises(RefusedError) as refused:
        shop.answers("Més llarg que deu", number=2)
    assert refused.value.values["reason"] == "too_long"


def test_a_rebuilt_desk_shows_the_same(shop):
    shop.answers("Aquí hi cap més", number=2, by="email", note="Ara per correu")
    shop.answers("T'ho dic per aquí", by="whatsapp", note="Ara per WhatsApp")
    before = shop.bench.messages(2)
    shop.bench.store.rebuild()
    assert shop.bench.messages(2) == before
