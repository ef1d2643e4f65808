"""The same of services that are asked and tell it by themselves: Twilio's list, a Matrix room, the Sent folder of a mailbox."""

import pytest

from agentdesk import config
from agentdesk.channels import Account, Opening
from agentdesk.channels.matrix import Matrix
from agentdesk.channels.twilio import Twilio as Sms
from agentdesk.channels.twilio import WhatsAppByTwilio
from agentdesk.config import Home, Settings
from agentdesk.engine.feed import keep_draft
from agentdesk.store import draft
from channels.hooked import Shop
from desks import MONDAY, SHOP, Bench
from engine import answering
from servers import matrix, twilio


class Asked(Shop):
    """A desk whose one account asks a service of its own, without a relay."""

    def __init__(self, folder, kind, server, address, **options):
        self.kind, self.server, self.folder = kind, server, folder
        self.opening, self.cursor, self.batches = Opening(MONDAY, 14), None, []
        self.account = Account("shop", "vimet", address, lambda: self.secret, folder, options=options)
        self.bench = Bench(folder, read=self.make().read)
        self.bench.intake.account = "shop"
        self.home = Home.under(folder / "home")
        account = config.Account("shop", "vimet", kind, address)
        self.settings = Settings(config.Desk("Europe/Madrid", "es"), accounts=(account,))

    def go(self, **span):
        self.bench.clock.go(**span)
        self.tick()

    async def hears(self, channel, tally):
        self.tick()
        await self._looks(channel, lambda batch: tally.add(self.bench.intake.take(batch)))

    def comes_back(self):
        self.news()

    def before_the_send_returns(self, act):
        def first(request):
            answer = self.server.handle(request)
            act()
            return answer

        self.server.on(self.sends_by, first)


class AskedTwilio(Asked):
    secret, sends_by = twilio.TOKEN, "Messages.json"

    def __init__(self, folder, *, wa=False):
        self.wa = wa
        server = twilio.Twilio(wa=wa)
        options = {"base_url": server.base, "account_sid": twilio.SID, "number": twilio.OURS}
        super().__init__(folder, "whatsapp" if wa else "sms", server, twilio.OURS, **options)

    def make(self):
        kind = WhatsAppByTwilio if self.wa else Sms
        now = (lambda: self.bench.clock.at) if hasattr(self, "bench") else lambda: MONDAY
        return kind(self.account, clock=now, between=0.0)

    def tick(self):
        self.server.now = self.bench.clock.at

    def writes(self, text):
        self.server.writes("+34600111222", text)
        self.news()

    def says_elsewhere(self, text):
        self.server.console("+34600111222", text)

    def taken(self):
        return [each["body"] for each in self.server.taken]


class AskedMatrix(Asked):
    secret, sends_by = matrix.PASSWORD, "/send/"

    def __init__(self, folder):
        server = matrix.Homeserver()
        server.echoes = True
        super().__init__(folder, "matrix", server, matrix.US, homeserver=server.base, user=matrix.US)

    def make(self):
        now = (lambda: self.bench.clock.at) if hasattr(self, "bench") else lambda: MONDAY
        return Matrix(self.account, clock=now, long=0)

    def tick(self):
        self.server.now = int(self.bench.clock.at.timestamp() * 1000)

    def writes(self, text):
        self.server.says(text)
        self.news()

    def says_elsewhere(self, text):
        content = {"msgtype": "m.text", "body": text}
        self.server.happens("m.room.message", content, sender=matrix.US)

    def taken(self):
        return [each["body"] for each in self.server.put.values()]


class Mailbox(answering.Shop):
    """A mailbox whose provider files into Sent what it accepted, and what the telephone sends."""

    def writes(self, text):
        self.bench.mail(text, sender="Maria <maria@x.test>", message_id="<a@x.test>")

    def go(self, **span):
        self.bench.clock.go(**span)

    def says_elsewhere(self, text):
        self.phone = text

    def news(self):
        self.bench.mail(
            self.phone,
            sender=SHOP,
            to="maria@x.test",
            message_id="<p@phone.test>",
            reply_to="<a@x.test>",
            role="sent",
        )

    def comes_back(self):
        for raw in self.provider.accepted:
            self.bench.mail(raw=raw, role="sent")

    def before_the_send_returns(self, act):
        send = self.provider.send

        async def first(raw, envelope, before_data):
            result = await send(raw, envelope, before_data)
            act()
            return result

        self.provider.send = first

    def taken(self):
        return self.provider.accepted

    @property
    def messages(self):
        return self.bench.messages(1)

    def states(self):
        return [(m.visible.strip(), m.state) for m in self.messages if m.direction == "out"]

    def close(self):
        self.bench.close()


SHOPS = {
    "sms": AskedTwilio,
    "whatsapp by Twilio": lambda folder: AskedTwilio(folder, wa=True),
    "matrix": AskedMatrix,
    "mail": Mailbox,
}


@pytest.fixture(params=SHOPS)
def shop(tmp_path, request):
    made = SHOPS[request.param](tmp_path)
    made.writes("Hola")
    yield made
    made.close()


def shown(shop):
    return [(m.direction, m.text.partition("\n")[0].strip()) for m in shop.messages]


def kept(shop):
    with shop.bench.reading() as connection:
        return draft.text(connection, shop.bench.id(1), "Joan", "reply")


def test_an_answer_given_elsewhere_while_a_draft_is_open_is_the_only_answer(shop):
    keep_draft(shop.bench.desk, shop.bench.id(1), "reply", "començat")
    shop.go(seconds=20)
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    shop.news()
    shop.flush()
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]
    assert shop.messages[-1].elsewhere
    ticket = shop.bench.ticket(1)
    assert (ticket.row.status, ticket.row.waiting_since) == ("waiting_customer", None)
    assert {c["state"] for c in ticket.clocks if c["metric"] == "first_response"} <= {"met", "met_late"}
    assert kept(shop) == "començat"


def test_an_answer_given_elsewhere_stops_what_is_held_and_keeps_its_words(shop):
    shop.answer("Ara ho miro", hold=60)
    shop.go(seconds=20)
    shop.says_elsewhere("Ja ho he mirat")
    shop.news()
    before = len(shop.taken())
    shop.go(minutes=2)
    shop.flush()
    assert len(shop.taken()) == before
    assert shown(shop) == [("in", "Hola"), ("out", "Ja ho he mirat")]
    assert kept(shop) == "Ara ho miro"


def test_our_own_that_comes_back_is_no_second_message(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.go(seconds=1)
    shop.comes_back()
    shop.comes_back()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert [m.state for m in shop.messages if m.direction == "out"] == ["sent"]


def test_our_own_that_comes_back_before_the_send_has_returned_is_no_second_message(shop):
    shop.answer("Bon dia")
    shop.before_the_send_returns(shop.comes_back)
    shop.flush()
    shop.comes_back()
    shop.go(hours=1)
    shop.flush()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia")]
    assert [m.state for m in shop.messages if m.direction == "out"] == ["sent"]
    assert len(shop.taken()) == 1


def test_the_same_words_from_elsewhere_a_little_later_are_a_message_of_their_own(shop):
    shop.answer("Bon dia")
    shop.flush()
    shop.comes_back()
    shop.go(minutes=1)
    shop.says_elsewhere("Bon dia")
    shop.news()
    assert shown(shop) == [("in", "Hola"), ("out", "Bon dia"), ("out", "Bon dia")]
