"""Mail out through real servers: OpenSMTPD, Dovecot's submission, its mailboxes."""

import asyncio
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from agentdesk.channels import Accepted, Account, Envelope, Refused, TryLater
from agentdesk.channels.post import Post
from agentdesk.channels.sent import Sent, files_itself
from agentdesk.channels.submission import Patience
from agentdesk.channels.wire import Wire
from agentdesk.core.model import Address, Endpoint, OutFile, Outgoing, Place
from agentdesk.errors import CertificateError, LoginError, UnreachableError
from servers import free_port, until
from servers.dovecot import Dovecot
from servers.inbox import now
from servers.misbehaving import Imap, Proxy
from servers.opensmtpd import OpenSmtpd
from servers.smtp import Smtp

pytestmark = pytest.mark.servers
numbers = itertools.count(1)


def post(
    dovecot: Dovecot,
    user: str,
    *,
    port: int | None = None,
    security: str = "plain",
    imap: Endpoint | None = None,
    secret=lambda: "secreto",
    host: str = "localhost",
    **options: object,
) -> Post:
    """The outgoing side of a Dovecot mailbox; `port` is the sending server's, else Dovecot's submission."""
    smtp = Endpoint(host, port or dovecot.submission_port, security, user)
    imap = imap or Endpoint("localhost", dovecot.port, "plain", user)
    account = Account("mail", "Mail", user, secret, Path(), options={"smtp": smtp, "imap": imap, **options})
    return Post(account, clock=now, patience=Patience(connect=5, answer=10, block=10, final=20))


def written(user: str, **changes: object) -> Outgoing:
    out = Outgoing(
        message_id=f"<ad.{next(numbers)}.out@shop.test>",
        sender=Address("Peña, S.A.", user),
        to=(Address("Núria", user),),
        subject="Re: ¿Dónde está?",
        text="Hola Núria,\n\nsale hoy.\n.\n..\n.punto\nFrom aquí\n-- \nSoporte\n",
        at=now(),
        files=(OutFile("año.pdf", "application/pdf", bytes(range(256)) * 500),),
    )
    return replace(out, **changes)


class Patient(Dovecot):
    """Without the growing delay after refused logins, which would last into other tests."""

    def _write(self) -> None:
        super()._write()
        with self._conf.open("a") as conf:
            conf.write("service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n")


@pytest.fixture(scope="module")
def relay():
    """Where Dovecot's submission passes on what it took."""
    server = Smtp(("8BITMIME",))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def patient(relay: Smtp):
    server = Patient(relay=relay.port)
    yield server
    server.remove()


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user()


def found(dovecot: Dovecot, user: str, message_id: str, folder: str = "INBOX") -> list[bytes]:
    """The mails of that id, whole."""
    with dovecot.client(user) as client:
        client.select_folder(folder, readonly=True)
        uids = client.search(["HEADER", "Message-ID", message_id])
        return [data[b"BODY[]"] for data in client.fetch(uids, ["BODY.PEEK[]"]).values()] if uids else []


def test_from_here_to_the_inbox_byte_for_byte(dovecot: Dovecot, smtpd: OpenSmtpd, user: str):
    out = written(user)
    sender = post(dovecot, user, port=smtpd.port)
    raw = sender.compose(out)
    marks = []
    result = asyncio.run(sender.send(raw, Envelope(user, (user,)), lambda: marks.append(1)))
    assert isinstance(result, Accepted)
    assert result.words.startswith("250 ")
    assert marks == [1]
    (mail,) = until(lambda: found(dovecot, user, out.message_id), 20)
    assert mail.partition(b"\r\n\r\n")[2] == raw.partition(b"\r\n\r\n")[2]
    assert mail.endswith(raw)


def test_a_real_no(dovecot: Dovecot, smtpd: OpenSmtpd, user: str):
    sender = post(dovecot, user, port=smtpd.port)
    result = asyncio.run(
        sender.send(sender.compose(written(user)), Envelope(user, ("x@else.example",)), list)
    )
    assert isinstance(result, Refused)
    assert result.code == "recipient"
    assert result.reason.startswith("550 ")


def test_one_of_two_is_refused(dovecot: Dovecot, smtpd: OpenSmtpd, user: str):
    out = written(user)
    sender = post(dovecot, user, port=smtpd.port)
    result = asyncio.run(
        sender.send(sender.compose(out), Envelope(user, ("x@else.example", user)), lambda: None)
    )
    assert isinstance(result, Accepted)
    assert [address for address, _ in result.refused] == ["x@else.example"]
    until(lambda: found(dovecot, user, out.message_id), 20)


