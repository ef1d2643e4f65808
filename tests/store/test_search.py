"""Search finds what a reader of every message would find, in the same order, whatever is typed."""

import contextlib
import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk.core.commands import Assign, Merge, Resolve, Snooze, Tag, Undo
from agentdesk.core.instant import moment
from agentdesk.core.keeping import NoteCustomer, SetProfile
from agentdesk.core.query import Known, QueryError, Word, parse
from agentdesk.core.widening import wide, words
from agentdesk.engine.forgetting import forget
from agentdesk.engine.note import note
from agentdesk.engine.seek import Names, Search
from agentdesk.errors import UsageError
from agentdesk.store import queue, search
from agentdesk.store.widening import widened
from desks import MONDAY, SHOP, Bench
from store.reader import MADRID, WORDS, Reader, question

CORPUS = Path(__file__).parents[3] / "shared/corpora/term-blns/blns.json"
PEOPLE = ("María Puig <maria@x.test>", "Pep O'Neill <pep@y.test>", "Núria <nuria@z.test>", "maria@z.test")
FILES = ("foto.jpg", "Factura_2026.pdf", "factura devolución.pdf")


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def with_file(name: str, body: str) -> tuple[str, str]:
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    parts = f'--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n--b\r\nContent-Type: image/jpeg; name="{name}"\r\n'
    return head, f'{parts}Content-Disposition: attachment; filename="{name}"\r\n\r\nx\r\n--b--'


