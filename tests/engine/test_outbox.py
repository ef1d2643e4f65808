"""Answers leave once, or say why not: a provider of our own keeps the truth of what it accepted."""

import asyncio

import pytest

from agentdesk.channels import Accepted, Doubtful, Refused, TryLater
from agentdesk.channels.compose import compose
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.engine import marks, reply
from agentdesk.engine.outbox import Postman
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store.outbox import Outbox
from desks import SHOP, Bench


class Provider:
    """A channel that sends into memory. `plan` says what becomes of each attempt; by default all is accepted."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.accepted: list[bytes] = []
        self.filed: list[str] = []
        self.plan: list[object] = []
        self.knows: bool | None = None

    def compose(self, out):
        return compose(out)

    async def send(self, raw, envelope, before_data):
        step = self.plan.pop(0) if self.plan else "accept"
        if step == "die before":
            raise KeyboardInterrupt
        if isinstance(step, TryLater):
            return step
        before_data()
        if step == "die in data":
            raise KeyboardInterrupt
        if step == "die after":
            self.accepted.append(raw)
            raise KeyboardInterrupt
        if isinstance(step, Doubtful | Refused):
            return step
        self.accepted.append(raw)
        return Accepted(self.bench.clock.at, "250 ok")

    async def find_sent(self, message_id):
        return self.knows

    async def file_sent(self, raw, message_id):
        self.filed.append(message_id)


class Shop:
    """A bench whose answers go to the provider."""

    def __init__(self, folder) -> None:
        self.bench = Bench(folder)
        self.home = Home.under(folder / "home")
        self.provider = Provider(self.bench)
        account = Account("mailbox", "soporte", "email", SHOP, ("pedidos@shop.test",))
        self.settings = Settings(DeskSettings("Europe/Madrid", "es"), accounts=(account,))

    def answer(self, text="Ya va en camino", *, ticket=1, hold=0.0, resolve=False, **wish):
        return reply.write(
            self.bench.desk,
            self.settings,
            self.provider,
            self.bench.id(ticket),
            Wish(text, **wish),
            resolve=resolve,
            hold=hold,
        )

    def flush(self):
        return asyncio.run(Postman(self.bench.desk, self.home, "mailbox", self.provider).flush())

    def outbox(self):
        with Window(self.bench.desk) as window:
            return window.outbox()


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.bench.mail(sender="María <maria@x.test>", message_id="<a@x.test>", subject="RE: Pedido 7")
    yield made
    made.bench.close()


def test_an_answer_goes_out_once_and_meets_the_clock_when_it_is_accepted(shop):
    shop.bench.clock.go(minutes=10)
    shop.answer()
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.assignee) == ("waiting_customer", "Joan")
    clock = {(c["metric"], c["tier"]): c for c in ticket.clocks}["first_response", "standard"]
    assert (clock["state"], clock["answered_at"]) == ("running", "2026-11-23T09:10:00.000Z")
    shop.bench.clock.go(minutes=3)
    assert shop.flush().sent == 1
    clock = {(c["metric"], c["tier"]): c for c in shop.bench.ticket(1).clocks}["first_response", "standard"]
    assert (clock["state"], clock["met_at"]) == ("met", "2026-11-23T09:13:00.000Z")
    assert shop.bench.ticket(1).row.waiting_since is None
    assert shop.flush().sent == 0
    (raw,) = shop.provider.accepted
    assert b"In-Reply-To: <a@x.test>" in raw
    assert b"Subject: Re: Pedido 7\r\n" in raw
    assert shop.bench.messages(1)[1].state == "sent"


def test_what_the_customer_wrote_while_the_answer_was_on_its_way_has_a_promise_of_its_own(shop):
    shop.bench.clock.go(minutes=10)
    shop.answer()
    shop.bench.clock.go(minutes=1)
    shop.bench.mail("¿Y la factura?", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    shop.bench.clock.go(minutes=1)
    shop.flush()
    ticket = shop.bench.ticket(1)
    clocks = {(c["metric"], c["tier"]): c for c in ticket.clocks}
    assert clocks["first_response", "standard"]["state"] == "met"
    following = clocks["next_response", "standard"]
    assert (following["state"], following["started_at"]) == ("running", "2026-11-23T09:11:00.000Z")
    assert (ticket.row.waiting_since, ticket.row.next_due_at) == (
        "2026-11-23T09:11:00.000Z",
        "2026-11-23T10:11:00.000Z",
    )


def test_the_mail_that_was_answered_is_marked_and_not_the_one_that_came_meanwhile(shop):
    told = []

    async def flag(places, flags):
        told.append((sorted(flags), [place.uid for place in places]))
        return places

    shop.provider.flag = flag
    shop.answer()
    shop.bench.mail("¿Y la factura?", sender="maria@x.test", message_id="<b@x.test>", reply_to="<a@x.test>")
    shop.flush()
    assert told == [(["\\Answered"], [1])]


def test_the_answer_comes_from_the_address_the_customer_wrote_to(shop):
    shop.bench.mail(sender="pep@x.test", to="Pedidos <pedidos@shop.test>")
    shop.answer(ticket=2)
    shop.flush()
    assert b"From: Joan <pedidos@shop.test>" in shop.provider.accepted[0]


def test_the_original_stands_quoted_below_in_the_customer_s_language_and_folded(shop):
    shop.bench.mail(
        "Bon dia, on és la meva comanda? Gràcies per la vostra ajuda.", sender="Núria <nuria@x.test>"
    )
    shop.answer("Demà arriba.", ticket=2)
    message = shop.bench.messages(2)[1]
    assert "va escriure:" in message.text
    assert "> Bon dia" in message.text
    assert message.visible.strip() == "Demà arriba."


def test_a_customer_s_answer_to_it_joins_by_our_token(shop):
    shop.answer()
    shop.flush()
    ours = shop.bench.messages(1)[1].remote_id
    shop.bench.mail("¡Gracias!", sender="maria@otro.test", reply_to=ours)
    assert shop.bench.messages(1)[2].joined_by == "token"


def test_our_copy_in_the_sent_folder_is_known(shop):
    shop.answer()
    shop.flush()
    assert shop.provider.filed == [shop.bench.messages(1)[1].remote_id]
    raw = shop.provider.accepted[0].replace(b"MIME-Version", b"X-Server: altered\r\nMIME-Version")
    assert shop.bench.mail(raw=raw, role="sent").duplicates == 1
    assert len(shop.bench.messages(1)) == 2


def test_a_held_answer_waits_and_can_be_taken_back(shop):
    shop.answer(hold=10)
    assert shop.flush().sent == 0
    reply.undo(shop.bench.desk)
    shop.bench.clock.go(seconds=60)
    assert shop.flush().sent == 0
    assert shop.provider.accepted == []
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.assignee, len(shop.bench.messages(1))) == ("new", None, 1)
    assert (
        "answered_at"
        not in {(c["metric"], c["tier"]): c for c in ticket.clocks}["first_response", "standard"]
    )
    shop.answer("Otra vez")
    assert shop.flush().sent == 1


def test_a_held_answer_goes_by_itself_when_its_time_has_come(shop):
    shop.answer(hold=10)
    shop.bench.clock.go(seconds=10)
    assert shop.flush().sent == 1


def test_the_send_key_again_lets_it_go_now(shop):
    done = shop.answer(hold=10)
    assert reply.release(shop.bench.desk, done.message)
    assert shop.flush().sent == 1


def test_what_has_gone_cannot_be_taken_back(shop):
    shop.answer()
    shop.flush()
    with pytest.raises(RefusedError, match="already_sent"):
        reply.undo(shop.bench.desk)


def test_what_surely_did_not_go_is_tried_again_with_the_same_id(shop):
    shop.provider.plan = [TryLater("421 busy"), TryLater("421 busy")]
    shop.answer()
    assert shop.flush().later == 1
    assert shop.outbox()[0].error == "421 busy"
    assert shop.flush().later == 0, "not before its time"
    shop.bench.clock.go(minutes=2)
    assert shop.flush().later == 1
    shop.bench.clock.go(hours=1)
    assert shop.flush().sent == 1
    assert shop.outbox() == []


def test_while_no_server_answers_it_is_tried_again_within_half_a_minute_however_long_that_lasts(shop):
    shop.bench.mail(sender="pep@x.test")
    shop.answer()
    shop.answer(ticket=2)
    for _ in range(30):
        shop.provider.plan = [TryLater("no route to host", reached=False)]
        assert shop.flush().later == 1, "one attempt stands for all"
        assert shop.flush().later == 0, "not before its time"
        shop.bench.clock.go(seconds=30)
    assert shop.flush().sent == 2


def test_it_gives_up_after_two_days_and_says_so(shop):
    shop.answer()
    for _ in range(60):
        shop.provider.plan = [TryLater("connection refused")]
        shop.flush()
        shop.bench.clock.go(hours=1)
    (row,) = shop.outbox()
    assert (row.state, row.error) == ("failed", "connection refused")
    assert shop.bench.ticket(1).row.status == "open"


def test_a_refusal_brings_the_ticket_back_with_the_server_s_words(shop):
    shop.provider.plan = [Refused("recipient", "550 no such user")]
    shop.answer()
    assert shop.flush().failed == 1
    row = shop.bench.ticket(1).row
    assert (row.status, row.waiting_since is not None) == ("open", True)
    (out,) = shop.outbox()
    assert (out.state, out.error) == ("failed", "550 no such user")
    reply.retry(shop.bench.desk, out.message)
    assert shop.flush().sent == 1
    assert shop.bench.ticket(1).row.status == "waiting_customer"


def test_doubt_is_looked_up_and_otherwise_put_to_the_agent(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.provider.knows = True
    shop.answer()
    assert shop.flush().sent == 1
    shop.provider.plan = [Doubtful("lost after data")]
    shop.provider.knows = None
    shop.answer("Segunda")
    assert shop.flush().unknown == 1
    (row,) = shop.outbox()
    assert row.state == "unknown"
    shop.bench.clock.go(days=3)
    assert shop.flush().sent == 0, "never again by itself"
    reply.settle_sent(shop.bench.desk, row.message)
    assert shop.outbox() == []


def doubted(shop) -> bytes:
    """The raw form of an answer that nobody can say went."""
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer()
    with shop.bench.reading() as connection:
        message = shop.bench.messages(1)[1].id
        return shop.bench.store.blobs.get(connection, Outbox(connection).mailing(message).raw)


def test_doubt_ends_when_the_copy_turns_up_in_sent(shop):
    raw = doubted(shop)
    assert shop.flush().unknown == 1
    shop.bench.clock.go(minutes=3)
    assert shop.bench.mail(raw=raw, role="sent").duplicates == 1
    assert shop.bench.messages(1)[1].state == "sent"
    assert shop.outbox() == []
    clock = {(c["metric"], c["tier"]): c for c in shop.bench.ticket(1).clocks}["first_response", "standard"]
    assert (clock["state"], clock["met_at"]) == ("met", "2026-11-23T09:03:00.000Z")


def test_a_copy_that_comes_in_while_it_is_looked_for_ends_the_doubt(shop):
    raw = doubted(shop)

    async def looked_for(message_id):
        assert shop.bench.mail(raw=raw, role="sent").duplicates == 1

    shop.provider.find_sent = looked_for
    assert (shop.flush().sent, shop.bench.messages(1)[1].state) == (1, "sent")


@pytest.mark.parametrize(("resolve", "status"), [(False, "waiting_customer"), (True, "resolved")])
@pytest.mark.parametrize("ends", [reply.settle_sent, reply.retry])
def test_a_doubt_that_ends_leaves_the_ticket_where_the_answer_had_sent_it(shop, ends, resolve, status):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer(resolve=resolve)
    shop.flush()
    assert shop.bench.ticket(1).row.status == "open"
    ends(shop.bench.desk, shop.outbox()[0].message)
    shop.flush()
    assert (shop.bench.ticket(1).row.status, shop.outbox()) == (status, [])
    answer = shop.bench.messages(1)[1]
    assert (answer.state, answer.error) == ("sent", None)


def test_a_doubt_that_ends_after_the_customer_wrote_again_leaves_the_ticket_open(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer(resolve=True)
    shop.flush()
    shop.bench.clock.go(minutes=1)
    shop.bench.mail("¿Hola?", sender="maria@x.test", reply_to=shop.bench.messages(1)[1].remote_id)
    reply.settle_sent(shop.bench.desk, shop.outbox()[0].message)
    assert shop.bench.ticket(1).row.status == "open"


def test_the_agent_may_have_it_sent_again(shop):
    shop.provider.plan = [Doubtful("lost after data")]
    shop.answer()
    shop.flush()
    reply.retry(shop.bench.desk, shop.outbox()[0].message)
    assert shop.flush().sent == 1
    assert len(shop.provider.accepted) == 1


@pytest.mark.parametrize(
    ("death", "knows", "accepted", "state"),
    [
        ("die before", None, 1, "sent"),
        ("die in data", None, 0, "unknown"),
        ("die in data", True, 0, "sent"),
        ("die after", True, 1, "sent"),
        ("die after", None, 1, "unknown"),
    ],
)
def test_a_process_that_dies_while_sending_never_sends_twice(shop, death, knows, accepted, state):
    shop.provider.plan = [death]
    shop.provider.knows = knows
    shop.answer()
    with pytest.raises(KeyboardInterrupt):
        shop.flush()
    shop.flush()
    shop.flush()
    assert len(shop.provider.accepted) == accepted
    assert shop.bench.messages(1)[1].state == state


def test_answers_of_one_ticket_keep_their_order(shop):
    shop.answer("Uno")
    shop.answer("Dos")
    shop.provider.plan = [TryLater("busy")]
    assert shop.flush().sent == 0
    shop.bench.clock.go(minutes=5)
    assert shop.flush().sent == 2
    assert [b"Uno" in raw for raw in shop.provider.accepted] == [True, False]


def test_a_ticket_without_an_account_or_a_sender_says_so(shop):
    shop.bench.mail("sin remitente", raw=b"To: soporte@shop.test\r\nSubject: x\r\n\r\nhola\r\n")
    with pytest.raises(RefusedError, match="no_recipient"):
        shop.answer(ticket=2)


def test_an_answer_survives_a_rebuild(shop):
    from agentdesk.store.digest import digest

    shop.answer()
    shop.flush()
    shop.answer("Otra", hold=60)
    reply.undo(shop.bench.desk)
    shop.bench.clock.go(seconds=1)
    before = digest(shop.bench.store.connection)
    shop.bench.store.rebuild()
    assert digest(shop.bench.store.connection) == before


def test_the_server_is_told_what_was_read_and_answered(shop):
    told = []

    async def flag(places, flags):
        told.append((sorted(flags), [place.uid for place in places]))
        return places

    shop.provider.flag = flag
    marks.read(shop.bench.desk, shop.settings, "mailbox", shop.bench.id(1))
    assert not shop.bench.ticket(1).row.unread
    shop.flush()
    shop.answer()
    shop.flush()
    shop.flush()
    assert told == [(["\\Seen"], [1]), (["\\Answered"], [1])]
