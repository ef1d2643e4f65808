"""Whom a note speaks to: as people type names in a hurry, and nobody else's."""

import pytest

from agentdesk.engine.note import note
from agentdesk.store import handover
from desks import Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "agent", "meant"),
    [
        ("@lucia mira esto", "Lucía", True),
        ("@LUCÍA", "Lucia", True),
        ("mira-ho, @Núria.", "nuria", True),
        ("(@Ana Maria) sisplau", "Ana Maria", True),
        ("@Anabel mira esto", "Ana", False),
        ("lucia@x.test", "Lucía", False),
        ("Lucía", "Lucía", False),
    ],
)
def test_a_note_speaks_to_whom_it_names(bench, text, agent, meant):
    note(bench.desk, bench.id(1), text)
    with bench.reading() as connection:
        found = handover.mentions(connection, bench.store.blobs, agent, "2026-01-01", 10)
    assert [each.text for each in found] == ([text] if meant else [])
