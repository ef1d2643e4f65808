"""`away`: what is said by itself, and by the provider while the laptop is off."""

import json

import pytest

from agentdesk.config import Home

CONFIG = """
[desk]
zone = "Europe/Madrid"
language = "en"
calendar = "ours"
[[accounts]]
id = "a"
name = "soporte"
channel = "email"
address = "soporte@shop.test"
imap = "imaps://u@h:993"
smtp = "smtps://u@h:465"
"""


@pytest.fixture
def home(tmp_path):
    made = Home.under(tmp_path / "home")
    (made.config / "calendars").mkdir(parents=True)
    (made.config / "calendars" / "ours.toml").write_text(
        '[week]\nmonday = ["9:00-19:00"]\ntuesday = ["9:00-19:00"]\n'
    )
    made.config_file.write_text(CONFIG)
    return made


def test_the_script_is_all_of_stdout_and_what_is_left_to_do_is_said_beside_it(home, run):
    status, out, err = run("away", "sieve")
    assert (status, out[:19], out.rstrip()[-1]) == (0, "# Made by agentdesk", "}")
    assert "Our hours: Mondays and Tuesdays 9:00 to 19:00." in out
    assert "agentdesk away covered closed" in err
    both = json.loads(
        run("away", "sieve", "--account", "soporte", "--language", "es", "--language", "ca", "--json")[1]
    )
    assert "Nuestro horario: lunes y martes de 9:00 a 19:00." in both["script"]
    assert "El nostre horari: dilluns i dimarts de 9:00 a 19:00." in both["script"]
    assert run("away", "covered", "closed")[0] == 0
    assert 'email = "closed"' in home.config_file.read_text()
    assert run("away", "sieve")[2] == "", "it is said already"
    assert json.loads(run("away", "covered", "--json")[1]) == {"email": "closed", "whatsapp": "none"}


def test_the_app_s_text_and_what_goes_now(home, run):
    document = json.loads(run("away", "whatsapp", "--json")[1])
    assert document["text"].rstrip().endswith("Our hours: Mondays and Tuesdays 9:00 to 19:00.")
    assert "may take no more" not in run("away", "whatsapp")[2]
    both = run("away", "whatsapp", "--language", "es", "--language", "ca")
    assert (both[0], "may take no more than 200" in both[2]) == (0, True)
    now = json.loads(run("away", "show", "--language", "es", "--chat", "--json")[1])
    assert (now["kind"] in {"ack", "away"}, list(now["texts"])) == (True, ["es"])


def test_what_is_wrong_is_said_and_nothing_is_written(home, run):
    before = home.config_file.read_text()
    assert run("away", "covered", "laptop")[0] == 2, "there is no calendar of the laptop's"
    assert "did you mean closed" in run("away", "covered", "closd")[2]
    assert run("away", "sieve", "--account", "soprte")[0] == 3
    home.config_file.write_text(before.replace('calendar = "ours"', ""))
    status, out, err = run("away", "sieve")
    assert (status, out) == (1, "")
    assert "no opening hours" in err
