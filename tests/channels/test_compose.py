"""Mail that we write reads back as what was meant, and nothing in it can be more than that."""

import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentdesk.channels.compose import ascii_address, compose
from agentdesk.channels.mime import attachment_bytes, read_mail
from agentdesk.core.model import Address, MailClass, OutFile, Outgoing
from agentdesk.core.text import safe, safe_line

AT = datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)
PLAIN = Outgoing(
    message_id="<ad.1.abc@shop.test>",
    sender=Address("Soporte", "soporte@shop.test"),
    to=(Address("Ana", "ana@cliente.test"),),
    subject="Re: Mi pedido",
    text="Hola Ana,\n\nsale hoy.\n-- \nSoporte",
    at=AT,
)


def head(raw: bytes) -> str:
    return raw.partition(b"\r\n\r\n")[0].decode()


def fields(raw: bytes) -> list[str]:
    """Header fields, unfolded."""
    return re.sub(r"\r\n[ \t]", " ", head(raw)).split("\r\n")


def names(raw: bytes) -> list[str]:
    return [field.partition(":")[0].lower() for field in fields(raw)]


def value(raw: bytes, name: str) -> str:
    (found,) = [each for each in fields(raw) if each.lower().startswith(name.lower() + ":")]
    return found.partition(":")[2].strip()


def well_formed(raw: bytes) -> None:
    """RFC 5322 in what every server checks."""
    assert raw.endswith(b"\r\n")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\x00" not in raw
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    for line in head(raw).split("\r\n"):
        assert line.strip()
        assert len(line) <= 78 or " " not in line.strip().partition(": ")[2], line


def test_a_plain_mail_is_what_a_person_would_write():
    assert compose(PLAIN) == (
        b"From: Soporte <soporte@shop.test>\r\n"
        b"To: Ana <ana@cliente.test>\r\n"
        b"Subject: Re: Mi pedido\r\n"
        b"Date: Sun, 22 Nov 2026 10:00:05 +0000\r\n"
        b"Message-ID: <ad.1.abc@shop.test>\r\n"
        b"MIME-Version: 1.0\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"\r\n"
        b"Hola Ana,\r\n\r\nsale hoy.\r\n-- \r\nSoporte\r\n"
    )


@pytest.mark.parametrize(
    "name", ['"', "\\", 'Ana "la alta" Gil', "Gil, Ana", "a\\b", "=?utf-8?q?x?=", "o'Neil (jr)"]
)
def test_names_with_signs_of_their_own(name):
    assert read_mail(compose(replace(PLAIN, to=(Address(name, "a@b.test"),)))).to[0].name == name.strip("\"'")


def test_the_same_value_gives_the_same_bytes():
    out = replace(PLAIN, text="añil", files=(OutFile("a.pdf", "application/pdf", b"x" * 1000),))
    assert compose(out) == compose(replace(out))
    assert compose(out) != compose(replace(out, message_id="<ad.2.abc@shop.test>"))


def test_everything_that_a_mail_can_have():
    out = replace(
        PLAIN,
        sender=Address('Peña "la buena", S.L.', "soporte@shop.test"),
        cc=(Address("Núria Puig i Cadafalch", "nuria@x.test"), Address("", "eva@x.test")),
        bcc=(Address("Jefe", "jefe@shop.test"),),
        subject="Re: [#1042] ¿Dónde está mi pedido nº 7? 🎁 gracias",
        text="Señora:\n\nel paquete llegó.\n",
        reply_to=Address("Soporte", "soporte+t.abc@shop.test"),
        in_reply_to="<3@cliente.test>",
        references=("<1@cliente.test>", "<2@shop.test>", "<3@cliente.test>"),
        files=(
            OutFile("factura año 2026.pdf", "application/pdf", bytes(range(256)) * 10),
            OutFile("notas.txt", "text/plain", "ñ\n".encode()),
            OutFile("vacío", "", b""),
        ),
    )
    raw = compose(out)
    well_formed(raw)
    assert raw.isascii()
    read = read_mail(raw)
    assert read.subject == out.subject
    assert read.text.strip() == out.text.strip()
    assert (read.sender, read.to, read.cc) == (out.sender, out.to, out.cc)
    assert read.reply_to == (out.reply_to,)
    assert read.message_id == out.message_id
    assert read.in_reply_to == (out.in_reply_to,)
    assert read.references == out.references
    assert read.sent_at == AT
    assert read.mail_class is MailClass.HUMAN
    assert read.warnings == ()
    assert [(a.name, a.media_type, a.size) for a in read.attachments] == [
        ("factura año 2026.pdf", "application/pdf", 2560),
        ("notas.txt", "text/plain", 3),
        ("vacío", "application/octet-stream", 0),
    ]
    for part, file in zip(read.attachments, out.files, strict=True):
        assert b"".join(attachment_bytes(raw, part.part)) == file.data
    assert b"jefe" not in raw.lower()
    assert "bcc" not in names(raw)
    assert value(raw, "Subject").startswith("Re: [#1042] =?utf-8?")
    assert value(raw, "Subject").endswith(" gracias")


