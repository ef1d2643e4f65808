"""WhatsApp from the command line: its ways, an account on each, a customer answered within the window and after it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from servers import twilio
from servers.inbox import now
from servers.meta import APP_SECRET, BUSINESS, OURS, PAGE, PHONE, TOKEN, Meta, signed
from servers.twilio import SID, Twilio

MARIA = "34600111222"
BODY = "Hola {{1}}, la comanda {{2}} ja hi és."


class Phone:
    """A number on Meta's Cloud API whose webhooks lie at a relay."""

    def __init__(self, relay, name, run, monkeypatch):
        self.server = Meta(now=now() - timedelta(hours=1))
        self.relay = relay
        self.box = relay.box(name)
        self.run = run
        self.secrets = {"token": TOKEN, "app_secret": APP_SECRET, "relay_token": self.box.pull_token}
        monkeypatch.setenv("PHONE", json.dumps(self.secrets))

    def add(self, **instead):
        options = {
            "way": "cloud", "relay": self.box.url, "phone-id": PHONE, "business-id": BUSINESS,
            "base-url": self.server.base, "secret-env": "PHONE", **instead,
        }  # fmt: skip
        words = [word for name, value in options.items() if value for word in (f"--{name}", value)]
        return self.run("--json", "account", "add", "whatsapp", "shop", *words)

    def hook(self, document):
        body, headers = signed(document)
        assert self.relay.post(self.box, body, **headers).status_code == 200

    def says(self, *words):
        status, out, err = self.run("--json", *words)
        assert status == 0, err
        return json.loads(out)


@pytest.fixture
def phone(relay, request, run, monkeypatch):
    made = Phone(relay, request.node.name, run, monkeypatch)
    yield made
    made.server.stop()


@pytest.fixture
def shop(phone):
    status, out, err = phone.add()
    assert status == 0, err
    added = json.loads(out)
    assert (added["checked"], added["address"], added["abilities"]) == (
        True, f"+{OURS}", ["quality:green", "subscribed", "relay"],
    )  # fmt: skip
    return phone


def test_alone_it_says_which_ways_there_are_what_each_costs_and_takes_away(run):
    for words in ((), ("shop",)):
        status, out, err = run("account", "add", "whatsapp", *words)
        assert (status, out) == (2, "")
        for told in (
            "--way cloud",
            "--way twilio",
            "coexistence",
            "paid",
            "relay",
            "not be used in the WhatsApp app",
        ):
            assert told in err.replace("cannot", "can not")
    assert "--way poll" in run("account", "add", "messenger")[2]
    assert "missing: NAME" in run("account", "add", "whatsapp", "--way", "cloud")[2]


def test_a_customer_writes_with_a_picture_and_is_answered_once(shop):
    photo = shop.server.a_file(b"jpeg bytes")
    shop.hook(shop.server.whatsapp(MARIA, body="On és el meu paquet?"))
    shop.hook(shop.server.whatsapp(MARIA, "image", id=photo, mime_type="image/jpeg", caption="Mireu"))
    (account,) = shop.says("sync", "--once")["accounts"]
    assert (account["received"], account["errors"]) == (2, [])
    (ticket,) = shop.says("queue")
    assert (ticket["channel"], ticket["customer"]["identity"]) == ("whatsapp", f"whatsapp:{MARIA}")
    left = datetime.fromisoformat(ticket["window_until"]) - now()
    assert timedelta(hours=22) < left < timedelta(hours=23)
    assert shop.says("show", "1")["messages"][1]["attachments"][0]["size"] == 10
    assert shop.says("reply", "1", "--text", "Surt demà")["state"] == "queued"
    assert [each["state"] for each in shop.says("outbox")] == ["queued"]
    shop.says("sync", "--once")
    shop.says("sync", "--once")
    assert [each["text"]["body"] for each in shop.server.taken] == ["Surt demà"]
    assert shop.says("outbox") == []
    shop.hook(shop.server.becomes(shop.server.taken[0], "read"))
    shop.says("sync", "--once")
    assert shop.says("show", "1")["messages"][-1]["delivery"]["state"] == "read"


