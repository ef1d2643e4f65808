"""A laptop is lost: what its backup brings back in another home, with the same mailbox; and a backup that is killed."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from agentdesk.config import Home
from agentdesk.engine import archive
from desks import Bench
from servers import PROOF, until
from servers.inbox import letter
from servers.program import Program

MAILS, LATER = 8, 3
KILLS = 100 if PROOF else 15


def inbox(server, user, folder="INBOX"):
    """How often each Message-ID lies there."""
    with server.client(user) as client:
        client.select_folder(folder, readonly=True)
        found = client.fetch(client.search("ALL"), ["ENVELOPE"]).values()
    return Counter(each[b"ENVELOPE"].message_id.decode() for each in found)


def messages(program):
    """Every message of the desk with its ticket, notes left out."""
    rows = program.says("queue", "--view", "all", "--limit", "1000")
    return [
        each
        for row in rows
        for each in program.says("show", row["number"])["messages"]
        if each["direction"] != "note"
    ]


def same_as_before(other, arrived, numbers):
    """Every message once, and what was done before the backup; gives the messages."""
    there = messages(other)
    came = Counter(each["remote_id"] for each in there if each["direction"] == "in")
    assert came == Counter(arrived.keys())
    went = Counter(each["text"].partition("\n")[0].strip() for each in there if each["direction"] == "out")
    assert went == {"enviado antes": 1, "esperaba en la copia": 1, "enviado después": 1}
    said = {
        word: other.says("show", numbers[f"Pedido {n}"]) for word, n in (("note", 1), ("tag", 2), ("over", 3))
    }
    assert "lo dijo por teléfono" in [each["text"] for each in said["note"]["messages"]]
    assert (said["tag"]["tags"], said["over"]["status"]) == (["vip"], "resolved")
    return there


@pytest.mark.servers
@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_restored_desk_and_its_mailbox_lose_nothing_and_send_nothing_twice(dovecot, smtpd, tmp_path):
    shop, customer = dovecot.user(), dovecot.user()
    program = Program(tmp_path / "lost")
    program.add_account(
        f"imap+insecure://{shop}@127.0.0.1:{dovecot.port}",
        f"smtp+insecure://{shop}@127.0.0.1:{dovecot.submission_port}",
        shop,
    )
    program.says("sync", "--once")

    def written(numbers):
        for number in numbers:
            mail = letter(number, sender=f"Ana <{customer}>", to=shop, subject=f"Pedido {number}")
            dovecot.deliver(shop, mail, customer)

    def synced(home):
        (done,) = home.says("sync", "--once")["accounts"]
        assert done["errors"] == []
        return done

    written(range(MAILS))
    assert synced(program)["received"] == MAILS
    numbers = {
        row["subject"]: row["number"] for row in program.says("queue", "--view", "all", "--limit", "99")
    }
    program.says("reply", numbers["Pedido 0"], "--text", "enviado antes")
    assert synced(program)["sent"] == 1
    program.says("note", numbers["Pedido 1"], "--text", "lo dijo por teléfono")
    program.says("tag", numbers["Pedido 2"], "+vip")
    program.says("resolve", numbers["Pedido 3"])
    program.says("reply", numbers["Pedido 4"], "--text", "esperaba en la copia")
    program.says("backup", tmp_path / "desk.tar")

    # What happens after the last backup, on the laptop that is lost then.
    assert synced(program)["sent"] == 1
    program.says("reply", numbers["Pedido 5"], "--text", "enviado después")
    written(range(MAILS, MAILS + LATER))
    assert (synced(program)["sent"], len(inbox(dovecot, shop))) == (1, MAILS + LATER)
    until(lambda: len(inbox(dovecot, customer)) == 3, 60)

    other = Program(tmp_path / "new")
    assert other.says("restore", tmp_path / "desk.tar")["doubtful"] == 1
    assert synced(other)["sent"] <= 1, "found in Sent, so it counts as sent"
    synced(other)
    assert other.says("outbox") == []
    assert list(inbox(dovecot, customer).values()) == [1, 1, 1], "nothing was sent twice"

    there = same_as_before(other, inbox(dovecot, shop), numbers)
    assert {name: synced(other)[name] for name in ("received", "sent")} == {"received": 0, "sent": 0}
    assert (len(messages(other)), other.says("rebuild")["same"]) == (len(there), True)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_backup_that_is_killed_at_any_moment_leaves_the_former_one_whole(tmp_path):
    bench = Bench(tmp_path / "home")
    pick = random.Random(5)
    for number in range(60):
        bench.mail(pick.randbytes(60_000).hex(), sender=f"p{number}@x.test")
    bench.close()
    home = Home.under(bench.folder)
    home.key.write_bytes(b"k" * 32)
    program, file = Program(home.config), tmp_path / "desk.tar"

    def begun():
        process = subprocess.Popen(
            [sys.executable, "-c", code, "backup", str(file)],
            env=program.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        process.stdout.readline()  # it works now
        return process

    code = "import sys; from agentdesk.cli import main; from agentdesk.engine import archive; print(flush=True); main(sys.argv[1:])"
    takes = 60.0
    for _ in range(3):  # the first is the slowest: nothing of it is in memory yet
        whole, at = begun(), time.monotonic()
        whole.communicate()
        assert whole.returncode == 0
        takes = min(takes, time.monotonic() - at)
    killed, former = 0, file.read_bytes()
    for _ in range(KILLS):
        process = begun()
        threading.Event().wait(pick.uniform(0.0, takes))  # the moment of death is what is random here
        process.kill()
        process.communicate()
        killed += process.returncode != 0
        if file.read_bytes() != former:  # it had got through
            assert archive._verified(file)["files"]
            former = file.read_bytes()
    assert killed >= KILLS // 4
    assert program.says("backup", file)["tickets"] == 60
    assert not [each.name for folder in (tmp_path, home.backups) for each in folder.glob(".*")]
    assert archive.put_back(Home.under(tmp_path / "other"), file).tickets == 60
