"""The console speaks Spanish and Catalan as completely as English."""

import importlib.util
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from agentdesk import i18n

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
catalogues = importlib.util.module_from_spec(spec)
spec.loader.exec_module(catalogues)


@cache
def used():
    """Reading the whole source takes a second, and whoever gathers the tests, or needs a catalogue, has no use for it."""
    return catalogues.texts()


@pytest.fixture(params=catalogues.LANGUAGES)
def language(request):
    yield request.param
    i18n.use("en")


@pytest.fixture
def catalogue(language):
    with catalogues.catalogue_file(language).open("rb") as text:
        return read_po(text, locale=language, abort_invalid=True)


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_walk_finds_what_is_marked():
    assert "Not found" in used()
    assert "{account}: {reason}" in used()
    assert any(isinstance(text, tuple) for text in used())


def test_only_literals_are_marked_except_where_a_marked_one_arrives():
    """`tr(value)` is for values that `N_` marked; an f-string would be in no catalogue."""
    marked = re.compile(r"""\b(tr|tr_n|N_)\(\s*[rb]?f["']""")
    files = sorted((ROOT / "src").rglob("*.py"))
    assert [file.name for file in files if marked.search(file.read_text("utf-8"))] == []


def test_every_text_is_translated(catalogue):
    known = {message.id: message for message in catalogue if message.id}
    missing = []
    for text in used():
        message = known.get(text)
        done = message is not None and not message.fuzzy and message.string
        if not done or (isinstance(text, tuple) and not all(message.string)):
            missing.append(text)
    assert not missing, "run `make catalogues` and fill in what it names"


def test_no_translation_is_dead(catalogue):
    assert [message.id for message in catalogue if message.id and message.id not in used()] == []
    assert not catalogue.obsolete


def test_placeholders_survive(catalogue):
    for message in catalogue:
        if not message.id:
            continue
        ours = message.id if isinstance(message.id, tuple) else (message.id,)
        theirs = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = placeholders(ours[-1])
        for text in theirs:
            assert placeholders(text) == wanted, message.id


def test_spaces_at_the_ends_survive(catalogue):
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert message.string[:1].isspace() == message.id[:1].isspace(), message.id
            assert message.string[-1:].isspace() == message.id[-1:].isspace(), message.id


def test_the_compiled_catalogue_speaks(language, catalogue):
    i18n.use(language)
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            assert i18n.tr(message.id) == message.string, "make compiles it"
    few = next(text for text in used() if isinstance(text, tuple))
    assert i18n.tr_n(*few, 1) != i18n.tr_n(*few, 2)
    assert i18n.tr("") == ""


def test_an_unknown_language_is_english():
    i18n.use("tlh")
    assert i18n.tr("Not found") == "Not found"
