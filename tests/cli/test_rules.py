"""Rules on the command line: listed, checked with file and line, put on, run by a pass, tried on the past, undone."""

import json

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.model import Place
from agentdesk.engine import clock
from agentdesk.engine.intake import Intake
from agentdesk.engine.rules import Runner
from agentdesk.engine.start import open_desk

MAIL = b"From: Maria <maria@x.test>\r\nTo: hola@vimet.test\r\nSubject: Factura\r\nMessage-ID: <1@x.test>\r\n\r\nHola\r\n"
MINE = 'on = "customer_wrote"\nwhere = "subject:factura lang:ca"\n[do]\ntag = ["bill"]\npriority = "high"\n'


@pytest.fixture
def home(tmp_path):
    """An empty desk of Joan's with a rule of its own, which is off."""
    found = Home.under(tmp_path / "home")
    found.make()
    found.config_file.write_text(
        '[desk]\nzone = "UTC"\nlanguage = "en"\n[[agents]]\nname = "Joan"\n', "utf-8"
    )
    (found.config / "rules").mkdir()
    (found.config / "rules" / "bill.toml").write_text(MINE)
    return found


def arrives(home: Home, uid: int = 1) -> None:
    """A mail comes in, and the rules run as in a pass."""
    desk = open_desk(home, config.load(home), "Joan")
    mail = MAIL.replace(b"<1@", b"<%d@" % uid)
    now = clock.now()
    arrival = Arrival(Place("box", "INBOX", 1, uid), now, mail, len(mail), role="inbox")
    runner = Runner(desk, home)
    runner.begin()
    Intake(desk, "box", read_mail).take(Batch(f"c{uid}", (arrival,)))
    runner.run()
    desk.close()


def said(run, *words: str):
    status, out, err = run("--json", *words)
    assert status == 0, err
    return json.loads(out)


def test_a_rule_is_tried_put_on_seen_and_taken_back(run, home):
    arrives(home)
    found = said(run, "rules", "dry-run", "--since", "1d", "bill")
    assert found["fired"] == []
    (near,) = found["rules"][0]["nearest"]
    assert (near["ticket"], near["reason"], near["words"]) == (1, "where", ["lang:ca"])
    (home.config / "rules" / "bill.toml").write_text(MINE.replace(" lang:ca", ""))
    (would,) = said(run, "rules", "dry-run", "--since", "1d", "bill")["fired"]
    assert (would["ticket"], would["event"], would["did"]) == (
        1,
        "customer_wrote",
        ["tag:bill", "priority:high"],
    )
    assert said(run, "rules", "on", "bill") == {"on": ["bill"]}
    assert said(run, "show", "1")["tags"] == []  # from now on, and not before
    arrives(home, 2)
    (done,) = said(run, "rules", "fired")
    assert (done["rule"], done["ticket"], done["undone"]) == ("bill", 2, False)
    assert said(run, "show", "2")["rules"] == [done]
    row = next(each for each in said(run, "rules", "list") if each["name"] == "bill")
    assert (row["on"], row["fired"], row["failed"]) == (True, 1, 0)
    said(run, "undo", "--event", done["id"])
    assert said(run, "show", "2")["tags"] == []
    assert said(run, "rules", "fired", "2")[0]["undone"]
    assert said(run, "rules", "off", "bill") == {"on": []}
    status, out, _ = run("rules", "fired")
    assert "tag bill, priority high (the customer wrote); undone since" in out
    assert status == 0


def test_what_is_wrong_is_said_with_file_and_line_and_such_a_rule_is_not_put_on(run, home):
    assert run("rules", "check")[:2] == (0, "14 rules, nothing wrong with them\n")
    file = home.config / "rules" / "bill.toml"
    file.write_text(MINE.replace('"bill"', '"bill"]\nquick = ["x"'))
    status, out, _ = run("rules", "check")
    assert (status, out) == (1, f"{file}:5: do.quick: it must be a text in quotes\n")
    status, _, err = run("rules", "on", "bill")
    assert status == 2
    assert f"{file}:5" in err
    assert "rules" not in config.load(home).rules
    status, _, err = run("rules", "on", "overnigt")
    assert status == 3
    assert "overnight" in err
    assert run("rules", "dry-run", "--since", "someday")[0] == 2


LAMP = 'on = "customer_wrote"\nwhere = "lámpara"\norder = 5\n[do]\npriority = "high"\n'


def test_a_rule_that_is_off_stops_no_other_and_is_refused_with_both_lines_where_it_cannot_be_put_on(
    run, home
):
    said(run, "rules", "on", "unhappy")
    lamp = home.config / "rules" / "lampara.toml"
    lamp.write_text(LAMP, "utf-8")
    assert {"unhappy", "lampara"} <= {each["name"] for each in said(run, "rules", "list")}
    assert "rule unhappy" not in {each["name"] for each in json.loads(run("--json", "doctor")[1])["checks"]}
    assert said(run, "rules", "on", "survey") == {"on": ["unhappy", "survey"]}  # the mistake is another's
    status, out, err = run("rules", "check")
    assert (status, out) == (0, "15 rules, nothing wrong with them\n")
    assert f"It is off, and could not be put on: {lamp}:5: do.priority: the rule unhappy (" in err
    status, _, err = run("rules", "on", "lampara")
    assert status == 2
    assert f"{lamp}:5: do.priority: the rule unhappy (" in err
    assert "unhappy.toml:12)" in err
    assert config.load(home).rules == ("unhappy", "survey")


def test_a_rule_is_put_on_whatever_is_wrong_between_others_that_are_on(run, home):
    (home.config / "rules" / "lampara.toml").write_text(LAMP, "utf-8")
    with home.config_file.open("a", encoding="utf-8") as file:
        file.write('[rules]\non = ["unhappy", "lampara"]\n')
    assert run("rules", "check")[0] == 1
    assert said(run, "rules", "on", "survey") == {"on": ["unhappy", "lampara", "survey"]}


def test_a_dry_run_of_what_would_go_round_in_a_circle_leaves_one_out_and_says_so(run, home):
    for name, event, status in (("back", "resolved", "open"), ("forth", "reopened", "resolved")):
        file = home.config / "rules" / f"{name}.toml"
        file.write_text(f'on = "{event}"\n[do]\nstatus = "{status}"\n')
    arrives(home)
    assert run("resolve", "1")[0] == 0
    status, out, err = run("--json", "rules", "dry-run", "--since", "1d")
    assert status == 0
    found = json.loads(out)
    assert [each["rule"] for each in found["fired"] if each["rule"] in {"back", "forth"}] == ["back"]
    assert "forth" not in {each["name"] for each in found["rules"]}
    assert "forth.toml:1: on: with the rule back (" in err
    assert run("rules", "check")[0] == 0  # both are off


def test_doctor_says_which_rule_that_is_on_cannot_be_used(run, home):
    said(run, "rules", "on", "bill")
    (home.config / "rules" / "bill.toml").write_text(MINE.replace("customer_wrote", "custmer_wrote"))
    status, out, _ = run("--json", "doctor")
    check = next(each for each in json.loads(out)["checks"] if each["name"] == "rule bill")
    assert not check["ok"]
    assert "bill.toml:1" in check["detail"]
    assert status == 1
