"""Handing mail over to a server that misbehaves at every step: what came back is what was true."""

import asyncio
import base64
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from agentdesk.channels import Accepted, Account, Doubtful, Envelope, Refused, TryLater
from agentdesk.channels.post import Post, no_reply
from agentdesk.channels.smtp import send
from agentdesk.channels.submission import Patience
from agentdesk.channels.wire import Login
from agentdesk.core.model import Endpoint
from agentdesk.errors import (
    CertificateError,
    ChannelError,
    InsecureError,
    LoginError,
    NoReplyError,
    SecretError,
    UnreachableError,
)
from servers import free_port, until
from servers.smtp import ABILITIES, Session, Smtp

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SHORT = Patience(connect=2, answer=0.4, block=0.4, final=0.4, goodbye=0.4)
USER = "soporte@shop.test"
MAIL = b"From: soporte@shop.test\r\nSubject: Hola\r\n\r\nSu pedido sale hoy.\r\n.punto\r\n..\r\n"
TO_ANA = Envelope(USER, ("ana@cliente.test",))


class Sending:
    """One attempt and everything that can be told of it afterwards."""

    def __init__(
        self,
        server: Smtp,
        raw: bytes = MAIL,
        envelope: Envelope = TO_ANA,
        *,
        security: str = "plain",
        secret=lambda: "secreto",
        way: str = "password",
        ca_file: Path | None = None,
        patience: Patience = SHORT,
        host: str = "localhost",
        mark=lambda: None,
    ) -> None:
        self.marks = 0
        self.taken_at_mark: int | None = None
        self.commands_at_mark: list[str] = []

        def before_data() -> None:
            self.marks += 1
            self.commands_at_mark = server.commands()
            mark()

        endpoint = Endpoint(host, server.port, security, USER)
        login = Login("mail", endpoint, secret, way=way, ca_file=str(ca_file) if ca_file else None)

        async def attempt():
            return await send(login, raw, envelope, before_data, clock=lambda: AT, patience=patience)

        self.result = asyncio.run(attempt())


