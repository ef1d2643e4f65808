"""What is said of a sender, on the command line."""

import json

import pytest

from desks import SHOP, Bench
from reports import report


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    made.mail("Ofertes", sender="news@x.test", extra="Precedence: bulk\r\n")
    made.mail("On és?", sender="maria@x.test")
    yield made
    made.close()


def said(run, *words):
    status, out, err = run(*words, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_person_is_work_and_no_customer_is_machine_mail(bench, run):
    found = said(run, "sender", "person", "1")
    assert (found["number"], found["verdict"], bool(found["clocks"])) == (1, "person", True)
    assert said(run, "sender", "machine", "2")["verdict"] == "machine"
    assert [each["number"] for each in said(run, "queue")] == [1]
    assert [each["number"] for each in said(run, "queue", "--view", "machine")] == [2]
    assert "a person, as an agent said" in run("customer", "show", "news@x.test")[1]
    assert said(run, "customer", "show", "maria@x.test")["verdicts"] == [
        {"identity": "email:maria@x.test", "verdict": "machine"}
    ]
    said(run, "undo")
    assert sorted(each["number"] for each in said(run, "queue")) == [1, 2]


def test_the_word_is_forgotten_on_demand(bench, run):
    said(run, "sender", "machine", "2")
    found = said(run, "sender", "forget", "2")
    assert found["verdict"] is None
    assert said(run, "customer", "show", "maria@x.test")["verdicts"] == []
    assert run("sender", "forget", "2")[0] == 1
    assert (
        "nothing is kept for the sender" in run("sender", "machine", "1")[1] + run("sender", "forget", "1")[1]
    )


def test_our_own_address_and_a_report_are_told_from_senders(bench, run):
    bench.mail("Nom: Maria", sender=SHOP)
    bench.mail(raw=report("<nobody@shop.test>", ("pep@y.test", "5.1.1", "no")))
    status, _, err = run("sender", "person", "4")
    assert status == 1
    assert "A report of undelivered mail is never a person's." in err


def test_mail_in_junk_is_told_to_scripts_and_people_and_rescued(bench, run):
    bench.mail("Fa dies", sender="maria@x.test", role="junk")
    found = {each["number"]: each["junk"] for each in said(run, "queue")}
    assert found == {2: False, 3: True}
    assert [each["junk"] for each in said(run, "show", "3")["messages"]] == [True]
    assert "new, in Junk" in run("queue")[1]
    assert "! in Junk" in run("show", "3")[1]
    assert said(run, "rescue", "3")["junk"] is False
    status, _, err = run("rescue", "3")
    assert status == 1
    assert "Nothing of this ticket lies in Junk." in err
    said(run, "undo")
    assert said(run, "show", "3")["junk"] is True
