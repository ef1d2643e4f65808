"""The first run: an empty desk asks for an address, finds the servers, logs in, and the mail comes in."""

import shlex

import keyring
import pytest
import trustme
from keyring.backend import KeyringBackend
from keyring.backends import fail

from agentdesk import config, i18n
from agentdesk.cli.parse import arguments_of, verb_of
from agentdesk.cli.verbs.accounts import ACCOUNTS_VERBS
from agentdesk.engine import mailbox
from agentdesk.screens.newcomer import by_hand
from channels.setups import DOVECOT, M365, POSTFIX
from newcomers import newcomer
from servers.internet import Internet, World
from tui.driver import SMALL, Shop, plays


class Remembered(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    made = Remembered()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def empty(tmp_path):
    made = Shop(tmp_path, accounts=False)
    yield made
    made.close()
    i18n.use("en")


@plays
async def test_the_demo_and_another_language_follow_when_they_are_chosen(empty):
    async with empty.console() as at:
        await at.sees("Try the demo")
        await at.press("enter")
        await at.until(lambda: at.app.home.wish == "demo")
    async with empty.console() as at:
        await at.sees("Try the demo")
        await at.type("catal")
        await at.press("enter")
        await at.until(lambda: at.app.home.wish == "again")
    text = empty.home.config_file.read_text("utf-8")
    assert 'language = "ca"' in text
    assert "# La configuració d'agentdesk" in text


@plays
async def test_what_takes_no_password_is_said_and_what_nobody_vouches_for_is_looked_at_first(
    empty, monkeypatch
):
    far = {"in.evil.test:993": DOVECOT, "in.evil.test:465": POSTFIX}
    srv = {
        "_imaps._tcp.x.test": ["0 1 993 in.evil.test"],
        "_submissions._tcp.x.test": ["0 1 465 in.evil.test"],
    }
    mx = {"f.test": ["0 f.mail.protection.outlook.com"]}
    world = World(
        "a@x.test", mx=mx, srv=srv, servers={**M365, **far}, silent=("hung.test", "autoconfig.hung.test")
    )
    with Internet(world) as internet:
        monkeypatch.setattr(mailbox, "NET", internet.net)
        async with empty.console(SMALL) as at:
            await at.sees("Welcome")
            await at.type("info@f.test")
            await at.press("enter")
            await at.sees("Microsoft takes no passwords")
            await at.press("escape")
            await at.sees("Find the servers of info@f.test")  # what was typed is still there
            await at.press("ctrl+u")
            await at.type("a@x.test")
            await at.press("enter")
            await at.sees(
                "! in.evil.test were named by the domain's SRV records", "imaps://a%40x.test@in.evil.test:993"
            )
            await at.press("ctrl+j")
            await at.sees("The password is missing.")
            await at.type("secreto")
            await at.press("tab", "end", "2", "tab")
            await at.type("Mimo")
            await at.press("escape")
            await at.sees("Welcome")
            await at.press("enter")
            await at.sees("a2", "Mimo")  # what it and the shop are called is kept, and no password
            await at.press("ctrl+j")
            await at.sees("The password is missing.")
            await at.press("escape")
            await at.sees("Welcome")
            await at.press("ctrl+u")
            await at.type("a@hung.test")
            await at.press("enter")
            await at.sees("Looking for the mail servers of hung.test", "asking")
            await at.press("escape")
            await at.sees("Find the servers of a@hung.test")
    assert not empty.home.config_file.exists()


@pytest.mark.parametrize(("days", "shop"), [(0, "Mimo & Cía"), (30, None)])
def test_the_command_that_is_offered_without_a_keyring_says_all_that_was_chosen(days, shop):
    fields = {
        "id": "1", "name": "hola", "channel": "email", "address": "hola@shop.test", "imap": "imaps://shop.test",
        "smtp": "smtps://shop.test", "shop": shop, "secret": "keyring", "waiting_days": days,
    }  # fmt: skip
    _, *words = shlex.split(by_hand(fields))
    args = arguments_of(*verb_of(words, ACCOUNTS_VERBS))
    assert (args.name, args.address, args.imap, args.smtp) == (
        "hola", "hola@shop.test", "imaps://shop.test", "smtps://shop.test",
    )  # fmt: skip
    assert (args.waiting_days, args.shop, args.secret_file) == (days, shop, True)


@pytest.mark.servers
@plays
async def test_an_empty_desk_asks_for_an_address_and_its_mail_comes_in(
    empty, dovecot, ring, tmp_path, monkeypatch
):
    with newcomer(dovecot, tmp_path, monkeypatch) as new:
        dovecot.append(
            new.address, b"From: Eva <eva@x.test>\r\nSubject: On es\r\nMessage-ID: <1@x.test>\r\n\r\nHola\r\n"
        )
        async with empty.console(SMALL) as at:
            await at.sees("Welcome to agentdesk", "Try the demo", "Català")
            await at.press("escape")
            await at.sees("g n adds a mailbox", "agentdesk account add")
            await at.do("account.add")
            await at.sees("The address of the mailbox")
            await at.type("nobody")
            await at.press("enter")
            await at.sees("nobody is no e-mail address")
            await at.press("ctrl+u")
            await at.type(new.address)
            await at.press("enter")
            await at.sees("Found by the domain's own file", new.smtp_url.partition("@")[2])
            await at.type("mistyped")
            new.smtp.secrets.clear()
            await at.press("ctrl+j")
            await at.sees("The server refused the login")
            assert "mistyped" not in at.text
            assert not config.load(empty.home).accounts
            new.smtp.secrets.add("secreto")
            await at.press("ctrl+u")
            await at.type("secreto")
            await at.press("ctrl+j")
            await at.sees("How old may an unanswered", "1 person waits")
            keyring.set_keyring(fail.Keyring())
            await at.answer("nothing")
            await at.sees("cannot be read or kept", "--secret-file", "--waiting-days 0")
            assert not config.load(empty.home).accounts
            keyring.set_keyring(ring)
            await at.press("escape")
            await at.answer(new.address)
            await at.sees("Found by the domain's own file", "what customers call the shop")
            await at.type("secreto")
            await at.press("tab", "tab", *"Mimo", "ctrl+j")
            await at.sees("How old may an unanswered")
            await at.press("enter")
            await at.sees("What should run by itself?")  # it is the first account
            await at.press("escape")
            await at.sees("On es")
    settings = config.load(empty.home)
    (account,) = settings.accounts
    assert (account.address, account.waiting_days, settings.desk.shop) == (new.address, 14, "Mimo")
    assert list(ring.kept.values()) == ["secreto"]


@pytest.mark.servers
@plays
async def test_a_certificate_that_nobody_vouches_for_is_said_with_what_helps_and_a_bare_host_is_understood(
    empty, dovecot, tmp_path, monkeypatch
):
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    with newcomer(dovecot, tmp_path, monkeypatch) as new:
        monkeypatch.setenv("SSL_CERT_FILE", str(stranger))
        async with empty.console(SMALL) as at:
            await at.sees("Welcome")
            await at.type(new.address)
            await at.press("enter")
            await at.sees("Found by the domain's own file")
            await at.type("secreto")
            await at.press("ctrl+j")
            await at.sees("Nobody whom this machine", "unable to get", "ca_file", "virus scanner")
            await at.press("shift+tab", "ctrl+u")
            await at.type("127.0.0.1:587")
            await at.press("shift+tab", "ctrl+u")
            await at.type("127.0.0.1")
            await at.press("ctrl+j")
            await at.sees("127.0.0.1:993")
