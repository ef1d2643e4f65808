"""A conversation by mail between a customer and a shop, through real servers, and what is said when they refuse."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from servers import free_port, until
from servers import synapse as synapse_server
from servers.dovecot import Dovecot
from servers.inbox import letter
from servers.program import PASSWORD, Program

pytestmark = [pytest.mark.servers, pytest.mark.slow]
LONG = 60.0
"""Seconds that mail servers are given to pass a mail on."""


def urls(server: Dovecot, user: str) -> tuple[str, str, str]:
    """The mailbox's address for `add_account`: where it is read, where it sends, whose it is."""
    return (
        f"imap+insecure://{user}@127.0.0.1:{server.port}",
        f"smtp+insecure://{user}@127.0.0.1:{server.submission_port}",
        user,
    )


def found(server: Dovecot, user: str, folder: str, word: str) -> list[bytes]:
    """The raw mails in a folder whose headers name `word`."""
    with server.client(user) as client:
        client.select_folder(folder, readonly=True)
        raws = [data[b"BODY[]"] for data in client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()]
    return [raw for raw in raws if word.encode() in raw.partition(b"\r\n\r\n")[0]]


def message_id(raw: bytes) -> bytes:
    """The line with the Message-ID, as it came."""
    (line,) = re.findall(rb"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?(\S+)", raw.partition(b"\n\r\n")[0])
    return line


def test_a_conversation_goes_round(dovecot, smtpd, tmp_path):
    shop, customer = dovecot.user(), dovecot.user()
    program = Program(tmp_path / "home")
    program.add_account(*urls(dovecot, shop))
    with program.daemon() as daemon:
        dovecot.deliver(shop, letter("first", sender=f"Ana <{customer}>", to=shop), customer)
        # The next pass of its own would come in five minutes: only the server's push can bring it before.
        (row,) = until(lambda: program.says("queue"), LONG)
        number = row["number"]
        assert (row["subject"], row["customer"]["identity"]) == ("Mi pedido", f"email:{customer}")

        answer = program.says("reply", number, "--text", "Hola Ana,\n\nsale hoy.")["message"]
        (got,) = until(lambda: found(dovecot, customer, "INBOX", "Re: Mi pedido"), LONG)
        stored = program.run("show", number, "--raw", answer).out
        assert message_id(got) == message_id(stored.encode())
        (ours,) = [each for each in program.says("show", number)["messages"] if each["direction"] == "out"]
        assert ours["delivery"] == {"state": "sent", "error": None}

        name = message_id(got).decode()
        again = letter(
            "second", sender=f"Ana <{customer}>", to=shop, subject="gracias", extra=f"In-Reply-To: {name}\r\n"
        )
        dovecot.deliver(shop, again, customer)
        until(lambda: len(program.says("show", number)["messages"]) == 3, LONG)
        said = program.says("show", number)["messages"]
        (back,) = [each for each in said if each["remote_id"] == "<second@cliente.test>"]
        assert back["joined_by"] == "token"
        until(lambda: found(dovecot, shop, "Sent", name), LONG)
    assert daemon.status == 0

    (first,) = program.says("sync", "--once")["accounts"]
    (second,) = program.says("sync", "--once")["accounts"]
    assert (first["received"], first["sent"], first["errors"]) == (0, 0, [])
    assert (second["received"], second["duplicates"], second["sent"], second["errors"]) == (0, 0, 0, [])
    assert len(found(dovecot, shop, "Sent", name)) == 1
    assert len(found(dovecot, customer, "INBOX", name)) == 1
    assert len(program.says("show", number)["messages"]) == 3
    assert program.says("rebuild")["same"]


def test_an_answer_to_nobody_comes_back_and_is_tied_to_it(dovecot, smtpd, tmp_path):
    """The report is OpenSMTPD's own, on a word of Dovecot's."""
    shop, nobody = dovecot.user(), "nadie@cliente.test"
    program = Program(tmp_path / "home")
    program.add_account(*urls(dovecot, shop))
    with program.daemon():
        dovecot.deliver(shop, letter("lost", sender=f"Ana <{nobody}>", to=shop), nobody)
        (row,) = until(lambda: program.says("queue"), LONG)
        answer = program.says("reply", row["number"], "--text", "Sale hoy.")["message"]

        def delivery():
            said = program.says("show", row["number"])["messages"]
            return next(each["delivery"] for each in said if each["id"] == answer)

        until(lambda: delivery()["state"] == "failed", LONG)
        assert delivery()["error"].startswith("bounced:5.1.")
        assert delivery()["reason"] == "there is no such address"
        assert delivery()["words"]
        (row,) = program.says("queue")
        assert (row["status"], row["undelivered"]) == ("open", True)
        (failing,) = program.says("customer", "show", nobody)["failing"]
        assert failing["identity"] == f"email:{nobody}"
        (stuck,) = program.says("outbox", "list")
        assert stuck["message"] == answer
    assert program.says("rebuild")["same"]


