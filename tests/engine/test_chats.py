"""What a chat is to the desk: one conversation for ever, edits and receipts, answers from the phone, the window."""

import json
from dataclasses import replace

import pytest

from agentdesk.channels import Doubtful
from agentdesk.core.commands import Erase, Resolve
from agentdesk.core.model import Address
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store import draft
from agentdesk.store.digest import digest
from engine.chats import MARIA, chats_in


@pytest.fixture(params=["whatsapp", "telegram"])
def shop(tmp_path, request):
    yield from chats_in(tmp_path, request.param)


@pytest.fixture
def whatsapp(tmp_path):
    yield from chats_in(tmp_path, "whatsapp")


def numbers(shop):
    return sorted(row.number for row in shop.bench.queue("all"))


def kept(shop, agent="Joan"):
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(1), agent, "reply")


def outbox(shop):
    with Window(shop.bench.desk) as window:
        return window.outbox()


def test_a_reply_nine_days_later_lands_in_the_same_conversation(shop):
    shop.writes("On és el meu paquet?", 1)
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.go(days=9)
    shop.writes("Encara no ha arribat", 2)
    assert numbers(shop) == [1]
    row = shop.bench.ticket(1).row
    assert (row.status, row.unread, row.messages) == ("open", True, 2)
    assert [m.joined_by for m in shop.bench.messages(1)] == ["new", "conversation"]


def test_two_customers_have_two_conversations(shop):
    shop.writes("Hola", 1)
    shop.writes("Hola", 1, person="34600999888")
    assert numbers(shop) == [1, 2]


def test_the_same_message_again_is_one_message(shop):
    shop.writes("Hola", 1)
    again = shop.writes("Hola", 1, language="ca")  # the service says a little more the second time
    assert (again.received, again.duplicates) == (0, 1)
    assert len(shop.bench.messages(1)) == 1


def test_an_edit_shows_and_the_first_text_is_kept(shop):
    shop.writes("Vull la talla M", 1)
    shop.go(minutes=2)
    assert shop.edits("Vull la talla L", 1).received == 1
    (message,) = shop.bench.messages(1)
    assert (message.text, message.first) == ("Vull la talla L", "Vull la talla M")
    assert message.edited_at == "2026-11-23T09:02:00.000Z"
    with Window(shop.bench.desk) as window:
        found = [hit.ticket for word in ("talla L", "talla M") for hit in window.search(word).messages()]
    assert found == [1, 1]


def test_an_edit_that_overtakes_its_message_loses_neither(shop):
    shop.edits("Vull la talla L", 1)
    assert shop.bench.messages(1)[0].warnings == ("first_seen_edited",)
    shop.go(minutes=-1)
    shop.writes("Vull la talla M", 1)
    (message,) = shop.bench.messages(1)
    assert (message.text, message.first) == ("Vull la talla L", "Vull la talla M")
    assert message.warnings == (), "what it said first is known by now"


def test_what_was_taken_back_is_marked_and_kept(shop):
    shop.writes("La meva contrasenya és 1234", 1)
    shop.withdraws(1)
    shop.withdraws(1)
    (message,) = shop.bench.messages(1)
    assert message.text.endswith("1234")
    assert message.withdrawn_at is not None
    assert len(message.versions) == 1


def test_a_withdrawal_that_overtakes_its_message_waits_for_it(shop):
    shop.withdraws(1)
    shop.writes("Error", 1)
    (message,) = shop.bench.messages(1)
    assert message.withdrawn_at is not None


def test_a_sign_is_shown_changed_and_taken_away(shop):
    shop.writes("Hola", 1)
    for sign, shown in (("👍", (("Maria", "👍"),)), ("❤️", (("Maria", "❤️"),)), ("", ())):
        shop.reacts(sign)
        assert shop.bench.messages(1)[0].reactions == shown