def test_another_reader_understands_it_too():
    out = replace(
        PLAIN,
        sender=Address("Añil, S.A.", "soporte@shop.test"),
        subject="El niño y el pingüino " * 10,
        text="línea\n" * 3 + "x" * 2000,
        files=(OutFile("ñandú " * 20 + ".pdf", "application/pdf", b"%PDF"),),
    )
    mail = email.message_from_bytes(compose(out), policy=email.policy.default)
    assert mail["subject"] == out.subject.strip()
    assert mail["from"].addresses[0].display_name == "Añil, S.A."
    assert mail.get_body().get_content().replace("\r\n", "\n") == out.text + "\n"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "ñandú " * 20 + ".pdf"
    assert attached.get_content() == b"%PDF"
    assert mail.defects == []


def test_automatic_mail_asks_for_no_answer():
    raw = compose(replace(PLAIN, automatic=True))
    assert value(raw, "Auto-Submitted") == "auto-replied"
    assert value(raw, "X-Auto-Response-Suppress") == "All"
    assert value(raw, "Precedence") == "bulk"
    assert read_mail(raw).mail_class is MailClass.OWN_LOOP
    assert not {"auto-submitted", "precedence", "x-agentdesk-loop"} & set(names(compose(PLAIN)))


HOSTILE = "x\r\nBcc: evil@x.test\r\n\r\n<script>\n\x00\x1b]0;t\x07\x0b\x0c\x85\u2028Sender: y"


def test_nothing_written_adds_a_header():
    out = replace(
        PLAIN,
        sender=Address(HOSTILE, "soporte@shop.test"),
        to=(Address(HOSTILE + "ñ", "ana@cliente.test"),),
        subject=HOSTILE,
        files=(OutFile(HOSTILE + '"; x="y.exe', HOSTILE, b"x"),),
        references=(
            "<ok@x>",
            f"<{HOSTILE}@x>",
            "<no space@x>",
            "<ñ@x>",
            "no brackets",
            "<" + "x" * 2000 + "@x>",
        ),
        in_reply_to=f"<{HOSTILE}>",
    )
    raw = compose(out)
    well_formed(raw)
    expected = ["from", "to", "subject", "date", "message-id", "references", "mime-version", "content-type"]
    assert names(raw) == expected
    assert value(raw, "References") == "<ok@x>"
    read = read_mail(raw)
    assert "Bcc: evil@x.test" in read.subject
    (attached,) = read.attachments
    assert attached.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    "bad",
    [
        {"sender": Address("", "a@b\r\nBcc: c@d")},
        {"sender": Address("", "nobody")},
        {"to": (Address("", "a b@c.test"),)},
        {"to": (Address("", "a@b.test,c@d.test"),)},
        {"cc": (Address("", "<a@b.test>"),)},
        {"reply_to": Address("", "a@\u202eb.test")},
        {"cc": (Address("", "a" * 400 + "@b.test"),)},
        {"message_id": "no-brackets@x"},
        {"message_id": "<a\r\nBcc: b@x>"},
        {"message_id": "<a b@x>"},
        {"message_id": "<ñ@x>"},
        {"at": AT.replace(tzinfo=None)},
    ],
)
def test_what_cannot_be_written_is_refused(bad):
    with pytest.raises(ValueError):
        compose(replace(PLAIN, **bad))


