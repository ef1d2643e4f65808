"""One quick reply to all that a search finds, on the command line: looked at first, then written, then taken back."""

import json

import pytest

from agentdesk import config
from agentdesk.channels import Arrival, Batch
from agentdesk.channels.mime import read_mail
from agentdesk.config import Home
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.engine.start import open_desk
from cli.test_quick import CATALAN, CONFIG, NOON

SPANISH = "Hola, buenos días. ¿Dónde está mi pedido? Todavía no ha llegado y lo necesito para mañana. Gracias"
LATE = """
[title]
en = "Strike"
es = "Huelga"
ca = "Vaga"
[text]
en = "The couriers are on strike, {{customer.first_name|dear customer}}. It comes {{?day}}."
es.tu = "Hay huelga de mensajeros, {{customer.first_name|cliente}}. Llega {{?day}}."
es.usted = "Hay huelga de mensajeros, {{customer.first_name|cliente}}. Llega {{?day}}."
ca.tu = "Hi ha vaga de missatgers, {{customer.first_name|client}}. Arriba {{?day}}."
ca.voste = "Hi ha vaga de missatgers, {{customer.first_name|client}}. Arriba {{?day}}."
"""


@pytest.fixture
def three(tmp_path):
    """Two who wait for a parcel, and one who asks something else."""
    home = Home.under(tmp_path / "home")
    home.make()
    home.config_file.write_text(CONFIG.format(form="tu"), "utf-8")
    (home.config / "replies").mkdir()
    (home.config / "replies" / "vaga.toml").write_text(LATE, "utf-8")
    desk = open_desk(home, config.load(home), "Joan")
    people = (
        ("Mercè Puig", "Paquet", CATALAN),
        ("Lucía Gil", "Paquet", SPANISH),
        ("Emily", "Sizes", "Hello"),
    )
    arrivals = tuple(
        Arrival(Place("box", "INBOX", 1, n), NOON, _raw(n, *who), 100, role="inbox")
        for n, who in enumerate(people, 1)
    )
    Intake(desk, "box", read_mail).take(Batch("cursor", arrivals))
    desk.close()
    return home


def _raw(n, name, subject, body):
    return (
        f"From: {name} <p{n}@x.test>\r\nTo: hola@vimet.test\r\nSubject: {subject}\r\nMessage-ID: <{n}@x.test>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


def test_a_dry_run_shows_who_gets_what_and_writes_nothing_then_all_are_answered_and_one_undo_takes_it_back(
    three, run
):
    send = (
        "quick",
        "send",
        "vaga",
        "--filter",
        "subject:paquet",
        "--var",
        "day=dilluns",
        "--var",
        "day.es=lunes",
    )
    status, out, err = run(*send, "--dry-run", "--json")
    assert (status, err) == (0, "")
    looked = json.loads(out)
    assert {each["ticket"]: each["text"] for each in looked["answers"]} == {
        1: "Hi ha vaga de missatgers, Mercè. Arriba dilluns.",
        2: "Hay huelga de mensajeros, Lucía. Llega lunes.",
    }
    assert json.loads(run("outbox", "list", "--json")[1]) == []
    assert "2 tickets get this answer" in run(*send, "--dry-run")[1]
    sent = json.loads(run(*send, "--hold", "60", "--json")[1])
    assert {each["ticket"] for each in sent["answers"] if each["message"]} == {1, 2}
    assert {row["state"] for row in json.loads(run("outbox", "list", "--json")[1])} == {"held"}
    assert json.loads(run("show", "1", "--json")[1])["status"] == "waiting_customer"
    assert json.loads(run("undo", "--json")[1])["undone"] == 2
    assert json.loads(run("outbox", "list", "--json")[1]) == []


def test_a_value_that_is_missing_for_all_and_one_that_nobody_asks_for_are_named_and_nothing_is_written(
    three, run
):
    send = ("quick", "send", "vaga", "--filter", "subject:paquet")
    status, _, err = run(*send)
    assert status == 2
    assert "--var day=..." in err
    status, _, err = run(*send, "--var", "dya=x")
    assert status == 2
    assert "day" in err
    assert run("quick", "send", "vaga", "--filter", "subject:nothing", "--var", "day=x")[0] == 1
    assert json.loads(run("outbox", "list", "--json")[1]) == []


def test_a_view_of_ones_own_narrows_whom(three, run):
    assert run("view", "add", "merce", "--view", "all", "--filter", "from:p1@x.test")[0] == 0

    def whom(view):
        words = ("quick", "send", "vaga", "--filter", "subject:paquet", "--view", view, "--var", "day=7")
        status, out, err = run(*words, "--dry-run", "--json")
        assert status == 0, err
        return [each["ticket"] for each in json.loads(out)["answers"]]

    assert (whom("Merce"), sorted(whom("INBOX"))) == ([1], [1, 2])
    assert run("quick", "send", "vaga", "--filter", "x", "--view", "mecre")[0] == 2