def test_a_conversation_in_a_room_goes_round(synapse, tmp_path):
    shop, ana = synapse.person(shown="Vímet"), synapse.person(shown="Ana Puig")
    program = Program(tmp_path / "home", synapse_server.PASSWORD)
    where = ("--homeserver", synapse.base, "--user", shop.user, "--secret-env", PASSWORD)
    added = program.says("account", "add", "matrix", "sala", *where, "--waiting-days", 14)
    assert (added["checked"], added["address"]) == (True, shop.user)
    picture = tmp_path / "caixa.png"
    picture.write_bytes(bytes(range(256)) * 400)
    with program.daemon() as daemon:
        room = ana.room(shop.user)
        ana.says(room, "On és el meu paquet?")
        (row,) = until(lambda: program.says("queue"), LONG)
        number = row["number"]
        assert (row["channel"], row["customer"]["identity"]) == ("matrix", f"matrix:{ana.user}")
        assert row["clocks"]

        program.says("reply", number, "--text", "Surt demà. Mira:", "--attach", picture)

        def ours():
            return [each for each in ana.sees(room) if each["sender"] == shop.user]

        until(lambda: len(ours()) == 2, LONG)
        file, text = ours()
        assert ana.fetches(file["content"]["url"]) == picture.read_bytes()
        assert text["content"]["body"] == "Surt demà. Mira:"

        ana.reads(room, text["event_id"])
        ana.answers(room, text["event_id"], "Gràcies! I la factura?")
        until(lambda: len(program.says("show", number)["messages"]) == 3, LONG)
        asked, answer, back = program.says("show", number)["messages"]
        assert [each["direction"] for each in (asked, answer, back)] == ["in", "out", "in"]
        assert (back["joined_by"], back["text"]) == ("references", "Gràcies! I la factura?")
        until(lambda: program.says("show", number)["messages"][1]["delivery"]["state"] == "read", LONG)
    assert daemon.status == 0

    for _ in range(2):
        (done,) = program.says("sync", "--once")["accounts"]
        assert (done["received"], done["sent"], done["errors"]) == (0, 0, [])
    assert len(ours()) == 2
    assert [each["number"] for each in program.says("queue", "--view", "all")] == [number]
    assert program.says("rebuild")["same"]


@contextmanager
def expired(ca: trustme.CA) -> Iterator[int]:
    """The port of a server whose certificate has run out."""
    end = datetime(2020, 1, 1, tzinfo=UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost", not_before=end.replace(year=2019), not_after=end).configure_cert(context)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                with suppress(OSError), line, context.wrap_socket(line, server_side=True) as inside:
                    inside.sendall(b"* OK ready\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def told(program: Program, code: str, words: str) -> None:
    """Both commands name the fault, the server's words and what to do, with the exit status of the contract."""
    checked = program.run("--json", "account", "check", "soporte")
    assert (checked.status, checked.out) == (1, ""), checked
    synced = program.run("--json", "sync", "--once")
    assert synced.status == 1, synced
    (account,) = synced.said["accounts"]
    for error in (checked.error, *account["errors"]):
        assert error["code"] == code, error
        assert re.search(words, error["detail"], re.IGNORECASE), error
        assert error["title"]
        assert error["remedy"]
    assert len(account["errors"]) == 1
    assert "Traceback" not in checked.err + synced.err
    for spoken in (program.run("account", "check", "soporte"), program.run("sync", "--once")):
        assert re.search(words, spoken.err, re.IGNORECASE), spoken
        assert spoken.status == 1


def test_a_wrong_password_is_said_in_the_servers_words(dovecot, tmp_path):
    program = Program(tmp_path / "home", password="wrong")
    program.add_account(*urls(dovecot, dovecot.user()))
    told(program, "login", "authentication failed")


def test_a_server_that_is_not_there_is_said(tmp_path):
    program = Program(tmp_path / "home")
    port = free_port()
    program.add_account(
        f"imap+insecure://a@127.0.0.1:{port}", f"smtp+insecure://a@127.0.0.1:{port}", "a@shop.test"
    )
    told(program, "unreachable", "refused")


def test_the_certificate_of_a_stranger_is_refused(dovecot, tmp_path):
    program, user = Program(tmp_path / "home"), dovecot.user()
    _, smtp, _ = urls(dovecot, user)
    program.add_account(f"imaps://{user}@localhost:{dovecot.tls_port}", smtp, user)
    told(program, "certificate", "certificate")


def test_a_certificate_that_has_run_out_is_refused(tmp_path: Path):
    program, ca = Program(tmp_path / "home"), trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    with expired(ca) as port:
        program.add_account(
            f"imaps://a@localhost:{port}", f"smtps://a@localhost:{port}", "a@shop.test", "soporte",
            "--ca-file", tmp_path / "ca.pem",
        )  # fmt: skip
        told(program, "certificate", "expired")


def test_one_account_of_two_that_fails_is_four(dovecot, tmp_path):
    program, user = Program(tmp_path / "home"), dovecot.user()
    program.add_account(*urls(dovecot, user))
    port = free_port()
    program.add_account(
        f"imap+insecure://a@127.0.0.1:{port}", f"smtp+insecure://a@127.0.0.1:{port}", "a@shop.test", "otra"
    )
    dovecot.deliver(user, letter("one", to=user))
    done = program.run("--json", "sync", "--once")
    assert done.status == 4, done
    good, bad = done.said["accounts"]
    assert (good["received"], good["errors"]) == (1, [])
    assert [each["code"] for each in bad["errors"]] == ["unreachable"]
