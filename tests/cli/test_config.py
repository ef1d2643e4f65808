"""`config validate`: whatever another command would refuse is found there, with file, line and what to do."""

import json

import pytest

from agentdesk.config import Home

ACCOUNT = '[[accounts]]\nid = "{name}"\nname = "{name}"\nchannel = "email"\naddress = "soporte@shop.test"\n'


@pytest.fixture
def home(tmp_path):
    found = Home.under(tmp_path / "home")
    found.make()
    (found.config / "calendars").mkdir()
    return found


def told(run, home, text):
    """What `config validate` says of config.toml: its status, the document, and the lines for people."""
    home.config_file.write_text(text, "utf-8")
    status, out, _ = run("config", "validate", "--json")
    return status, json.loads(out), run("config", "validate")[1].splitlines()


def test_a_calendar_that_is_not_there_is_found_where_config_names_it(run, home):
    status, found, lines = told(run, home, '[desk]\nzone = "UTC"\ncalendar = "tiendas"\n')
    assert (status, found["valid"]) == (2, False)
    (problem,) = found["problems"]
    assert (problem["line"], problem["key"], problem["in_force"]) == (3, "desk.calendar", True)
    assert "tiendas.toml" in problem["reason"]
    assert lines[0].startswith(f"{home.config_file}:3: desk.calendar: ")
    status, _, err = run("queue", "--json")
    assert (status, json.loads(err)["remedy"]) == (
        2,
        "Write the file, or name another one: calendar under [desk] in config.toml.",
    )


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('country = "ES"\nregion = "Cataluna"\n', "region", 2),
        ('[week]\nlunes = ["10:00-14:00"]\n', "week.lunes", 2),
        ('[week]\nmonday = ["10:00-14:00"]\n[holidays]\n"2026-02-30" = "x"\n', 'holidays."2026-02-30"', 4),
        ('[week]\nmonday = ["14:00-10:00"]\n', "week.monday", 2),
    ],
)
def test_a_calendar_that_every_command_refuses_is_refused_by_validate(run, home, text, key, line):
    (home.config / "calendars" / "shop.toml").write_text(text, "utf-8")
    status, found, _ = told(run, home, '[desk]\nlanguage = "en"\ncalendar = "shop"\n')
    (problem,) = found["problems"]
    assert (status, problem["key"], problem["line"]) == (2, key, line)
    assert run("queue")[0] == 2


def test_what_only_a_part_would_refuse_is_named_with_its_line(run, home):
    text = (
        '[desk]\nlanguage = "en"\n[[views]]\nname = "late"\nfilter = "is:overdue"\n'
        '[[views]]\nname = "vip"\nfilter = "etiqueta:vip"\n[rules]\non = ["nope"]\n[keys]\n"ticket.resolv" = "e"\n'
    )
    status, found, lines = told(run, home, text)
    assert status == 1
    assert [(each["key"], each["line"], each["in_force"]) for each in found["problems"]] == [
        ("keys.ticket.resolv", 12, False), ("views.vip.filter", 8, False), ("rules.on", 10, False),
    ]  # fmt: skip
    assert lines[-1] == f"{home.config_file} can be used, but not all of it."
    status, _, err = run("queue", "--view", "vip")
    assert (status, f"{home.config_file}:8: views.vip.filter: " in err, "--help" in err) == (2, True, False)
    status, _, err = run("queue", "--filter", "etiqueta:vip")
    assert (status, "--help" in err) == (2, True)


def test_a_view_with_a_wrong_filter_is_said_by_the_list_and_the_doctor(run, home):
    told(run, home, '[desk]\nlanguage = "en"\n[[views]]\nname = "vip"\nfilter = "etiqueta:vip"\n')
    status, out, err = run("view", "list")
    assert (status, "vip" in out, f"{home.config_file}:5: views.vip.filter: " in err) == (0, True, True)
    checks = {each["name"]: each for each in json.loads(run("doctor", "--json")[1])["checks"]}
    assert not checks["view vip"]["ok"]
    assert str(home.config_file) in checks["view vip"]["remedy"]


def test_two_accounts_of_one_address_are_a_doubt_and_no_fault(run, home):
    status, found, lines = told(run, home, ACCOUNT.format(name="uno") + ACCOUNT.format(name="dos"))
    assert (status, found["valid"], found["problems"]) == (0, True, [])
    (doubt,) = found["warnings"]
    assert (doubt["key"], doubt["line"], "uno" in doubt["reason"]) == ("accounts.dos.address", 10, True)
    assert len(lines) == 2


def refused(run, home, text):
    """What `config validate` says of a config.toml that it refuses: the problems, and the lines for people."""
    home.config_file.write_text(text, "utf-8")
    status, out, err = run("config", "validate", "--json")
    assert (status, out, json.loads(err)["code"]) == (2, "", "config")
    return json.loads(err)["problems"], run("config", "validate")[2].splitlines()


def test_everything_that_is_wrong_in_the_file_itself_is_said_in_one_run(run, home):
    text = (
        '[desk]\nlanguage = "en"\nzone = "Europe/Madird"\ncalendar = "tiendas"\n'
        + ACCOUNT.format(name="uno")
        + 'adress = "x"\nimap = "imapss://x"\nwaiting_days = "a week"\n[[accounts]]\nname = "dos"\n'
        + '[[views]]\nname = "inbox"\n[ui]\ntheme = "draclua"\n[segments]\nvip = "tga:vip"\nbig = "tickets:many"\n'
        + '[keys]\n"ticket.resolv" = "e"\n"ticket.note" = "ctrl+foo"\n'
    )
    problems, lines = refused(run, home, text)
    assert [(each["line"], each["key"]) for each in problems if each["in_force"]] == [
        (3, "desk.zone"), (10, "accounts.uno.adress"), (11, "accounts.uno.imap"), (12, "accounts.uno.waiting_days"),
        (13, "accounts.dos.id"), (13, "accounts.dos.channel"), (16, "views.inbox.name"), (18, "ui.theme"),
        (20, "segments.vip"), (21, "segments.big"), (4, "desk.calendar"),
    ]  # fmt: skip
    keys = [(each["line"], each["key"], each["nearest"]) for each in problems if not each["in_force"]]
    assert keys == [(23, "keys.ticket.resolv", "ticket.resolve"), (24, "keys.ticket.note", "ctrl+f")]
    assert lines[0] == "The configuration cannot be used"
    assert lines[1].startswith(f"{home.config_file}:3: desk.zone: ")
    assert len(lines) == 1 + len(problems) + 1
    assert run("queue")[0] == 2


def test_what_is_no_table_lacks_nothing(run, home):
    problems, _ = refused(run, home, "accounts = [7]\nviews = 3\n")
    assert [each["key"] for each in problems] == ["accounts[0]", "views"]


def test_a_file_that_is_no_toml_ends_with_its_line(run, home):
    home.config_file.write_text("[desk\n", "utf-8")
    status, out, err = run("config", "validate", "--json")
    assert (status, out, json.loads(err)["code"]) == (2, "", "config")
