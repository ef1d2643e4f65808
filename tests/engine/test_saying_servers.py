"""What goes by itself, through real servers: the desk's own text, and the provider's while the laptop is off."""

import asyncio
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agentdesk import channels
from agentdesk.channels.mime import read_mail
from agentdesk.channels.post import Post
from agentdesk.config import Account, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.model import Endpoint
from agentdesk.engine import away, clock
from agentdesk.engine.outbox import Postman
from engine.test_saying import Speaking
from servers import lacking, until
from servers.dovecot import SIEVE_PLUGIN
from servers.inbox import letter

pytestmark = pytest.mark.servers
LONG = 60.0
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def mails(server, user, word):
    """The raw mails in somebody's inbox whose heads name `word`."""
    with server.client(user) as client:
        raws = [data[b"BODY[]"] for data in client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()]
    return [raw for raw in raws if word in raw.partition(b"\r\n\r\n")[0]]


def test_an_acknowledgement_goes_without_a_sender_and_an_answer_to_it_lands_in_its_ticket(
    dovecot, smtpd, tmp_path
):
    shop_address, customer = dovecot.user(), dovecot.user()
    shop = Speaking(tmp_path, own=shop_address)
    line = Endpoint("127.0.0.1", dovecot.submission_port, "plain", shop_address)
    account = Account("mailbox", "soporte", "email", shop_address)
    shop.settings = Settings(shop.settings.desk, accounts=(account,))
    post = Post(
        channels.Account(
            id="mailbox",
            name="soporte",
            address=shop_address,
            secret=lambda: "secreto",
            spool=tmp_path,
            options={"smtp": line},
        ),
        clock=shop.bench.clock,
    )
    shop.provider = post
    shop.hear(sender=f"Maria <{customer}>", to=shop_address)
    shop.greet()
    sent = asyncio.run(Postman(shop.bench.desk, shop.home, "mailbox", post).flush())
    assert sent.sent == 1
    (raw,) = until(lambda: mails(dovecot, customer, b"Re: Pedido"), LONG)
    head = raw.partition(b"\r\n\r\n")[0]
    assert re.search(rb"(?m)^Return-Path: <>", head)
    assert re.search(rb"(?m)^Auto-Submitted: auto-replied", head)
    assert "Es la consulta #1." in read_mail(raw).text
    name = re.search(rb"(?mi)^Message-ID:\s*(<[^>]+>)", head)[1].decode()
    shop.hear(sender=f"Maria <{customer}>", to=shop_address, subject="Gracias", reply_to=name)
    assert [each.way for each in shop.bench.messages(1)] == ["in", "out", "in"]
    assert len(shop.bench.queue()) == 1
    shop.bench.close()


def test_a_mail_server_with_the_script_says_once_what_the_desk_would_say(dovecot, smtpd, tmp_path):
    if not SIEVE_PLUGIN.exists():
        lacking("the Sieve plugin is not installed (Debian: dovecot-sieve)")
    shop, customer = dovecot.user(), dovecot.user()
    home = Home.under(tmp_path)
    (home.config / "calendars").mkdir(parents=True)
    now = (
        clock.now()
    )  # a server's clock cannot be turned: the shop opens six hours from now, whenever that is
    hour = (now.astimezone(ZoneInfo("Europe/Madrid")) + timedelta(hours=6)).hour
    week = "".join(f'{day} = ["{hour:02}:00-{hour:02}:30"]\n' for day in WEEK)
    (home.config / "calendars" / "shop.toml").write_text(f"[week]\n{week}")
    settings = Settings(DeskSettings("Europe/Madrid", "es", calendar="shop"))
    dovecot.filter(shop, away.script(settings, home, Account("m", "soporte", "email", shop), ["es"], now))
    for name in ("first", "second"):
        dovecot.deliver(shop, letter(name, sender=f"Ana <{customer}>", to=shop), customer)
    (said,) = until(lambda: mails(dovecot, customer, b"auto-replied"), LONG)
    until(lambda: "discarded duplicate vacation" in (dovecot.folder / "dovecot.log").read_text(), LONG)
    assert (
        read_mail(said).text.strip() == away.now_says(settings, home, "away", "es", now, chat=False).strip()
    )
    assert len(mails(dovecot, customer, b"auto-replied")) == 1