def test_a_file_that_meta_would_refuse_is_refused_before_it_is_written(shop, tmp_path):
    shop.hook(shop.server.whatsapp(MARIA, body="Em passes la foto?"))
    shop.says("sync", "--once")
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(bytes(6 << 20))
    status, _, err = shop.run("reply", "1", "--text", "Aquí", "--attach", str(photo))
    assert (status, "6 MB, at most 5 MB" in err, "as a link" in err) == (1, True, True)
    assert shop.says("outbox") == []


def test_after_the_window_only_a_template_goes_and_the_command_line_says_so(shop):
    shop.server.now -= timedelta(hours=24)
    components = [{"type": "BODY", "text": BODY}]
    shop.server.templates = [
        {"name": "a_punt", "language": "ca", "status": "APPROVED", "components": components}
    ]
    shop.hook(shop.server.whatsapp(MARIA, body="On és el meu paquet?"))
    shop.says("sync", "--once")
    shop.server.now += timedelta(hours=25)
    for words, status, told in (
        (("--text", "Ja ve"), 1, "template"),
        (("--template", "a_punt"), 2, BODY),
        (("--template", "a_punt", "--value", "Maria"), 2, "needs 2 values"),
        (("--template", "a_punt", "--value", "Maria", "--value", " "), 2, "needs 2 values"),
        (("--template", "apunt", "--value", "Maria"), 3, "apunt"),
        (("--template", "a_punt:de", "--value", "Maria", "--value", "7"), 3, "a_punt:de"),
        (("--template", "a_punt", "--text", "Hola"), 2, "alone"),
        (("--value", "Maria", "--text", "Hola"), 2, "--template"),
    ):
        found, out, err = shop.run("reply", "1", *words)
        assert (found, out) == (status, ""), err
        assert told in err
    listed = [{"name": "a_punt", "language": "ca", "body": BODY, "values": 2, "places": ["1", "2"]}]
    assert shop.says("template", "list", "shop") == listed
    shop.says("reply", "1", "--template", "a_punt", "--value", "Maria", "--value", "7")
    shop.says("sync", "--once")
    (taken,) = shop.server.taken
    assert (taken["type"], taken["template"]["name"]) == ("template", "a_punt")
    assert shop.says("show", "1")["messages"][-1]["text"] == "Hola Maria, la comanda 7 ja hi és."
    shop.server.stop()
    status, out, err = shop.run("--json", "template", "list", "shop")
    assert (status, json.loads(out)) == (0, listed)
    assert "earlier" in err


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ({"way": "pigeon"}, "cloud, twilio"),
        ({"relay": None}, "--relay"),
        ({"relay": "https://relay.example.com"}, "relay box add"),
        ({"relay": "http://relay.example.com/in/key"}, "https://"),
        ({"phone-id": None}, "--phone-id"),
        ({"phone-id": "+34900111222"}, "digits alone"),
        ({"business-id": "Vímet SL"}, "digits alone"),
        ({"number": "+34900111222"}, "--number"),
        ({"basurl": "https://x"}, "--base-url"),
    ],
)
def test_what_cannot_be_an_account_is_refused_with_the_reason(phone, instead, told):
    status, out, err = phone.add(**instead)
    assert (status, out) == (2, "")
    assert told in err
    assert phone.says("account", "list") == []


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        ({"token": "EAAB-wrong"}, "Invalid OAuth access token"),
        ({"relay_token": "wrong"}, "box and token"),
        ({"app_secret": ""}, "app_secret is missing"),
        ({"relay_token": ""}, "relay_token is missing"),
    ],
)
def test_an_account_whose_secrets_are_wrong_is_kept_and_what_is_wrong_is_said(
    phone, monkeypatch, secrets, told
):
    monkeypatch.setenv("PHONE", json.dumps({**phone.secrets, **secrets}))
    status, out, err = phone.add()
    assert (status, json.loads(out)["checked"]) == (0, False)
    assert told in err
    status, out, err = phone.run("account", "check", "shop")
    assert (status, out) in {(1, ""), (2, "")}
    assert told in err
    assert not [each for each in phone.secrets.values() if each in err]


