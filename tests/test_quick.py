"""The quick replies on the disk: those that are shipped can be sent as they are, and what a shop breaks is named."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentdesk import i18n, quick
from agentdesk.core.language import language
from agentdesk.core.lookup import PLACES
from agentdesk.core.model import INCIDENTS
from agentdesk.core.replies import KNOWN, TEXTS, QuickReply, fill, placeholders, values_of

SHIPPED = quick.load(()).replies


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def words(text: str) -> set[str]:
    """The words of a text, placeholders left out."""
    return set(re.findall(r"[^\W\d_]+", re.sub(r"\{\{.*?\}\}", " ", text).casefold()))


@pytest.fixture(params=SHIPPED, ids=lambda each: each.name)
def reply(request: pytest.FixtureRequest) -> QuickReply:
    return request.param


def test_nothing_is_wrong_with_what_is_shipped() -> None:
    assert quick.check(()) == ()
    assert len(SHIPPED) >= 40
    assert {each.source for each in SHIPPED} == {"shipped"}


def test_a_shipped_reply_has_all_texts_and_titles(reply: QuickReply) -> None:
    assert set(reply.texts) == set(TEXTS)
    assert set(reply.titles) == {"es", "ca", "en"}
    assert reply.about is None or reply.about in INCIDENTS
    assert reply.shortcut
    for questions in reply.asks.values():
        assert set(questions) == {"es", "ca", "en"}
    if reply.says:
        assert set(reply.says) == {"es", "ca", "en"}
        for language, names in reply.says.items():
            assert len(names) == len(set(names)) >= 4, language


def test_its_placeholders_are_known_and_the_same_in_every_text(reply: QuickReply) -> None:
    found = {key: {(p.name, p.asks) for p in placeholders(text)} for key, text in reply.texts.items()}
    assert len({frozenset(each) for each in found.values()}) == 1
    for name, asks in found["en"]:
        assert asks or name in {*KNOWN, *PLACES}
        assert not asks or name in reply.asks, "say in [ask] what it asks for"


def test_a_stranger_can_be_answered_with_it(reply: QuickReply) -> None:
    """Nobody's name is known: every fallback is there, and no line is left with a gap."""
    values = values_of(number=1042, subject="x", customer="", agent="Joan", shop="Vimet")
    values |= dict.fromkeys(reply.asks, "algo")
    for text in reply.texts.values():
        filled = fill(text, values)
        assert filled.missing == ()
        assert not re.search(r" [,.:;!?]|,[:,]|  |\n\n\n", filled.text), filled.text


def test_it_is_plain_text_of_a_sensible_length(reply: QuickReply) -> None:
    for key, text in reply.texts.items():
        assert 60 <= len(text) <= 700, key
        assert not re.search(r"[<>*_`\[\]\\]|&\w+;|https?:", re.sub(r"\{\{.*?\}\}", "", text)), key
        assert not [c for c in text if unicodedata.category(c)[0] == "C" and c != "\n"], key
        assert not any(line != line.rstrip() for line in text.split("\n")), key
    for title in reply.titles.values():
        assert 3 <= len(title) <= 40
    short, long = sorted(len(text) for text in reply.texts.values())[:: len(TEXTS) - 1]
    assert long < 1.4 * short, "one text says more than another"


FAMILIAR_ES = """tú tu tus te ti contigo tuyo tuya escríbenos dinos dínoslo dínoslos puedes quieres tienes haz mándanos
    perdona contesta contéstame mira guarda guárdalo necesitas prefieres hagas hayas"""
POLITE_ES = """usted ustedes su sus le les se escríbanos díganos díganoslo díganoslos puede quiere tiene haga mándenos
    perdone conteste contésteme mire guarde guárdelo necesita prefiere"""
FAMILIAR_CA = """tu teu teva teus teves et te t pots vols tens has escriu digue guarda mira contesta perdona prefereixes
    enviïs hagis veus facis"""
POLITE_CA = "vostè seu seva seus seves li vol té escrigui digui guardi miri contesti perdoni prefereix faci"
SPANISH = """pedido gracias pero entonces ahora usted también buenos y los las con muy cuando donde hacer envío hasta
    tienes puede nuestro por su escríbenos dirección"""
