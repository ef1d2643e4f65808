"""Search finds the earlier answer although the question ends differently, lost its accents or has a slip in it."""

import random
import string

import pytest

from agentdesk.core.query import Known, Word, parse
from agentdesk.core.widening import one_slip
from agentdesk.engine.forgetting import forget
from agentdesk.engine.seek import Search
from agentdesk.store import search
from agentdesk.store.vocabulary import Vocabulary
from desks import Bench
from servers import PROOF
from store.questions import Desk


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def look(bench: Bench, text: str, **options) -> list:
    with bench.reading() as connection:
        return Search(bench.desk, connection, text, **options).messages()


def tickets(bench: Bench, text: str, **options) -> list[int]:
    return [hit.ticket for hit in look(bench, text, **options)]


@pytest.mark.parametrize("seed", range(1, 6) if PROOF else [1])
def test_of_a_hundred_questions_ninety_find_the_earlier_answer_among_the_first_five(bench, seed):
    desk = Desk(bench, seed)
    assert len(desk.questions) == 100
    context = search.Context(bench.clock.at, "Joan")
    found, as_typed = set(), set()
    with bench.reading() as connection:
        assert connection.execute("SELECT count(*) FROM message").fetchone()[0] >= 2000
        for text, number in desk.questions:
            hits = Search(bench.desk, connection, text).messages(limit=5)
            if number in [hit.ticket for hit in hits]:
                found.add(text)
                assert next(hit for hit in hits if hit.ticket == number).spans, text
            query = parse(text, Known(bench.clock.at))
            hits = search.messages(connection, bench.store.blobs, query, context, limit=5)
            if number in [hit.ticket for hit in hits]:
                as_typed.add(text)
    assert len(found) >= 90, [text for text, _ in desk.questions if text not in found]
    assert len(as_typed) < 10, "these questions prove little"


@pytest.mark.parametrize(
    "words",
    [
        "devolución devoluciones", "devolució devolucions", "paquet paquets", "roto rota rotos rotas", "luz luces", "cupón cupones",
        "botiga botigues", "taronja taronges", "butaca butaques", "camí camins", "català catalans", "comanda comandes",
        "adreça adreces", "envío envíos enviado enviar", "delivery deliveries", "shelf shelves", "box boxes", "refund refunds refunded",
        "interés intereses", "autobús autobuses", "jersey jerséis", "matalàs matalassos", "preu preus", "motiu motius", "boig bojos",
        "roig rojos", "desig desitjos", "knife knives", "canvi canvis canviar", "mes mesos", "pantaló pantalons", "garantia garanties",
    ],
)  # fmt: skip
def test_each_form_of_a_word_finds_the_others(bench, words):
    forms = words.split()
    for form in forms:
        bench.mail(f"sobre {form} hola", sender=f"{len(form)}@x.test", subject="x")
    for form in forms:
        hits = look(bench, form)
        assert len(hits) == len(forms), form
        assert {hit.snippet[a:b] for hit in hits for a, b in hit.spans} == set(forms)


def test_words_of_another_matter_are_left_alone(bench):
    for word in ("color", "cola", "para", "compra", "perdido", "1234567", "talla", "taller"):
        bench.mail(f"sobre {word} hola", subject="x", sender=f"{word}@y.test")
    for word in ("color", "compra", "perdido", "1234567"):
        assert len(look(bench, word)) == 1, word


def test_within_a_day_the_word_itself_comes_first_and_a_newer_day_before_it(bench):
    for word in ("devolución", "devoluciones", "devolución", "devoluciones"):
        bench.mail(f"una {word} hoy", sender=f"a{bench.uid}@x.test")
        bench.clock.go(hours=1)
    bench.clock.go(days=1)
    bench.mail("otras devoluciones", sender="a9@x.test")
    assert tickets(bench, "devolucion") == [5, 3, 1, 4, 2]
    assert tickets(bench, "devoluciones") == [5, 4, 2, 3, 1]
    with bench.reading() as connection:
        found = Search(bench.desk, connection, "devolucion")
        whole, paged, before = found.messages(), [], None
        while page := found.messages(limit=1, before=before):
            paged += page
            before = page[-1].key
            assert found.beyond(before) == len(whole) - len(paged)
    assert paged == whole


def test_what_is_meant_word_by_word_is_taken_so(bench):
    bench.mail("dos devoluciones de Hernández", subject="Paquets", sender="Ana <ana@x.test>")
    assert tickets(bench, "devolucion") == tickets(bench, "Hernandes") == tickets(bench, "paquet") == [1]
    for exact in (
        '"devolucion"',
        '"dos devolucion"',
        '"Hernandes"',
        "subject:paquet",
        "from:anna",
        "file:x",
        "devolucione*x",
    ):
        assert tickets(bench, exact) == [], exact
    assert tickets(bench, "hola* OR devolucionn*") == []
    assert tickets(bench, "dos -devolucion") == [1], "a minus hides what was said and no more"
    assert tickets(bench, "dos -devoluciones") == []