def test_blind_recipients_alone():
    raw = compose(replace(PLAIN, to=(), bcc=(Address("", "ana@cliente.test"),)))
    assert value(raw, "To") == "undisclosed-recipients:;"
    assert b"ana@" not in raw
    assert read_mail(raw).to == ()


def test_a_long_thread_keeps_its_first_and_its_newest():
    ids = tuple(f"<{number:04}.{'x' * 60}@cliente.test>" for number in range(400))
    raw = compose(replace(PLAIN, references=ids, in_reply_to=ids[-1]))
    well_formed(raw)
    kept = read_mail(raw).references
    assert kept[0] == ids[0]
    assert kept[1:] == ids[-49:]
    long_ones = tuple(f"<{number:04}.{'x' * 880}@c.test>" for number in range(20))
    raw = compose(replace(PLAIN, references=long_ones))
    well_formed(raw)
    assert read_mail(raw).references == (long_ones[0], *long_ones[-8:])


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("short\n", "7bit"),
        ("x" * 998, "7bit"),
        ("x" * 999, "quoted-printable"),
        ("From here on", "quoted-printable"),
        ("uno\nFrom dos", "quoted-printable"),
        ("ñ", "quoted-printable"),
        ("", "7bit"),
        (".\n..\n.x", "7bit"),
    ],
)
def test_how_a_text_is_written(text, way):
    raw = compose(replace(PLAIN, text=text))
    well_formed(raw)
    assert value(raw, "Content-Transfer-Encoding") == way
    assert b"\nFrom " not in raw
    assert read_mail(raw).text.rstrip("\n") == text.rstrip("\n")


def test_quoted_lines_are_short_and_characters_whole():
    text = "el pingüino y la cigüeña 🎁 " * 200 + "\n" + " \t\n ñ \n"
    raw = compose(replace(PLAIN, text=text))
    body = raw.partition(b"\r\n\r\n")[2]
    for line in body.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        whole = line.removesuffix(b"=")
        re.sub(rb"=([0-9A-F]{2})", lambda m: bytes([int(m[1], 16)]), whole).decode()
    assert read_mail(raw).text == text


def test_a_boundary_that_somebody_quotes_is_not_used():
    file = OutFile("a.txt", "text/plain", b"x")
    boundary = re.search(r'boundary="([^"]+)"', head(compose(replace(PLAIN, files=(file,)))))[1]
    out = replace(
        PLAIN, text=f"a\n--{boundary}\nContent-Type: text/html\n\nb\n--{boundary}--\nc", files=(file,)
    )
    read = read_mail(compose(out))
    assert read.text == out.text
    assert len(read.attachments) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\factura.pdf", "factura.pdf"),
        ("", "file"),
        ("ex\u202egnp.exe", "exgnp.exe"),
        ('di"jo; x=y.pdf', 'di"jo; x=y.pdf'),
        ("100%.pdf", "100%.pdf"),
        ("l'Índex.pdf", "l'Índex.pdf"),
        ("ñ" * 300 + ".pdf", "ñ" * 196 + ".pdf"),
    ],
)
def test_names_of_files(name, expected):
    raw = compose(replace(PLAIN, files=(OutFile(name, "application/pdf", b"x"),)))
    well_formed(raw)
    assert all(len(line) <= 78 for line in raw.decode().split("\r\n"))
    (attached,) = read_mail(raw).attachments
    assert attached.name == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ana@peña.test", "ana@xn--pea-8ma.test"),
        ("ana@straße.test", "ana@xn--strae-oqa.test"),
        ("ana@sub.l·l.cat", "ana@sub.xn--ll-0ea.cat"),
        ("ana..b@docomo.test", "ana..b@docomo.test"),
        ('"ana b"@x.test', '"ana b"@x.test'),
        ("añil@x.test", "añil@x.test"),
        ("ana@[127.0.0.1]", "ana@[127.0.0.1]"),
    ],
)
def test_addresses(address, expected):
    assert ascii_address(address) == expected