@pytest.fixture
def server():
    made = Smtp()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate authority of the test's own, as (server's context, file for the client)."""
    made = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("localhost").configure_cert(context)
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(path)
    return context, path


@pytest.fixture
def shielded(authority):
    made = Smtp((*ABILITIES, "STARTTLS"), tls=authority[0])
    yield made
    made.stop()


def reset(session: Session, argument: str) -> None:
    session.reset()


def hang_up(session: Session, argument: str) -> None:
    session.end()


def silent(session: Session, argument: str) -> None:
    session.wait_for_end()


def taken_then(fault):
    """The server takes the mail, and only then does what `fault` does."""

    def both(session: Session, argument: str) -> None:
        session.take()
        if isinstance(fault, str):
            session.say(fault)
        else:
            fault(session, argument)

    return both


def answered_then(words: str, fault):
    def both(session: Session, argument: str) -> None:
        session.say(words)
        fault(session, argument)

    return both


def test_a_mail_goes_byte_for_byte(server):
    sent = Sending(server)
    assert sent.result == Accepted(AT, "250 2.0.0 queued as 42")
    (taken,) = server.taken
    assert (taken.sender, taken.recipients, taken.raw) == (USER, ("ana@cliente.test",), MAIL)
    assert server.logins == ["PLAIN"]
    assert sent.marks == 1
    assert sent.commands_at_mark[-1] == "RCPT"
    until(lambda: server.commands()[-1] == "QUIT")
    assert server.seen[0] == "EHLO [127.0.0.1]", "nobody is told the laptop's name"
    assert f"SIZE={len(MAIL)}" in server.seen[2]


def test_line_ends_that_smuggle_are_made_whole(server):
    Sending(server, b"Subject: x\n\none\n.\nMAIL FROM:<evil@x>\r.\rend")
    (taken,) = server.taken
    assert taken.raw == b"Subject: x\r\n\r\none\r\n.\r\nMAIL FROM:<evil@x>\r\n.\r\nend\r\n"


SURELY_NOT = [
    ("CONNECT", "421 4.3.2 going down", TryLater),
    ("CONNECT", "554 not from there", TryLater),
    ("CONNECT", "what is this?", TryLater),
    ("CONNECT", reset, TryLater),
    ("CONNECT", silent, TryLater),
    ("EHLO", "421 4.3.2 too busy", TryLater),
    ("EHLO", "451 4.3.0 not now", TryLater),
    ("EHLO", reset, TryLater),
    ("EHLO", silent, TryLater),
    ("PASSWORD", "454 4.7.0 Temporary authentication failure", TryLater),
    ("PASSWORD", "421 4.7.0 Too many logins", TryLater),
    ("PASSWORD", "535 5.7.8 bad password", "login"),
    ("PASSWORD", "534 5.7.9 Application-specific password required", "login"),
    ("PASSWORD", reset, TryLater),
    ("PASSWORD", silent, TryLater),
    ("MAIL", "451 4.3.0 try again in 5 minutes", TryLater),
    ("MAIL", "421 4.7.0 Too many messages", TryLater),
    ("MAIL", "550 5.7.1 not your address", "sender"),
    ("MAIL", "552 5.3.4 too big", "too_large"),
    ("MAIL", "530 5.7.0 Authentication required", "login"),
    ("MAIL", hang_up, TryLater),
    ("MAIL", silent, TryLater),
    ("RCPT", "450 4.2.0 greylisted", TryLater),
    ("RCPT", "421 4.7.0 enough", TryLater),
    ("RCPT", "550 5.1.1 nobody of that name", "recipient"),
    ("RCPT", "552 5.2.2 mailbox full", "recipient"),
    ("RCPT", "553 5.1.3 bad address", "recipient"),
    ("RCPT", reset, TryLater),
    ("RCPT", silent, TryLater),
    ("DATA", "451 4.3.0 not now", TryLater),
    ("DATA", "421 4.3.0 going down", TryLater),
    ("DATA", "554 5.6.0 no valid recipients", "content"),
    ("DATA", "250 what?", TryLater),
    ("DATA", "354 go on\r\n250 and already done", TryLater),
    ("DATA", reset, TryLater),
    ("DATA", hang_up, TryLater),
    ("DATA", silent, TryLater),
    ("BODY", "451 4.3.0 scanner is away", TryLater),
    ("BODY", "421 4.3.0 going down", TryLater),
    ("BODY", "550 5.7.1 looks like spam", "content"),
    ("BODY", "554 5.6.0 refused", "content"),
    ("BODY", "552 5.3.4 too big after all", "too_large"),
]


@pytest.mark.parametrize(("step", "fault", "expected"), SURELY_NOT)
def test_what_surely_did_not_go(server, step, fault, expected):
    server.on(step, fault)
    sent = Sending(server)
    assert server.taken == []
    if isinstance(expected, str):
        assert isinstance(sent.result, Refused)
        assert sent.result.code == expected
    else:
        assert isinstance(sent.result, expected)
    assert sent.marks == (1 if step in {"DATA", "BODY"} else 0)
    if isinstance(fault, str) and step != "CONNECT" and fault[0] in "45":
        assert sent.result.reason == fault
    assert sent.result.reason
    assert "\n" not in sent.result.reason


def test_a_server_that_is_not_there():
    class Nobody:
        port = free_port()

    result = Sending(Nobody()).result
    assert isinstance(result, TryLater)
    assert result.reason == "Connection refused"


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        hang_up,
        silent,
        "nonsense",
        "250",
        answered_then("2", hang_up),
        answered_then("250-half", hang_up),
        "354 go on again",
    ],
)
@pytest.mark.parametrize("taken", [False, True])
def test_what_nobody_can_say(server, fault, taken):
    server.on("BODY", taken_then(fault) if taken else fault)
    sent = Sending(server)
    if fault == "250":
        assert isinstance(sent.result, Accepted), "a code without words is an answer"
    else:
        assert isinstance(sent.result, Doubtful), "nothing may be sent again silently"
    assert len(server.taken) == taken
    assert sent.marks == 1


@pytest.mark.parametrize("end", [reset, hang_up, answered_then("421 4.3.0 going down", hang_up)])
def test_an_accepted_mail_stays_accepted_whatever_comes_after(server, end):
    server.on("BODY", taken_then(answered_then("250 2.0.0 queued", hang_up)))
    assert isinstance(Sending(server).result, Accepted)
    server.on("QUIT", end)
    assert isinstance(Sending(server).result, Accepted)
    assert len(server.taken) == 2


def test_a_reset_that_overtakes_the_answer_is_never_taken_for_a_no(server):
    server.on("BODY", taken_then(answered_then("250 2.0.0 queued", reset)))
    assert isinstance(Sending(server).result, Accepted | Doubtful)


def test_a_cut_in_the_middle_of_the_body(server):
    def some(session: Session, argument: str) -> None:
        session.line.recv(1000)
        session.reset()

    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", some)
    sent = Sending(server, MAIL + b"0123456789abcdef\r\n" * 600_000)
    assert isinstance(sent.result, Doubtful)
    assert "most likely" in sent.result.reason


def test_a_server_that_stops_reading(server):
    stop = threading.Event()
    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", lambda *_: stop.wait(20))
    sent = Sending(server, MAIL + b"0123456789abcdef\r\n" * 1_000_000)
    stop.set()
    assert isinstance(sent.result, Doubtful)
    assert server.taken == []


def test_a_no_before_the_end_of_the_body_is_a_no(server):
    got: list[bytes] = []

    def early(session: Session, argument: str) -> None:
        session.line.recv(1000)
        session.say("552 5.3.4 enough")
        while data := session.line.recv(1_000_000):
            got.append(data)

    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", early)
    sent = Sending(server, MAIL + b"0123456789abcdef\r\n" * 1_000_000)
    assert sent.result == Refused("too_large", "552 5.3.4 enough")
    assert server.taken == []
    until(server.ended.is_set)
    assert b"QUIT" not in b"".join(got[-2:]), "a goodbye would be a line of the body"


def test_a_yes_before_the_end_of_the_body_is_not_believed(server):
    def early(session: Session, argument: str) -> None:
        session.line.recv(1000)
        session.say("250 2.0.0 whatever")
        session.wait_for_end()

    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", early)
    assert isinstance(Sending(server, MAIL + b"0123456789abcdef\r\n" * 1_000_000).result, Doubtful)


def test_a_slow_line_is_waited_for_while_it_moves(server):
    def slowly(session: Session, argument: str) -> bool:
        pause = threading.Event()
        session.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        got = b""
        while not got.endswith(b"\r\n.\r\n"):
            got += session.line.recv(400_000)
            pause.wait(0.02)
        session.body = got
        session.take()
        session.say("250 at last")
        return True

    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", slowly)
    began = time.monotonic()
    patience = Patience(connect=2, answer=0.4, block=0.5, final=10.0)
    sent = Sending(server, MAIL + b"0123456789abcdef\r\n" * 600_000, patience=patience)
    assert isinstance(sent.result, Accepted)
    assert time.monotonic() - began > 0.5, "longer than any single patience"


def test_slow_answers_are_waited_for(server):
    def trickle(session: Session, argument: str) -> None:
        for sign in "250-one\r\n250 two":
            session.line.sendall(sign.encode())
            threading.Event().wait(0.005)
        session.say("")

    server.on("MAIL", trickle)
    server.on("RCPT", trickle)
    assert isinstance(Sending(server).result, Accepted)


def test_some_recipients_refused(server):
    everybody = Envelope(
        USER, ("ana@cliente.test", "no@cliente.test", "late@cliente.test", "eva@cliente.test")
    )
    server.on(
        "RCPT", lambda *_: False, "550 5.1.1 no such\x1b[31m user", "450 4.2.1 not now", lambda *_: False
    )
    sent = Sending(server, envelope=everybody)
    assert isinstance(sent.result, Accepted)
    assert sent.result.refused == (
        ("no@cliente.test", "550 5.1.1 no such\ufffd[31m user"),
        ("late@cliente.test", "450 4.2.1 not now"),
    )
    assert server.taken[0].recipients == ("ana@cliente.test", "eva@cliente.test")


def test_all_refused_and_one_only_for_now_is_tried_again(server):
    server.on("RCPT", "550 5.1.1 no such user", "450 4.2.1 not now")
    sent = Sending(server, envelope=Envelope(USER, ("no@cliente.test", "late@cliente.test")))
    assert sent.result == TryLater("450 4.2.1 not now")
    assert sent.marks == 0


@pytest.mark.parametrize("fault", ["421 4.7.0 enough for today", reset, hang_up])
def test_a_server_that_goes_after_the_first_recipient(server, fault):
    server.on("RCPT", lambda *_: False, fault)
    sent = Sending(server, envelope=Envelope(USER, ("ana@cliente.test", "eva@cliente.test")))
    assert isinstance(sent.result, TryLater)
    assert sent.marks == 0
    assert server.taken == []


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("451 4.7.1 Greylisting in action, please come back in 300 seconds", 300.0),
        ("450 4.7.1 try again in 5 minutes", 300.0),
        ("450 4.7.1 Greylisted for 5 minutes", None),
        ("450 4.7.1 inténtelo en 2 min", 120.0),
        ("450 4.7.1 come back after 9000 seconds", 3600.0),
        ("450 4.7.1 at most in 5 mails", None),
    ],
)
def test_the_server_says_when(server, words, seconds):
    server.on("RCPT", words)
    assert Sending(server).result == TryLater(words, seconds)


def test_too_large_is_known_before(server):
    server.abilities = ("SIZE 1000", "AUTH PLAIN")
    sent = Sending(server, MAIL + b"x" * 76 * 20)
    assert isinstance(sent.result, Refused)
    assert sent.result.code == "too_large"
    assert "MAIL" not in server.commands()
    server.abilities = ("SIZE 0", "AUTH PLAIN")
    assert isinstance(Sending(server, MAIL + b"x" * 760).result, Accepted)


def test_eight_bits_only_where_they_are_taken(server):
    raw = MAIL + "año\r\n".encode()
    assert isinstance(Sending(server, raw).result, Accepted)
    assert "BODY=8BITMIME" in server.seen[2]
    server.abilities = ("AUTH PLAIN",)
    result = Sending(server, raw).result
    assert isinstance(result, Refused)
    assert result.code == "content"


def test_addresses_beyond_ascii(server):
    domain_only = Envelope(USER, ("ana@peña.test", "bea@straße.test"))
    assert isinstance(Sending(server, envelope=domain_only).result, Accepted)
    assert server.taken[0].recipients == ("ana@xn--pea-8ma.test", "bea@xn--strae-oqa.test")
    assert "SMTPUTF8" not in " ".join(server.seen)
    local = Envelope(USER, ("añil@cliente.test",))
    result = Sending(server, envelope=local).result
    assert isinstance(result, Refused)
    assert result.code == "address"
    server.abilities = (*ABILITIES, "SMTPUTF8")
    assert isinstance(Sending(server, envelope=local).result, Accepted)
    assert server.taken[1].recipients == ("añil@cliente.test",)


@pytest.mark.parametrize(
    "address", ["a@b\r\nRCPT TO:<x@y>", "a b@c", "<a@b>", "nobody", "a@b> SIZE=1", "", "a\x00@b", "a@b,c@d"]
)
def test_an_address_that_is_none_is_never_said(server, address):
    result = Sending(server, envelope=Envelope(USER, (address,))).result
    assert isinstance(result, Refused)
    assert result.code == "address"
    assert "RCPT" not in server.commands()


def test_nobody_to_send_to_and_the_null_sender(server):
    result = Sending(server, envelope=Envelope(USER, ())).result
    assert isinstance(result, Refused)
    assert isinstance(Sending(server, envelope=Envelope("", ("ana@cliente.test",))).result, Accepted)
    assert server.taken[0].sender == ""


def test_what_before_data_raises_comes_out_and_nothing_goes(server):
    def full() -> None:
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        Sending(server, mark=full)
    assert server.taken == []
    until(server.ended.is_set)
    assert "DATA" not in server.commands()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encryption(authority, security):
    server = Smtp((*ABILITIES, "STARTTLS"), tls=authority[0], implicit=security == "tls")
    sent = Sending(server, security=security, ca_file=authority[1])
    assert isinstance(sent.result, Accepted)
    assert server.taken[0].raw == MAIL
    assert server.commands().count("EHLO") == (1 if security == "tls" else 2)
    server.stop()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_large_mail_inside_encryption(authority, security):
    abilities = ("STARTTLS", "AUTH PLAIN")
    server = Smtp(abilities, tls=authority[0], implicit=security == "tls")
    raw = MAIL + b"0123456789abcdef\r\n" * 300_000
    patience = Patience(connect=2, answer=5, block=5, final=10)
    sent = Sending(server, raw, security=security, ca_file=authority[1], patience=patience)
    assert isinstance(sent.result, Accepted)
    assert server.taken[0].raw == raw
    server.stop()


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("case", ["unknown authority", "other name"])
def test_a_certificate_of_somebody_else(authority, security, case, tmp_path):
    server = Smtp((*ABILITIES, "STARTTLS"), tls=authority[0], implicit=security == "tls")
    asked = []
    if case == "unknown authority":
        path = tmp_path / "other.pem"
        trustme.CA().cert_pem.write_to_path(path)
    else:
        path = authority[1]
    result = Sending(
        server,
        security=security,
        ca_file=path,
        host="localhost" if case == "unknown authority" else "127.0.0.1",
        secret=lambda: asked.append(1) or "secreto",
    ).result
    assert isinstance(result, Refused)
    assert result.code == "certificate"
    assert asked == []
    assert "AUTH" not in server.commands()
    server.stop()


def test_a_file_of_authorities_that_is_not_there(server, tmp_path):
    result = Sending(server, ca_file=tmp_path / "none.pem").result
    assert isinstance(result, Refused)
    assert result.code == "certificate"


def test_no_encryption_no_login(server):
    result = Sending(server, security="starttls").result
    assert isinstance(result, Refused)
    assert result.code == "insecure"
    assert "AUTH" not in server.commands()


@pytest.mark.parametrize(("words", "kind"), [("454 4.7.0 not now", TryLater), ("502 no", Refused)])
def test_encryption_that_is_refused(shielded, authority, words, kind):
    shielded.on("STARTTLS", words)
    result = Sending(shielded, security="starttls", ca_file=authority[1]).result
    assert isinstance(result, kind)
    assert "AUTH" not in shielded.commands()


@pytest.mark.parametrize("fault", [reset, silent, hang_up])
def test_a_connection_lost_while_it_is_encrypted(shielded, authority, fault):
    shielded.on("STARTTLS", answered_then("220 go", fault))
    assert isinstance(Sending(shielded, security="starttls", ca_file=authority[1]).result, TryLater)


def test_what_was_said_before_encryption_is_not_believed(authority):
    def injected(session: Session, argument: str) -> None:
        session.say("220 go\r\n250-evil\r\n250-SIZE 5\r\n250 AUTH LOGIN")
        session.encrypt()

    server = Smtp(("SIZE 5", "AUTH LOGIN", "STARTTLS"), tls=authority[0], abilities_inside=("AUTH PLAIN",))
    server.on("STARTTLS", injected)
    assert isinstance(Sending(server, security="starttls", ca_file=authority[1]).result, Accepted)
    assert server.logins == ["PLAIN"]
    server.stop()


def test_plain_text_where_encryption_was_asked_for(server):
    result = Sending(server, security="tls").result
    assert isinstance(result, TryLater)
    assert server.seen == [] or "AUTH" not in server.commands()


def test_ways_to_log_in(server):
    server.abilities = ("AUTH LOGIN",)
    assert isinstance(Sending(server).result, Accepted)
    assert server.logins == ["LOGIN"]
    server.abilities = ("AUTH CRAM-MD5",)
    result = Sending(server).result
    assert isinstance(result, Refused)
    assert result.code == "login"
    server.abilities = ()
    asked = []
    assert isinstance(Sending(server, secret=lambda: asked.append(1) or "x").result, Accepted)
    assert asked == [], "a server without logins is told no secret"


def test_a_password_beyond_ascii(server):
    server.secrets = {"contraseña €"}
    assert isinstance(Sending(server, secret=lambda: "contraseña €").result, Accepted)


@pytest.mark.parametrize("way", ["password", "xoauth2"])
def test_a_secret_that_is_another_by_now_is_tried_once(server, way):
    told = iter(["old", "secreto"])
    assert isinstance(Sending(server, secret=lambda: next(told), way=way).result, Accepted)
    assert len(server.logins) == 2
    assert server.connections == 2


def test_the_same_secret_is_not_tried_twice(server):
    asked = []
    result = Sending(server, secret=lambda: asked.append(1) or "wrong", way="xoauth2").result
    assert result == Refused("login", "535 5.7.8 who are you?")
    assert len(asked) == 2
    assert server.logins == ["XOAUTH2"]


def test_a_secret_that_cannot_be_read_is_no_reason_to_give_up(server):
    def locked() -> str:
        raise SecretError(account="mail", reason="the keyring is locked")

    assert Sending(server, secret=locked).result == TryLater("the keyring is locked")


@pytest.mark.parametrize("way", ["password", "xoauth2"])
def test_no_secret_in_an_answer(server, way):
    def echo(session: Session, argument: str) -> None:
        spoken = base64.b64decode(argument.partition(" ")[2])
        session.say(f"535 5.7.8 not {argument} nor wr0ng nor {base64.b64encode(b'wr0ng').decode()}")
        assert b"wr0ng" in spoken

    server.on("PASSWORD", echo, echo)
    result = Sending(server, secret=lambda: "wr0ng", way=way).result
    assert isinstance(result, Refused)
    assert "wr0ng" not in result.reason
    assert base64.b64encode(b"wr0ng").decode() not in result.reason
    assert result.reason.count("***") == 3


def test_answers_in_any_bytes_are_one_safe_line(server):
    server.on(
        "MAIL", lambda session, _: session.say(b"550-5.7.1 \xff\xfe\x1b]0;x\x07 se\xc3\xb1or\r\n550 5.7.1 no")
    )
    assert Sending(server).result == Refused("sender", "550 5.7.1 ���]0;x� señor 5.7.1 no")


def account(server: Smtp, address: str = USER, **options: object) -> Account:
    endpoint = Endpoint("localhost", server.port, "plain", USER)
    return Account("mail", "Mail", address, lambda: "secreto", Path(), options={"smtp": endpoint, **options})


def post(server: Smtp, address: str = USER, patience: Patience = SHORT, **options: object) -> Post:
    return Post(account(server, address, **options), clock=lambda: AT, patience=patience)


def test_the_check_logs_in_and_sends_nothing(server):
    identity = asyncio.run(post(server).check())
    assert identity.address == USER
    assert "8BITMIME" in identity.abilities
    assert server.commands()[:3] == ["EHLO", "AUTH", "NOOP"]
    assert "MAIL" not in server.commands()


def test_an_account_that_cannot_send(server):
    result = asyncio.run(post(server, smtp=None).send(MAIL, TO_ANA, lambda: None))
    assert result == Refused("no_server", "no server is configured")
    with pytest.raises(ChannelError):
        asyncio.run(post(server, smtp=None).check())


def test_the_check_says_what_is_wrong(server, authority):
    server.on("PASSWORD", "535 5.7.8 no")
    with pytest.raises(LoginError) as caught:
        asyncio.run(post(server).check())
    assert caught.value.values["reason"] == "535 5.7.8 no"
    server.on("CONNECT", hang_up)
    with pytest.raises(UnreachableError):
        asyncio.run(post(server).check())
    for security, error in (("starttls", InsecureError), ("tls", CertificateError)):
        shielded = Smtp(tls=authority[0], implicit=security == "tls")
        endpoint = Endpoint("localhost", shielded.port, security, USER)
        with pytest.raises(error):
            asyncio.run(post(server, smtp=endpoint).check())
        shielded.stop()


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@shop.test",
        "noreply@shop.test",
        "no_reply@shop.test",
        "donotreply@shop.test",
        "do-not-reply@shop.test",
        "No-Responder@shop.test",
        "noresponder@shop.test",
        "no-respongueu@shop.test",
        "shop.noreply@shop.test",
        "noreply2@shop.test",
        "noreply-orders@shop.test",
    ],
)
def test_an_address_that_nobody_reads_is_refused(server, address):
    with pytest.raises(NoReplyError) as caught:
        asyncio.run(post(server, address).check())
    assert caught.value.values["address"] == address
    assert server.connections == 0


@pytest.mark.parametrize(
    "address", ["antonio.reply@x.test", "reply@x.test", "nora@x.test", "noreplying@x.test"]
)
def test_an_address_that_somebody_reads(address):
    assert not no_reply(address)


@pytest.mark.parametrize(("step", "expected"), [("EHLO", TryLater), ("DATA", TryLater), ("BODY", Doubtful)])
def test_closing_ends_what_waits_with_what_is_true(server, step, expected):
    arrived = threading.Event()

    def waits(session: Session, argument: str) -> None:
        arrived.set()
        session.wait_for_end()

    server.on(step, waits)
    patient = post(server, patience=Patience())

    async def run():
        task = asyncio.create_task(patient.send(MAIL, TO_ANA, lambda: None))
        await asyncio.to_thread(arrived.wait, 5)
        began = time.monotonic()
        await patient.close()
        await patient.close()
        result = await task
        assert time.monotonic() - began < 2
        return result

    assert isinstance(asyncio.run(run()), expected)


def test_a_cancelled_body_is_no_body(server):
    arrived, gone = threading.Event(), threading.Event()
    got: list[bytes] = []

    def waits(session: Session, argument: str) -> None:
        got.append(session.line.recv(1000))
        arrived.set()
        gone.wait(5)
        while data := session.line.recv(1_000_000):
            got.append(data)

    server.abilities = ("AUTH PLAIN",)
    server.on("INVITED", waits)

    async def run():
        raw = MAIL + b"0123456789abcdef\r\n" * 600_000
        task = asyncio.create_task(post(server, patience=Patience()).send(raw, TO_ANA, lambda: None))
        await asyncio.to_thread(arrived.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    gone.set()
    until(server.ended.is_set)
    assert not b"".join(got).endswith((b"\r\n.\r\n", b"QUIT\r\n")), "the end of the body was never said"
    assert server.taken == []
