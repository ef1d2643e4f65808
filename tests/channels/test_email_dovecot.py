"""The mail connector against a real Dovecot."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from agentdesk.channels import Opening
from agentdesk.channels.email import Email
from agentdesk.errors import (
    CertificateError,
    CertificateIssuerError,
    CertificateNameError,
    ChannelError,
    LoginError,
)
from servers import until
from servers.dovecot import Dovecot
from servers.inbox import Receiver, account, arrived, collected, letter, mailbox, now, whole
from servers.misbehaving import Proxy

pytestmark = pytest.mark.servers


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.user()


@pytest.fixture
def email(dovecot: Dovecot, user: str, tmp_path: Path) -> Email:
    return mailbox(account(tmp_path / "spool", dovecot.port, user))


def opened(days: int = 14) -> Opening:
    return Opening(now(), days)


def test_a_mail_is_seen_within_seconds_while_listening(dovecot: Dovecot, user: str, email: Email):
    receiver = Receiver(email, opened())
    receiver.until_live()
    began = time.monotonic()
    dovecot.deliver(user, letter())
    until(lambda: receiver.arrivals)
    print(f"IDLE: {time.monotonic() - began:.3f} s from delivery to arrival")
    assert b"<1@cliente.test>" in whole(receiver.arrivals[0])
    assert not receiver.arrivals[0].before
    began = time.monotonic()
    receiver.close()
    assert time.monotonic() - began < 2


def test_reading_changes_nothing_on_the_server(dovecot: Dovecot, user: str, email: Email):
    dovecot.append(user, letter())
    assert len(arrived(collected(email, None, opened()))) == 1
    with dovecot.client(user) as client:
        assert b"\\Seen" not in client.get_flags([1])[1]


def test_who_waits_comes_first_then_the_thread_then_the_rest(dovecot: Dovecot, user: str, email: Email):
    opening = opened()
    day = timedelta(days=1)
    dovecot.fill(user, [letter(f"old{n}") for n in range(2050)], at=opening.opened_at - 90 * day)
    at = opening.opened_at
    dovecot.append(user, letter("a1", subject="Talla"), at=at - 9 * day)
    dovecot.append(
        user, letter("r1", sender=user, to="ana@cliente.test", answers="a1"), folder="Sent", at=at - 8 * day
    )
    dovecot.append(user, letter("a2", subject="Re: Talla", answers="r1"), at=at - 7 * day)
    dovecot.append(user, letter("b1", sender="berta@cliente.test"), at=at - 6 * day)
    dovecot.append(
        user, letter("b2", sender=user, to="berta@cliente.test", answers="b1"), folder="Sent", at=at - 5 * day
    )
    dovecot.append(
        user,
        letter("c1", sender="carles@cliente.test", subject="Oferta", extra="List-Id: <x.y>\r\n"),
        at=at - day,
    )
    dovecot.append(user, letter("d1", sender="dora@cliente.test"), at=at - 20 * day)
    dovecot.append(user, letter("e1", sender="eva@cliente.test"), at=at - day, flags=[b"\\Answered"])
    batches = collected(email, None, opening)
    arrivals = arrived(batches)
    names = [
        whole(arrival).partition(b"Message-ID: <")[2].partition(b"@")[0].decode() for arrival in arrivals
    ]
    assert len(names) == len(set(names)) == 2058
    assert [name for name, arrival in zip(names, arrivals, strict=True) if arrival.waits] == ["a2"]
    assert names[0] == "a2"
    assert set(names[1:3]) == {"a1", "r1"}
    assert all(arrival.before for arrival in arrivals)
    later = [arrival.place.uid for arrival in arrivals if arrival.role == "inbox"][2:]
    newest = [uid for uid in later if uid > 2056 - 500]
    assert later[: len(newest)] == sorted(newest), "the newest 500 come before the rest"
    assert later[len(newest) :] == sorted(later[len(newest) :])
    assert batches[0].total == 2058
    assert batches[-1].done == batches[-1].total == 2058


def test_the_outlook_counts_people_who_wait(dovecot: Dovecot, user: str, email: Email):
    day = timedelta(days=1)
    at = now()
    for number, days in enumerate((1, 2, 10, 25, 60)):
        dovecot.append(user, letter(number, sender=f"p{number}@cliente.test"), at=at - days * day)
    outlook = asyncio.run(email.outlook(at))
    assert outlook.total == 5
    assert outlook.waiting == {7: 2, 14: 3, 30: 4}


def test_a_second_pass_brings_nothing(dovecot: Dovecot, user: str, email: Email):
    dovecot.fill(user, [letter(n) for n in range(120)])
    opening = opened()
    first = collected(email, None, opening)
    assert len(arrived(first)) == 120
    assert collected(email, first[-1].cursor, opening) == []


def test_flags_and_expunges_are_told(dovecot: Dovecot, user: str, email: Email):
    for number in range(4):
        dovecot.append(user, letter(number))
    opening = opened()
    cursor = collected(email, None, opening)[-1].cursor
    with dovecot.client(user) as client:
        client.add_flags([2], [b"\\Seen"])
        client.delete_messages([3])
        client.expunge()
    batches = collected(email, cursor, opening)
    assert arrived(batches) == []
    assert [(f.place.uid, f.flags) for b in batches for f in b.flagged] == [(2, frozenset({"\\Seen"}))]
    assert [gone.place.uid for batch in batches for gone in batch.gone] == [3]
    assert collected(email, batches[-1].cursor, opening) == []


def test_flags_and_expunges_are_told_while_listening(dovecot: Dovecot, user: str, email: Email):
    dovecot.append(user, letter(1))
    dovecot.append(user, letter(2))
    receiver = Receiver(email, opened())
    receiver.until_live()
    with dovecot.client(user) as client:
        client.add_flags([1], [b"\\Answered"])
        until(lambda: [f for b in receiver.batches for f in b.flagged if "\\Answered" in f.flags])
        client.move([2], "Archive")
        until(lambda: [g for b in receiver.batches for g in b.gone if g.place.uid == 2])
    receiver.close()


def test_our_answer_in_the_sent_folder_comes_too(dovecot: Dovecot, user: str, email: Email):
    opening = opened()
    cursor = collected(email, None, opening)[-1].cursor
    dovecot.append(user, letter("r", sender=user), folder="Sent")
    (arrival,) = arrived(collected(email, cursor, opening))
    assert (arrival.role, arrival.place.folder, arrival.before) == ("sent", "Sent", False)


def test_a_folder_numbered_anew_is_said_and_read_again(dovecot: Dovecot, user: str, email: Email):
    opening = opened()
    opening = replace(opening, opened_at=opening.opened_at - timedelta(days=2))
    for number in range(3):
        dovecot.append(user, letter(number), at=opening.opened_at + timedelta(hours=1))
    cursor = collected(email, None, opening)[-1].cursor
    dovecot.new_validity(user, 4_000_000_000)
    dovecot.append(user, letter("new"))
    batches = collected(email, cursor, opening)
    assert [(gap.folder, gap.reason) for batch in batches for gap in batch.gaps] == [("INBOX", "uidvalidity")]
    assert [arrival.before for arrival in arrived(batches)] == [True, True, True, False]
    assert {arrival.place.validity for arrival in arrived(batches)} == {4_000_000_000}
    assert collected(email, batches[-1].cursor, opening) == []


def test_a_large_mail_comes_in_pieces_byte_for_byte(
    dovecot: Dovecot, user: str, email: Email, tmp_path: Path
):
    line = b"0123456789abcdef" * 4 + b"\r\n"
    large = letter("big").replace(b"Hola", line * 480_000)
    assert len(large) > 30 << 20
    dovecot.fill(user, [letter("before"), large, letter("after")])
    began = time.monotonic()
    got = arrived(collected(email, None, opened()))
    assert [arrival.place.uid for arrival in got] == [1, 2, 3]
    small, big, after = got
    print(f"{len(large) >> 20} MB in {time.monotonic() - began:.2f} s")
    assert isinstance(big.raw, Path)
    assert big.raw.read_bytes() == large
    assert big.raw.stat().st_mode & 0o777 == 0o600
    assert big.size == len(large)
    assert [path.name for path in (tmp_path / "spool").iterdir()] == [big.raw.name]
    assert isinstance(small.raw, bytes)
    assert isinstance(after.raw, bytes)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encryption_with_a_private_authority(dovecot: Dovecot, user: str, tmp_path: Path, security: str):
    port = dovecot.tls_port if security == "tls" else dovecot.port
    who = account(tmp_path, port, user, security=security, ca_file=str(dovecot.ca_file))
    identity = asyncio.run(mailbox(who).check())
    assert identity.address == user
    assert "IDLE" in identity.abilities


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("case", ["unknown authority", "other name"])
def test_a_certificate_of_somebody_else_is_refused(
    dovecot: Dovecot, user: str, tmp_path: Path, security: str, case: str
):
    trusted, host = dovecot.ca_file, "127.1"
    if case == "unknown authority":
        trusted, host = tmp_path / "other.pem", "localhost"
        trustme.CA().cert_pem.write_to_path(trusted)
    port = dovecot.tls_port if security == "tls" else dovecot.port
    asked: list[int] = []
    who = account(
        tmp_path,
        port,
        user,
        security=security,
        host=host,
        ca_file=str(trusted),
        secret=lambda: asked.append(1) or "secreto",
    )
    with pytest.raises(CertificateError) as caught:
        asyncio.run(mailbox(who).check())
    said = "unable to get local issuer" if case == "unknown authority" else "Hostname mismatch"
    assert said in caught.value.values["reason"]
    kind = CertificateIssuerError if case == "unknown authority" else CertificateNameError
    assert (type(caught.value), caught.value.code) == (kind, "certificate")
    assert asked == []


def test_a_wrong_password_says_what_the_server_said_and_no_password(
    dovecot: Dovecot, user: str, tmp_path: Path
):
    email = mailbox(account(tmp_path, dovecot.port, user, secret=lambda: "not-the-one"))
    with pytest.raises(LoginError) as caught:
        asyncio.run(email.check())
    assert caught.value.values["reason"] == "[AUTHENTICATIONFAILED] Authentication failed."
    assert caught.value.values["server"] == f"localhost:{dovecot.port}"
    assert "not-the-one" not in str(caught.value)


def test_a_password_beyond_ascii(dovecot: Dovecot, tmp_path: Path):
    user = dovecot.user("contraseña €")
    identity = asyncio.run(
        mailbox(account(tmp_path, dovecot.port, user, secret=lambda: "contraseña €")).check()
    )
    assert identity.address == user


def test_a_token_logs_in_and_an_expired_one_is_asked_for_anew(dovecot: Dovecot, user: str, tmp_path: Path):
    expired, good = dovecot.token(user, valid_for=-60), dovecot.token(user)
    told = []

    def secret() -> str:
        told.append(1)
        return good if len(told) > 1 else expired

    asyncio.run(mailbox(account(tmp_path, dovecot.port, user, secret=secret, auth="xoauth2")).check())
    assert len(told) == 2
    with pytest.raises(LoginError) as caught:
        asyncio.run(
            mailbox(account(tmp_path, dovecot.port, user, secret=lambda: expired, auth="xoauth2")).check()
        )
    assert expired not in str(caught.value)


def test_a_kill_in_mid_sync_loses_nothing_and_repeats_nothing_committed(
    dovecot: Dovecot, user: str, email: Email
):
    opening = opened()
    dovecot.fill(user, [letter(n) for n in range(2300)], at=opening.opened_at - timedelta(days=50))
    dovecot.append(user, letter("w"), at=opening.opened_at - timedelta(days=1))

    async def some(cursor: str | None, batches: int) -> tuple[str | None, list[tuple[int, bool]]]:
        got: list[tuple[int, bool]] = []
        stream = email.receive(cursor, opening, once=True)
        async for batch in stream:
            cursor = batch.cursor
            got += [(arrival.place.uid, arrival.waits) for arrival in batch.arrivals]
            batches -= 1
            if not batches:
                await stream.aclose()
                return cursor, got
        return None, got

    straight = [(a.place.uid, a.waits) for a in arrived(collected(email, None, opening))]
    pieced: list[tuple[int, bool]] = []
    cursor: str | None = None
    while True:
        at, got = asyncio.run(some(cursor, 5))
        pieced += got
        if at is None:
            break
        cursor = at
    assert pieced == straight
    assert len(pieced) == 2301


def test_new_mail_overtakes_the_history(dovecot: Dovecot, user: str, email: Email):
    opening = opened()
    dovecot.fill(user, [letter(n) for n in range(4000)], at=opening.opened_at - timedelta(days=50))

    async def places() -> list[int]:
        got: list[int] = []
        async for batch in email.receive(None, opening, once=True):
            if batch.arrivals and not got:
                await asyncio.to_thread(dovecot.append, user, letter("new"))
            got += [arrival.place.uid for arrival in batch.arrivals]
        return got

    got = asyncio.run(places())
    assert sorted(got) == list(range(1, 4002))
    # After the newest 500, three batches of 1,000 at most are on their way when it comes, two waiting and one being fetched.
    assert got.index(4001) <= 3500


def test_closing_takes_less_than_two_seconds_while_the_network_is_a_black_hole(
    dovecot: Dovecot, user: str, tmp_path: Path
):
    proxy = Proxy(dovecot.port)
    receiver = Receiver(mailbox(account(tmp_path, proxy.port, user), sweep=0.3), opened())
    receiver.until_live()
    proxy.swallowing.set()
    dovecot.deliver(user, letter())
    began = time.monotonic()
    receiver.close()
    assert time.monotonic() - began < 2
    proxy.stop()


def test_a_cut_is_survived_and_nothing_is_missed(dovecot: Dovecot, user: str, tmp_path: Path):
    proxy = Proxy(dovecot.port)
    receiver = Receiver(mailbox(account(tmp_path, proxy.port, user)), opened())
    receiver.until_live()
    for number in range(3):
        proxy.cut()
        dovecot.append(user, letter(number))
        until(lambda wanted=number + 1: len(receiver.arrivals) == wanted)
    receiver.close()
    proxy.stop()


def test_a_restarted_server_is_found_again(dovecot: Dovecot, tmp_path: Path):
    server = Dovecot()
    user = server.user()
    receiver = Receiver(mailbox(account(tmp_path, server.port, user), unreached=1.0, longest=1.0), opened())
    receiver.until_live()
    server.stop()
    # Dovecot's own processes say goodbye ten seconds after it was stopped.
    until(lambda: receiver.email.trouble, 20)
    server.start()
    server.append(user, letter())
    until(lambda: receiver.arrivals)
    assert receiver.email.trouble is None
    receiver.close()
    server.remove()


def test_a_folder_that_is_not_there(dovecot: Dovecot, user: str, tmp_path: Path):
    email = mailbox(account(tmp_path, dovecot.port, user, folders=("INBOX", "Tienda")))
    with pytest.raises(ChannelError, match="Tienda"):
        asyncio.run(email.check())
    gaps = [gap for batch in collected(email, None, opened()) for gap in batch.gaps]
    assert [(gap.folder, gap.reason) for gap in gaps] == [("Tienda", "no_folder")]


def test_a_mail_submitted_is_delivered_by_real_servers(dovecot: Dovecot, smtpd, user: str, email: Email):
    import smtplib

    receiver = Receiver(email, opened())
    receiver.until_live()
    with smtplib.SMTP("127.0.0.1", dovecot.submission_port) as smtp:
        smtp.login(user, "secreto")
        smtp.sendmail("ana@cliente.test", [user], letter("submitted"))
    until(lambda: receiver.arrivals, 20)
    assert b"<submitted@cliente.test>" in whole(receiver.arrivals[0])
    receiver.close()
