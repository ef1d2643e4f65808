"""What is forwarded is somebody else's words: the agent is told so, and nothing is made of it that its sender did not say."""

import pytest

from agentdesk import trust
from agentdesk.core.commands import Resolve
from agentdesk.engine import survey
from agentdesk.engine.window import Window
from agentdesk.store.digest import digest
from engine.chats import chats_in


@pytest.fixture
def chats(tmp_path):
    yield from chats_in(tmp_path)


def resolved(chats):
    """Maria wrote, was answered, and it is over."""
    chats.writes("Hola, quan arriba?")
    chats.answer("Demà")
    chats.flush()
    chats.bench.desk.do(Resolve(chats.bench.id(1)))
    chats.go(hours=1)


@pytest.mark.parametrize("mark", ["forwarded", "forwarded_often", "from_ad", "about_product"])
def test_a_forwarded_five_is_no_rating_but_a_message_that_wants_an_answer(chats, mark):
    resolved(chats)
    with Window(chats.bench.desk) as window:
        row = window.ticket(1).row
    survey.ask(chats.bench.desk, chats.settings, chats.home, chats, row)
    chats.flush()
    chats.go(minutes=1)
    chats.writes("5, excelente", 2, warnings=(mark,))
    (one,) = survey.of_ticket(chats.bench.desk, chats.bench.id(1))
    assert one.score is None
    assert chats.bench.ticket(1).row.status == "open"


@pytest.mark.parametrize(
    ("marks", "status"), [((), "resolved"), (("forwarded",), "open"), (("forwarded_often",), "open")]
)
def test_forwarded_thanks_are_nobody_s_thanks(chats, marks, status):
    resolved(chats)
    chats.writes("Moltes gràcies!", 2, warnings=marks)
    assert chats.bench.ticket(1).row.status == status


def test_a_program_s_text_that_a_person_forwards_makes_no_program_of_the_person(chats):
    text = "Esta es una respuesta automática. Volveremos el lunes."
    chats.writes(text)
    chats.writes(text, 2, warnings=("forwarded",))
    one, other = chats.bench.messages(1)
    assert ("says_automatic" in one.warnings, other.warnings) == (True, ("forwarded",))


def test_the_agent_is_told_from_whom_and_no_name_stays_in_what_is_not_personal(chats):
    chats.writes("El gènere surt demà", warnings=("forwarded",), forwarded_from="Pep Sastre")
    chats.writes("Això diu", 2, warnings=("forwarded",))
    one, other = chats.bench.messages(1)
    assert trust.doubts(one) == ["Forwarded from Pep Sastre: the words are not the sender's own."]
    assert trust.doubts(other) == ["Forwarded: the words are not the sender's own."]
    connection = chats.bench.store.connection
    assert not any("Sastre" in str(row[0]) for row in connection.execute("SELECT data FROM event"))
    rows = digest(connection)
    chats.bench.store.rebuild()
    assert digest(connection) == rows
    assert chats.bench.messages(1)[0].forwarded_from == "Pep Sastre"
