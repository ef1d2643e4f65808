"""Writing first: a ticket that begins with us, and what the channels allow."""

from email import message_from_bytes, policy

import pytest

from agentdesk.config import Account
from agentdesk.core.instant import moment
from agentdesk.engine import first, reply
from agentdesk.errors import RefusedError
from engine.answering import shop_in
from engine.chats import Chats

MAIL = Account("mailbox", "soporte", "email", "soporte@shop.test")


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def begin(shop, to="pere@y.test", subject="Su pedido", text="Se retrasa", account=MAIL, hold=0.0):
    desk = shop.bench.desk
    found = first.whom(desk, account, to)
    return first.write_first(desk, shop.settings, shop.provider, account, found, subject, text, hold=hold)


def sent(shop):
    shop.flush()
    return [message_from_bytes(raw, policy=policy.default) for raw in shop.provider.accepted]


def test_a_mail_of_ours_opens_a_ticket_that_waits_and_promises_nothing(shop):
    begin(shop)
    (mail,) = sent(shop)
    assert (mail["To"], mail["Subject"], mail["In-Reply-To"]) == ("pere@y.test", "Su pedido", None)
    ticket = shop.bench.ticket(2)
    assert (ticket.row.status, ticket.row.assignee, ticket.row.waiting_since) == (
        "waiting_customer",
        "Joan",
        None,
    )
    assert (ticket.row.identity, ticket.clocks) == ("email:pere@y.test", ())


def test_the_answer_joins_it_and_starts_the_clock(shop):
    begin(shop)
    (mail,) = sent(shop)
    shop.bench.clock.go(minutes=5)
    shop.bench.mail("Vale, ¿cuándo llega?", sender="Pere <pere@y.test>", reply_to=mail["Message-ID"])
    ticket = shop.bench.ticket(2)
    assert (ticket.row.status, moment(ticket.row.waiting_since)) == ("open", shop.bench.clock.at)
    assert {each["metric"] for each in ticket.clocks} == {"next_response", "resolution"}


def test_it_can_be_taken_back_while_it_is_held(shop):
    begin(shop, hold=10.0)
    reply.undo(shop.bench.desk)
    assert sent(shop) == []
    assert shop.bench.ticket(2).row.history
    assert [row.number for row in shop.bench.queue("waiting")] == []


def test_a_known_customer_is_found_by_name(shop):
    assert first.whom(shop.bench.desk, MAIL, "maria").person.email == "maria@x.test"
    shop.bench.mail(sender="María Soler <msoler@x.test>", subject="Otra")
    with pytest.raises(RefusedError) as refused:
        first.whom(shop.bench.desk, MAIL, "María")
    assert refused.value.values["known"] == "msoler@x.test, maria@x.test"


@pytest.mark.parametrize(
    ("channel", "to", "reason"),
    [
        ("email", "nobody at all", "who_is_meant"),
        ("email", '"*) OR (', "who_is_meant"),
        ("email", "telegram:7", "other_channel"),
        ("email", "soporte@shop.test", "to_ourselves"),
        ("telegram", "telegram:7", "begins_telegram"),
        ("matrix", "@pere:y.test", "begins_matrix"),
        ("whatsapp", "+34 600 111 222", "template_first"),
        ("messenger", "7", "only_answers"),
        ("instagram", "7", "only_answers"),
    ],
)
def test_what_the_channel_does_not_allow_is_said_before_anything_is_written(shop, channel, to, reason):
    account = Account("mailbox", "soporte", channel, "soporte@shop.test")
    with pytest.raises(RefusedError) as refused:
        begin(shop, to, account=account)
    assert refused.value.values["reason"] == reason
    assert shop.outbox() == []


def test_a_text_message_goes_to_any_number(shop):
    sms = Account("mailbox", "movil", "sms", "+34600000000")
    assert first.whom(shop.bench.desk, sms, "+34 600 111 222").person.email == "34600111222"


def test_whoever_wrote_to_the_bot_is_written_to_in_that_conversation(tmp_path):
    chats = Chats(tmp_path, "telegram")
    chats.writes("Hola", person="777")
    desk, (account,) = chats.bench.desk, chats.settings.accounts
    to = first.whom(desk, account, "telegram:777")
    first.write_first(desk, chats.settings, chats, account, to, "", "Ya ha llegado tu pedido", hold=0.0)
    chats.flush()
    (out,) = chats.sent
    assert (out.to, out.conversation, out.text) == ("777", "777", "Ya ha llegado tu pedido")
    assert chats.bench.ticket(2).row.subject == "Ya ha llegado tu pedido"
    chats.bench.clock.go(minutes=5)
    chats.writes("¿Y a qué hora abrís?", 2, person="777")
    assert chats.bench.ticket(2).row.status == "open"
    chats.bench.close()


def test_on_whatsapp_a_customer_is_written_to_within_the_day(tmp_path):
    chats = Chats(tmp_path)
    chats.writes("Hola")
    desk, (account,) = chats.bench.desk, chats.settings.accounts
    assert first.whom(desk, account, "Maria").began == chats.name(1)
    chats.bench.clock.go(hours=25)
    with pytest.raises(RefusedError) as refused:
        first.whom(desk, account, "Maria")
    assert refused.value.values["reason"] == "template_first"
    chats.bench.close()
