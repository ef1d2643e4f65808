"""A raw mail as an Incoming, told by the mails that go wrong elsewhere."""

import base64
import hashlib
import resource
import sys
from datetime import UTC, datetime

import pytest

from agentdesk.channels.invitation import invitation_text
from agentdesk.channels.mime import attachment_bytes, read_mail
from agentdesk.core.model import Address
from agentdesk.core.text import visible

HEAD = b"From: Pepe <pepe@correo.example>\nTo: info@tienda.example\nMessage-ID: <1@x>\nDate: Mon, 5 Feb 2024 10:23:00 +0100\n"


def mail(head=b"", body=b"Hola\n", base=HEAD):
    return base + head + b"\n" + body


def multipart(kind, *parts, head=b""):
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + b"--b--\n"
    return mail(head + b"Content-Type: multipart/" + kind + b"; boundary=b\n", body)


def leaf(media, body, head=b""):
    return b"Content-Type: " + media + b"\n" + head + b"\n" + body


def test_every_field():
    raw = (
        b"Delivered-To: info+a@tienda.example\nX-Original-To: INFO@tienda.example\nFrom: =?utf-8?Q?Pepe_P=C3=A9rez?= "
        b'<Pepe@Correo.example>\nTo: "Tienda, la" <info@tienda.example>, otro@x.example\nCc: grupo: a@b.es, c@d.es;\n'
        b"Reply-To: pepe@otra.example\nSubject: =?utf-8?B?UGVkaWRvIHPDrQ==?=\nMessage-ID: <1@x>\nIn-Reply-To: <2@x>\n"
        b"References: <3@x>\n <2@x>\nDate: Mon, 5 Feb 2024 10:23:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n"
        b"\xc2\xbfCu\xc3\xa1ndo llega mi pedido? Gracias\n\nEl 5/2/24 a las 10:23, T escribi\xc3\xb3:\n> hola\n> [ad:ABCD2345-XY.Z]\n"
    )  # fmt: skip
    read = read_mail(raw)
    assert read.sender == Address("Pepe Pérez", "pepe@correo.example")
    assert read.subject == "Pedido sí"
    assert read.to == (Address("Tienda, la", "info@tienda.example"), Address("", "otro@x.example"))
    assert [a.email for a in read.cc] == ["a@b.es", "c@d.es"]
    assert (read.message_id, read.in_reply_to, read.references) == ("<1@x>", ("<2@x>",), ("<3@x>", "<2@x>"))
    assert read.delivered_to == ("info+a@tienda.example", "info@tienda.example")
    assert read.sent_at == datetime(2024, 2, 5, 9, 23, tzinfo=UTC)
    assert visible(read.text, read.folds) == "¿Cuándo llega mi pedido? Gracias"
    assert (read.channel, read.language, read.mail_class) == ("email", "es", "human")
    assert read.body_marker == "ABCD2345-XY.Z"
    assert read.warnings == ("reply_to_elsewhere",)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"=?iso-8859-1?Q?Env=EDo?= =?iso-8859-1?Q?_tarde?=", "Envío tarde"),
        (b"=?utf-8?B?w6E=?=\n =?utf-8?B?w6k=?=", "áé"),
        (b"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        (b"=?nadie?Q?hola?= mundo", "hola mundo"),
        (b"Env\xedo", "Envío"),
        (b"Env\xc3\xado", "Envío"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?Q?=1B]52;c;x=07?=", "\ufffd]52;c;x\ufffd"),
        (b"=?utf-8?B?!!!?=", ""),
        (b"=?utf-8?Q?roto", "=?utf-8?Q?roto"),
        (b"uno\n\tdos", "uno dos"),
    ],
)  # fmt: skip
def test_subjects(header, expected):
    assert read_mail(mail(b"Subject: " + header + b"\n")).subject == expected


@pytest.mark.parametrize(
    ("label", "body", "expected", "guessed"),
    [
        (b"utf-8", "niño €".encode(), "niño €", False),
        (b"utf-8", b"ni\xf1o \x80", "niño €", True),
        (b"us-ascii", b"ni\xf1o", "niño", True),
        (b"iso-8859-1", "niño".encode(), "niño", True),
        (b"iso-8859-1", b"ni\xf1o \x80", "niño €", False),
        (b"gb2312", "中文".encode("gb18030"), "中文", False),
        (b"windows-874", "ไทย".encode("cp874"), "ไทย", False),
        (b"x-mac-roman", "niño".encode("mac_roman"), "niño", False),
        (b"utf-7", b"ni+APE-o", "niño", False),
        (b"8bit", "niño".encode(), "niño", True),
        (b"no-such", b"ni\xf1o", "niño", True),
        (b"rot13", b"hola", "hola", True),
        (b"iso-2022-jp", "日本".encode("iso-2022-jp"), "日本", False),
    ],
)
def test_charsets_that_tell_the_truth_and_that_do_not(label, body, expected, guessed):
    read = read_mail(mail(b"Content-Type: text/plain; charset=" + label + b"\n", body))
    assert read.text == expected
    assert ("charset" in read.warnings) == guessed


