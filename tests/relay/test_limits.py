"""What is too much for the relay, and what it does then: it says so, and what it has stays."""

import os
import resource
import socket
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from servers import SYS_ADMIN, may, until
from servers.relay import FREELY

MEGABYTE = 1 << 20
ROOM = ("--box-rate", "100000", "--address-rate", "100000")


def peak(relay) -> int:
    """The most memory that the process ever held, in bytes."""
    lines = Path(f"/proc/{relay.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def pieces(megabytes):
    """A body whose length nobody tells beforehand."""
    for _ in range(megabytes * 16):
        yield b"x" * (MEGABYTE // 16)


def half(relay, box, sent: bytes, length: int) -> socket.socket:
    """A call that has sent only part of its body."""
    line = socket.create_connection(("127.0.0.1", relay.port))
    line.settimeout(60)
    line.sendall(f"POST {box.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode() + sent)
    return line


def test_a_body_of_ten_megabytes_is_refused_and_never_held(started):
    relay = started()
    box = relay.box()
    before = peak(relay)
    for body in (b"x" * 10 * MEGABYTE, pieces(10), pieces(15)):
        answer = relay.post(box, body)
        assert answer.status_code == 413
        assert "3145728" in answer.text
    assert peak(relay) - before < 8 * MEGABYTE
    assert relay.post(box, b"x" * 3 * MEGABYTE).status_code == 200
    assert [len(body) for body in relay.all_of(box)] == [3 * MEGABYTE]


def test_a_body_without_end_is_cut_off(relay, box):
    with half(relay, box, b"", 1 << 40) as line, suppress(OSError):
        for _ in range(10_000):
            line.sendall(b"x" * MEGABYTE)
        pytest.fail("it took ten gigabytes")
    assert relay.pull(box).bodies == []


def test_the_limit_of_a_body_is_to_the_byte(started):
    relay = started("--body", "0.001", *FREELY)
    box = relay.box()
    assert relay.post(box, b"x" * 1048).status_code == 200
    assert relay.post(box, b"x" * 1049).status_code == 413


def test_a_call_that_breaks_off_is_not_stored(relay, box):
    half(relay, box, b"half", 1000).close()
    relay.post(box, b"whole")
    until(lambda: "POST /in" in relay.log.read_text("utf-8"))
    assert relay.pull(box).bodies == [b"whole"]


def test_slow_callers_hold_nobody_up(relay, box):
    lines = [half(relay, box, b"s", 1000) for _ in range(50)]
    for number in range(20):
        assert relay.post(box, b"%d" % number).status_code == 200
    assert len(relay.pull(box).bodies) == 20
    lines[0].sendall(b"l" * 999)  # and who was slow is heard when it is done
    assert lines[0].recv(100).startswith(b"HTTP/1.1 200")
    assert relay.pull(box).bodies[-1] == b"s" + b"l" * 999
    for line in lines:
        line.close()


@pytest.mark.slow
def test_a_caller_that_never_ends_is_sent_away(relay, box):
    with half(relay, box, b"s", 1000) as line:
        assert line.recv(100).startswith(b"HTTP/1.1 408")
    assert relay.pull(box).bodies == []


def test_who_calls_too_often_is_told_so_and_others_are_not(started):
    relay = started("--address-rate", "1", "--box-rate", "1000", "--keep-free", "1")
    box = relay.box()
    said = [relay.post(box, b"x", **{"X-Forwarded-For": "203.0.113.7"}) for _ in range(40)]
    late = [answer for answer in said if answer.status_code == 429]
    assert 15 <= len(late) <= 20, "twenty seconds' worth may come at once"
    assert late[0].headers["retry-after"]
    assert relay.post(box, b"y", **{"X-Forwarded-For": "203.0.113.8"}).status_code == 200


def test_a_box_that_is_called_too_often_leaves_the_others_alone(started):
    relay = started("--address-rate", "1000", "--box-rate", "1", "--keep-free", "1")
    box, other = relay.box(), relay.box("other")
    assert {relay.post(box, b"x").status_code for _ in range(40)} == {200, 429}
    assert relay.post(other, b"y").status_code == 200


def test_a_full_relay_refuses_loudly_and_goes_on_when_something_was_fetched(started):
    relay = started("--total", "1", *FREELY)
    box = relay.box()
    body = os.urandom(100_000)
    answers = []
    while len(answers) < 30 and (not answers or answers[-1].status_code == 200):
        answers.append(relay.post(box, body))
    assert answers[-1].status_code == 507
    kept = len(answers) - 1
    assert 8 <= kept <= 11
    health = relay.get("/healthz")
    assert (health.status_code, health.json()["ok"]) == (503, False)
    assert "1 MB" in health.json()["trouble"]
    assert "1 MB" in relay.pull(box).document["trouble"]
    assert "REFUSES WHAT COMES" in relay.log.read_text("utf-8")
    assert relay.all_of(box) == [body] * kept, "the oldest stays"
    relay.ack(box, kept)
    assert relay.post(box, body).status_code == 200
    assert relay.health()["ok"]
    assert relay.pull(box).document["trouble"] == ""


def test_what_was_refused_as_forged_never_takes_the_room_of_what_is_not(started):
    relay = started("--total", "1", *FREELY)
    box = relay.box()
    for _ in range(8):
        relay.post(box, os.urandom(100_000))
    relay.ack(box, 8, aside="1,2,3,4,5,6,7,8")
    assert relay.pull(box).document["aside"] == 8
    assert {relay.post(box, os.urandom(100_000)).status_code for _ in range(8)} == {200}
    assert relay.pull(box).document["aside"] == 0
    assert "out of room: 8 hooks" in relay.log.read_text("utf-8")


def test_the_last_of_the_disk_is_left_free(started):
    relay = started("--keep-free", "999999999", *ROOM)
    box = relay.box()
    assert relay.post(box, b"x").status_code == 507
    assert "disk" in relay.health()["trouble"]


@contextmanager
def limited(folder: Path):
    """No file of the relay may grow beyond a megabyte."""
    yield lambda relay: resource.prlimit(relay.pid, resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))


@contextmanager
def small(folder: Path):
    """The relay's data lie on a disk of a megabyte."""
    (folder / "data").mkdir(parents=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", str(folder / "data")], check=True
    )
    try:
        yield id
    finally:
        subprocess.run(["umount", "--lazy", str(folder / "data")], check=True)


@pytest.mark.parametrize("disk", [limited, small] if may(SYS_ADMIN) else [limited])
def test_a_full_disk_is_said_and_what_was_stored_can_be_fetched(started, tmp_path, disk):
    with disk(tmp_path / "relay0") as limit:
        relay = started(*ROOM, "--keep-free", "0")
        limit(relay)
        box = relay.box()
        bodies = [os.urandom(60_000) for _ in range(30)]
        statuses = [relay.post(box, body).status_code for body in bodies]
        assert set(statuses) == {200, 507}
        health = relay.get("/healthz")
        assert (health.status_code, health.json()["ok"]) == (503, False)
        assert "REFUSES WHAT COMES" in relay.log.read_text("utf-8")
        kept = [body for body, status in zip(bodies, statuses, strict=True) if status == 200]
        assert relay.all_of(box) == kept
        relay.kill()
        relay.start()
        assert relay.all_of(box) == kept
        relay.stop()


def test_what_nobody_fetches_in_time_is_deleted_and_said(started):
    relay = started()
    box = relay.box("whatsapp")
    for number in range(3):
        relay.post(box, b"%d" % number)
    relay.stop()
    relay.options = ("--days", "0.000000001", *FREELY)
    relay.start()
    until(lambda: "whatsapp: 3 hooks were not fetched" in relay.log.read_text("utf-8"))
    found = relay.pull(box)
    assert (found.bodies, found.document["last"]) == ([], 3), "its reader sees that numbers are missing"
