"""`customer import`: a shop's own list, in and out of a script."""

import json
import zipfile

import pytest

from agentdesk.store.digest import digest
from desks import Bench

TABLE = """Nombre;Correo electrónico;WhatsApp;Teléfono;Empresa;Idioma;Notas;Número de cliente
Maria Puig;Maria@x.test;+34 600 123 456;600 123 456;Forn Puig;ca;prefereix matins;C-001
Joan Serra;joan@y.test;;;;es;;C-002

Sense adreça;;;;;ca;;C-003
Dolent;no-es-correu;;;;;;C-004
Maria P.;maria@x.test;;;;;;C-005
Raro;raro@x.test;;;;klingon;;C-006
"""
ODD = [(5, "nobody"), (6, "no_such_address"), (7, "named_twice")]


@pytest.fixture(autouse=True)
def bench(tmp_path):
    made = Bench(tmp_path / "home")
    (made.folder / "data" / "desk.key").write_bytes(
        b"k" * 32
    )  # the command line is to know people as the bench does
    yield made
    made.close()


@pytest.fixture
def table(tmp_path):
    def write(text: str = TABLE, encoding: str = "utf-8"):
        path = tmp_path / "clients.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def told(run, *words):
    status, out, err = run("customer", "import", *words, "--json")
    found = json.loads(out)
    used = found["added"] + found["changed"] + found["same"]
    assert status == (0 if not found["refused"] else 4 if used else 1), err
    return found


def counts(found):
    return found["added"], found["changed"], found["same"]


def test_whoever_is_on_the_list_is_known_by_it_before_they_write(run, table, bench):
    found = told(run, table())
    assert (found["rows"], *counts(found)) == (6, 3, 0, 0)
    assert found["left_out"] == [{"line": 8, "column": "language", "value": "klingon"}]
    assert [(each["line"], each["reason"]) for each in found["refused"]] == ODD
    bench.mail("On és?", sender="mpuig72 <maria@x.test>", subject="Comanda")
    card = json.loads(run("customer", "show", "whatsapp:34600123456", "--json")[1])
    assert card["identities"] == ["email:maria@x.test", "whatsapp:34600123456"]
    assert (card["name"], card["speaks"], len(card["tickets"])) == ("Maria Puig", "ca", 1)
    assert card["fields"] == {
        "name": "Maria Puig", "phone": "600 123 456", "company": "Forn Puig", "número-de-cliente": "C-001",
    }  # fmt: skip
    assert [note["text"] for note in card["about"]] == ["prefereix matins"]
    assert json.loads(run("show", "1", "--json")[1])["language"] == "ca"


def test_a_dry_run_says_the_same_and_does_nothing(run, table, bench):
    before = digest(bench.store.connection)
    found = told(run, table(), "--dry-run")
    assert (counts(found), found["group"], found["dry_run"]) == ((3, 0, 0), None, True)
    assert [(each["line"], each["reason"]) for each in found["refused"]] == ODD
    assert digest(bench.store.connection) == before


def test_read_again_it_changes_nothing_and_later_lists_add(run, table, bench):
    told(run, table())
    before = digest(bench.store.connection)
    assert counts(told(run, table())) == (0, 0, 3)
    assert digest(bench.store.connection) == before
    more = "email,sms,language,company\njoan@y.test,+34 611 222 333,,Serra SL\n"
    assert counts(told(run, table(more))) == (0, 1, 0)
    card = json.loads(run("customer", "show", "sms:34611222333", "--json")[1])
    assert (card["name"], card["speaks"], card["fields"]["company"]) == ("Joan Serra", "es", "Serra SL")


def test_a_list_makes_nobody_one_with_somebody_else(run, table, bench):
    bench.mail("hola", sender="ana@x.test", message_id="<a@x>")
    bench.mail("hola", sender="eva@y.test", message_id="<b@y>")
    told(run, table("email,whatsapp\nana@x.test,+34600000001\n"))
    found = told(run, table("email,whatsapp,name\neva@y.test,+34600000001,Eva\n"))
    assert [(each["line"], each["reason"]) for each in found["refused"]] == [(2, "two_customers")]
    assert "merge" in found["refused"][0]["detail"]
    assert "Eva" not in run("customer", "show", "eva@y.test")[1]


def test_one_undo_takes_all_of_it_back(run, table):
    told(run, table())
    assert run("undo")[1] == "3 customers are as before\n"
    card = json.loads(run("customer", "show", "maria@x.test", "--json")[1])
    assert (card["fields"], card["speaks"], card["about"]) == ({}, None, [])


def test_windows_tables_and_a_rebuild(run, table, bench):
    told(run, table("email\tname\njo@x.test\tJosé Núñez\n", "cp1252"))
    before = digest(bench.store.connection)
    assert json.loads(run("customer", "show", "jo@x.test", "--json")[1])["name"] == "José Núñez"
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


def test_people_read_the_first_rows_that_could_not_be_used(run, table):
    rows = "".join(f"nobody{n},\n" for n in range(25))
    out = run("customer", "import", table(f"name,email\n{rows}"))[1].splitlines()
    assert out[0] == "New: 0. More is known of: 0. As they were: 0."
    assert out[1].startswith("line 2: ")
    assert (len(out), out[-1]) == (22, "and 5 more")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,phone\nAna,600\n", "no column says how they are reached"),
        ("", "no column says how they are reached"),
        ('email,name\n"a@x.test,Ana\n' + "x" * 200_000, "line 3: field larger than field limit"),
        ("email\n\x1b[31mred@x.test\n", "line 2:"),
    ],
    ids=["nobody", "empty", "one cell", "escape"],
)
def test_what_is_wrong_is_said(run, table, text, said):
    status, out, err = run("customer", "import", table(text))
    assert said in (err if status == 2 else out)
    assert "\x1b" not in out + err