@pytest.mark.parametrize("way", ["password", "xoauth2"])
@pytest.mark.parametrize("security", ["plain", "starttls"])
def test_submission_with_a_login(patient: Dovecot, relay: Smtp, way: str, security: str):
    user = patient.user()
    secret = (lambda: patient.token(user)) if way == "xoauth2" else (lambda: "secreto")
    sender = post(patient, user, security=security, secret=secret, auth=way, ca_file=str(patient.ca_file))
    identity = asyncio.run(sender.check())
    assert identity.address == user
    raw = sender.compose(written(user))
    result = asyncio.run(sender.send(raw, Envelope(user, (user,)), lambda: None))
    assert isinstance(result, Accepted)
    assert relay.taken[-1].raw.endswith(raw)
    assert relay.taken[-1].recipients == (user,)


def test_a_certificate_of_somebody_else_is_refused(dovecot: Dovecot, user: str, tmp_path: Path):
    path = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(path)
    sender = post(dovecot, user, security="starttls", ca_file=str(path))
    with pytest.raises(CertificateError):
        asyncio.run(sender.check())
    result = asyncio.run(sender.send(b"Subject: x\r\n\r\nx\r\n", Envelope(user, (user,)), list))
    assert isinstance(result, Refused)
    assert result.code == "certificate"
    other_name = post(dovecot, user, security="starttls", ca_file=str(dovecot.ca_file), host="127.0.0.2")
    assert not isinstance(
        asyncio.run(other_name.send(b"Subject: x\r\n\r\nx\r\n", Envelope(user, (user,)), list)), Accepted
    )


@pytest.mark.parametrize("way", ["password", "xoauth2"])
def test_a_wrong_secret(patient: Dovecot, way: str):
    user = patient.user()
    wrong = patient.token(user, valid_for=-60) if way == "xoauth2" else "not-the-one"
    with pytest.raises(LoginError) as caught:
        asyncio.run(post(patient, user, secret=lambda: wrong, auth=way).check())
    assert wrong not in str(caught.value)
    assert caught.value.values["reason"].startswith("535 ")


def test_an_expired_token_is_asked_for_anew(patient: Dovecot):
    user = patient.user()
    told = iter([patient.token(user, valid_for=-60), patient.token(user)])
    asyncio.run(post(patient, user, secret=lambda: next(told), auth="xoauth2").check())


def test_the_copy_is_filed_once_and_found(dovecot: Dovecot, user: str):
    out = written(user)
    sender = post(dovecot, user)
    raw = sender.compose(out)
    assert asyncio.run(sender.find_sent(out.message_id)) is None, "absence says nothing here"
    for _ in range(3):
        assert asyncio.run(sender.file_sent(raw, out.message_id)) is True
    assert found(dovecot, user, out.message_id, "Sent") == [raw]
    assert asyncio.run(sender.find_sent(out.message_id)) is True
    assert asyncio.run(sender.find_sent(out.message_id.replace("<ad.", "<d."))) is None
    assert asyncio.run(sender.find_sent('<"x\\" (@y>')) is None
    assert asyncio.run(sender.find_sent("<a b>\r\nx LOGOUT")) is None
    with dovecot.client(user) as client:
        client.select_folder("Sent", readonly=True)
        (flags,) = client.get_flags(client.search("ALL")).values()
        assert b"\\Seen" in flags


def test_no_copy_where_none_is_wanted(dovecot: Dovecot, user: str):
    out = written(user)
    sender = post(dovecot, user, sent_copy="never")
    assert asyncio.run(sender.file_sent(sender.compose(out), out.message_id)) is False
    itself = post(dovecot, user, port=1, host="smtp.gmail.com", sent_copy="auto")
    assert asyncio.run(itself.file_sent(sender.compose(out), out.message_id)) is False
    assert found(dovecot, user, out.message_id, "Sent") == []
    assert asyncio.run(itself.find_sent(out.message_id)) is False, "where the provider files, absence tells"
    always = post(dovecot, user, port=1, host="smtp.gmail.com", sent_copy="always")
    assert asyncio.run(always.file_sent(sender.compose(out), out.message_id)) is True
    assert len(found(dovecot, user, out.message_id, "Sent")) == 1


