"""Where a message comes in, every text of it is made safe: each of a service's own words, one after another, made hostile."""

import asyncio
import copy
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from agentdesk.channels.chat import read_sent, sent
from agentdesk.channels.mime import read_mail
from agentdesk.core.border import let_in
from agentdesk.core.model import Address, Fold, OutFile, Outgoing, Reaction
from agentdesk.core.text import is_safe
from agentdesk.engine.reading import parsed
from channels.contract import HARNESSES, arrivals, some
from channels.rooms import MatrixHarness
from desks import MONDAY
from hostile import PAYLOADS, undrawable
from hostile_shop import EVERYTHING, careless, letters, text_in

ALL = {**HARNESSES, MatrixHarness.kind: MatrixHarness}
SHAPES = 12
EACH = pytest.mark.parametrize("payload", PAYLOADS, ids=[each.name for each in PAYLOADS])


def texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def is_drawn(text: str) -> bool:
    return not undrawable(text.replace("\n", " ").replace("\t", " "))


def leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every text in a JSON document."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))


def put(document: Any, path: tuple[Any, ...], text: str) -> bytes:
    """The document with `text` in that place."""
    made = copy.deepcopy(document)
    within = made
    for key in path[:-1]:
        within = within[key]
    within[path[-1]] = text
    return json.dumps(made).encode()


def shapes(harness) -> list[Any]:
    """Documents of one channel, each of another shape."""
    found: dict[str, Any] = {}
    for arrival in arrivals(asyncio.run(some(harness, None))):
        if isinstance(arrival.raw, bytes) and arrival.raw[:1] == b"{":
            document = json.loads(arrival.raw)
            found.setdefault(repr(sorted(map(str, leaves(document)))), document)
    return list(found.values())[:SHAPES]


@pytest.mark.parametrize(
    "kind", ["demo", "telegram", "sms", "messenger", pytest.param("matrix", marks=pytest.mark.servers)]
)
def test_whatever_word_of_a_service_is_hostile_no_text_that_is_read_is(kind, request, tmp_path):
    harness = ALL[kind](tmp_path, request)
    documents, channel, tried = shapes(harness), harness.make(), 0
    assert documents
    for document in documents:
        for path in leaves(document):
            read = parsed(channel.read, put(document, path, EVERYTHING))
            tried += not read.reason  # what cannot be read says why, and goes to quarantine
            wrong = [text for text in texts((read.incoming, read.notice, read.reason)) if not is_drawn(text)]
            assert not wrong, (path, wrong[0][:80])
    assert tried


@EACH
def test_every_text_of_a_chat_is_safe_and_else_as_it_was(payload):
    raw = payload.raw
    people = (Address(raw, raw),)
    said = Outgoing(raw, *people, people, raw, raw, MONDAY, in_reply_to=raw, files=(OutFile(raw, raw, b"x"),))
    read = read_sent(json.loads(sent(said, "whatsapp")))
    assert (
        read.text
        == read.sender.name
        == read.attachments[0].name
        == read.attachments[0].media_type
        == payload.shown
    )
    assert all(map(is_drawn, texts(read)))


@EACH
def test_every_text_of_a_mail_is_safe_and_else_as_it_was(payload):
    number = PAYLOADS.index(payload)
    plain, page = map(read_mail, letters(number, payload))
    assert plain.subject == text_in("sub", number, payload.shown)
    assert plain.sender.name == text_in("nam", number, payload.shown)
    assert plain.text.strip() == text_in("bod", number, payload.shown)
    assert plain.attachments[0].name.endswith(f"){number:02}")
    assert all(map(is_drawn, (*texts(plain), *texts(page))))


@EACH
def test_a_connector_that_makes_nothing_safe_is_let_in_over_the_same_border(payload):
    given = careless(PAYLOADS.index(payload))
    given = replace(given, folds=(Fold(len(given.text) - 3, len(given.text), "quote"),))
    assert parsed(lambda _: given, b"").incoming is given or not is_safe(payload.raw)
    read = let_in(given)
    assert all(map(is_drawn, texts(read)))
    assert not read.folds or is_safe(payload.raw)
    for before, after in zip(texts(replace(given, folds=())), texts(replace(read, folds=())), strict=True):
        assert after == before.replace(payload.raw, payload.shown)
    notice = Reaction("telegram", payload.raw, Address(payload.raw, payload.raw), payload.raw, MONDAY)
    assert set(texts(let_in(notice))) == {"telegram", payload.shown}
