"""SIGKILL at random moments while Junk is read and mails are rescued: each is there once, here and on the server."""

import random
import subprocess
import threading

import pytest

from servers import PROOF
from servers.inbox import letter
from servers.program import Program

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(300)]
KILLS = 40 if PROOF else 6
KNOWN = [f"c{n}@cliente.test" for n in range(4)]
"""So many customers that what they write is no flood."""


def test_a_killed_program_neither_loses_nor_doubles_what_lay_in_junk(dovecot, tmp_path):
    user, pick = dovecot.user(), random.Random(3)
    for number, sender in enumerate(KNOWN):
        dovecot.append(user, letter(f"first{number}", sender=sender, subject="Abans"))
    program = Program(tmp_path / "home")
    url = f"{user}@127.0.0.1"
    program.add_account(
        f"imap+insecure://{url}:{dovecot.port}", f"smtp+insecure://{url}:{dovecot.submission_port}", user
    )
    program.says("sync", "--once")
    for number in range(KILLS):
        dovecot.append(
            user,
            letter(f"known{number}", sender=KNOWN[number % len(KNOWN)], subject=f"Junk {number}"),
            folder="Spam",
        )
        dovecot.append(user, letter(f"spam{number}", sender=f"s{number}@spam.test"), folder="Spam")
        process = subprocess.Popen(
            program.command("sync", "--once"),
            env=program.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        threading.Event().wait(pick.uniform(0.3, 1.5))  # the moment of death is what is random here
        process.kill()
        process.communicate()
        for row in program.says("queue", "--view", "all"):
            if row["junk"] and pick.random() < 0.7:
                program.says("rescue", row["number"])
    (done,) = program.says("sync", "--once")["accounts"]
    assert done["errors"] == []
    rows = program.says("queue", "--view", "all")
    for row in rows:
        if row["junk"]:
            program.says("rescue", row["number"])
    for _ in range(2):
        program.says("sync", "--once")
    rows = program.says("queue", "--view", "all")
    assert sorted(row["subject"] for row in rows) == sorted(
        ["Abans"] * len(KNOWN) + [f"Junk {n}" for n in range(KILLS)]
    )
    assert not any(row["junk"] for row in rows)
    with dovecot.client(user) as client:
        there = client.fetch(client.search("ALL"), ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
        assert len(there) == KILLS + len(KNOWN)
        client.select_folder("Spam")
        assert len(client.search("ALL")) == KILLS
    assert program.says("rebuild")["same"]