def test_an_account_of_which_meta_tells_nobody_is_seen_by_its_check(shop):
    shop.server.subscribed = False
    assert "not_subscribed" in shop.says("account", "check", "shop")["abilities"]


def test_a_wrong_app_secret_is_said_and_nothing_is_lost_by_it(phone, monkeypatch):
    monkeypatch.setenv("PHONE", json.dumps({**phone.secrets, "app_secret": "typed wrong"}))
    phone.add()
    phone.hook(phone.server.whatsapp(MARIA, body="Hola"))
    (account,) = json.loads(phone.run("--json", "sync", "--once")[1])["accounts"]
    assert (account["received"], account["gaps"]) == (0, 1)
    monkeypatch.setenv("PHONE", json.dumps(phone.secrets))
    (account,) = phone.says("sync", "--once")["accounts"]
    assert account["received"] == 1


def test_the_secrets_are_in_no_file_and_no_word(shop, tmp_path):
    shop.hook(shop.server.whatsapp(MARIA, body="Hola"))
    said = []
    for words in (
        ("--debug", "sync", "--once"),
        ("account", "check", "shop"),
        ("config", "show"),
        ("doctor",),
    ):
        said += shop.run(*words)[1:]
    shop.server.stop()
    said += shop.run("--debug", "account", "check", "shop")[1:]
    assert not [text for text in said for each in shop.secrets.values() if each in text]
    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert not [
        path for path in files for each in shop.secrets.values() if each.encode() in path.read_bytes()
    ]


def test_twilio_needs_no_relay(run, monkeypatch):
    server = Twilio(wa=True, now=now() - timedelta(minutes=5))
    monkeypatch.setenv("TW", twilio.TOKEN)

    def added(number=twilio.OURS, sid=SID):
        where = ("--way", "twilio", "--number", number, "--account-sid", sid, "--base-url", server.base)
        return run("--json", "account", "add", "whatsapp", "shop", *where, "--secret-env", "TW")

    for bad, told in (({"number": "hola"}, "+34900111222"), ({"sid": "7"}, "AC and 32")):
        status, out, err = added(**bad)
        assert (status, out) == (2, "")
        assert told in err
    status, out, _ = added()
    assert (status, json.loads(out)["checked"]) == (0, True)
    server.writes(f"+{MARIA}", "On és el meu paquet?")
    run("sync", "--once")
    (ticket,) = json.loads(run("--json", "queue")[1])
    assert (ticket["channel"], ticket["customer"]["identity"]) == ("whatsapp", f"whatsapp:{MARIA}")
    run("reply", "1", "--text", "Surt demà")
    run("sync", "--once")
    assert [each["body"] for each in server.taken] == ["Surt demà"]
    status, _, err = run("template", "list", "shop")
    assert status == 3
    server.stop()


def test_a_page_hears_by_relay_and_answers(phone, monkeypatch):
    where = ("--way", "relay", "--page-id", PAGE, "--relay", phone.box.url, "--base-url", phone.server.base)
    for channel in ("messenger", "instagram"):
        added = phone.says("account", "add", channel, channel, *where, "--secret-env", "PHONE")
        assert (added["checked"], added["address"]) == (True, "@vimet")
        phone.says("account", "remove", "messenger") if channel == "instagram" else None
    phone.hook(phone.server.messaging("7654", message={"mid": "m_1", "text": "Teniu la talla L?"}))
    phone.says("sync", "--once")
    (ticket,) = phone.says("queue")
    assert (ticket["channel"], ticket["customer"]["identity"]) == ("instagram", "instagram:7654")
    phone.says("reply", "1", "--text", "Sí")
    phone.says("sync", "--once")
    assert [each["message"]["text"] for each in phone.server.taken] == ["Sí"]
