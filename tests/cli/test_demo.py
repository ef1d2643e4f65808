"""`agentdesk demo`: one command, no account, no network, and nothing of the user's is touched."""

import json
import re

import pytest

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def queue_of(run, home):
    status, out, _ = run("--home", str(home), "demo", "--json")
    assert status == 0
    return json.loads(out)


def test_a_fresh_home_shows_its_queue(run, tmp_path):
    status, out, err = run("--home", str(tmp_path / "new"), "demo")
    assert status == 0
    assert out.startswith("LEFT")
    assert len(out.splitlines()) > 30
    assert "Núria Casals" in out
    *progress, last = err.splitlines()  # of what takes longer than a moment it is said how far it is
    assert last == (
        f"Look further: agentdesk --home {tmp_path / 'new'} queue, agentdesk --home {tmp_path / 'new'} show N"
    )
    assert all("is coming in" in each for each in progress)
    assert not CONTROLS.search(out.replace("\n", ""))


def test_two_homes_have_equal_queues(run, tmp_path):
    def plain(tickets):
        return [(t["number"], t["channel"], t["subject"], t["order"]["band"], t["messages"]) for t in tickets]

    one, two = (plain(queue_of(run, tmp_path / name)) for name in ("one", "two"))
    assert one == two
    assert {channel for _, channel, *_ in one} >= {
        "email",
        "whatsapp",
        "telegram",
        "messenger",
        "x",
        "webchat",
    }


def test_a_second_look_finds_the_same_day(run, tmp_path):
    first = queue_of(run, tmp_path / "home")
    again = queue_of(run, tmp_path / "home")
    assert {t["number"] for t in again} >= {t["number"] for t in first}
    assert len(again) - len(first) <= 2


def test_the_day_goes_on_without_a_screen(run, tmp_path):
    home = ("--home", str(tmp_path / "home"))
    status, out, _ = run(*home, "demo", "--headless", "--seconds", "1", "--speed", "1200", "--json")
    assert status == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert all(line["event"] in {"arrived", "late"} for line in lines[:-1])
    assert sum(line["event"] == "arrived" for line in lines[:-1]) >= 5
    assert len(lines[-1]) > 30
    status, out, _ = run(*home, "demo", "--headless", "--seconds", "2", "--speed", "1200")
    assert status == 0
    assert " wrote: " in out
    assert "LEFT" in out


def test_customers_answer_what_is_sent(run, tmp_path):
    home = ("--home", str(tmp_path / "home"))
    tickets = queue_of(run, tmp_path / "home")
    number = next(t["number"] for t in tickets if t["customer"]["identity"] == "webchat:visitor-5d22")
    assert run(*home, "reply", str(number), "--text", "Is an ad blocker on?")[0] == 0
    run(*home, "demo", "--headless", "--seconds", "1", "--speed", "600", "--json")
    _, out, _ = run(*home, "show", str(number), "--json")
    said = [(m["direction"], m["text"]) for m in json.loads(out)["messages"]]
    ours = next(place for place, (way, _) in enumerate(said) if way == "out")
    assert said[ours][1].startswith("Is an ad blocker on?")
    way, text = said[ours + 1]  # the day goes on: more may have come since
    assert (way, "ad blocker" in text) == ("in", True)


def test_without_a_home_it_takes_one_of_its_own(run, tmp_path, monkeypatch):
    monkeypatch.delenv("AGENTDESK_HOME")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    assert run("demo")[0] == 0
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("config.toml")}
    assert made == {"XDG_STATE_HOME/agentdesk-demo/config.toml"}


def test_the_home_of_a_real_desk_is_left_alone(run, tmp_path):
    home = tmp_path / "real"
    home.mkdir()
    (home / "config.toml").write_text(
        '[[accounts]]\nid = "1"\nname = "shop"\nchannel = "email"\naddress = "shop@x.test"\n', "utf-8"
    )
    before = (home / "config.toml").read_bytes()
    status, out, err = run("--home", str(home), "demo")
    assert (status, out) == (2, "")
    assert "real desk" in err
    assert (home / "config.toml").read_bytes() == before
    assert not (home / "data" / "spool" / "demo").exists()


@pytest.mark.parametrize("speed", ["0", "-1", "fast"])
def test_a_speed_that_is_none_is_refused(run, tmp_path, speed):
    assert run("--home", str(tmp_path / "home"), "demo", "--speed", speed)[0] == 2
