"""What was begun in a ticket that goes into another one: it comes along, and goes back where the two are taken apart."""

from contextlib import closing

import pytest

from agentdesk.core.commands import Merge
from agentdesk.core.model import OutFile
from agentdesk.engine import enclosed, reply
from agentdesk.engine.feed import keep_draft
from agentdesk.engine.window import Window
from agentdesk.store import draft, handover
from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail("On és el paquet?")
    made.mail("I la factura?", subject="Factura")
    yield made
    made.close()


def begun(bench, number, kind="reply", agent="Joan"):
    with closing(bench.desk.reader()) as connection:
        return draft.text(connection, bench.id(number), agent, kind)


def types(bench, number, text, kind="reply", agent="Joan"):
    bench.desk.agent = agent
    keep_draft(bench.desk, bench.id(number), kind, text)
    bench.desk.agent = "Joan"


def merged(bench):
    bench.desk.do(Merge(bench.id(2), bench.id(1)))


def with_drafts(bench):
    with Window(bench.desk) as window:
        return [row.number for row in window.queue("all", only=window.search("is:draft").only())]


def test_a_draft_comes_along_and_is_seen_there(bench):
    types(bench, 2, "Us l'envio")
    types(bench, 2, "Compte amb l'IVA", "note", agent="Neus")
    merged(bench)
    assert (begun(bench, 1), begun(bench, 1, "note", "Neus")) == ("Us l'envio", "Compte amb l'IVA")
    assert begun(bench, 2) == "Us l'envio", "whoever still has the other ticket before them finds it, too"
    assert (bench.ticket(1).drafts, with_drafts(bench)) == (2, [1])
    assert sorted(bench.ticket(1).row.drafts) == ["Joan", "Neus"]
    assert [row.drafts for row in bench.queue()] == [bench.ticket(1).row.drafts]


def test_two_of_one_agent_stand_one_after_the_other(bench):
    types(bench, 1, "Ja surt")
    types(bench, 2, "Us l'envio")
    merged(bench)
    assert begun(bench, 1) == "Ja surt\n\nUs l'envio"


def test_untouched_it_goes_back_with_an_undo(bench):
    types(bench, 1, "Ja surt")
    types(bench, 2, "Us l'envio")
    merged(bench)
    reply.undo(bench.desk)
    assert (begun(bench, 1), begun(bench, 2)) == ("Ja surt", "Us l'envio")
    assert sorted(with_drafts(bench)) == [1, 2]


def test_what_was_gone_on_with_stays_where_that_was_done(bench):
    types(bench, 2, "Us l'envio")
    types(bench, 2, "Meu", agent="Neus")
    merged(bench)
    types(bench, 1, "Us l'envio demà")
    reply.undo(bench.desk)
    assert (begun(bench, 1), begun(bench, 2)) == ("Us l'envio demà", "")
    assert (begun(bench, 1, agent="Neus"), begun(bench, 2, agent="Neus")) == ("", "Meu")


def test_what_was_sent_or_emptied_comes_back_nowhere(bench):
    types(bench, 2, "Us l'envio")
    merged(bench)
    types(bench, 1, "")
    assert (begun(bench, 1), bench.ticket(1).drafts, with_drafts(bench)) == ("", 0, [])
    reply.undo(bench.desk)
    assert begun(bench, 2) == ""


def test_the_files_of_both_go_along(bench):
    for number in (1, 2):
        file = enclosed.at(f"/{number}.pdf", OutFile(f"{number}.pdf", "application/pdf", b"x"))
        types(bench, number, enclosed.keeping("", "reply", [file]), enclosed.KIND)
    merged(bench)
    names = [each.name for each in enclosed.enclosed(begun(bench, 1, enclosed.KIND), "reply")]
    assert names == ["1.pdf", "2.pdf"]


def test_whoever_takes_over_finds_it_under_the_ticket_that_is_shown(bench):
    types(bench, 2, "Us l'envio")
    merged(bench)
    with closing(bench.desk.reader()) as connection:
        assert [each.number for each in handover.drafts(connection, 5)] == [1]