def fill(bench: Bench, dice: random.Random, count: int) -> None:
    """A small desk with everything in it: answers, notes, merges, machine mail, files, history, a forgotten customer."""
    for n in range(1, count + 1):
        bench.clock.go(minutes=dice.randint(1, 90))
        body = "\n".join(
            " ".join(dice.choices(WORDS, k=dice.randint(1, 6))) for _ in range(dice.randint(1, 4))
        )
        subject, extra = " ".join(dice.choices(WORDS, k=dice.randint(1, 3))), ""
        if dice.random() < 0.2:
            extra, body = with_file(dice.choice(FILES), body)
        if dice.random() < 0.2:
            extra += f"Cc: {dice.choice(PEOPLE)}\r\n"
        if dice.random() < 0.1:
            extra += "Auto-Submitted: auto-replied\r\n"
        who, reply_to = dice.choice(PEOPLE), f"<n{dice.randint(1, n)}@x.test>" if dice.random() < 0.4 else ""
        ours = dice.random() < 0.15
        bench.mail(
            body,
            subject=subject,
            extra=extra,
            reply_to=reply_to,
            message_id=f"<n{n}@x.test>",
            sender=SHOP if ours else who,
            to=who if ours else dice.choice((SHOP, f"Botiga <{SHOP}>, Ana Gómez <ana@w.test>")),
            role="sent" if ours else "inbox",
            before=dice.random() < 0.1,
        )
    numbers = [row.number for row in bench.queue("all", 1000)]
    for number in dice.sample(numbers, len(numbers) // 2):
        act(bench, dice, number, numbers)


def act(bench: Bench, dice: random.Random, number: int, numbers: list[int]) -> None:
    ticket = bench.ticket(number).row.id
    other = bench.ticket(dice.choice(numbers)).row.id
    with contextlib.suppress(Exception):  # a refusal is as good as an act here
        match dice.randint(0, 6):
            case 0:
                bench.desk.do(Assign(ticket, dice.choice(("Joan", "Núria"))))
            case 1:
                bench.desk.do(Tag(ticket, add=(dice.choice(("vip", "devolución")),)))
            case 2:
                bench.desk.do(Snooze(ticket, bench.clock.at + timedelta(days=1)))
            case 3:
                bench.desk.do(Resolve(ticket))
            case 4:
                bench.desk.do(Merge(ticket, other))
            case _:
                note(bench.desk, ticket, " ".join(dice.choices(WORDS, k=3)))
                if dice.random() < 0.3:
                    bench.desk.do(Undo())


@pytest.mark.parametrize("widely", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_finds_what_a_reader_of_every_message_finds(bench, seed, widely):
    dice = random.Random(seed)
    fill(bench, dice, 60)
    context = search.Context(bench.clock.at, "Joan", MADRID)
    hits = more = 0
    with bench.reading() as connection:
        reader = Reader(bench, connection)
        for _ in range(250):
            text, meaning = question(dice, reader)
            query = parse(text, Known(bench.clock.at, MADRID))
            if widely:
                query = widened(connection, query, context)
            reader.others = {word.text: word.others for word in words(query)}
            wanted = [m for m in reader.messages if meaning(m)]
            if widely:
                wanted.sort(key=lambda m: (day(m), reader.exactly(meaning, m), m["n"]), reverse=True)
            found = search.messages(connection, bench.store.blobs, query, context, limit=1000)
            assert [f.message for f in found] == [m["id"] for m in wanted], text
            assert [f.ticket for f in found] == [m["root"]["number"] for m in wanted], text
            page = search.messages(connection, bench.store.blobs, query, context, limit=3)
            if page:
                assert search.beyond(connection, query, context, page[-1].key) == len(found) - len(page)
                page += search.messages(
                    connection, bench.store.blobs, query, context, limit=999, before=page[-1].key
                )
                assert search.beyond(connection, query, context, page[0].key) == len(found) - 1
            assert page == found, text
            only = search.tickets(connection, query, context)
            shown = queue.queue(connection, "all", bench.clock.at, "Joan", limit=1000, only=only)
            everything = queue.queue(connection, "all", bench.clock.at, "Joan", limit=1000)
            roots = {m["root"]["id"] for m in wanted}
            assert shown == [row for row in everything if row.id in roots], text
            hits += len(wanted)
            more += sum(not reader.exactly(meaning, m) for m in wanted)
    assert hits > 1000
    assert (more > 50) == widely


def day(message):
    return moment(message["received_at"]).astimezone(MADRID).date()


def look(bench: Bench, text: str, **options) -> list:
    with bench.reading() as connection:
        return Search(bench.desk, connection, text, **options).messages()


def test_a_filter_leaves_the_queue_in_its_order_and_pages(bench):
    for n in range(12):
        bench.mail(f"pedido {n}" if n % 2 else "otra cosa", sender=f"c{n}@x.test")
        bench.clock.go(minutes=7)
    with bench.reading() as connection:
        for text in (
            "pedido",
            "-pedido",
            "from:c3@x.test OR is:overdue",
            "is:unread",
            "pedido is:unread",
            "to:soporte",
        ):
            only = Search(bench.desk, connection, text).only()
            numbers = {f.ticket for f in Search(bench.desk, connection, text).messages()}
            for view in ("inbox", "unassigned", "overdue", "all", "resolved"):
                rest = queue.queue(connection, view, bench.clock.at, "Joan")
                wanted = [row for row in rest if row.number in numbers]
                assert queue.queue(connection, view, bench.clock.at, "Joan", only=only) == wanted
                some = queue.queue(connection, view, bench.clock.at, "Joan", only=only, limit=2)
                if some:
                    after = some[-1].key
                    some += queue.queue(connection, view, bench.clock.at, "Joan", only=only, after=after)
                assert some == wanted


def test_notes_and_undone_notes_and_merged_tickets(bench):
    bench.mail("primero", message_id="<a@x.test>")
    bench.mail("segundo", sender="pep@y.test")
    note(bench.desk, bench.id(2), "la nota dice berenjena")
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    assert [f.ticket for f in look(bench, "berenjena")] == [1]
    assert [f.ticket for f in look(bench, "#2")] == [1, 1, 1]
    assert [f.ticket for f in look(bench, "#2,7")] == [1, 1, 1]
    note(bench.desk, bench.id(1), "calabaza")
    assert len(look(bench, "calabaza")) == 1
    bench.desk.do(Undo())
    assert look(bench, "calabaza") == []


def test_a_forgotten_customer_is_not_found(bench):
    bench.mail("berenjena", sender="Ana <ana@x.test>", subject="Calabaza")
    assert look(bench, "berenjena from:ana")
    forget(bench.desk, bench.ticket(1).row.customer)
    for text in ("berenjena", "from:ana", "-nada", "customer:ana", "#1"):
        assert look(bench, text) == []


def test_what_the_shop_wrote_down_of_a_customer_finds_what_is_theirs(bench):
    for name in ("ana", "pep", "núria"):
        bench.mail(f"Hola, soy {name}", sender=f"{name[0]}@x.test")
        bench.clock.go(minutes=7)
    bench.mail("¿Es C-77 mi número?", sender="p@x.test")
    ana, pep = (bench.ticket(number).row.customer for number in (1, 2))
    bench.desk.do(SetProfile(ana, (("número", "C-77"), ("company", "Forn Puig"))))
    bench.desk.do(NoteCustomer(pep, "prefiere correo"))
    assert [hit.ticket for hit in look(bench, "c-77")] == [4, 1]
    said, noted = look(bench, "C-77", prefix_last=True)
    assert (said.ticket, noted.ticket) == (4, 1)
    assert noted.snippet == "número: C-77", "the hit says why it is one"
    assert [noted.snippet[start:end] for start, end in noted.spans] == ["C-77"]
    bench.mail("a message for Puig", sender="x@x.test")
    assert [(hit.ticket, hit.snippet) for hit in look(bench, "forn puig")] == [(1, "Forn Puig")]
    assert [hit.ticket for hit in look(bench, "customer:c-77")] == [1]
    assert [hit.ticket for hit in look(bench, "-forn c-77")] == [4], "more than the field's value was typed"
    assert [hit.ticket for hit in look(bench, '"C-77"')] == [4, 1], "quotation marks take nothing away"
    assert [(hit.ticket, hit.snippet) for hit in look(bench, '"Forn Puig"')] == [(1, "Forn Puig")]
    assert look(bench, '"Puig Forn"') == []
    assert look(bench, "prefiere correo") == []
    with bench.reading() as connection:
        found = Search(bench.desk, connection, "C-77")
        first = found.messages(limit=1)
        assert [hit.ticket for hit in found.messages(before=first[0].key)] == [1]
        assert found.beyond(first[0].key) == 1
        shown = queue.queue(connection, "inbox", bench.clock.at, "Joan", only=found.only())
        assert {row.number for row in shown} == {1, 4}
    bench.desk.do(Undo())  # the note
    bench.desk.do(Undo())
    assert [hit.ticket for hit in look(bench, "c-77")] == [4]


def test_alternatives_with_few_hits_are_not_looked_for_among_all_messages(bench):
    for number in range(30):
        bench.mail("pedido raro" if number == 3 else "pedido", sender=f"c{number}@x.test")
    context = search.Context(bench.clock.at, "Joan", MADRID)
    with bench.reading() as connection:
        for text, scanned in (("raro OR customer:c7@x.test", False), ("raro OR has:attachment", True)):
            asked: list[str] = []
            connection.set_trace_callback(asked.append)
            found = search.messages(
                connection, bench.store.blobs, parse(text, Known(bench.clock.at, MADRID)), context
            )
            connection.set_trace_callback(None)
            assert {hit.ticket for hit in found} == ({4, 8} if not scanned else {4})
            (walk,) = [sql for sql in asked if "NOT INDEXED" in sql]
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {walk}"))
            assert ("SCAN m" in plan) == scanned, plan


def test_what_is_shown_is_the_line_that_was_found_with_its_places(bench):
    extra, body = with_file(
        "factura devolución.pdf", "Hola,\n\nmi número es el ES-5760120 y l’article llegó roto\n\nGracias"
    )
    bench.mail(body, subject="Pedido roto", extra=extra)
    (hit,) = look(bench, "articulo OR L'ARTICLE")
    assert hit.snippet == "mi número es el ES-5760120 y l’article llegó roto"
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["l’article"]
    (hit,) = look(bench, "numero es-5760120")
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["número", "ES-5760120"]
    assert [f.snippet for f in look(bench, "pedido")] == ["Pedido roto"]
    assert [f.snippet for f in look(bench, "devolucion")] == ["factura devolución.pdf"]
    assert [f.snippet for f in look(bench, "has:attachment")] == ["Hola,"]


def test_a_hostile_message_cannot_reach_the_terminal_by_a_snippet(bench):
    bench.mail("hola \x1b[2J\x1b]52;c;eA==\x07 pedido \u202e fin")
    (hit,) = look(bench, "pedido")
    assert hit.snippet.isprintable()


def test_while_typing_the_last_word_may_go_on(bench):
    bench.mail("una devolución", sender="maria@x.test")
    with bench.reading() as connection:
        for text in ("devo", "from:mar", '"una devo', "una dev"):
            assert len(Search(bench.desk, connection, text, prefix_last=True).messages()) == 1
            assert Search(bench.desk, connection, text.replace('"', "")).messages() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("statsu:open", "did you mean status:?"),
        ("is:unraed", "did you mean unread?"),
        ("account:soprte", "did you mean soporte?"),
        ("assignee:Jon", "did you mean Joan?"),
        ("sla:x", "it can be breached"),
        ("before:{soon}", "{soon}"),
        ('"', "quotation mark"),
    ],
)
def test_a_wrong_word_is_an_error_that_says_what_is_right(bench, text, said):
    bench.mail()
    with bench.reading() as connection, pytest.raises(UsageError) as caught:
        Search(bench.desk, connection, text, Names({"soporte": "mailbox"}, ("Pep",)))
    assert said in caught.value.values["reason"]


