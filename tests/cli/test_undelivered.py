"""A reply that came back, on the command line: what scripts read and what people read."""

import json

import pytest

from agentdesk import config
from agentdesk.core.model import Direction
from desks import SHOP, Bench
from reports import report


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
