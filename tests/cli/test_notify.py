"""`notify`: what is told while nobody looks, switched and tried."""

import json
import sys


def test_a_switch_stays_in_the_file_with_its_comment(run, tmp_path):
    assert json.loads(run("notify", "list", "--json")[1])["breached"] is True
    assert run("notify", "switch", "breached", "off", "--json")[:2] == (
        0,
        '{"name": "breached", "on": false}\n',
    )
    assert run("notify", "switch", "bell_reply", "on")[0] == 0
    assert run("notify", "switch", "mine_only", "on")[0] == 0
    found = json.loads(run("notify", "list", "--json")[1])
    assert (found["breached"], found["new"], found["bell_reply"], found["mine_only"], found["budget"]) == (
        False, True, True, True, 12,
    )  # fmt: skip
    text = (tmp_path / "home" / "config.toml").read_text("utf-8")
    assert 'show = ["new", "due_soon"]' in text.replace("'", '"')
    assert text.count("#") > 10
    status, out, err = run("notify", "switch", "braeched", "on", "--json")
    assert (status, out) == (2, "")
    assert "breached" in json.loads(err)["detail"]


def test_a_trial_goes_every_way_and_says_of_each_whether_it_went(run, tmp_path):
    run("notify", "list")
    file, config = tmp_path / "home" / "told", tmp_path / "home" / "config.toml"
    code = f"open({str(file)!r}, 'w').write(__import__('sys').stdin.read())"
    words = json.dumps([sys.executable, "-c", code])
    config.write_text(config.read_text("utf-8").replace("command = []", f"command = {words}"), "utf-8")
    status, out, _ = run("notify", "test", "--json")
    found = {each["way"]: each for each in json.loads(out)}
    assert status == 1  # no terminal here, and that is said
    assert found["command"] == {"way": "command", "sent": True, "error": None}
    assert not any(each["sent"] for way, each in found.items() if way != "command")
    told = json.loads(file.read_text("utf-8"))
    assert (told["kind"], told["count"]) == ("new", 1)


def test_themes_are_listed_and_a_wrong_one_names_the_nearest(run):
    assert (
        next(each["name"] for each in json.loads(run("theme", "list", "--json")[1]) if each["used"])
        == "agentdesk"
    )
    assert run("theme", "use", "agentdesk-clear", "--json")[:2] == (
        0,
        '{"name": "agentdesk-clear", "dark": true}\n',
    )
    status, out, err = run("theme", "use", "norb", "--json")
    assert (status, out) == (3, "")
    assert "nord" in json.loads(err)["detail"]
