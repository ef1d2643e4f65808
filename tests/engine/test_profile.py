"""What the shop itself writes down of a customer: fields and notes, what they change, and that an erase leaves none of it."""

import pytest

from agentdesk.config import Backup, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.commands import MergeCustomers
from agentdesk.core.keeping import NoteCustomer, SetProfile
from agentdesk.engine import forgetting, person, phrase, reply
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from desks import Bench
from hostile import PAYLOADS

MARIA = "maria@x.test"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    made.mail("Hola, ¿dónde está mi pedido? Gracias", sender=f"mpuig72 <{MARIA}>")
    yield made
    made.close()


def customer(bench: Bench, word: str = MARIA) -> str:
    with Window(bench.desk) as window:
        return window.customer(word)


def writes_down(bench: Bench, **fields: str):
    return bench.desk.do(SetProfile(customer(bench), tuple(fields.items())))


def notes(bench: Bench, text: str, instead: str | None = None):
    bench.clock.go(minutes=1)
    return bench.desk.do(NoteCustomer(customer(bench), text, instead))


def card(bench: Bench, word: str = MARIA):
    return person.card(bench.desk, customer(bench, word))


def refused(act) -> str:
    with pytest.raises(RefusedError) as error:
        act()
    return str(error.value.values["reason"])


def test_the_shops_own_name_stands_everywhere_and_what_mails_say_is_not_lost(bench):
    writes_down(bench, name="María Puig", phone="600 111 222", company="Can Puig", talla="M")
    assert bench.queue()[0].customer_name == "María Puig"
    found = card(bench)
    assert (found.name, found.called) == ("María Puig", ("mpuig72",))
    assert dict(found.fields) == {
        "name": "María Puig",
        "phone": "600 111 222",
        "company": "Can Puig",
        "talla": "M",
    }
    with Window(bench.desk) as window:
        only = window.search('customer:"maria puig"').only()
        assert [row.number for row in window.queue("all", only=only)] == [1]
    writes_down(bench, name="", talla="L")
    assert (card(bench).name, dict(card(bench).fields)["talla"]) == ("mpuig72", "L")
    reply.undo(bench.desk)
    assert (card(bench).name, dict(card(bench).fields)["talla"]) == ("María Puig", "M")


def test_how_somebody_is_addressed_counts_for_quick_replies_and_for_later_mail(bench):
    writes_down(bench, form="vostè", language="ca")
    settings = Settings(DeskSettings("Europe/Madrid", "es", form="tu"))
    assert phrase.phrases(bench.desk, settings, bench.queue()[0]).form == "usted"
    assert bench.queue()[0].language == "ca", "the open ticket too"
    bench.mail("Hola, ¿dónde está mi pedido? Gracias", sender=f"mpuig72 <{MARIA}>", subject="Otra cosa")
    assert bench.ticket(2).row.language == "ca", "what was said goes before what is detected"
    reply.undo(bench.desk)
    assert phrase.phrases(bench.desk, settings, bench.ticket(1).row).form == "tu"


def test_notes_are_of_the_customer_whatever_the_ticket_and_can_be_changed(bench):
    notes(bench, "Paga sempre a 30 dies")
    notes(bench, "Al·lèrgica al làtex\nNo trucar al matí")
    second, first = card(bench).about
    assert (second.author, second.text) == ("Joan", "Al·lèrgica al làtex\nNo trucar al matí")
    notes(bench, "Paga a 60 dies", instead=first.id)
    assert card(bench).about[0].text == "Paga a 60 dies"
    notes(bench, "", instead=second.id)
    assert [each.text for each in card(bench).about] == ["Paga a 60 dies"]
    assert refused(lambda: notes(bench, "", instead=second.id)) == "no_note"
    reply.undo(bench.desk)
    assert len(card(bench).about) == 2


def test_of_two_who_are_one_the_one_that_stays_speaks_and_undo_parts_them(bench):
    bench.mail(sender="Maria Home <home@x.test>", subject="Otra")
    home = customer(bench, "home@x.test")
    bench.desk.do(SetProfile(home, (("company", "Llar"), ("talla", "S"))))
    writes_down(bench, company="Can Puig")
    bench.desk.do(MergeCustomers(home, customer(bench)))
    assert dict(card(bench).fields) == {"company": "Can Puig", "talla": "S"}
    writes_down(bench, company="")
    assert dict(card(bench).fields) == {"talla": "S"}
    reply.undo(bench.desk)
    reply.undo(bench.desk)
    assert dict(card(bench, "home@x.test").fields) == {"company": "Llar", "talla": "S"}


def test_what_nobody_could_read_or_mean_is_refused(bench):
    for fields, reason in (
        ({"note": "x"}, "odd_field"),
        ({" : ": "x"}, "odd_field"),
        ({"a" * 33: "x"}, "odd_field"),
        ({"company": "x" * 201}, "too_much"),
        ({"form": "vos"}, "odd_choice"),
        ({"language": "klingon"}, "odd_choice"),
        ({"company": ""}, "nothing_changes"),
    ):
        assert refused(lambda fields=fields: writes_down(bench, **fields)) == reason
    assert refused(lambda: notes(bench, "x" * 2001)) == "too_much"
    assert refused(lambda: notes(bench, "  ")) == "no_text"
    writes_down(bench, **{f"f{n}": "x" for n in range(29)})
    writes_down(bench, f29="x")
    assert refused(lambda: writes_down(bench, f30="x")) == "too_many"


def test_no_text_that_is_written_down_can_move_the_cursor(bench):
    for n, payload in enumerate(PAYLOADS):
        writes_down(bench, company=f"{n} {payload.raw}"[:200])
        notes(bench, f"{n} {payload.raw}"[:2000])
    found = card(bench)
    said = "".join([*(value for _, value in found.fields), *(each.text for each in found.about)])
    assert not any(ord(char) < 32 and char != "\n" for char in said)


def test_an_erase_leaves_nothing_of_what_was_written_down_and_rows_drawn_up_anew_agree(bench, tmp_path):
    writes_down(bench, company="Zebrafish SL", form="usted")
    writes_down(bench, company="Quokka SL")
    notes(bench, "Wombat al jardí")
    notes(bench, "Numbat al jardí", instead=card(bench).about[0].id)
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before
    gone = customer(bench)
    forgetting.erase(bench.desk, Home.under(tmp_path / "home"), gone, Backup())
    found = card(bench, gone)
    assert (found.erased, found.fields, found.about, found.form) == (True, (), (), None)
    erased = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == erased
    assert refused(lambda: bench.desk.do(NoteCustomer(gone, "x"))) == "erased"
    bench.store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bytes_left = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    for word in (b"Zebrafish", b"Quokka", b"Wombat", b"Numbat"):
        assert word not in bytes_left
