"""`survey`: asked, listed and counted, in and out of a script."""

import json

import pytest

from agentdesk.config import Home
from agentdesk.core.commands import Assign, Resolve
from agentdesk.engine import clock
from desks import Bench

CONFIG = """
[desk]
language = "en"
zone = "Europe/Madrid"
[[accounts]]
id = "mailbox"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
imap = "imaps://s%40shop.test@127.0.0.1:993"
smtp = "smtps://s%40shop.test@127.0.0.1:465"
secret = "env"
env = "NONE"
"""


@pytest.fixture
def bench(tmp_path):
    home = Home.under(tmp_path / "home")
    home.make()
    home.config_file.write_text(CONFIG.replace('secret = "env"\n', ""), "utf-8")
    home.key.write_bytes(b"k" * 32)
    made = Bench(home.data.parent)
    made.clock.at = clock.now()
    made.mail("Hola", sender="María <maria@x.test>", message_id="<a@x.test>")
    made.desk.do(Assign(made.id(1), "Joan"))
    made.desk.do(Resolve(made.id(1)))
    yield made
    made.close()


def test_a_survey_is_asked_answered_and_counted(run, bench):
    status, out, _ = run("survey", "ask", "1", "--json")
    done = json.loads(out)
    assert (status, done["ticket"], done["state"], done["channel"]) == (0, 1, "queued", "email")
    assert "asked already" in run("survey", "ask", "1")[2]
    name = bench.messages(1)[-1].remote_id
    bench.clock.at = clock.now()
    bench.mail("4, rápidos", sender="María <maria@x.test>", reply_to=name, subject="Re")
    assert run("survey", "list")[1].splitlines()[1].split()[:3] == ["1", "Joan", "mail"]
    (one,) = json.loads(run("survey", "list", "--json")[1])
    assert (one["ticket"], one["agent"], one["score"], one["answer"]) == (
        1,
        "Joan",
        4,
        bench.messages(1)[-1].id,
    )
    told = json.loads(run("report", "csat", "--by", "agent", "--to", "today", "--json", "--tickets")[1])
    (figures,) = told["groups"]
    assert (figures["agent"], figures["content"]["tickets"], figures["answered"]["share"]) == (
        "Joan",
        [1],
        1.0,
    )
    assert 0.2 < figures["content"]["low"] < 0.21
    assert len(json.loads(run("survey", "list", "--to", "today", "--json")[1])) == 1
    assert json.loads(run("survey", "list", "--to", "yesterday", "--json")[1]) == []
    shown = json.loads(run("show", "1", "--json")[1])
    assert [each["score"] for each in shown["messages"]] == [None, 4, None]
    assert "rated us: 4 (#1)" in run("customer", "show", "maria@x.test")[1]


def test_a_customer_is_asked_no_more_and_again(run, bench):
    card = json.loads(run("customer", "surveys", "maria@x.test", "off", "--json")[1])
    assert card["no_surveys_at"]
    assert "wants to be asked no more" in run("survey", "ask", "1")[2]
    assert "nothing changes" in run("customer", "surveys", "maria@x.test", "off")[2]
    assert json.loads(run("customer", "surveys", "maria@x.test", "on", "--json")[1])["no_surveys_at"] is None
    assert run("undo")[0] == 0


def test_what_is_wrong_is_said(run, bench):
    for words, status, told in (
        (("survey", "ask", "9"), 3, "#9"),
        (("survey", "list", "--from", "3/4"), 2, "is no time"),
        (("report", "csat", "--by", "mood"), 2, "mood"),
        (("customer", "surveys", "maria@x.test", "maybe"), 2, "maybe"),
        (("customer", "surveys", "nobody@x.test", "off"), 3, "nobody@x.test"),
    ):
        found, _, err = run(*words)
        assert (found, told in err) == (status, True), (words, err)
