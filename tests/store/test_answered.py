"""What the messages of a chat answer is found with the page that is read, at the cost of one question."""

import itertools

import pytest

from agentdesk.channels import Arrival, Batch, chat
from agentdesk.channels.telegram import update
from agentdesk.core.commands import Split
from agentdesk.core.model import Place
from agentdesk.engine.intake import Intake
from agentdesk.store import reading
from desks import Bench

MARIA = {"id": 7001, "first_name": "Maria"}
_numbers = itertools.count(1)


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def writes(bench, text, to=None):
    """Maria writes by Telegram; gives the number of her message. `to`: that of the one that she answers."""
    number = next(_numbers)
    said = {"message_id": number, "from": MARIA, "chat": {**MARIA, "type": "private"}, "date": number}
    said |= {"text": text}
    said |= {"reply_to_message": {"message_id": to, "chat": MARIA}} if to else {}
    raw = chat.received("telegram", {"updates": [{"message": said}], "bot": "1"})
    arrival = Arrival(Place("bot", "x", 0, number), bench.clock.at, raw, len(raw))
    Intake(bench.desk, "bot", update.read).take(Batch(str(number), (arrival,)))
    return number


def test_what_lies_before_the_page_is_found_and_the_first_of_the_page_knows_what_was_before_it(bench):
    first = writes(bench, "Una pregunta antiga")
    second = writes(bench, "I una altra")
    writes(bench, "Aquesta", to=second)
    writes(bench, "No, aquella", to=first)
    told = [each.answers and each.answers.words for each in bench.messages(1, limit=2)]
    assert told == [None, "Una pregunta antiga"]
    assert [each.answers and each.answers.words for each in bench.messages(1)][2:] == told


def test_what_is_unknown_or_in_another_ticket_is_not_named(bench):
    first = writes(bench, "Una pregunta")
    writes(bench, "Espera")
    writes(bench, "Aquesta", to=first)
    writes(bench, "I això", to=99_999)
    messages = bench.messages(1)
    assert [bool(each.answers) for each in messages] == [False, False, True, False]
    bench.desk.do(Split(messages[2].id))
    (apart,) = bench.messages(2)
    assert (apart.text, apart.answers) == ("Aquesta", None)


def test_a_mail_quotes_what_it_answers_and_nothing_is_said_beside(bench):
    bench.mail("Una pregunta")
    bench.mail("Espera")
    bench.mail("Aquesta", reply_to="<m1@x.test>")
    assert [each.answers for each in bench.messages(1)] == [None, None]


def test_a_whole_page_costs_one_question_more_which_goes_along_indexes(bench):
    first = writes(bench, "Una pregunta")
    for _ in range(12):
        writes(bench, "Doncs", to=first)

    def asked(mail_id):
        found: list[str] = []
        with bench.reading() as connection:
            connection.set_trace_callback(found.append)
            reading.messages(
                connection, bench.store.blobs, bench.ticket(1).row.id, limit=100, mail_id=mail_id
            )
            connection.set_trace_callback(None)
        return [each for each in found if each.lstrip().startswith("SELECT")]

    plain, answered = asked(None), asked(bench.desk.seal.mail_id)
    assert len(answered) == len(plain) + 1
    (question,) = [each for each in answered if "json_each" in each]
    with bench.reading() as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}")]
    assert [each for each in plan if each.startswith("SCAN") and "VIRTUAL TABLE" not in each] == []