CATALAN = "gràcies comanda amb és i els les per aquest aquesta això quan què nosaltres seva teva enviament"
NOT_TO_THE_CUSTOMER = re.compile(r"Puede tardar|Se hace así|de qué pedido se trata|es tracta|Es fa així")


@pytest.mark.parametrize(
    ("key", "foreign"),
    [
        ("es.tu", POLITE_ES),
        ("es.usted", FAMILIAR_ES),
        ("ca.tu", POLITE_CA),
        ("ca.voste", FAMILIAR_CA),
    ],
)
def test_a_text_keeps_to_its_form(reply: QuickReply, key: str, foreign: str) -> None:
    assert words(NOT_TO_THE_CUSTOMER.sub("", reply.texts[key])) & set(foreign.split()) == set()


def test_familiar_and_polite_differ_where_somebody_is_addressed(reply: QuickReply) -> None:
    assert reply.texts["es.tu"] != reply.texts["es.usted"]
    assert reply.texts["ca.tu"] != reply.texts["ca.voste"]


def test_each_text_is_in_its_language(reply: QuickReply) -> None:
    for key, text in reply.texts.items():
        bare = re.sub(r"\{\{.*?\}\}", " ", text)
        found = words(text)
        if key.startswith("ca"):
            assert not found & set(SPANISH.split()), key
            assert not set("ñ¿¡") & set(bare), key
        elif key.startswith("es"):
            assert not found & set(CATALAN.split()), key
            assert not re.search(r"[çàèòï]|l·l", bare), key
        assert language(bare) in {key[:2], None}, key


def write(folder: Path, name: str, text: str) -> Path:
    (folder / "replies").mkdir(exist_ok=True)
    path = folder / "replies" / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


GOOD = """shortcut = "mine"

[title]
es = "Uno"
ca = "U"
en = "One"

[text]
es.tu = "Hola {{customer.first_name|}}, {{?order}}"
es.usted = "Hola {{customer.first_name|}}, {{?order}}"
ca.tu = "Hola {{customer.first_name|}}, {{?order}}"
ca.voste = "Hola {{customer.first_name|}}, {{?order}}"
en = '''
Hi {{customer.first_name|there}},

{{?order}}
'''
"""


def test_the_shops_own_file_wins_over_the_shipped_one(tmp_path: Path) -> None:
    path = write(tmp_path, "return", GOOD)
    loaded = quick.load((tmp_path,))
    (mine,) = [each for each in loaded.replies if each.name == "return"]
    assert (mine.source, mine.shortcut, mine.titles["en"]) == (str(path), "mine", "One")
    assert mine.texts["en"] == "Hi {{customer.first_name|there}},\n\n{{?order}}"
    assert len(loaded.replies) == len(SHIPPED)
    assert quick.check((tmp_path,)) == ()


def test_a_broken_file_is_named_and_takes_no_other_down(tmp_path: Path) -> None:
    path = write(tmp_path, "return", GOOD + "en = 3\n")
    write(tmp_path, "empty", "")
    (tmp_path / "replies" / "latin.toml").write_bytes(b"# \xff\n")
    (tmp_path / "replies" / ".hidden.toml").write_text("broken")
    write(tmp_path, "mine", GOOD)
    loaded = quick.load((tmp_path,))
    assert {each.name for each in loaded.replies} == {each.name for each in SHIPPED} - {"return"} | {"mine"}
    broken = {each.file.stem: each for each in loaded.problems}
    assert set(broken) == {"return", "empty", "latin"}
    assert (broken["return"].file, broken["return"].line) == (path, 18)
    assert "UTF-8" in broken["latin"].reason


