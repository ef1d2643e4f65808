"""The quick reader of structure gives what the standard library gives, or nothing.

Proved on letters written here, on the public mails and on those of the benchmark, whole and damaged in every way that
matters to a parser. Where the shared mails are absent the damage is done to the letters alone.
"""

import importlib.util
import random
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from pathlib import Path

import pytest

from agentdesk.channels.lean import DEPTH_AT_MOST, head, lean
from agentdesk.channels.part import parsed

SHARED = Path(__file__).parents[3] / "shared"
CORPORA = SHARED / "corpora"
MAILS = ("mime-enmime", "mime-mikel", "mime-mimekit", "mime-zbateson", "bounce-flufl", "threads-jwz-aerc")
NO_MAILS = frozenset(
    {".html", ".xhtml", ".json", ".png", ".jpg", ".tnef", ".list", ".golden", ".doc", ".dat", ".rtf", ".md"}
)
GENERATOR = SHARED / "bench" / "gen_corpus.py"
SEED = 20240206
MUTATIONS = 40_000
LARGEST = 12_000  # bytes of a mail that is damaged
LIBRARY = BytesParser(policy=compat32)
HEADS = BytesHeaderParser(policy=compat32)

NESTED = b"""From: Marta <marta@x.test>
Subject: =?utf-8?q?M=C3=B3nica?=
References:
 <1@x.test>
 <2@x.test>
X-Raw: caf\xc3\xa9 \xe9
Empty:
MIME-Version: 1.0
Content-Type: multipart/mixed; charset=utf-8;
 boundary="out"

Seen by old programs.

--out
Content-Type: multipart/alternative; boundary="out-in"

--out-in
Content-Type: text/plain; charset=utf-8

--not-a-boundary
--outside
\xc2\xbfD\xc3\xb3nde?

--out-in \t
Content-Type: text/html

<p>Where?</p>
--out-in--
after

--out

no headers at all
--out
Content-Type: application/pdf; name="a.pdf"
Content-Transfer-Encoding: base64

AAAA
--out
Content-Type: message/rfc822

Subject: within
Content-Type: multipart/digest; boundary=in

--in

Subject: without a type

text
--in
Content-Type: text/plain

text
--in--

--out
X-Only: headers
--out--
the end
"""
LETTER = b"From: a@b.test\nTo: c@d.test\nSubject: hello\n\nHello,\n\n-- \nA\n"
LETTERS = (
    b"", b"\n", b"\n\n", b"Subject: no body", b"Subject: no body\n", b"Subject: x\n\n", b"Subject: x\n\nno end", b"\nbody\n",
    LETTER, NESTED, NESTED.replace(b"\n", b"\r\n"), NESTED.replace(b"out-in", b"out--"), NESTED.replace(b"out-in", b"out"),
    NESTED.replace(b"message/rfc822", b"message/delivery-status"), NESTED.replace(b"text/html", b"text"),
)  # fmt: skip


def public():
    for path in sorted(path for name in MAILS for path in (CORPORA / name).rglob("*")):
        if path.is_file() and path.suffix not in NO_MAILS and not path.name.startswith("_UPSTREAM"):
            yield path.read_bytes()


def generated(count):
    spec = importlib.util.spec_from_file_location("gen_corpus", GENERATOR)
    corpus = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(corpus)
    return [raw for _, raw in corpus.Corpus(count)]


def unlike(ours, theirs, where="root"):
    """What differs between two trees, or nothing."""
    for name in ("preamble", "epilogue", "policy"):
        if getattr(ours, name) != getattr(theirs, name):
            return f"{where}: {name} is {getattr(ours, name)!r}, not {getattr(theirs, name)!r}"
    for what in (
        lambda mail: list(mail.raw_items()), Message.get_unixfrom, Message.get_default_type, Message.get_charset,
        Message.is_multipart, lambda mail: [(type(each), str(each)) for each in mail.defects], type,
        lambda mail: len(mail._payload) if mail.is_multipart() else mail._payload, lambda mail: sorted(vars(mail)),
    ):  # fmt: skip
        if what(ours) != what(theirs):
            return f"{where}: {what(ours)!r}, not {what(theirs)!r}"
    if ours.is_multipart():
        for number, pair in enumerate(zip(ours.get_payload(), theirs.get_payload(), strict=True), 1):
            if found := unlike(*pair, f"{where}.{number}"):
                return found
    return None