def test_an_agent_who_left_can_still_be_asked_for(bench):
    bench.mail()
    bench.desk.do(Assign(bench.id(1), "Abel"))
    assert len(look(bench, "assignee:abel")) == 1


HOSTILE = (
    "'; DROP TABLE message; --", '" OR 1=1', '"a" NEAR/2 "b"', "NEAR(a b)", "a*b", "^a", "{subject}: a", "subject : a",
    "a + b", "rowid:1", "-", "*", '"""', "a\0b", "\0", "%s %d {} {0}", ":q0", "?1", "@x $y", "\ud800x", "x'", "''", "body:a",
    "rank:x", "to:'", "to:%", 'from:"a\'; --"', "customer:'", "tag:\"'\"", "kind:\"'\"", "a" * 2000, "(" * 17, "é\u0301" * 50,
    "#0", "#999999999999999", "before:9999-12-31", "after:0001-01-01", "-(-(-a))", "AND", "NOT", "a NOT b", "OR OR",
)  # fmt: skip


def unharmed(bench: Bench, texts) -> int:
    """Runs everything that may be typed; nothing but a refusal in words may come of it."""
    ran = 0
    context = search.Context(bench.clock.at, "Joan")
    with bench.reading() as connection:
        for text in texts:
            for typing in (False, True):
                with contextlib.suppress(QueryError):
                    query = parse(text, Known(bench.clock.at), prefix_last=typing)
                    for each in (query, widened(connection, query, context)):
                        search.messages(connection, bench.store.blobs, each, context)
                        only = search.tickets(connection, each, context)
                        queue.queue(connection, "inbox", bench.clock.at, "Joan", only=only)
                        ran += 1
        assert connection.execute("SELECT count(*) FROM message").fetchone()[0] == 2
    return ran