def test_a_table_that_is_not_there(run, tmp_path):
    status, out, err = run("customer", "import", str(tmp_path / "none.csv"))
    assert (status, out) == (3, "")
    assert f"There is no file {tmp_path / 'none.csv'}." in err


@pytest.mark.parametrize(
    ("way", "word", "example"),
    [
        ("telegram", "@maria", "123456789"),
        ("telegram", "@maria:example.com", "123456789"),
        ("matrix", "123456789", "@maria:example.com"),
        ("whatsapp", "maria", "+34 600 123 456"),
        ("email", "maria", "maria@example.com"),
    ],
)
def test_what_an_address_looks_like_is_said(run, table, way, word, example):
    detail = told(run, table(f"{way}\n{word}\n"))["refused"][0]["detail"]
    assert detail == f"{word} is no address of {way}: one looks like {example}."
    assert told(run, table(f"{way}\n{example}\n"))["added"] == 1


@pytest.mark.parametrize("way", ["whatsapp", "sms"])
def test_a_number_without_its_country_is_told_with_what_helps(run, table, way):
    """WhatsApp and SMS write it with the country: kept as it is, whoever writes would not be known."""
    listed = table(f"{way},name\n600123456,Eva\n+34 600 123 457,Ana\n0034600123458,Pau\n34600123459,Mar\n")
    found = told(run, listed)
    assert counts(found) == (3, 0, 0)
    (one,) = found["refused"]
    assert (one["line"], one["reason"]) == (2, "no_country")
    assert one["detail"] == (
        "600123456 is without its country: write it with + and the country first, such as +34 600 123 456."
    )


def test_a_table_of_which_nothing_can_be_used_ends_with_one(run, table):
    assert run("customer", "import", table("whatsapp,name\n600123456,Eva\n"))[0] == 1
    assert run("customer", "import", table("whatsapp,name\n600123456,Eva\n+34600123457,Ana\n"))[0] == 4, (
        "some could not"
    )


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("español", "es"),
        ("Castellano", "es"),
        ("es-ES", "es"),
        ("Spanish", "es"),
        ("Català", "ca"),
        ("ca_ES", "ca"),
        ("catalán", "ca"),
        ("EN", "en"),
        ("inglés", "en"),
        ("anglès", "en"),
    ],
)
def test_a_language_is_known_by_what_people_call_it(run, table, word, spoken):
    assert told(run, table(f"email,language\nana@x.test,{word}\n"))["left_out"] == []
    assert json.loads(run("customer", "show", "ana@x.test", "--json")[1])["speaks"] == spoken


def test_a_language_that_is_none_here_leaves_the_field_empty_and_says_so(run, table):
    status, out, _ = run("customer", "import", table("email,idioma,tratamiento\nana@x.test,klingon,vos\n"))
    assert status == 0
    assert out.splitlines() == [
        "New: 1. More is known of: 0. As they were: 0.",
        'line 2: "klingon" is unknown here as language, and was left out',
        'line 2: "vos" is unknown here as form, and was left out',
    ]
    assert json.loads(run("customer", "show", "ana@x.test", "--json")[1])["speaks"] is None


def test_a_column_is_known_without_its_accents(run, table):
    assert told(run, table("Correo electronico;NOMBRE\nana@x.test;Ana\n"))["added"] == 1


def test_a_spreadsheets_own_file_is_no_table_of_text(run, tmp_path):
    path = tmp_path / "clients.csv"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "<x/>")
    status, out, err = run("customer", "import", str(path))
    assert (status, out) == (2, "")
    assert "save it as CSV" in err


def test_whoever_never_wrote_is_shown_by_the_shops_own_number_and_by_name(run, table, bench):
    """The example of docs/customers.md."""
    told(run, table())
    card = json.loads(run("customer", "show", "c-001", "--json")[1])
    assert card["fields"]["número-de-cliente"] == "C-001"
    assert json.loads(run("customer", "show", "maria puig", "--json")[1])["id"] == card["id"]
    assert run("customer", "show", "C-009")[0] == 3
    bench.mail("hola", sender="Maria Puig <other@x.test>")
    assert run("customer", "show", "Maria Puig")[0] == 3, "there are two now"
    assert run("customer", "erase", "C-001", "--yes")[0] == 3, (
        "whoever changes something names somebody for sure"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "whatsapp:34600123457",
        "whatsapp:+34600123457",
        "whatsapp:+34 600-123-457",
        "+34600123457",
        "34 600 123 457",
        "0034600123457",
        "phone:34600123458",
        "+34 600123458",
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(run, table, typed):
    told(run, table("whatsapp,name\n+34600123457,Ana\n"))
    run("call", "+34600123458", "--text", "Ha trucat", "--name", "Pau")
    status, out, err = run("customer", "show", typed, "--json")
    assert status == 0, err
    assert json.loads(out)["name"] == ("Pau" if typed.endswith("8") else "Ana")
