"""What agentdesk itself says to a customer: once, to people only, and never taken for an answer."""

import re
from dataclasses import replace

import pytest

from agentdesk.channels import Doubtful, Refused, TryLater
from agentdesk.core.commands import Mute
from agentdesk.engine import automatic
from agentdesk.engine.phrase import phrases
from agentdesk.engine.reply import answered
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from desks import SHOP
from engine.answering import shop_in


@pytest.fixture
def shop(tmp_path):
    yield from shop_in(tmp_path)


def say(shop, ticket=1, *, kind="ack", once="a"):
    return automatic.write(
        shop.bench.desk,
        shop.settings,
        shop.provider,
        shop.bench.id(ticket),
        "Lo hemos recibido.",
        kind=kind,
        once=once,
    )


def refused(shop, **given):
    with pytest.raises(RefusedError) as error:
        say(shop, **given)
    return error.value.values["reason"]


def test_customers_read_the_shop_s_name_and_not_what_its_mailbox_is_called_here(shop):
    (account,) = shop.settings.accounts
    named = replace(shop.settings, desk=replace(shop.settings.desk, shop="Mimo Cerámica"))
    other = replace(account, shop="La Paloma")
    row, desk = shop.bench.ticket(1).row, shop.bench.desk
    reads = {}
    for settings in (shop.settings, named, replace(named, accounts=(other,))):
        to = answered(desk, settings, row.id)
        made = automatic.made(desk, settings, shop.provider, to, "Hola", kind="ack", once="a")
        reads[made.command.letter.sender.name] = phrases(desk, settings, row).values["shop.name"]
    assert reads == {each: each for each in ("soporte", "Mimo Cerámica", "La Paloma")}
    shop.settings = named
    shop.answer()
    shop.flush()
    assert b"Mimo" not in shop.provider.accepted[-1].partition(b"\r\n\r\n")[0], "an agent writes by name"


def standing(shop):
    """What of a ticket an answer would change, and its clocks."""
    found = shop.bench.ticket(1)
    row = found.row
    asked = (row.status, row.unread, row.waiting_since, row.assignee, row.snoozed_until, row.next_due_at)
    return (*asked, [clock for clock in found.clocks if clock["metric"] != "ack"])


def test_it_goes_as_a_machine_s_to_whoever_wrote_and_the_ticket_waits_as_before(shop):
    before = standing(shop)
    assert say(shop).state == "queued"
    assert standing(shop) == before
    assert shop.flush().sent == 1
    assert standing(shop) == before
    (raw,) = shop.provider.accepted
    for line in (
        b"To: =?utf-8?q?Mar=C3=ADa?= <maria@x.test>",
        b"Auto-Submitted: auto-replied",
        b"In-Reply-To: <a@x.test>",
    ):
        assert line.lower() in raw.lower(), line  # fmt: skip
    assert b"> " not in raw, "nothing of what was written goes back to whoever forged it"
    _, said = shop.bench.messages(1)
    assert (said.way, said.mail_class, said.class_reason, said.state) == ("out", "auto_reply", "ack", "sent")
    with shop.bench.desk.transaction() as writer:
        family = writer.state.family(shop.bench.id(1))
        assert writer.state.last_answer_at(family) is None
        assert writer.state.last_message(family, "out") is None


def test_an_answer_to_it_lands_in_its_ticket_and_the_agent_s_answer_is_still_the_first(shop):
    say(shop)
    shop.flush()
    sent = shop.provider.accepted[0].decode()
    name = re.search(r"Message-ID:\s*(<[^>]+>)", sent, re.IGNORECASE)[1]
    shop.bench.mail(sender="María <maria@x.test>", message_id="<b@x.test>", reply_to=name, subject="Re")
    assert [each.way for each in shop.bench.messages(1)] == ["in", "out", "in"]
    shop.answer()
    shop.flush()
    states = {c["state"] for c in shop.bench.ticket(1).clocks if c["metric"] == "first_response"}
    assert states == {"met"}


def test_of_one_mark_only_the_first_is_said(shop):
    say(shop, kind="follow_up")
    assert refused(shop, kind="follow_up") == "said_already"
    say(shop, kind="follow_up", once="b")
    assert shop.flush().sent == 2


def test_nothing_is_said_to_machines_the_muted_ourselves_and_addresses_that_fail(shop):
    shop.bench.mail(sender="Tienda <no-reply@y.test>", message_id="<n@y.test>", subject="Factura")
    shop.bench.mail(
        sender="Tienda <news@y.test>",
        message_id="<m@y.test>",
        subject="Oferta",
        extra="List-Id: <n.y.test>\r\n",
    )
    assert {refused(shop, ticket=2), refused(shop, ticket=3)} == {"no_person"}
    shop.bench.desk.do(Mute(shop.bench.ticket(1).row.customer))
    assert refused(shop) == "is_muted"
    assert shop.flush().sent == 0


@pytest.mark.parametrize("fate", [Refused("5.1.1", "no such user"), Doubtful("cut off")], ids=["no", "doubt"])
def test_one_that_fails_brings_no_ticket_back(shop, fate):
    shop.answer()
    shop.flush()
    before = standing(shop)
    say(shop, kind="follow_up")
    shop.provider.plan = [fate]
    shop.flush()
    assert shop.bench.messages(1)[-1].state in {"failed", "unknown"}
    assert standing(shop) == before


def test_what_waits_too_long_to_go_is_not_said_any_more_and_a_follow_up_still_is(shop):
    say(shop)
    shop.provider.plan = [TryLater("no line", reached=False)]
    shop.flush()
    shop.bench.clock.go(minutes=16)
    assert shop.flush().sent == 0
    assert (shop.outbox(), shop.bench.messages(1)[-1].way) == ([], "in")
    say(shop, kind="follow_up")
    shop.provider.plan = [TryLater("no line", reached=False)]
    shop.flush()
    shop.bench.clock.go(minutes=16)
    assert shop.flush().sent == 1


def test_the_log_makes_it_again(shop):
    say(shop)
    shop.flush()
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before


def test_the_copy_of_one_that_another_program_sent_is_no_answer_either(shop):
    """A provider's own text, found in the Sent folder."""
    before = standing(shop)
    shop.bench.mail(
        sender=SHOP,
        to="maria@x.test",
        role="sent",
        message_id="<s@shop.test>",
        reply_to="<a@x.test>",
        extra="Auto-Submitted: auto-replied\r\n",
    )
    assert shop.bench.messages(1)[-1].direction == "auto"
    assert standing(shop) == before