def is_read(raw, where=""):
    """Whether there is a tree; fails if it is not the library's."""
    ours = lean(raw)
    if ours is not None:
        assert not (found := unlike(ours, LIBRARY.parsebytes(raw))), f"{where} {found}\n{raw!r}"
    there = head(raw)
    assert there is None or there == HEADS.parsebytes(raw).items(), f"{where}\n{raw!r}"
    return ours is not None


# Ways to damage a mail. Each takes its lines (with their ends) and chance, and gives bytes.


def some(lines, chance, wanted=bytes):
    """The number of a line that is wanted, or of any if there is none."""
    numbers = [number for number, line in enumerate(lines) if wanted(line)]
    return chance.choice(numbers or range(len(lines)))


def is_delimiter(line):
    return line.startswith(b"--")


def is_header(line):
    return b":" in line[:40]


def declares(line):
    return b"boundary" in line or line.lower().startswith(b"content-")


def bytes_dropped(lines, chance):
    raw = bytearray(b"".join(lines))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw) or 1)
        raw[at : at + 1] = chance.choice(
            [b"", raw[at : at + 1] * 2, raw[at : at + 2][::-1], bytes([chance.randrange(256)])]
        )
    return bytes(raw)


ODD = (b"\0", b"\f", b"\v", b"\x1c", b"\x1d", b"\x1e", b"\x85", "\x85".encode(), "\u2028".encode(), b"\t", b" ", b"\r", b"\n",
       b"\r\n", b"\n\n", b"\n\r\n", b"\r\r\n", b"--", b":", b";", b'"', b"\xff", b"\n ", b"\n\t\n", b"\nFrom me\n", b"From ")  # fmt: skip


def odd_inserted(lines, chance):
    number = some(lines, chance, chance.choice([is_delimiter, is_header, declares, bytes]))
    at = chance.choice(
        [0, len(lines[number]), len(lines[number].rstrip(b"\r\n")), chance.randrange(len(lines[number]) + 1)]
    )
    lines[number] = lines[number][:at] + chance.choice(ODD) + lines[number][at:]
    return b"".join(lines)


def endings_changed(lines, chance):
    raw = b"".join(lines)
    other = raw.replace(b"\r\n", b"\n") if b"\r\n" in raw else raw.replace(b"\n", b"\r\n")
    if chance.random() < 0.5:
        return other
    changed = other.splitlines(keepends=True)
    share = chance.choice([0.05, 0.5])
    return b"".join(
        chance.choice(pair) if chance.random() < share else pair[0]
        for pair in zip(lines, changed, strict=False)
    )


def end_cut(lines, chance):
    raw = b"".join(lines)
    return (
        raw[: len(raw) - chance.randint(1, 6)]
        if chance.random() < 0.5
        else raw.rstrip(b"\r\n") + chance.choice(ODD)
    )


def sliced(lines, chance):
    raw = b"".join(lines)
    begin = chance.choice([0, chance.randrange(len(raw))])
    return raw[begin : chance.randrange(begin, len(raw) + 1)]


def lines_moved(lines, chance):
    wanted = chance.choice([is_delimiter, is_header, declares, bytes, bytes])
    one, two = some(lines, chance, wanted), some(lines, chance, wanted)
    match chance.randrange(5):
        case 0:
            lines[one : one + 1] = []
        case 1:
            lines[one : one + 1] = lines[one : one + 1] * 2
        case 2:
            lines[one], lines[two] = lines[two], lines[one]
        case 3:
            lines[one] = lines[one].rstrip(b"\r\n")
        case _:
            lines[min(one, two) + 1 : max(one, two)] = []
    return b"".join(lines)