def test_one_slip_is_forgiven_in_what_is_not_known(bench):
    bench.mail("soy Hernández, pedido ES-5760120 y nada más", sender="Ana <ana@x.test>")
    for text in (
        "hernadez",
        "Hernnandez",
        "ehrnandez",
        "hernandes",
        "Ernandez",
        "ES-5760210",
        "576012",
        "57601200",
    ):
        assert tickets(bench, text) == [1], text
    for twice in ("henradnez", "5670210", "ES-1160120", "hrnandes"):
        assert tickets(bench, twice) == [], twice
    assert tickets(bench, "sox") == tickets(bench, "mad") == [], "a word of three letters has no slip"


def test_a_number_that_is_known_is_that_number(bench):
    bench.mail("pedido 5760120")
    bench.mail("pedido 5760121", sender="pep@y.test")
    assert tickets(bench, "5760120") == [1]
    assert tickets(bench, "5760120 subject:nada") == []
    assert tickets(bench, "5760120 from:pep") == [], "the next order is another customer's"
    assert tickets(bench, "5760122") == [2, 1]


def test_a_slip_that_makes_another_word_is_forgiven_where_nothing_else_is_found(bench):
    bench.mail("gracias y mil gracia", sender="Ana <ana@x.test>")
    bench.mail("la lámpara", sender="Pep Garcia <pep@y.test>")
    assert tickets(bench, "gracia") == [1]
    assert tickets(bench, "gracia lampara") == [2]


def test_while_somebody_types_the_last_word_goes_on_and_ends_otherwise(bench):
    bench.mail("una devolución de Hernández")
    for text in ("devolu", "devolucio", "devoluciones", "hernand", "hernandes", "hernandze"):
        assert tickets(bench, text, prefix_last=True) == [1], text
    (hit,) = look(bench, "devoluciones", prefix_last=True)
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["devolución"]


def test_a_filter_of_the_queue_finds_the_same(bench):
    bench.mail("dos devoluciones")
    with bench.reading() as connection:
        condition, values = Search(bench.desk, connection, "devolucion").only()
        sql = f"SELECT t.number FROM ticket t WHERE {condition}"
        assert connection.execute(sql, values).fetchall() == [(1,)]


def test_a_forgotten_word_is_no_way_to_anything(bench):
    bench.mail("soy Hernández", sender="Ana <ana@x.test>")
    forget(bench.desk, bench.ticket(1).row.customer)
    with bench.reading() as connection:
        known = Vocabulary(connection)
        assert known.near("hernandes") == known.endings("hernande") == []
    assert tickets(bench, "hernandes") == []


def test_a_reader_that_was_taught_words_still_cannot_write(bench):
    bench.mail()
    with bench.reading() as connection:
        Vocabulary(connection)
        assert connection.execute("PRAGMA query_only").fetchone()[0] == 1
        with pytest.raises(Exception, match="readonly"):
            connection.execute("DELETE FROM message")


def test_slips_are_found_in_the_list_as_a_reader_of_the_whole_list_finds_them(bench):
    dice = random.Random(5)
    letters = "abcdn12"
    bench.mail(" ".join("".join(dice.choices(letters, k=dice.randint(3, 7))) for _ in range(3000)))
    with bench.reading() as connection:
        known = Vocabulary(connection)
        everything = [term for (term,) in connection.execute("SELECT term FROM temp.vocabulary")]
        found = 0
        for _ in range(500):
            word = "".join(dice.choices(letters, k=dice.randint(4, 7)))
            if word.isdigit():
                continue
            wanted = {term for term in everything if term != word and one_slip(word, term)}
            if word.isalpha():  # whoever begins a word with letters does not mistake one for a digit
                wanted = {term for term in wanted if term[:3].isalpha()}
            near = set(known.near(word))
            assert near <= {t for t in everything if one_slip(word, t)}
            if len(wanted) < 20:
                assert wanted <= near, word
            found += len(near)
        assert found > 1000


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [("garcia", "gracia", True), ("garcia", "garci", True), ("garcia", "garccia", True), ("garcia", "garzia", True),
     ("garcia", "garcia", False), ("garcia", "gcraia", False), ("garcia", "garcxy", False), ("aab", "ab", True), ("aba", "baa", True),
     ("a", "", True), ("ab", "cd", False), ("abc", "cba", False)],
)  # fmt: skip
def test_one_slip(one, other, said):
    assert one_slip(one, other) == one_slip(other, one) == said


def test_widening_costs_a_stretch_of_the_list_and_never_more_words_than_it_may(bench):
    bench.mail(" ".join(f"prueba{a}{b}" for a in string.ascii_lowercase for b in string.ascii_lowercase))
    with bench.reading() as connection:
        known = Vocabulary(connection)
        assert 0 < len(known.others(Word("prueba"))) <= 24
        assert 0 < len(known.near("pruebaq")) <= 24
        known = Vocabulary(Explained(connection))
        known.forgiving(Word("pruebaq"))
        known.others(Word("prueba", prefix=True))
        steps = [step for step in known._connection.steps if "vocabulary" in step or " v VIRTUAL" in step]
        assert len(steps) >= 5
        assert not [step for step in steps if "INDEX 0:" in step], "it reads the whole list"


class Explained:
    """A connection that keeps the plan of everything that is asked."""

    def __init__(self, connection) -> None:
        self.connection = connection
        self.steps: list[str] = []

    def execute(self, sql, values=()):
        self.steps += [row[3] for row in self.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        return self.connection.execute(sql, values)
