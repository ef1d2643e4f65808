"""The world around a `shopday`: servers that keep their own truth, and the program that lives the day again and again."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import trustme

from engine.shopday import Life
from servers import disk
from servers.inbox import letter
from servers.misbehaving import Imap
from servers.program import PASSWORD
from servers.smtp import Smtp, Taken

MAILS = 6
LARGE = 1_200_000
TODAY = "23-Nov-2026 {} +0000"
ANSWERED = {
    who: TODAY.format(at)
    for who, at in (("c1@x.test", "10:40:00"), ("c2@x.test", "10:40:00"), ("c3@x.test", "12:00:00"))
}
"""When each customer answers: as soon as our answer can be there."""


class Provider(Smtp):
    """Takes a mail, files a copy where it `files`, and the customer answers at once."""

    def __init__(self, imap: Imap, *, files: bool) -> None:
        super().__init__()
        self._imap, self._files = imap, files

    def take(self, mail: Taken) -> None:
        super().take(mail)
        if self._files:
            self._imap.add(mail.raw, folder="Sent", flags=("\\Seen",))
        who, extra = mail.recipients[0], f"In-Reply-To: {_message_id(mail.raw)}\r\n"
        answer = letter(f"answer-{who[:2]}", sender=who, subject="Re: gracias", extra=extra)
        self._imap.add(answer, date=ANSWERED[who])


@cache
def _ca_file() -> Path:
    """One authority: to read all those that the system trusts takes longer than the rest of a connection."""
    file = Path(tempfile.mkdtemp(prefix="ca-")) / "ca.pem"
    trustme.CA().cert_pem.write_to_path(file)
    return file


def _message_id(raw: bytes) -> str:
    return re.findall(rb"(?mi)^Message-ID: (\S+)", raw)[0].decode()


class Town:
    """The servers of one day, and a home."""

    def __init__(self, home: Path, *, files: bool) -> None:
        self.home = home
        self.imap = Imap()
        self.imap.mails["Sent"] = []
        self.smtp = Provider(self.imap, files=files)
        for number in range(1, MAILS + 1):
            body = "Hola\r\n" + ("x" * 70 + "\r\n") * (LARGE // 72 if number == MAILS else 3)
            mail = letter(number, sender=f"C{number} <c{number}@x.test>", subject=f"S{number}", body=body)
            self.imap.add(mail, date=TODAY.format(f"08:0{number}:00"))

    def life(self, **more: Any) -> Life:
        return Life(str(self.home), str(_ca_file()), self.imap.port, self.smtp.port, **more)

    def taken(self) -> Counter[str]:
        return Counter(_message_id(mail.raw) for mail in self.smtp.taken)

    def filed(self) -> Counter[str]:
        return Counter(_message_id(held.raw) for held in self.imap.mails["Sent"])

    def flags(self) -> dict[int, list[str]]:
        return {held.uid: sorted(held.flags) for held in self.imap.mails["INBOX"]}

    def ahead(self, facts: dict[str, Any]) -> list[str]:
        """What the servers were told that the store does not know."""
        gone = [f"{name} was sent" for name in self.taken().keys() - set(facts["may_have_gone"])]
        filed = [f"{name} lies in Sent" for name in self.filed().keys() - set(facts["may_have_gone"])]
        flagged = [
            f"{uid} is {flag}"
            for uid, flags in self.flags().items()
            for flag in flags
            if uid not in facts[flag]
        ]
        untrue = [f"{name} is called sent" for name in set(facts["sent"]) - self.taken().keys()]
        return [*gone, *filed, *flagged, *untrue]

    def stop(self) -> None:
        self.imap.stop()
        self.smtp.stop()


@dataclass
class Lived:
    """What a life told. `step` is the one it was at."""

    ended: int = 0
    step: int = 0
    seen: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)
    doubts: int = 0
    deaths: int = 0
    end: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Lives:
    """The program, started once; every life is a fork of it."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("shopday.py")
        self._program = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "LD_PRELOAD": str(disk.library()), PASSWORD: "secreto"},
        )  # fmt: skip

    def live(self, town: Town, life: Life) -> Lived:
        """Lives it, answering what is asked."""
        lived = Lived(step=life.step)
        self._say(json.dumps(asdict(life)))
        while "ended" not in (told := json.loads(self._program.stdout.readline())):
            if "began" in told:
                lived.step = told["began"]
            elif "mistake" in told:
                lived.wrong.append(f"{told['mistake']}\n{told['trace']}")
            elif "seen" in told:
                lived.seen, lived.end = told.pop("seen"), told
            elif "doubt" in told:
                lived.doubts += 1
                self._say("got it" if town.taken()[told["doubt"]] else "no")
            else:
                if told["facts"]:
                    lived.wrong += town.ahead(told["facts"])
                if "failed" in told:
                    lived.failed.append(told)
                self._say("go")
        lived.ended = told["ended"]
        return lived

    def _say(self, line: str) -> None:
        self._program.stdin.write(line + "\n")
        self._program.stdin.flush()

    def close(self) -> None:
        self._program.stdin.close()
        self._program.wait(10)
