"""The quick reading of FETCH answers says what the library says, or leaves it to the library."""

import random
from datetime import datetime

import pytest
from imapclient.response_parser import parse_fetch_response

from agentdesk.channels import fetched as module
from agentdesk.channels import imap
from agentdesk.channels.fetched import fetched

MAIL = b"From: a@x.test\r\nSubject: ) {5}\r\n\r\nUID 7 FLAGS (\\Seen)\r\n"
SIMPLE = [
    [b"1 (UID 7 RFC822.SIZE 4711)", b"2 (RFC822.SIZE 0 UID 8)"],
    [b"3 (UID 9 FLAGS (\\Seen $Forwarded NonJunk) MODSEQ (12345))", b"4 (FLAGS () UID 10)"],
    [(b'5 (UID 11 FLAGS (\\Answered) INTERNALDATE " 7-Feb-2024 01:02:03 +0100" BODY[] {%d}' % len(MAIL), MAIL), b")"],
    [(b'6 (FLAGS () INTERNALDATE "31-Dec-1999 23:59:59 -0330" UID 12 BODY[] {0}', b""), b")", b"6 (UID 12 FLAGS (\\Seen))"],
    [(b"9 (UID 15 BODY[HEADER.FIELDS (FROM)] {6}", b"From: "), b")"],
    [(b"9 (UID 16 FLAGS () BODY[HEADER.FIELDS (FROM X-AUTO-REPLY)] {0}", b""), b")"],
]  # fmt: skip
ODD = [
    [b'7 (UID 13 INTERNALDATE "07-Feb-2024 01:02:03 -0000")'],
    [b'7 (UID 13 INTERNALDATE "31-Feb-2024 01:02:03 +0000")'],
    [b'7 (UID 13 INTERNALDATE "07-Foo-2024 01:02:03 +0000")'],
    [b'8 (UID 14 ENVELOPE ("x" NIL NIL NIL NIL NIL NIL NIL NIL NIL))'],
    [(b'9 (UID 15 BODY[HEADER.FIELDS (FROM "TO")] {6}', b"From: "), b")"],
    [(b"9 (UID 15 BODY[HEADER.FIELDS ()] {6}", b"From: "), b")"],
    [(b"9 (UID 15 body[header.fields (from)] {6}", b"From: "), b")"],
    [(b"9 (UID 15 BODY[] {6}", b"From: "), b" FLAGS (\\Seen))"],
    [b'9 (UID 16 BODY[] "abc")'],
    [b"9 (UID 16 BODY[] NIL)"],
    [b'9 (UID 16 INTERNALDATE "07-Feb-2024 01:02:03 +9900")'],
    [b'9 (UID 16 INTERNALDATE "01-Jan-0001 01:02:03 +2300")'],
    [b"10 (UID 17 UID 18 FLAGS ())"],
    [b"(UID 1)"],
    [b"11 (UID 19 FLAGS (\\Seen)"],
    [b"12 (FLAGS (\\Seen))"],
    [b""],
]


def outcome(read, told):
    try:
        found = {uid: dict(values) for uid, values in read(told).items()}
    except Exception as error:  # noqa: BLE001 - whichever it is, both have to raise it
        return type(error), str(error)
    for values in found.values():
        if b"INTERNALDATE" in values:
            values[b"INTERNALDATE"] = imap._utc(values[b"INTERNALDATE"])
    return found


def library(told):
    return parse_fetch_response(told, False, True)


@pytest.mark.parametrize("told", [*SIMPLE, *ODD, []])
def test_it_says_what_the_library_says(told):
    assert outcome(fetched, told) == outcome(library, told)


@pytest.mark.parametrize("told", SIMPLE)
def test_what_is_ordinary_never_gets_there(told, monkeypatch):
    monkeypatch.setattr(module, "parse_fetch_response", None)
    assert fetched(told)


def test_a_time_keeps_its_moment_and_its_zone():
    (values,) = fetched(SIMPLE[2]).values()
    assert values[b"INTERNALDATE"] == datetime.fromisoformat("2024-02-07T01:02:03+01:00")


def test_damaged_answers_are_read_alike():
    chance = random.Random(20_261_122)
    pieces = [
        b"(",
        b")",
        b'"',
        b"UID 3",
        b" ",
        b"{3}",
        b"FLAGS ()",
        b"\\Seen",
        b"0",
        b"NIL",
        b"[",
        b"-",
        b"\r\n",
        b"x",
    ]
    quick = 0
    for _ in range(20_000):
        told = list(chance.choice([*SIMPLE, *ODD[:-1]]))
        place = chance.randrange(len(told))
        whole = told[place]
        head = bytearray(whole[0] if isinstance(whole, tuple) else whole)
        at = chance.randrange(len(head) + 1)
        if chance.random() < 0.5:
            del head[at : at + chance.randrange(4)]
        else:
            head[at:at] = chance.choice(pieces)
        told[place] = (bytes(head), whole[1]) if isinstance(whole, tuple) else bytes(head)
        if chance.random() < 0.1:
            told.append(chance.choice(SIMPLE)[0])
        quick += module._quick(told) is not None
        if isinstance(told[-1], tuple):
            continue  # the library waits for what a server sends after a literal
        assert outcome(fetched, told) == outcome(library, told), told
    assert quick > 500