def test_receipts_only_go_forwards(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.flush()
    name = shop.name(501)
    for said, state in (
        ("delivered", "delivered"),
        ("read", "read"),
        ("delivered", "read"),
        ("sent", "read"),
    ):
        shop.receipt(name, said)
        assert shop.states() == [("Bon dia", state)]
    assert shop.bench.ticket(1).row.waiting_since is None


def test_a_receipt_that_overtakes_the_answer_of_the_service_waits_for_it(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.plan.append(lambda: shop.receipt(shop.name(501), "delivered"))
    shop.flush()
    assert shop.states() == [("Bon dia", "delivered")]


def test_everything_until_a_time_was_read(shop):
    shop.writes("Hola", 1)
    shop.answer("Un")
    shop.flush()
    shop.go(minutes=1)
    shop.writes("I?", 2)
    shop.answer("Dos")
    shop.flush()
    read_at = shop.go(minutes=1)
    shop.writes("I més?", 3)
    shop.go(minutes=1)
    shop.answer("Tres")
    shop.flush()
    shop.receipt("", "read", reader="34600111222", upto=read_at)
    assert shop.states() == [("Un", "read"), ("Dos", "read"), ("Tres", "sent")]


def test_what_failed_after_it_was_accepted_brings_the_ticket_back(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.flush()
    shop.receipt(shop.name(501), "failed", code="undeliverable", words="not on WhatsApp")
    row = shop.bench.ticket(1).row
    assert (row.status, row.unread, row.failed, row.waiting_since is not None) == ("open", True, True, True)
    (clock,) = [
        c for c in shop.bench.ticket(1).clocks if (c["metric"], c["tier"]) == ("next_response", "standard")
    ]
    assert clock["state"] == "running"


def test_our_own_message_that_comes_back_is_known_by_its_name(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.flush()
    back = shop.phone("Bon dia", 501)
    assert (back.received, back.duplicates) == (0, 1)
    assert shop.states() == [("Bon dia", "sent")]


def test_our_own_message_may_come_back_before_the_send_has_returned(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.plan.append(lambda: shop.phone("Bon dia", 501))
    shop.flush()
    assert shop.states() == [("Bon dia", "sent")]
    assert outbox(shop) == []


def test_each_part_of_our_own_message_is_known_by_what_the_service_says_it_copies(shop):
    """A file of an answer comes back while the answer is still on its way, and says nothing that it could be known by."""
    shop.writes("Hola", 1)
    shop.answer("Aquí ho tens")

    def part_comes_back():
        with shop.bench.reading() as connection:
            (mailing,) = connection.execute("SELECT headers FROM message WHERE direction = 'out'").fetchone()
        ours = replace(
            shop.text("", 700), to=(Address("", MARIA),), copy_of=json.loads(mailing)["message_id"]
        )
        assert shop.comes(ours, "sent").duplicates == 1

    shop.plan.append(part_comes_back)
    shop.flush()
    assert shop.states() == [("Aquí ho tens", "sent")]


def test_a_copy_of_what_a_restored_desk_does_not_know_is_kept(shop):
    shop.writes("Hola", 1)
    ours = replace(shop.text("Ja ve", 700), to=(Address("", MARIA),), copy_of="<ad.gone@shop.test>")
    assert shop.comes(ours, "sent").received == 1
    assert shop.states() == [("Ja ve", None)]


def test_our_own_message_that_comes_back_settles_a_doubt(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.plan.append(Doubtful("the line went dead"))
    shop.flush()
    assert shop.states() == [("Bon dia", "unknown")]
    shop.phone("Bon dia", 777)
    assert shop.states() == [("Bon dia", "sent")]
    assert shop.receipt(shop.name(777), "read").updated == 1
    assert outbox(shop) == []


def test_an_answer_from_the_phone_meets_the_clock(shop):
    shop.writes("Hola", 1)
    shop.go(seconds=20)
    shop.phone("Bon dia, digue'm", 900)
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.waiting_since) == ("waiting_customer", None)
    assert {c["state"] for c in ticket.clocks if c["metric"] == "first_response"} <= {"met", "met_late"}
    assert shop.bench.messages(1)[-1].elsewhere


def test_an_answer_from_the_phone_stops_what_is_held_and_keeps_its_text(shop):
    shop.writes("Hola", 1)
    shop.answer("Ara mateix ho miro", hold=60)
    shop.phone("Ja ho he mirat", 900)
    shop.go(minutes=2)
    shop.flush()
    assert shop.sent == []
    assert shop.states() == [("Ja ho he mirat", None)]
    assert kept(shop) == "Ara mateix ho miro"
    assert outbox(shop) == []
    shop.answer("I una cosa més")  # the next answer is free
    shop.flush()
    assert [each.text for each in shop.sent] == ["I una cosa més"]


def test_a_draft_that_is_there_already_keeps_its_words(shop):
    shop.writes("Hola", 1)
    shop.answer("Un", hold=60)
    keep_draft(shop.bench.desk, shop.bench.id(1), "reply", "començat")
    shop.phone("Fet", 900)
    assert kept(shop) == "començat\n\nUn"


def test_an_answer_from_the_phone_stops_what_is_about_to_go(shop):
    """Between the first mark, when it left the queue, and the second, right before the data."""
    shop.writes("Hola", 1)
    shop.answer("Un")
    original = shop.send

    async def late(raw, envelope, before_data):
        shop.phone("Fet", 900)
        return await original(raw, envelope, before_data)

    shop.send = late
    shop.flush()
    assert shop.sent == []
    assert shop.states() == [("Fet", None)]


def test_an_answer_to_an_earlier_question_stops_nothing(shop):
    shop.writes("Primera", 1)
    first = shop.bench.clock.at
    shop.go(minutes=5)
    shop.writes("Segona", 2)
    shop.answer("A la segona", hold=60)
    now = shop.bench.clock.at
    shop.bench.clock.at = first
    shop.phone("A la primera", 900)
    shop.bench.clock.at = now
    shop.go(minutes=2)
    shop.flush()
    assert [each.text for each in shop.sent] == ["A la segona"]


def test_an_answer_is_named_by_the_conversation_it_belongs_to(shop):
    shop.writes("Hola", 1)
    shop.answer("Bon dia")
    shop.flush()
    (out,) = shop.sent
    assert (out.to, out.conversation, out.answers) == ("34600111222", "34600111222", shop.name(1))


def test_what_is_too_long_for_the_channel_is_refused_with_its_length(shop):
    shop.writes("Hola", 1)
    with pytest.raises(RefusedError) as caught:
        shop.answer("x" * 1001)
    assert caught.value.values == {"reason": "too_long", "most": 1000, "is_now": 1001}


def test_the_window_closes_24_hours_after_the_customers_last_word(whatsapp):
    whatsapp.writes("Hola", 1)
    whatsapp.go(hours=20)
    whatsapp.writes("Hola??", 2)
    assert whatsapp.bench.ticket(1).row.window_until == "2026-11-25T05:00:00.000Z"
    whatsapp.go(hours=23, minutes=59)
    whatsapp.answer("Encara a temps")
    whatsapp.flush()
    assert whatsapp.sent[-1].free_until.isoformat() == "2026-11-25T05:00:00+00:00"
    whatsapp.writes("Gràcies", 3)
    whatsapp.go(hours=24)
    with pytest.raises(RefusedError) as caught:
        whatsapp.answer("Massa tard")
    assert caught.value.values["reason"] == "window_closed"
    assert len(whatsapp.sent) == 1


def test_a_laptop_that_slept_twenty_hours_knows_that_four_are_left(whatsapp):
    wrote_at = whatsapp.bench.clock.at
    now = whatsapp.go(hours=20)
    whatsapp.said.append(whatsapp.text("Hola", 1, at=wrote_at))
    whatsapp.said.pop()
    whatsapp.comes(whatsapp.text("Hola", 1, at=wrote_at), at=wrote_at)
    closes = whatsapp.bench.ticket(1).row.window_until
    assert closes == "2026-11-24T09:00:00.000Z"
    assert now.isoformat() == "2026-11-24T05:00:00+00:00"


def test_a_closing_window_counts_as_a_deadline_in_the_queue(whatsapp):
    whatsapp.writes("Hola", 1)
    whatsapp.go(hours=23)
    whatsapp.writes("Jo també", 1, person="34600999888")
    whatsapp.go(minutes=40)
    first, second = whatsapp.bench.queue()
    assert (first.number, first.band, first.reason) == (1, "can_meet", "window")
    assert (second.number, second.reason) == (2, "window")
    whatsapp.go(minutes=30)
    late = {row.number: row.reason for row in whatsapp.bench.queue()}
    assert late == {2: "window", 1: "very_late"}


def test_replaying_the_log_gives_the_same_and_an_erase_leaves_nothing(shop):
    shop.writes("el nom secret", 1)
    shop.edits("la carbassa secreta", 1)
    shop.reacts("🥕")
    shop.answer("Bon dia")
    shop.flush()
    shop.receipt(shop.name(501), "read")
    shop.withdraws(1)
    shop.phone("fet", 900)
    with shop.bench.reading() as connection:
        before = digest(connection)
    shop.bench.store.rebuild()
    with shop.bench.reading() as connection:
        assert digest(connection) == before
    shop.bench.desk.do(Erase(shop.bench.ticket(1).row.customer))
    with shop.bench.reading() as connection:
        left = [
            connection.execute("SELECT count(*) FROM alias WHERE name IS NOT NULL").fetchone()[0],
            connection.execute("SELECT count(*) FROM reaction WHERE sign IS NOT NULL").fetchone()[0],
            connection.execute("SELECT count(*) FROM blob").fetchone()[0],
        ]
        erased = digest(connection)
    assert left == [0, 0, 0]
    shop.bench.store.rebuild()
    with shop.bench.reading() as connection:
        assert digest(connection) == erased


def test_somebody_whose_number_is_hidden_later_stays_the_same_person(whatsapp):
    """WhatsApp gives a number and an id of its own; with a user name the number may be missing."""
    whatsapp.writes("Hola", 1, same_person=("ES.134912",))
    whatsapp.go(days=3)
    whatsapp.writes("Encara jo", 2, person="ES.134912")
    assert numbers(whatsapp) == [1]
    (row,) = whatsapp.bench.queue("all")
    assert row.identity == "whatsapp:34600111222"


def test_somebody_whose_number_is_shown_later_stays_the_same_person(whatsapp):
    whatsapp.writes("Hola", 1, person="ES.134912")
    whatsapp.writes("Ara amb número", 2, same_person=("ES.134912",))
    assert numbers(whatsapp) == [1]