@pytest.mark.parametrize("given", [b"charset*=us-ascii'en'utf-8", b'charset="a\0b"'])
@pytest.mark.parametrize("media", [b"text/plain", b"multipart/mixed"])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [(b"8bit", "niño".encode()), (b"quoted-printable", b"ni=C3=B1o"), (b"base64", b"bmnDsW8=\xe9")],
)
def test_a_charset_in_a_form_the_library_stumbles_over(given, media, encoding, body):
    head = b"Content-Type: %s; %s\nContent-Transfer-Encoding: %s\nX-Raw: \xe9\n" % (media, given, encoding)
    assert read_mail(mail(head, body)).text.strip() == "niño"


def test_plain_is_taken_unless_it_says_nothing():
    html = leaf(b"text/html", b"<p>Rico</p>")
    assert read_mail(multipart(b"alternative", leaf(b"text/plain", b"Llano"), html)).text == "Llano"
    assert read_mail(multipart(b"alternative", leaf(b"text/plain", b" \n"), html)).text == "Rico"
    stub = leaf(b"text/plain", b"View this message in your browser")
    long = leaf(b"text/html", b"<p>" + b"Rico y largo, con todo lo que hay que saber. " * 3 + b"</p>")
    assert read_mail(multipart(b"alternative", stub, long)).text.startswith("Rico y largo")


def test_pictures_within_and_files_beside():
    picture = leaf(
        b"image/png", base64.b64encode(b"png"), b"Content-Transfer-Encoding: base64\nContent-ID: <i@x>\n"
    )
    related = b"Content-Type: multipart/related; boundary=r\n\n--r\n" + leaf(
        b"text/html", b"<p>Foto</p><img src=cid:i@x>"
    )
    related += b"\n--r\n" + picture + b"\n--r--\n"
    name = b"Content-Disposition: attachment; filename*0*=utf-8''Env%C3%ADo; filename*1=\" .pdf\"\n"
    raw = multipart(b"mixed", related, leaf(b"application/pdf", b"%PDF", name))
    first, second = read_mail(raw).attachments
    assert (first.part, first.content_id, first.inline, first.size) == ("1.2", "i@x", True, 3)
    assert first.sha256 == hashlib.sha256(b"png").hexdigest()
    assert (second.part, second.name, second.inline) == ("2", "Envío .pdf", False)
    assert b"".join(attachment_bytes(raw, "1.2")) == b"png"
    assert b"".join(attachment_bytes(raw, "2")) == b"%PDF"
    with pytest.raises(KeyError):
        list(attachment_bytes(raw, "7"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'filename="=?utf-8?Q?a=C3=B1o.pdf?="', "año.pdf"),
        (b'filename="../../etc/passwd"', "passwd"),
        (b'filename="C:\\\\x\\\\factura.pdf"', "factura.pdf"),
        (b'filename="ex\xe2\x80\xaegnp.exe"', "ex\ufffdgnp.exe"),
        (b"filename=a\xf1o.pdf", "año.pdf"),
        (b"filename*=iso-8859-1'es'a%F1o.pdf", "año.pdf"),
    ],
)  # fmt: skip
def test_file_names(given, expected):
    part = leaf(b"application/pdf", b"x", b"Content-Disposition: attachment; " + given + b"\n")
    assert read_mail(multipart(b"mixed", leaf(b"text/plain", b"x"), part)).attachments[0].name == expected


def test_a_mail_within_a_mail_is_shown_and_its_files_counted():
    inner = multipart(
        b"mixed", leaf(b"text/plain", b"Dentro"), leaf(b"image/gif", b"GIF"), head=b"Subject: Antes\n"
    )
    raw = multipart(b"mixed", leaf(b"text/plain", b"Mira"), leaf(b"message/rfc822", inner))
    raw = raw.replace(b"boundary=b\n", b"boundary=o\n", 1).replace(
        b"--b\nContent-Type: text/plain\n\nMira", b"--o\nContent-Type: text/plain\n\nMira"
    )
    raw = (
        raw.replace(b"--b\nContent-Type: message", b"--o\nContent-Type: message").removesuffix(b"--b--\n")
        + b"--o--\n"
    )
    read = read_mail(raw)
    assert "Mira" in read.text
    assert "From: Pepe <pepe@correo.example>" in read.text
    assert "Subject: Antes" in read.text
    assert "Dentro" in read.text
    assert read.folds == ()
    assert [a.part for a in read.attachments] == ["2.2"]
    assert b"".join(attachment_bytes(raw, "2.2")).strip() == b"GIF"