def test_nothing_typed_is_ever_taken_for_sql_or_for_the_index_s_own_language(bench):
    bench.mail("hola'; DROP TABLE message; --")
    bench.mail("NEAR AND OR NOT")
    operators = ("", "from:", "to:", "subject:", "file:", "customer:", "tag:", "kind:", "-")
    assert unharmed(bench, (f"{op}{text}" for op in operators for text in HOSTILE)) > 400
    assert [f.ticket for f in look(bench, "NEAR")] == [2]
    assert [f.ticket for f in look(bench, "drop table")] == [1]


@pytest.mark.corpora
def test_naughty_strings(bench):
    if not CORPUS.exists():
        pytest.skip(f"not there: {CORPUS.name} in ../shared/corpora")
    bench.mail()
    bench.mail()
    strings = json.loads(CORPUS.read_text("utf-8"))
    quoted = (f'"{text}"' for text in strings[::4])
    assert unharmed(bench, (*strings, *quoted, *(f"to:{text}" for text in strings[::4]))) > 1000


def test_the_newest_hits_are_read_off_the_index_without_sorting(bench):
    bench.mail("pedido")
    context = search.Context(MONDAY, "Joan")
    plans = {}
    with bench.reading() as connection:
        for text in (
            "pedido",
            '"un pedido" from:maria -nada after:7d',
            "has:attachment",
            "is:unread pedido",
            "-pedido",
        ):
            query = wide(parse(text, Known(MONDAY)), {Word("pedido"): ("pedidos", "pedida")})
            for loose, sql, values in search._walks(connection, query, context, None):
                explained = f"EXPLAIN QUERY PLAN {sql.format(columns='m.n')}"
                plan = [row[3] for row in connection.execute(explained, {**values, "limit": 50})]
                plans[f"{text} loosely" if loose else text] = plan
    assert not [plan for plan in plans.values() if any("TEMP B-TREE" in step for step in plan)]
    assert "VIRTUAL TABLE" in plans["pedido"][0]
    assert "VIRTUAL TABLE" in plans["is:unread pedido"][0]
    assert "VIRTUAL TABLE" in plans["pedido loosely"][0]
    assert "VIRTUAL TABLE" in plans["is:unread pedido loosely"][0]
    assert len(plans) == 7
    assert plans["has:attachment"][0] == "SCAN m"