def test_a_file_with_one_text_can_be_used_and_is_not_finished(tmp_path: Path) -> None:
    write(tmp_path, "one", '[title]\nes = "Uno"\n[text]\nes.tu = "Hola\\u0007"\n')
    loaded = quick.load((tmp_path,))
    (one,) = [each for each in loaded.replies if each.name == "one"]
    assert (one.texts, one.languages) == ({"es.tu": "Hola"}, ("es",))
    missing = {each.key for each in quick.check((tmp_path,)) if "missing" in each.reason}
    assert missing == {"title.ca", "title.en", "text.es.usted", "text.ca.tu", "text.ca.voste", "text.en"}


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "reason"),
    [
        ('shortcut = "mine"', 'shortcat = "mine"', "shortcat", 1, "shortcut"),
        ('shortcut = "mine"', 'shortcut = "a b"', "shortcut", 1, "one word"),
        ('shortcut = "mine"', 'shortcut = "dev"', "shortcut", 1, "return"),
        ('shortcut = "mine"', 'shortcut = "stock"', "shortcut", 1, "stock"),
        ('shortcut = "mine"', 'about = "logistic"', "about", 1, "logistics"),
        ('shortcut = "mine"', 'about = ["logistics"]', "about", 1, "not known"),
        ('shortcut = "mine"', 'tags = "a"', "tags", 1, "list"),
        ('shortcut = "mine"', "ask = 3", "ask", 1, "table"),
        ('shortcut = "mine"', 'ask.date = { es = "día" }', "ask.date", 1, "no text asks"),
        ('shortcut = "mine"', "says = { es = 7 }", "says.es", 1, "a text in quotes"),
        ('shortcut = "mine"', 'says = { fr = "cassé" }', "says.fr", 1, "not known"),
        ('shortcut = "mine"', 'ask.order = { fr = "jour" }', "ask.order.fr", 1, "not known"),
        ('es = "Uno"', "es = 1", "title.es", 4, "quotes"),
        ('es = "Uno"', 'es = " "', "title.es", 4, "empty"),
        ('es = "Uno"', "", "title.es", 3, "missing"),
        ("ca.voste =", "ca.vostes =", "text.ca.vostes", 12, "voste?"),
        ("ca.voste =", "fr =", "text.fr", 12, "not known"),
        ('es.tu = "Hola {{customer.first_name|}}, {{?order}}"', 'es.tu = ""', "text.es.tu", 9, "empty"),
        ('es.tu = "Hola', 'es.tu = "{{ticket.numer}} Hola', "text.es.tu", 9, "ticket.number?"),
        ('es.tu = "Hola', 'es.tu = "{{ticket.number} Hola', "text.es.tu", 9, "braces"),
        ('es.tu = "Hola', 'es.tu = "{{{ticket.number}}} Hola', "text.es.tu", 9, "braces"),
        ('es.tu = "Hola', 'es.tu = "Hola {{shop.name}}', "text.ca.tu", 11, "{{shop.name}}"),
        ("{{?order}}\n'''", "{{?order}} {{?}}\n'''", "text.en", 16, "has a name"),
        ("{{?order}}\n'''", "{{?order|none}}\n'''", "text.en", 16, "no fallback"),
        ("{{?order}}\n'''", "{{?ordre}}\n'''", "text.en", 13, "{{?order}}"),
        ("{{?order}}\n'''", "{{?order}}\n{shop}\n'''", "text.en", 17, "braces"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, old, new, key, line, reason) -> None:
    assert old in GOOD
    path = write(tmp_path, "mine", GOOD.replace(old, new, 1))
    found = [(each.key, each.line, each.reason) for each in quick.check((tmp_path,)) if each.file == path]
    assert any(each[:2] == (key, line) and reason in each[2] for each in found), found


def test_of_a_name_that_is_a_shipped_shortcut_the_shops_own_file_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "huelga", GOOD)
    (problem,) = quick.check((tmp_path,))
    assert (problem.file, problem.line, problem.key) == (path, 1, "")
    assert problem.reason == "the shortcut huelga means courier-strike already"


def test_a_text_that_is_no_table_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, "mine", 'text = "Hola"\n')
    (first,) = [each for each in quick.check((tmp_path,)) if each.file == path and each.key == "text"]
    assert (first.line, "table" in first.reason) == (1, True)
    assert "mine" not in {each.name for each in quick.load((tmp_path,)).replies}
    path.write_text('[text]\nes = "Hola"\nen = "Hi"\n')
    assert "text.es" in {each.key for each in quick.check((tmp_path,)) if "table" in each.reason}


def test_a_file_nobody_may_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "replies" / "folder.toml").mkdir(parents=True)
    (found,) = quick.check((tmp_path,))
    assert (found.file.stem, found.line) == ("folder", 1)
