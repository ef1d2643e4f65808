"""Forgetting a person leaves no byte: the files are searched."""

from datetime import timedelta

import pytest

from agentdesk.core.commands import Assign, Merge, Snooze, Tag
from agentdesk.engine.forgetting import forget
from agentdesk.engine.note import note
from agentdesk.engine.ticker import wake
from agentdesk.store import pack
from agentdesk.store.digest import digest
from desks import SHOP, Bench

WORDS = ("zanahoria", "remolatxa", "marisol", "ortigosa", "factura-secreta", "calabacin")


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def fill(bench: Bench) -> None:
    who = "Marisol Ortigosa <marisol.ortigosa@x.test>"
    attached = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nuna zanahoria\r\n--b\r\nContent-Type: text/plain; name=factura-secreta.txt\r\n"
        "Content-Disposition: attachment; filename=factura-secreta.txt\r\n\r\nx\r\n--b--"
    )
    bench.mail(body, sender=who, subject="La zanahoria", message_id="<zanahoria@x.test>", extra=attached)
    bench.mail("la remolatxa " * 3000, sender=who, reply_to="<zanahoria@x.test>")
    bench.mail("resposta a Marisol", sender=SHOP, to=who, reply_to="<zanahoria@x.test>", role="sent")
    note(bench.desk, bench.id(1), "dice que calabacin")
    bench.desk.do(Assign(bench.id(1), "Joan"))
    bench.mail("otro cliente", sender="pep@y.test", extra=f"Cc: {who}\r\n", message_id="<pep@y.test>")
    bench.desk.do(Tag(bench.id(2), add=("urgente",)))
    bench.mail("y otro", sender="ana@y.test")
    bench.desk.do(Merge(bench.id(3), bench.id(2)))


def bytes_on_disk(bench: Bench) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(bench.folder.rglob("*")) if path.is_file()).lower()


def test_before_the_erase_the_words_are_found_in_the_open(bench):
    """Otherwise the next test could not fail: search terms lie uncompressed in the index."""
    fill(bench)
    found = bytes_on_disk(bench)
    assert all(word.encode() in found for word in ("zanahoria", "remolatxa", "marisol", "factura-secreta"))


def test_after_the_erase_no_byte_is_left(bench):
    fill(bench)
    with bench.reading() as connection:
        customer = connection.execute(
            "SELECT customer FROM identity WHERE address LIKE 'marisol%'"
        ).fetchone()[0]
    forget(bench.desk, customer)
    found = bytes_on_disk(bench)
    left = [word for word in WORDS if word.encode() in found]
    assert left == []
    texts = [m.text for m in bench.messages(1)]
    assert texts == [""] * 4
    assert all(m.erased for m in bench.messages(1))
    assert bench.messages(2)[0].text.strip() == "otro cliente"


def test_a_ticket_of_whoever_was_forgotten_is_no_work_any_more(bench):
    bench.mail("¿Dónde está mi pedido?", sender="Ana <ana@x.test>")
    bench.mail("¿Y el mío?", sender="Pep <pep@x.test>")
    bench.desk.do(Snooze(bench.id(1), bench.clock.at + timedelta(days=2)))
    bench.mail("¿Hola?", sender="Ana <ana@x.test>", subject="Otra cosa")
    forget(bench.desk, bench.ticket(1).row.customer)
    assert [row.number for row in bench.queue("inbox")] == [2]
    for number in (1, 3):
        view = bench.ticket(number)
        assert view.row.status == "closed"
        assert view.row.next_due_at is None
        assert {clock["state"] for clock in view.clocks} <= {"void", "met"}
    bench.clock.go(days=3)
    wake(bench.desk)
    assert [row.number for row in bench.queue("inbox")] == [2]


def test_a_rebuild_after_an_erase_gives_the_same_rows(bench):
    fill(bench)
    with bench.reading() as connection:
        customer = connection.execute(
            "SELECT customer FROM identity WHERE address LIKE 'marisol%'"
        ).fetchone()[0]
    forget(bench.desk, customer)
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


def test_a_stranger_who_answered_them_stays_and_is_found(bench):
    bench.mail("hola", sender="ana@x.test", message_id="<ana@x.test>")
    bench.mail("una calabaza", sender="Otro <otro@y.test>", subject="calabaza", reply_to="<ana@x.test>")
    with bench.reading() as connection:
        customer = connection.execute(
            "SELECT customer FROM identity WHERE address = 'ana@x.test'"
        ).fetchone()[0]
    forget(bench.desk, customer)
    (message,) = bench.messages(2)
    assert (message.name, message.subject, message.erased) == ("Otro", "calabaza", False)
    with bench.reading() as connection:
        assert (
            len(connection.execute("SELECT rowid FROM search WHERE search MATCH 'calabaza'").fetchall()) == 1
        )
        assert (
            connection.execute("SELECT rowid FROM search WHERE search MATCH 'hola OR ana'").fetchall() == []
        )


def erased(bench: Bench, raw: bytes) -> None:
    bench.mail(raw=raw)
    with bench.reading() as connection:
        customer = connection.execute(
            "SELECT customer FROM identity WHERE address LIKE 'marisol%'"
        ).fetchone()[0]
    forget(bench.desk, customer)


def letter(body: bytes) -> bytes:
    return (
        b"From: Marisol <marisol@x.test>\r\nTo: soporte@shop.test\r\nSubject: X\r\nMessage-ID: <z@x>\r\n\r\n"
        + body
    )


@pytest.mark.parametrize(
    "body", [b"la zanahoria\r\n", b"la zanahoria y la remolacha\r\n" * 40], ids=["plain", "packed"]
)
def test_a_new_sync_does_not_bring_the_person_back(bench, body):
    raw = letter(body)
    kept = pack(raw)
    assert kept.packed is (len(body) > 100)
    erased(bench, raw)
    assert bench.mail(raw=raw).duplicates == 1
    left = bytes_on_disk(bench)
    assert b"zanahoria" not in left
    assert kept.data.lower() not in left


def test_what_came_again_while_somebody_read_goes_with_the_next_that_is_written(bench):
    raw = letter(b"la zanahoria\r\n")
    erased(bench, raw)
    with bench.reading() as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM event").fetchone()
        assert bench.mail(raw=raw).duplicates == 1
        assert b"zanahoria" in bytes_on_disk(bench)
    bench.desk.do(Assign(bench.id(1), "Joan"))
    assert b"zanahoria" not in bytes_on_disk(bench)


def test_who_answers_what_was_forgotten_begins_a_matter_of_their_own(bench):
    bench.mail("hola", sender="ana@x.test", message_id="<ana@x.test>", extra="Cc: eva@y.test\r\n")
    with bench.reading() as connection:
        sql = "SELECT customer FROM identity WHERE address = 'ana@x.test'"
        customer = connection.execute(sql).fetchone()[0]
    forget(bench.desk, customer)
    bench.mail("una calabaza", sender="eva@y.test", reply_to="<ana@x.test>")
    assert [(message.text.strip(), message.erased) for message in bench.messages(2)] == [
        ("una calabaza", False)
    ]
    assert [message.erased for message in bench.messages(1)] == [True]