def test_a_local_part_beyond_ascii_stays_utf8():
    raw = compose(replace(PLAIN, to=(Address("Añil", "añil@peña.test"),)))
    assert "<añil@xn--pea-8ma.test>" in head(raw)
    assert read_mail(raw).to == (Address("Añil", "añil@xn--pea-8ma.test"),)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
lines = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=80)
localparts = st.from_regex(r"[a-z0-9!#$%&*+/=?^_`{|}~-]+(\.[a-z0-9!#$%*+/=?^_`{|}~-]+){0,3}", fullmatch=True)
domains = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,10}){1,3}", fullmatch=True)
emails = st.builds("{}@{}".format, localparts, domains).filter(lambda each: len(each) < 200)
mailboxes = st.builds(Address, lines, emails)
ids = st.from_regex(r"<[A-Za-z0-9.!#$%&*+/=?^_`{|}~-]{1,100}@[a-z0-9.-]{1,40}>", fullmatch=True)
media = st.sampled_from(["application/pdf", "image/png", "text/plain", "text/csv", "message/rfc822", "", "x"])
files = st.builds(OutFile, texts, media, st.binary(max_size=300))
outgoings = st.builds(
    Outgoing,
    message_id=ids,
    sender=mailboxes,
    to=st.lists(mailboxes, max_size=4).map(tuple),
    cc=st.lists(mailboxes, max_size=4).map(tuple),
    bcc=st.just((Address("blind", "blind.copy@nobody.test"),)),
    subject=texts,
    text=texts,
    at=st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    reply_to=st.none() | mailboxes,
    in_reply_to=st.none() | ids,
    references=st.lists(ids, max_size=12, unique=True).map(tuple),
    files=st.lists(files, max_size=3).map(tuple),
    automatic=st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(outgoings)
def test_what_we_write_reads_back(out):
    raw = compose(out)
    well_formed(raw)
    assert raw.isascii()
    assert b"blind.copy" not in raw
    read = read_mail(raw)
    assert read.message_id == out.message_id
    assert read.references == out.references
    assert read.in_reply_to == ((out.in_reply_to,) if out.in_reply_to else ())
    assert read.sent_at == out.at
    assert parsedate_to_datetime(value(raw, "Date")) == out.at
    meant = [out.sender, *out.to, *out.cc, *([out.reply_to] if out.reply_to else [])]
    found = [read.sender, *read.to, *read.cc, *read.reply_to]
    assert [each.email for each in found] == [each.email for each in meant]
    for one, other in zip(found, meant, strict=True):
        # The reader takes quotes from the ends of a name.
        assert one.name.strip("'\" ") == safe_line(other.name).strip("'\" ")
    controls = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # whatever parts lines is a space
    assert read.subject == safe_line(controls.sub(" ", out.subject))
    wanted = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", out.text)
    wanted = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", wanted)
    assert read.text.strip("\n") == safe(wanted if wanted.strip() else "").strip("\n")
    assert len(read.attachments) == len(out.files)
    for attached, file in zip(read.attachments, out.files, strict=True):
        assert b"".join(attachment_bytes(raw, attached.part)) == file.data


@settings(max_examples=150, deadline=None)
@given(texts, texts, st.lists(texts, max_size=3))
def test_no_text_in_any_place_makes_a_header_or_a_part(subject, name, references):
    out = replace(
        PLAIN,
        subject=subject,
        sender=Address(name, "soporte@shop.test"),
        references=tuple(references),
        in_reply_to=name,
        files=(OutFile(name, subject, b"x"),),
    )
    raw = compose(out)
    well_formed(raw)
    assert set(names(raw)) <= {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "mime-version",
        "content-type",
    }
    assert len(read_mail(raw).attachments) == 1