def delimiter_damaged(lines, chance):
    number = some(lines, chance, is_delimiter)
    line = lines[number].rstrip(b"\r\n")
    end = lines[number][len(line) :]
    bare = line.removesuffix(b"--")
    lines[number] = chance.choice([line + b" \t" + end, line + b"--" + end, line + b"x" + end, bare + end, bare + b" --" + end, line,
                                   b" " + line + end, line[:-1] + end, bare + b"--" + b" " + end, end + line + end, line + end + end,
                                   line + end + line + end, line + end + b"X: y" + end, line + b"\x0b" + end])  # fmt: skip
    return b"".join(lines)


def header_damaged(lines, chance):
    number = some(lines, chance, is_header)
    line = lines[number].rstrip(b"\r\n")
    end = lines[number][len(line) :]
    name, _, value = line.partition(b":")
    lines[number] = chance.choice([name + value + end, name + b" :" + value + end, b":" + value + end, name + b":" + end, b" " + line + end,
                                   name + b":" + end + value + end, name + b": " + end + b"\t" + value + end, line + end + b" " + end,
                                   line + b" " + end, line + end + b"From a" + end, b"no colon" + end + line + end, name + b":\t " + value + end,
                                   b"N\xc3\xa1me:" + value + end, name + b":" + value + b" caf\xe9" + end, line + end + end])  # fmt: skip
    return b"".join(lines)


TYPES = (b"multipart/mixed", b"multipart/digest", b"message/rfc822", b"message/delivery-status", b"message/partial", b"text/plain",
         b"text", b"multipart", b"multi part/x", b"multipart/x/y", b"MULTIPART/Mixed", b"multipart/alternative", b"/", b"")  # fmt: skip
ENCODINGS = (b"7bit", b"8BIT", b"base64", b"binary ", b"quoted-printable", b"caf\xe9", b"")


def type_changed(lines, chance):
    number = some(lines, chance, declares)
    line = lines[number]
    old = line.partition(b":")[2].partition(b";")[0].strip()
    lines[number] = chance.choice([
        line.replace(old, chance.choice(TYPES), 1) if old else line, line.replace(b'"', b""), line.replace(b"=", b" = "),
        line.replace(b"boundary=", b"boundary*=utf-8''"), line.replace(b"boundary=", b"boundary*0="), line.replace(b"boundary", b"Boundary"),
        line.replace(b"boundary=", b"x=y; boundary="), line.replace(b"boundary=", b"boundary=z; boundary="), line.replace(b'="', b'="<'),
        line.replace(b"; ", b";\n\t"), line.replace(b'"', b"'"), line.replace(b'="', b'=" '), line.replace(b'="', b'="\\'),
        b"Content-Transfer-Encoding: " + chance.choice(ENCODINGS) + b"\n" + line, b"content-TYPE: " + chance.choice(TYPES) + b"\n" + line,
    ])  # fmt: skip
    return b"".join(lines)


def put_within(lines, chance):
    """The mail within another, whose boundary is its own, the beginning of its own, or longer."""
    inner = some(lines, chance, is_delimiter)
    own = lines[inner].strip()[2:60].removesuffix(b"--") or b"b"
    name = chance.choice(
        [own, own[:-1] or b"c", own + b"-", own + b"--", own + b"x", b"--" + own, b"other", b"a:b"]
    )
    end = chance.choice([b"\n", b"\r\n"])
    raw = chance.choice([b"", end, b"Content-Type: message/rfc822" + end * 2]) + b"".join(lines)
    rows = [b'Content-Type: %s; boundary="%s"' % (chance.choice(TYPES[:2]), name), b"", b"--" + name, raw, b"--" + name,
            *chance.choice([[], [b""], [b"", b""], [b"A: b"], [b"A: b", b""], [b"", b"x"], [b"A: b", b" "], [b" A: b"], [b"x"]]),
            b"--" + name + b"--", *chance.choice([[], [b""], [b"", b""], [b"x"]])]  # fmt: skip
    return end.join(rows)