@pytest.mark.parametrize(
    ("host", "itself"),
    [
        ("smtp.gmail.com", True),
        ("imap.googlemail.com", True),
        ("smtp.office365.com", True),
        ("outlook.office365.com", True),
        ("SMTP.Gmail.com.", True),
        ("smtp.shop.test", False),
        ("notgmail.com", False),
        ("gmail.com.evil.test", False),
        ("smtp.ionos.es", False),
    ],
)
def test_who_files_by_himself(host: str, itself: bool):
    assert files_itself(host) is itself


def test_flags_where_they_belong(dovecot: Dovecot, user: str):
    for number in range(3):
        dovecot.append(user, f"Message-ID: <{number}@x.test>\r\n\r\nx\r\n".encode())
    dovecot.append(user, b"Message-ID: <a@x.test>\r\n\r\nx\r\n", folder="Archive")
    with dovecot.client(user) as client:
        inbox = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
        archive = client.folder_status("Archive", ["UIDVALIDITY"])[b"UIDVALIDITY"]
    places = (
        Place("mail", "INBOX", inbox, 1),
        Place("mail", "INBOX", inbox, 3),
        Place("mail", "INBOX", inbox, 99),
        Place("mail", "INBOX", inbox + 1, 2),
        Place("mail", "Archive", archive, 1),
        Place("mail", "No such folder", 1, 1),
        Place("another", "INBOX", inbox, 2),
    )
    reached = asyncio.run(post(dovecot, user).flag(places, frozenset({"\\Seen", "\\Answered"})))
    assert reached == (*places[:3], places[4])
    with dovecot.client(user) as client:
        flags = client.get_flags([1, 2, 3])
        assert {b"\\Seen", b"\\Answered"} <= set(flags[1])
        assert {b"\\Seen", b"\\Answered"} <= set(flags[3])
        assert not {b"\\Seen", b"\\Answered"} & set(flags[2])
        client.select_folder("Archive")
        assert b"\\Answered" in client.get_flags([1])[1]
    assert asyncio.run(post(dovecot, user).flag((), frozenset({"\\Seen"}))) == ()
    with pytest.raises(ValueError):
        asyncio.run(post(dovecot, user).flag(places, frozenset({"\\Deleted"})))


def test_all_mail_is_looked_through_too(dovecot: Dovecot, user: str):
    out = written(user)
    raw = post(dovecot, user).compose(out)
    dovecot.append(user, raw, folder="Archive")

    class AllMail(Sent):
        """As where Archive is the folder of everything."""

        def _folders(self):
            return super()._folders()[0], "Archive"

    from agentdesk.channels.dial import Plug
    from agentdesk.channels.wire import Login

    login = Login("mail", Endpoint("localhost", dovecot.port, "plain", user), lambda: "secreto")
    sent = AllMail(Wire(login, Plug(), connect=5, answer=5, read=5))
    assert sent.find(out.message_id) is True
    assert sent.file(raw, out.message_id) is True
    sent.close()
    assert found(dovecot, user, out.message_id, "Sent") == []


def test_a_mailbox_without_a_sent_folder(dovecot: Dovecot, user: str):
    server = Imap()
    imap = Endpoint("localhost", server.port, "plain", user)
    sender = post(dovecot, user, imap=imap)
    assert asyncio.run(sender.find_sent("<1@x.test>")) is None
    assert asyncio.run(sender.file_sent(b"Subject: x\r\n\r\nx\r\n", "<1@x.test>")) is False
    assert "APPEND" not in server.seen
    server.stop()


def test_a_mailbox_that_is_away_is_an_error_not_an_answer(dovecot: Dovecot, user: str):
    away = Endpoint("localhost", free_port(), "plain", user)
    sender = post(dovecot, user, imap=away)
    for act in (
        sender.find_sent("<1@x.test>"),
        sender.file_sent(b"Subject: x\r\n\r\n", "<1@x.test>"),
        sender.flag((Place("mail", "INBOX", 1, 1),), frozenset({"\\Seen"})),
    ):
        with pytest.raises(UnreachableError):
            asyncio.run(act)


def test_the_connection_is_cut_at_the_last_moment(patient: Dovecot, relay: Smtp):
    user = patient.user()
    proxy = Proxy(patient.submission_port)
    sender = post(patient, user, port=proxy.port)
    before = len(relay.taken)
    result = asyncio.run(sender.send(sender.compose(written(user)), Envelope(user, (user,)), proxy.cut))
    assert isinstance(result, TryLater), "cut before DATA: nothing went"
    assert len(relay.taken) == before
    proxy.stop()