def test_an_invitation_is_text_and_file():
    event = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Visita\\, obra\nDTSTART;TZID=Europe/Madrid:20240205T100000\n"
        b"DTEND:20240205T110000Z\nLOCATION:C/ Mayor\nORGANIZER;CN=Ana:mailto:ana@x.es\nATTENDEE:mailto:b@x.es\nEND:VEVENT\n"
    )
    read = read_mail(
        multipart(b"alternative", leaf(b"text/plain", b"Ven"), leaf(b"text/calendar; charset=utf-8", event))
    )
    assert read.text == (
        "Ven\n\nEvent: Visita, obra\nWhen: 2024-02-05 10:00 Europe/Madrid - 2024-02-05 11:00 UTC\nWhere: C/ Mayor\n"
        "Organiser: Ana <ana@x.es>\nAttendees: b@x.es"
    )
    assert [a.media_type for a in read.attachments] == ["text/calendar"]


SAID = {
    "es": (
        "Hola, os propongo esta visita. Gracias, un saludo.",
        (
            "Evento: Site visit of the team\nCuándo: 5/2/2024 10:00-11:00 Europe/Madrid\nDónde: The office\n"
            "Organiza: a@x.es\nAsistentes: b@x.es"
        ),
    ),
    "ca": (
        "Hola, us proposo aquesta visita. Gràcies, fins demà.",
        (
            "Esdeveniment: Site visit of the team\nQuan: 5/2/2024 10:00-11:00 Europe/Madrid\nOn: The office\n"
            "Organitza: a@x.es\nAssistents: b@x.es"
        ),
    ),
    "en": (
        "Hello, this is when we would like to visit you. Thanks!",
        (
            "Event: Site visit of the team\nWhen: 2024-02-05 10:00-11:00 Europe/Madrid\nWhere: The office\n"
            "Organiser: a@x.es\nAttendees: b@x.es"
        ),
    ),
    "fr": (
        "Bonjour, je vous propose cette visite. Merci de votre réponse.",
        (
            "Event: Site visit of the team\nWhen: 2024-02-05 10:00-11:00 Europe/Madrid\nWhere: The office\n"
            "Organiser: a@x.es\nAttendees: b@x.es"
        ),
    ),
}


@pytest.mark.parametrize("spoken", SAID)
def test_an_invitation_speaks_the_language_of_the_sender_s_own_words_and_never_decides_it(spoken):
    words, told = SAID[spoken]
    event = (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Site visit of the team\nDTSTART;TZID=Europe/Madrid:20240205T100000\n"
        b"DTEND;TZID=Europe/Madrid:20240205T110000\nLOCATION:The office\nORGANIZER:mailto:a@x.es\n"
        b"ATTENDEE:mailto:b@x.es\nEND:VEVENT\n"
    )
    text = leaf(b"text/plain; charset=utf-8", words.encode())
    read = read_mail(multipart(b"mixed", text, leaf(b"text/calendar; charset=utf-8", event)))
    assert (read.language, read.text, read.folds) == (spoken, f"{words}\n\n{told}", ())


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (b"DTSTART;VALUE=DATE:20240205\nDTEND;VALUE=DATE:20240206", "2024-02-05"),
        (b"DTSTART;VALUE=DATE:20240205\nDTEND;VALUE=DATE:20240208", "2024-02-05 - 2024-02-07"),
        (b"DTSTART:20240205T230000Z\nDTEND:20240206T010000Z", "2024-02-05 23:00 UTC - 2024-02-06 01:00 UTC"),
        (b"DTSTART:20240205T100000", "2024-02-05 10:00"),
        (b"DTSTART:20249999T100000\nDTEND:soon", "20249999T100000 - soon"),
    ],
)
def test_from_when_to_when_is_said_as_people_do(times, said):
    assert invitation_text(f"BEGIN:VEVENT\n{times.decode()}\nEND:VEVENT\n") == f"When: {said}"


def test_flowed_text_is_joined():
    body = b"> uno \n> dos\nuna l\nargo \nsigue\n-- \nPepe"
    head = b"Content-Type: text/plain; format=flowed\n"
    assert read_mail(mail(head, body)).text == "> uno dos\nuna l\nargo sigue\n-- \nPepe"
    assert read_mail(mail(head[:-1] + b"; delsp=yes\n", b"lar \ngo")).text == "largo"


