"""A shop that is asked: what it answers well, and everything that it can do wrong."""

import json
import logging
import sys

import pytest

from agentdesk import i18n
from agentdesk.channels.lookup import ask
from agentdesk.channels.lookup.address import Address
from agentdesk.channels.lookup.command import Command
from agentdesk.channels.lookup.sheet import Sheet
from agentdesk.channels.lookup.woocommerce import WooCommerce
from agentdesk.config import Account, Desk, Lookup, SecretPlace, Settings
from agentdesk.core.lookup import BYTES, Question
from agentdesk.engine.lookup import source
from agentdesk.errors import LookupFailedError
from servers.shop import SECRET, Shop
from servers.web import CUT_BEFORE, SILENT, Answer

MARIA = Question((("email", "Maria@x.test"), ("whatsapp", "34600123456")))
NAMED = Question((("email", "ana@x.test"),), ("VM-48190",))


@pytest.fixture(autouse=True)
def in_english():
    i18n.use("en")


@pytest.fixture
def shop():
    made = Shop()
    yield made
    made.stop()


def address(shop: Shop, secret: str = SECRET, seconds: float = 2) -> Address:
    return Address("orders", seconds, shop.base, "Authorization", secret)


def woocommerce(shop: Shop, secret: str = SECRET) -> WooCommerce:
    return WooCommerce("orders", 2, shop.base, secret)


def numbers(source, question=MARIA) -> list[str]:
    return [fact.number for fact in ask(source, question)]


def refused(source, question=MARIA) -> LookupFailedError:
    with pytest.raises(LookupFailedError) as caught:
        ask(source, question)
    assert SECRET not in str(caught.value)
    return caught.value


def test_an_address_answers_with_the_orders_of_who_asks_and_with_the_one_that_is_named(shop):
    lower = Question((("email", "maria@x.test"),))
    assert numbers(address(shop), lower) == ["VM-48190", "VM-48191"]
    assert numbers(address(shop), NAMED) == ["VM-48190"]
    assert shop.requests[-1].json() == NAMED.document()


@pytest.mark.parametrize(
    ("fault", "failure", "words"),
    [
        (SILENT, "unreachable", "no answer within"),
        (CUT_BEFORE, "unreachable", ""),
        (Answer(b"<html>oops"), "unreadable", "no JSON"),
        (Answer({"orders": []}), "unreadable", "not of the form"),
        (Answer(b" " * (BYTES + 1)), "unreadable", "too long"),
        (Answer({}, 500), "unreachable", "500"),
        (Answer({}, 401), "unreachable", "refuses the secret"),
    ],
)
def test_what_is_no_answer_is_said_in_plain_words(shop, fault, failure, words):
    shop.on("/", fault)
    error = refused(address(shop, seconds=0.3 if fault == SILENT else 2))
    assert error.values["failure"] == failure
    assert words in error.values["reason"]


def test_a_redirect_is_not_followed_and_the_secret_stays_here(shop):
    elsewhere = Shop()
    try:
        shop.on("/", Answer({}, 307, {"Location": f"{elsewhere.base}/x"}))
        assert "points to another address" in refused(address(shop)).values["reason"]
        assert elsewhere.requests == []
    finally:
        elsewhere.stop()


def test_the_secret_is_in_no_word_and_in_no_log(shop, caplog):
    with caplog.at_level(logging.DEBUG):
        shop.on("/", Answer(SECRET.encode(), 500, {"X": SECRET}))
        refused(address(shop))
        refused(address(shop, "ck_wrong:cs_wrong"))
        refused(woocommerce(shop, "ck_wrong:cs_wrong"))
        numbers(woocommerce(shop))
    assert all(word not in caplog.text for word in (SECRET, *SECRET.split(":"), "cs_wrong"))


def test_a_shop_that_nobody_runs_is_not_reachable(shop):
    shop.stop()
    assert refused(address(shop)).values["failure"] == "unreachable"


def test_woocommerce_gives_only_orders_of_this_address_or_number(shop):
    shop.orders.append({"number": "VM-9", "status": "shipped", "email": "maria@x.test.example"})
    found = ask(woocommerce(shop), MARIA)
    assert [(fact.number, fact.status) for fact in found] == [
        ("VM-48191", "completed"),
        ("VM-48190", "processing"),
    ]
    first = found[1]
    assert first.placed_at == "2026-11-20T10:00:00Z"
    assert (first.total, first.carrier, first.items) == ("34.50 EUR", "Correos", ("Basket", "2 x Cushion"))
    assert first.tracking_url == "https://track.example/48190"
    assert first.more == (("shipping", "Flat rate"), ("tracking_number", "T0"))
    assert numbers(woocommerce(shop), NAMED) == ["VM-48190"]
    assert {each.method for each in shop.requests} == {"GET"}


@pytest.mark.parametrize(
    "page",
    [
        [],
        [{"number": "VM-48190", "billing": None, "line_items": "x", "meta_data": [{"value": 3}, 7]}],
        [{"id": 48190}],
    ],
)
def test_woocommerce_orders_of_odd_shape_are_no_failure(shop, page):
    shop.on("orders", Answer(page), Answer(page))
    assert numbers(woocommerce(shop), NAMED) in ([], ["VM-48190"])


