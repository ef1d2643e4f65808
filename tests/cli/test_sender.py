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


def test_of_history_it_is_said_that_it_stays_so(bench, run):
    bench.mail("Antic", sender="vell@x.test", before=True)
    status, out, _ = run("sender", "person", "3")
    assert (status, out.splitlines()[1]) == (0, "#3 was there before and stays history.")
    assert said(run, "show", "3")["history"]


def test_of_whoever_was_forgotten_nothing_can_be_said(bench, run, tmp_path):
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    assert run("customer", "erase", "maria@x.test", "--yes")[0] == 0
    for word in ("machine", "person"):
        status, _, err = run("sender", word, "2")
        assert (status, "That customer was forgotten." in err) == (1, True)


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


OURS = "mx.shop.test"


def configured(tmp_path, more=""):
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(
        f'[[accounts]]\nid = "mailbox"\nname = "soporte"\nchannel = "email"\naddress = "{SHOP}"\n'
        f'imap = "imaps://x@mail.shop.test"\nsmtp = "smtps://x@mail.shop.test"\nsecret = "keyring"\n{more}'
    )


def vouched(bench, count=12):
    for number in range(count):
        domain = f"d{number}.test"
        extra = f"Authentication-Results: {OURS}; dmarc=pass header.from={domain}\r\n"
        bench.mail(sender=f"p@{domain}", extra=extra)


def senders(run):
    (check,) = [c for c in json.loads(run("doctor", "--json")[1])["checks"] if c["name"] == "senders soporte"]
    return check


def test_show_says_by_whose_word_a_sender_is_verified(bench, run, tmp_path):
    configured(tmp_path, f'authserv_id = "{OURS}"\n')
    vouched(bench, 1)
    (message,) = said(run, "show", "3")["messages"]
    assert message["sender"] == {"verified": "pass", "by": OURS}
    assert "(verified)" in run("show", "3")[1]
    assert said(run, "show", "2")["messages"][0]["sender"] == {"verified": "none", "by": None}


def test_the_doctor_suggests_whom_to_believe_and_believes_nobody_by_itself(bench, run, tmp_path):
    configured(tmp_path)
    assert senders(run)["detail"] == "nobody is asked whether a sender is real"
    vouched(bench)
    check = senders(run)
    assert check["ok"]
    assert f'authserv_id = "{OURS}"' not in check["detail"], "two mails in fourteen do not bear it"
    vouched(bench, 30)
    assert f'authserv_id = "{OURS}"' in senders(run)["detail"]
    assert said(run, "show", "3")["messages"][0]["sender"]["verified"] == "none"


def test_one_sender_suggests_nothing_however_much_they_write(bench, run, tmp_path):
    configured(tmp_path)
    for _ in range(60):
        bench.mail(
            sender="eve@evil.test",
            extra="Authentication-Results: evil.test; dmarc=pass header.from=evil.test\r\n",
        )
    assert senders(run)["detail"] == "nobody is asked whether a sender is real"


def test_a_name_that_no_mail_bears_is_a_fault(bench, run, tmp_path):
    configured(tmp_path, 'authserv_id = "mx.old.test"\n')
    vouched(bench)
    check = senders(run)
    assert not check["ok"]
    assert "None of the last 14 mails bears it" in check["remedy"]


def test_an_answer_to_somebody_else_is_refused_until_it_is_said_who_gets_it(bench, run, tmp_path):
    configured(tmp_path)
    bench.mail("Factura", sender="maria@x.test", extra="Reply-To: eve@evil.test\r\n")
    status, _, err = run("reply", "3", "--text", "Hola", "--json")
    assert (status, "maria@x.test" in err, "eve@evil.test" in err, "--to" in err) == (1, True, True, True)
    assert (
        said(run, "reply", "3", "--text", "Hola", "--to", "Maria@x.test", "--hold", "60")["state"] == "held"
    )
    ours = said(run, "show", "3")["messages"][-1]
    assert ours["to"] == ["maria@x.test"]
    assert run("reply", "3", "--text", "x", "--to", "nobody")[0] == 2