DAMAGES = (bytes_dropped, odd_inserted, endings_changed, end_cut, sliced, lines_moved, delimiter_damaged, header_damaged,
           type_changed, put_within)  # fmt: skip


def damaged(raw, chance):
    """The mail after one to three accidents, and their names."""
    names = []
    for damage in chance.choices(DAMAGES, k=chance.choice([1, 1, 1, 2, 3])):
        lines = raw.splitlines(keepends=True)
        if lines:
            raw = damage(lines, chance)
            names.append(damage.__name__)
    return raw, names


def prove(mails, count, seed):
    """Damages the mails in turn; gives the share that was still read."""
    chance = random.Random(seed)
    read = 0
    for number in range(count):
        raw, names = damaged(mails[number % len(mails)], chance)
        read += is_read(raw, f"seed {seed}, number {number}, {names}:")
    return read / count


@pytest.mark.parametrize("raw", LETTERS, ids=lambda raw: ascii(raw[:20]))
def test_a_letter_has_the_structure_the_library_gives_it(raw):
    is_read(raw)


def test_what_is_well_formed_is_read():
    for raw in (LETTER, NESTED, NESTED.replace(b"\n", b"\r\n"), NESTED.replace(b"text/html", b"text")):
        assert is_read(raw)
    assert head(LETTER) == [("From", "a@b.test"), ("To", "c@d.test"), ("Subject", "hello")]


@pytest.mark.parametrize(
    "raw",
    [
        b"From marta Mon Jan  1 00:00:00 2024\n" + LETTER,
        LETTER.replace(b"\n", b"\r"),
        LETTER.replace(b"Subject:", b"Subject"),
        NESTED.replace(b"--out--\n", b""),
        NESTED.replace(b"--out\n", b"--out\n--out\n", 1),
        NESTED.replace(b"message/rfc822", b"message/delivery-status"),
        NESTED.replace(b"MIME-", b"Content-Transfer-Encoding: base64\nMIME-"),
        b"Content-Type: message/rfc822\n\n" * (DEPTH_AT_MOST + 1) + LETTER,
    ],
    ids=["mbox", "carriage returns", "no colon", "not closed", "twice", "report", "encoded", "deep"],
)
def test_what_is_odd_is_left_to_the_library(raw):
    assert lean(raw) is None
    assert unlike(parsed(raw), LIBRARY.parsebytes(raw)) is None


def test_damaged_letters_have_the_structure_the_library_gives_them():
    assert prove(LETTERS, 4000, SEED) > 0.15


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no public mails at {CORPORA}")
def test_public_mails_are_read_whole_and_damaged():
    mails = list(public())
    assert len(mails) > 450
    assert sum(map(is_read, mails)) / len(mails) >= 0.6
    assert prove([raw for raw in mails if len(raw) < LARGEST], MUTATIONS // 2, SEED) > 0.15


@pytest.mark.corpora
@pytest.mark.skipif(not GENERATOR.is_file(), reason=f"no generator of mails at {GENERATOR}")
def test_mails_of_the_benchmark_are_read_whole_and_damaged():
    mails = generated(1000)
    mails += [raw.replace(b"\r\n", b"\n") for raw in mails]
    assert sum(map(is_read, mails)) / len(mails) >= 0.95
    assert prove([raw for raw in mails if len(raw) < LARGEST], MUTATIONS // 2, SEED) > 0.15


@pytest.mark.parametrize(
    "raw",
    [
        b"a:" + b" \n" * 500_000,
        b"a: b\n" * 200_000,
        b"a" * 1_000_000,
        b"a: b\n" + b" \t" * 500_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 300_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bc\n" * 200_000 + b"--b\n\n--b--",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
    ],
    ids=["blanks", "headers", "one line", "one value", "parts", "one delimiter", "others", "deep"],
)
@pytest.mark.timeout(60)
def test_a_hostile_mail_takes_no_longer_than_its_size(raw):
    lean(raw)
