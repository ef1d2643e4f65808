"""`resolve`, `no-answer`, `snooze`, `unanswered`, `not-thanks`, `seen`: how matters end and come back, for scripts."""

import json

import pytest

from desks import SHOP, Bench


@pytest.fixture(autouse=True)
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    made.mail("Hola", sender="Maria Puig <maria@x.test>", subject="Comanda", message_id="<a@x.test>")
    made.mail("Hola", sender="anna@y.test", subject="Talla", message_id="<b@x.test>")
    yield made
    made.close()


def data(run, *words):
    status, out, err = run(*words, "--json")
    assert status == 0, err
    return json.loads(out)


def test_what_an_act_left_behind_is_said(run):
    assert run("tag", "1", "+talla")[1] == "#1: new · nobody's · +talla\n"
    assert run("priority", "1", "urgent")[1] == "#1: new · nobody's · urgent · +talla\n"
    assert run("show", "1")[1].splitlines()[2] == "nobody's · urgent · +talla"


TWO = """
[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
[[accounts]]
id = "two"
name = "ventas"
channel = "email"
address = "ventas@shop.test"
"""


def test_what_a_ticket_hangs_on_is_said_to_people_too(run, bench):
    run("queue")
    config = bench.folder / "config.toml"
    config.write_text(config.read_text("utf-8") + TWO, "utf-8")
    run("cause", "open", "vaga")
    run("cause", "put", "1", "vaga")
    run("language", "1", "ca")
    run("promise", "add", "2", "2030-01-07", "9:00", "--text", "ho mirem")
    _, second, _, told, *_ = run("show", "1")[1].splitlines()
    assert second == "new · mail soporte · Maria Puig email:maria@x.test"
    assert told.endswith(" · ca · cause: vaga")
    assert "first reply" in told
    assert "promised for 2030-01-07" in run("show", "2")[1]
    assert run("show", "2")[1].splitlines()[1] == "new · mail soporte · email:anna@y.test"
    assert "mail soporte" in run("queue")[1]


def test_wrong_words_lead_to_the_help_of_that_command(run):
    assert "agentdesk merge --help" in run("merge", "1")[2]
    assert "agentdesk customer show --help" in run("customer", "show")[2]
    assert "`agentdesk --help`" in run("mergee", "1")[2]


def test_a_bare_resolve_works_and_the_customer_counts_on_until_a_reason_is_given(run):
    status, out, err = run("resolve", "1")
    assert (status, "#1: resolved" in out) == (0, True)
    assert "#1 still counts as unanswered: agentdesk no-answer 1 --reason ..." in err
    assert [each["number"] for each in data(run, "queue", "--view", "unanswered")] == [1, 2]
    assert data(run, "no-answer", "1", "--reason", "ho hem parlat")["unanswered_since"] is None
    assert [each["no_answer_needed"] for each in data(run, "show", "1")["messages"]] == ["other", None]
    assert "no answer needed: another reason" in run("show", "1")[1]
    status, out, err = run("resolve", "2", "--no-answer-needed", "spam")
    assert (status, "still counts" in err) == (0, False)
    proved = data(run, "unanswered", "--prove")
    assert (proved["unanswered"], proved["tickets"], proved["proof"]["agrees"]) == (0, [], True)
    assert run("undo")[0] == 0
    whole = data(run, "unanswered")
    assert [(each["ticket"], each["customer"]["identity"]) for each in whole["tickets"]] == [
        (2, "email:anna@y.test")
    ]
    assert "0 unanswered" not in run("unanswered", "--prove")[2]
    assert run("no-answer", "1", "--reason", "spam")[2].count("Nobody waits for an answer in it.") == 1


def test_a_snooze_has_a_reason_and_goes_back_to_the_time_that_was_cut_short(run, bench):
    slept = data(run, "snooze", "1", "2030-01-07", "9:00", "--reason", "esperem", "--quiet-on-reply")
    assert slept["snooze"] == {"reason": "esperem", "on_reply": "note_only", "cut_short": None}
    assert "esperem, sleeps on when they write" in run("show", "1")[1]
    assert data(run, "reopen", "1")["snooze"]["cut_short"] == slept["snoozed_until"]
    assert data(run, "snooze", "1", "--again")["snoozed_until"] == slept["snoozed_until"]
    assert run("snooze", "1", "2030-01-07 17:30")[1].startswith("#1 sleeps until 2030-01-07 17:30 · ")


def test_thanks_are_listed_until_seen_and_may_be_refuted(run, bench):
    bench.mail(
        "Respost",
        sender=SHOP,
        to="maria@x.test",
        role="sent",
        reply_to="<a@x.test>",
        message_id="<r@shop.test>",
    )
    bench.clock.go(minutes=1)
    bench.mail("Gràcies!", sender="maria@x.test", reply_to="<a@x.test>")
    listed = data(run, "queue", "--view", "afterwards")
    assert [(each["number"], each["unread"]) for each in listed] == [(1, True)]
    assert "\n  thanks\n" in run("show", "1")[1]
    assert data(run, "seen", "1")["wrote_after"] is None
    assert data(run, "not-thanks", "1")["unanswered_since"]


def test_what_cannot_be_meant_says_what_can(run):
    for words, status, told in (
        (("snooze", "1", "blau"), 2, "is no time; try 2h"),
        (("snooze", "1"), 2, "say until when"),
        (("snooze", "1", "2h", "--again"), 2, "say nothing else"),
        (("snooze", "1", "--again"), 1, "did not wake before its time"),
        (("no-answer", "1"), 2, "--reason"),
        (("no-answer", "1", "--reason", " "), 2, "say why"),
        (("resolve", "1", "--no-answer-needed", ""), 2, "say why with --no-answer-needed"),
        (("not-thanks", "1"), 1, "Nothing in it was taken for thanks."),
        (("seen", "1"), 1, "nothing changes"),
        (("unanswered", "--prov"), 2, "--prove"),
    ):
        done, out, err = run(*words)
        assert (done, out) == (status, ""), words
        assert told in err