def test_a_shop_that_is_no_woocommerce_is_named(shop):
    shop.on("orders", Answer({"hello": 1}))
    assert "no list of orders" in refused(woocommerce(shop)).values["reason"]
    assert "ck_...:cs_..." in refused(woocommerce(shop, "only-a-key")).values["reason"]


def program(tmp_path, text: str, seconds: float = 5) -> Command:
    path = tmp_path / "orders.py"
    path.write_text(text, "utf-8")
    return Command("orders", seconds, (sys.executable, "-I", "-S", str(path), SECRET), {})


def test_a_command_reads_the_question_and_prints_the_answer(tmp_path):
    text = "import json, sys\nq = json.load(sys.stdin)\nprint(json.dumps({'facts': [{'number': q['orders'][0], 'status': '\\x1b[31mred'}]}))"
    (fact,) = ask(program(tmp_path, text), NAMED)
    assert fact.number == "VM-48190"
    assert "\x1b" not in fact.status


def test_a_command_is_handed_the_variables_that_it_is_given_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_IMAP", "hunter22")
    monkeypatch.setenv("AGENTDESK_PASSPHRASE", "hunter22")
    account = Account("1", "soporte", "email", "s@shop.test", secret=SecretPlace("env", "SHOP_IMAP"))
    settings = Settings(Desk("Europe/Madrid", "es"), accounts=(account,))
    path = tmp_path / "orders.py"
    path.write_text(
        "import json, os\nheld = [k for k, v in os.environ.items() if v == 'hunter22']\n"
        "print(json.dumps({'facts': [{'number': '7', 'status': repr(held)}]}))"
    )
    one = Lookup("orders", "command", command=(sys.executable, "-I", "-S", str(path)))
    (fact,) = ask(source(one, settings), NAMED)
    assert fact.status == "[]"


@pytest.mark.parametrize(
    ("text", "seconds", "failure", "words"),
    [
        ("import sys; sys.exit(3)", 5, "unreachable", "status 3"),
        ("import time; time.sleep(60)", 0.3, "unreachable", "no answer within"),
        ("import os, time\nif os.fork() == 0: time.sleep(60)", 0.3, "unreachable", "no answer within"),
        ("print('no')", 5, "unreadable", "no JSON"),
        ("while True: print('x' * 9999)", 5, "unreadable", "too long"),
    ],
)
def test_a_command_that_fails_hangs_or_talks_too_much_is_ended(tmp_path, text, seconds, failure, words):
    error = refused(program(tmp_path, text, seconds), NAMED)
    assert error.values["failure"] == failure
    assert words in error.values["reason"]


def test_a_command_that_is_not_there_is_named_without_its_arguments():
    error = refused(Command("orders", 2, ("/nowhere/shop-orders", SECRET), {}))
    assert error.values["reason"].startswith("shop-orders cannot be run")


HEAD = "Pedido;Estado;email;phone;Nota\n"


def sheet(tmp_path, rows: str, encoding: str = "utf-8", head: str = HEAD) -> Sheet:
    path = tmp_path / "orders.csv"
    path.write_bytes((head + rows).encode(encoding))
    return Sheet("orders", 2, path, {"number": "Pedido", "status": "Estado"})


def test_a_file_gives_the_orders_of_an_address_a_telephone_or_a_number_and_leaves_out_bad_rows(tmp_path):
    rows = "VM-1;envi\0ado;MARIA@x.test;;\nVM-2;listo;;+34 600 12 34 56;regalo\nVM-48190;x;pau@x.test;;\n;sin número;maria@x.test;;\nVM-4;corta\nVM-5;a;maria@x.test;;;;;\n"
    assert numbers(sheet(tmp_path, rows)) == ["VM-1", "VM-2"]
    second = ask(sheet(tmp_path, rows), MARIA)[1]
    assert (second.status, second.more) == ("listo", (("Nota", "regalo"),))
    assert numbers(sheet(tmp_path, rows), NAMED) == ["VM-48190"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_file_as_windows_writes_it_is_read(tmp_path, encoding):
    (fact,) = ask(sheet(tmp_path, "VM-1;señal;maria@x.test;;\r\n", encoding), MARIA)
    assert fact.status == "señal"


@pytest.mark.parametrize(
    ("head", "words"),
    [("a;b\n", "no column Pedido"), ("Pedido;Otro\n", "no column Estado"), ("", "no column Pedido")],
)
def test_a_file_without_the_columns_is_said(tmp_path, head, words):
    assert words in refused(sheet(tmp_path, "", head=head)).values["reason"]


def test_a_file_that_is_gone_is_not_reachable(tmp_path):
    error = refused(Sheet("orders", 2, tmp_path / "gone.csv", {}))
    assert error.values["failure"] == "unreachable"
    assert error.values["reason"].startswith("gone.csv")


def test_a_question_is_json_that_any_program_reads():
    assert json.loads(json.dumps(NAMED.document()))["version"] == 1
