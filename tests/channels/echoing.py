"""Shops that hear what is answered elsewhere, and their own again: by webhook, by asking, or in the Sent folder of a mailbox.

Each `writes` (a customer), `says_elsewhere` (somebody of ours, by another program), hears it with `news`, and knows what
`went` out by us; with `comes_back` it hears what went out, and `before_the_send_returns` it may do something.
"""

import asyncio

from agentdesk import config
from agentdesk.channels import Account, Opening
from agentdesk.channels.matrix import Matrix
from agentdesk.channels.meta import Instagram, Page
from agentdesk.channels.twilio import Twilio as Sms
from agentdesk.channels.twilio import WhatsAppByTwilio
from agentdesk.config import Home, Settings
from channels.hooked import Shop
from desks import MONDAY, SHOP, Bench
from engine import answering
from servers import matrix, twilio


class Chat(Shop):
    """One whose messages go to a web service."""

    sends_by = "/messages"

    def before_the_send_returns(self, act):
        def first(request):
            answer = self.server.handle(request)
            act()
            return answer

        self.server.on(self.sends_by, first)

    def went(self):
        return self.server.taken

    def words(self, message):
        return message.text


class Told(Chat):
    """By webhook: `smb_message_echoes` of WhatsApp, `is_echo` of the others."""

    def says_elsewhere(self, text):
        if self.kind == "whatsapp":
            self.server.queue.append(self.server.whatsapp(self.maria, echo=True, body=text))
        else:
            said = {"mid": f"m_phone{len(self.server.queue)}", "is_echo": True, "text": text}
            self.server.queue.append(self.server.messaging(self.maria, by_us=True, message=said))

    def comes_back(self):
        """The service's own copy of what it took last; twice, as happens."""
        if self.kind == "whatsapp":
            taken = self.server.taken[-1]
            echo = self.server.whatsapp(self.maria, echo=True, body=taken["text"]["body"])
            echo["entry"][0]["changes"][0]["value"]["message_echoes"][0]["id"] = taken["_id"]
            self.server.queue.append(echo)
        self.server.queue *= 2
        self.news()


class Polled(Chat):
    """By asking for the conversations again and again."""

    def make(self, clock=None):
        kind = Page if self.kind == "messenger" else Instagram
        pause = asyncio.sleep
        return kind(self.account, clock=clock or (lambda: self.server.now), pause=lambda _: pause(0))

    def writes(self, text):
        self.server.talks_to(self.maria, text)
        return self.news()

    def says_elsewhere(self, text):
        self.server.talks_to(self.maria, text, by_us=True)

    def comes_back(self):
        self.news()


class Asked(Chat):
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

    def now(self):
        return self.bench.clock.at if hasattr(self, "bench") else MONDAY

    def go(self, **span):
        self.bench.clock.go(**span)
        self.tick()

    async def hears(self, channel, tally):
        self.tick()
        await self._looks(channel, lambda batch: tally.add(self.bench.intake.take(batch)))

    def comes_back(self):
        self.news()


class AskedTwilio(Asked):
    secret, sends_by = twilio.TOKEN, "Messages.json"

    def __init__(self, folder, *, wa=False):
        self.wa = wa
        server = twilio.Twilio(wa=wa)
        options = {"base_url": server.base, "account_sid": twilio.SID, "number": twilio.OURS}
        super().__init__(folder, "whatsapp" if wa else "sms", server, twilio.OURS, **options)

    def make(self):
        kind = WhatsAppByTwilio if self.wa else Sms
        return kind(self.account, clock=self.now, between=0.0)

    def tick(self):
        self.server.now = self.bench.clock.at

    def writes(self, text):
        self.server.writes("+34600111222", text)
        self.news()

    def says_elsewhere(self, text):
        self.server.console("+34600111222", text)

    def went(self):
        return [each for each in self.server.said(self.sends_by) if each.method == "POST"]


class AskedMatrix(Asked):
    secret, sends_by = matrix.PASSWORD, "/send/"

    def __init__(self, folder):
        server = matrix.Homeserver()
        server.echoes = True
        super().__init__(folder, "matrix", server, matrix.US, homeserver=server.base, user=matrix.US)

    def make(self):
        return Matrix(self.account, clock=self.now, long=0)

    def tick(self):
        self.server.now = int(self.bench.clock.at.timestamp() * 1000)

    def writes(self, text):
        self.server.says(text)
        self.news()

    def says_elsewhere(self, text):
        content = {"msgtype": "m.text", "body": text}
        self.server.happens("m.room.message", content, sender=matrix.US)

    def went(self):
        return list(self.server.put.values())


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

    def went(self):
        return self.provider.accepted

    def words(self, message):
        """Without what stands below an answer."""
        return message.text.partition("\n")[0].strip()

    @property
    def messages(self):
        return self.bench.messages(1)

    def close(self):
        self.bench.close()


SHOPS = {
    "whatsapp told": lambda folder, relay: Told(folder, relay, "whatsapp"),
    "messenger told": lambda folder, relay: Told(folder, relay, "messenger"),
    "instagram told": lambda folder, relay: Told(folder, relay, "instagram"),
    "messenger polled": lambda folder, relay: Polled(folder, relay, "messenger"),
    "instagram polled": lambda folder, relay: Polled(folder, relay, "instagram"),
    "sms": lambda folder, _: AskedTwilio(folder),
    "whatsapp by Twilio": lambda folder, _: AskedTwilio(folder, wa=True),
    "matrix": lambda folder, _: AskedMatrix(folder),
    "mail": lambda folder, _: Mailbox(folder),
}
