"""The shop asked from the command line, and what is wrong with it in plain words."""

import io
import json

import pytest

from agentdesk import secret
from agentdesk.config import Home
from desks import Bench
from servers.shop import SECRET, Shop

CSV = "number,status,email\nVM-10001,shipped,maria@x.test\nVM-10002,shipped,maria@x.test\n"
CONFIG = """
[desk]
language = "en"
zone = "Europe/Madrid"
[[accounts]]
id = "mailbox"
name = "shop"
channel = "email"
address = "soporte@shop.test"
imap = "imaps://mail.shop.test"
smtp = "smtps://mail.shop.test"
[lookup.orders]
csv = "orders.csv"
pattern = '(VM-\\d{5})'
"""


@pytest.fixture
def home(tmp_path):
    made = Home.under(tmp_path / "home")
    bench = Bench(tmp_path / "home")
    bench.mail("on és la VM-10001?", sender="Maria Puig <maria@x.test>")
    bench.close()
    (tmp_path / "home" / "config.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "home" / "orders.csv").write_text(CSV, "utf-8")
    return made


def test_the_facts_of_a_ticket_are_asked_for_now_and_printed(home, run):
    status, out, err = run("lookup", "1")
    assert (status, err) == (0, "")
    assert out.splitlines()[0].startswith("Orders: as of ")
    assert out.splitlines()[1:] == ["- VM-10001  shipped", "- VM-10002  shipped"]
    document = json.loads(run("lookup", "show", "1", "--json")[1])
    assert document["lookups"][0]["facts"][0] == {
        "number": "VM-10001",
        "status": "shipped",
        "email": "maria@x.test",
    }


def test_where_the_shop_is_gone_what_was_remembered_is_printed_with_the_reason(home, run):
    run("lookup", "1")
    (home.config / "orders.csv").unlink()
    status, out, _ = run("lookup", "1")
    assert status == 0
    assert "shop not reachable, as of " in out
    assert "orders.csv: No such file" in out
    assert "- VM-10001  shipped" in out


def test_a_quick_reply_on_the_command_line_asks_the_shop(home, run):
    status, _, err = run("reply", "1", "--quick", "where-is-it")
    assert status == 2
    assert "order.number" not in err
    assert "--var order.carrier=... (courier)" in err


def test_a_customer_export_holds_what_the_shop_said(home, run):
    run("lookup", "1")
    (ticket,) = json.loads(run("customer", "export", "maria@x.test", "--json")[1])["tickets"]
    assert [fact["number"] for fact in ticket["lookups"][0]["facts"]] == ["VM-10001", "VM-10002"]


def test_check_says_what_is_wrong_with_each(home, run):
    assert run("lookup", "check") == (0, "NAME    FROM  ANSWER\norders  csv   it answers\n", "")
    (home.config / "orders.csv").write_text("a,b\n", "utf-8")
    status, out, _ = run("lookup", "check", "--json")
    assert status == 1
    assert json.loads(out)[0]["reason"] == "no column is called number; say in columns which one holds it"


def test_without_a_lookup_it_is_said_where_to_read_how(home, run):
    home.config_file.write_text('[desk]\nlanguage = "en"\n', "utf-8")
    status, _, err = run("lookup", "1")
    assert status == 2
    assert "docs/lookups.md" in err


def test_a_secret_is_read_from_standard_input_kept_sealed_and_used(home, run, monkeypatch):
    shop = Shop()
    try:
        monkeypatch.setenv(secret.PASSPHRASE, "a passphrase")
        text = f'[desk]\nlanguage = "en"\n[lookup.orders]\nurl = "{shop.base}"\nsecret_file = "data/secrets/shop.json"\n'
        home.config_file.write_text(text, "utf-8")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
        assert run("lookup", "secret", "orders") == (0, "The secret of orders is kept.\n", "")
        assert run("lookup", "check")[0] == 0
        assert shop.requests[-1].headers["authorization"] == SECRET
        written = [path.read_bytes() for path in home.config.rglob("*") if path.is_file()]
        assert not any(SECRET.encode() in each for each in written)
    finally:
        shop.stop()


def test_a_secret_for_nowhere_is_refused_with_what_to_write(home, run):
    status, _, err = run("lookup", "secret", "orders")
    assert status == 2
    assert "name its place first" in err
    assert run("lookup", "secret", "ordres")[0] == 3
