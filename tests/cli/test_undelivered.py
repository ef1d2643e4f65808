"""A reply that came back, on the command line: what scripts read and what people read."""

import json

import pytest

from agentdesk import config
from agentdesk.core.model import Direction
from desks import SHOP, Bench
from reports import report

ACCOUNT = f"""
[[accounts]]
id = "mailbox"
name = "mailbox"
channel = "email"
address = "{SHOP}"
imap = "imaps://x@mail.shop.test"
smtp = "smtps://x@mail.shop.test"
secret = "keyring"
"""


@pytest.fixture
def bench(tmp_path):
    """A mail sent from a phone to Núria, and its report."""
    made = Bench(tmp_path / "home")
    made.mail(
        "Bon dia",
        sender=SHOP,
        to="Núria <nuria@y.test>",
        subject="Oferta",
        message_id="<s@shop.test>",
        role="sent",
    )
    made.clock.go(minutes=1)
    made.mail(raw=report("<s@shop.test>", ("nuria@y.test", "5.2.2", "552 5.2.2 over quota")))
    yield made
    made.close()


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_show_and_queue_say_it_to_scripts(bench, run):
    (ticket,) = said(run, "queue")
    assert (ticket["number"], ticket["status"], ticket["undelivered"]) == (1, "open", True)
    ours = next(each for each in said(run, "show", "1")["messages"] if each["direction"] == Direction.OUT)
    assert ours["delivery"] == {
        "state": "failed",
        "error": "bounced:5.2.2",
        "status": "5.2.2",
        "reason": "the mailbox is full",
        "words": "552 5.2.2 over quota",
    }


def test_customer_show_names_the_failing_address(bench, run):
    assert said(run, "customer", "show", "nuria@y.test")["failing"] == [
        {"identity": "email:nuria@y.test", "status": "5.2.2", "reason": "the mailbox is full"}
    ]
    assert (
        "mail: nuria@y.test (mail comes back: the mailbox is full)"
        in run("customer", "show", "nuria@y.test")[1]
    )


def test_the_outbox_lists_it_with_code_and_reason(bench, run, tmp_path):
    (row,) = said(run, "outbox", "list")
    assert (row["state"], row["error"], row["code"], row["reason"]) == (
        "failed",
        "552 5.2.2 over quota",
        "bounced:5.2.2",
        "the mailbox is full",
    )
    assert "the mailbox is full" in run("outbox", "list")[1]
    config.change_value(config.Home.under(tmp_path / "home"), "desk", "language", "es")
    people, program = run("outbox", "list")[1], run("outbox", "list", "--json")[1]
    assert ("ha fallado" in people, "failed" in people, '"failed"' in program) == (True, False, True)


def test_people_read_why_at_the_message(bench, run):
    assert "! failed: the mailbox is full; the server said: 552 5.2.2 over quota" in run("show", "1")[1]


def test_it_is_sent_again_by_its_id(bench, run):
    (row,) = said(run, "outbox", "list")
    assert said(run, "outbox", "retry", row["id"])["state"] == "queued"
    assert [each["state"] for each in said(run, "outbox", "list")] == ["queued"]


FULL = {"identity": "email:nuria@y.test", "status": "5.2.2", "reason": "the mailbox is full"}
WARNED = "nuria@y.test: mail comes back: the mailbox is full."


@pytest.fixture
def account(bench):
    """From the mailbox of that desk mail can go."""
    home = config.Home.under(bench.folder)
    home.config_file.write_text(ACCOUNT)


def test_a_new_answer_to_a_failing_address_goes_with_a_warning(bench, account, run):
    assert said(run, "reply", "1", "--text", "Bon dia de nou")["failing"] == [FULL]
    status, out, _ = run("reply", "1", "--text", "I un altre cop")
    assert (status, out) == (0, f"#1: the answer is in the outbox. It goes to nuria@y.test. {WARNED}\n")


def test_an_answer_to_another_address_warns_of_nothing_and_a_copy_to_it_does(bench, account, run):
    assert said(run, "reply", "1", "--text", "Hola", "--to", "nuria@z.test")["failing"] == []
    assert said(run, "reply", "1", "--text", "Ei", "--to", "nuria@z.test", "--cc", "Nuria@Y.test")[
        "failing"
    ] == [FULL]


def test_so_does_a_mail_that_is_passed_on_there_and_one_that_begins_a_ticket(bench, account, run):
    bench.mail("On és?")
    passed = said(run, "forward", "2", "--to", "nuria@y.test", "--text", "Ho saps?")
    assert passed["failing"] == [FULL]
    begun = said(
        run, "new", "--to", "email:nuria@y.test", "--account", "mailbox", "--subject", "x", "--text", "Hola"
    )
    assert begun["failing"] == [FULL]
    assert run("new", "--to", "email:nuria@y.test", "--account", "mailbox", "--subject", "x", "--text", "Ei")[
        1
    ].endswith(f" {WARNED}\n")


def test_a_form_without_an_address_is_answered_to_whom_one_says(bench, account, run):
    bench.mail("Nom: Pau\nMissatge: on és?", sender=SHOP, subject="Formulari web")
    status, _, err = run("reply", "2", "--text", "Avui")
    assert (status, "say with --to who gets it" in err) == (1, True)
    assert all(row["ticket"] != 2 for row in said(run, "outbox", "list"))
    assert "Pau" in run("queue")[1]
    assert said(run, "reply", "2", "--text", "Avui", "--to", "pau@y.test")["ticket"] == 2