@pytest.mark.parametrize(
    ("raw", "text", "warning"),
    [
        (multipart(b"mixed", leaf(b"text/plain", b"Hola")).removesuffix(b"--b--\n"), "Hola", "truncated"),
        (mail(b"Content-Type: multipart/mixed\n", b"--zz\n\nHola\n--zz--\n"), "Hola", "defects"),
        (mail(b"Content-Transfer-Encoding: base64\n", b"SG9sY"), "Hol", None),
        (mail(b"Content-Transfer-Encoding: base64\n", b"esto no es eso\n"), "esto no es eso", "defects"),
        (mail(b"Content-Transfer-Encoding: quoted-printable\n", b"Ho=6Ca=ZZ ="), "Hola=ZZ", None),
        (mail(b"Date: x\n", base=b"From: a@b.es\n"), "Hola", "date"),
        (mail(b"Date: Mon, 1 Jan 1970 00:00:00 +0000\n", base=b"From: a@b.es\n"), "Hola", "date"),
        (mail(b"", base=b"Subject: x\n"), "Hola", "no_sender"),
        (mail(b"", base=b"From: a@b.es\n"), "Hola", "no_message_id"),
        (mail(b"", base=b"From: a@b.es, c@d.es\n"), "Hola", "several_senders"),
        (mail(b"", base=b'From: "jefe@banco.es" <a@b.es>\n'), "Hola", "name_is_address"),
        (mail(b"", b"\x00\x1b[2J"), "\ufffd\ufffd[2J", None),
        (b"\r\n\r\n" + mail(), "Hola", None),
        (mail(b"", b"x" * 1_000_100), "x" * 1_000_000, "text_too_long"),
    ],
)  # fmt: skip
def test_broken_mails_give_their_best(raw, text, warning):
    read = read_mail(raw)
    assert read.text.strip() == text
    assert warning is None or warning in read.warnings


def test_a_date_to_come_stays():
    raw = mail(base=b"From: a@b.es\nDate: Mon, 5 Feb 2099 10:00:00 +0000\n")
    assert read_mail(raw).sent_at == datetime(2099, 2, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"no header at all\nsecond line\n", b" \t\n"])
def test_what_is_no_mail_is_refused_with_a_reason(raw):
    with pytest.raises(ValueError, match="mail"):
        read_mail(raw)


def _nested(levels, word=b"boundary"):
    head = b"".join(b"Content-Type: multipart/mixed; %s=b%d\n\n--b%d\n" % (word, n, n) for n in range(levels))
    return HEAD + head + b"\nHola\n"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "raw",
    [
        _nested(5000),
        HEAD + b"Content-Type: message/rfc822\n\n" * 20_000 + b"\nHola",
        HEAD + b"To: " + b"(" * 200_000 + b"\n\nHola",
        HEAD + b"To: " + b"a: b;," * 100_000 + b"\n\nHola",
        HEAD + b"To: " + b"<" * 200_000 + b"\n\nHola",
        HEAD + b"Subject: " + b"=?utf-8?Q?" * 50_000 + b"\n\nHola",
        HEAD + b"References: " + b"<a@b> " * 200_000 + b"\n\nHola",
        HEAD + b"Content-Type: text/plain" + b";a=b" * 100_000 + b"\n\nHola",
        HEAD + b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 150_000,
        HEAD + b"Content-Type: multipart/mixed\n\n" + b"--a\n\n" * 150_000,
        HEAD + b"X: y\n" * 100_000 + b"\nHola",
    ],
    ids=[
        "multiparts",
        "mails",
        "comments",
        "groups",
        "angles",
        "words",
        "references",
        "parameters",
        "parts",
        "undeclared parts",
        "headers",
    ],
)
def test_hostile_mails_cost_little(raw):
    assert "no_sender" not in read_mail(raw).warnings


def test_nesting_beyond_fifty_is_flattened_and_said():
    assert "nested_too_deep" in read_mail(_nested(60)).warnings
    assert "nested_too_deep" in read_mail(_nested(2000, b"bOUNdary")).warnings
    for word in (b"boundary*", b"boundary*0", b"Boundary*0*"):
        assert "nested_too_deep" in read_mail(_nested(1000, word)).warnings
    assert "nested_too_deep" not in read_mail(_nested(40)).warnings


def test_a_large_file_is_read_in_little_memory(tmp_path):
    path = tmp_path / "large.eml"
    digest = hashlib.sha256()
    with path.open("wb") as file:
        file.write(
            HEAD
            + b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\nHola\n--bb\nContent-Type: application/zip; "
            b"name=a.zip\nContent-Transfer-Encoding: base64\n\n"
        )
        block = bytes(range(256)) * 57 * 64
        for _ in range(40):
            digest.update(block)
            file.write(base64.encodebytes(block))
        file.write(base64.b64encode(b"fin") + b"\n--bb--\n")
    digest.update(b"fin")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = read_mail(path)
    size = sum(map(len, attachment_bytes(path, "2")))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert read.text.strip() == "Hola"
    assert read.attachments[0].sha256 == digest.hexdigest()
    assert read.attachments[0].size == size == len(block) * 40 + 3
    assert read_mail(path.read_bytes()).attachments == read.attachments
    if sys.platform == "linux":
        assert grown < 40_000  # KiB; the file has 50 MB
