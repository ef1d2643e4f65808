"""A desk worth exporting, and what two desks are compared by."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentdesk.config import Home
from desks import Bench

KEY = b"k" * 32
CONFIG = """
[desk]
language = "{language}"
zone = "Europe/Madrid"

[[agents]]
name = "Joan"

[[agents]]
name = "Marta"

[[accounts]]
id = "{account}"
name = "{name}"
channel = "email"
address = "{address}"
imap = "imaps://127.0.0.1:1"
smtp = "smtps://127.0.0.1:1"
env = "NOTHING"
"""
PDF = b"%PDF-1.4 factura \x00\xff"
BOUNDARY = 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n'
HOSTILE = "../../../etc/cron.d/=cmd|'x'!A1.pdf"
LARGE = "Una línia força llarga, amb àèéíòóúç paraules. " * 21_000
"""Over 1 MiB: its raw form is a file in the blobs' folder, when it comes from a file."""


def new_home(folder: Path, **values: str) -> Home:
    """A home with a configuration and a mailbox, and nothing in it yet."""
    given = {
        "language": "en",
        "account": "mailbox",
        "name": "soporte",
        "address": "soporte@shop.test",
        **values,
    }
    home = Home.under(folder)
    home.make()
    home.config_file.write_text(CONFIG.format(**given), "utf-8")
    return home


def with_file(text: str, name: str = HOSTILE) -> str:
    return (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\nContent-Type: application/pdf\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        "JVBERi0xLjQgZmFjdHVyYSAA/w==\r\n--b--"
    )


def filled(home: Home, run: Any) -> None:
    """Eight tickets: a mail with a file, a newsletter, one from before, a large one, a call; notes, tags, an answer, a merge."""
    home.key.write_bytes(KEY)
    bench = Bench(home.config)
    bench.mail(
        with_file("Hola, on és la comanda?"), sender="Maria Puig <maria@x.test>", subject="Comanda",
        message_id="<comanda@x.test>", extra=BOUNDARY,
    )  # fmt: skip
    bench.clock.go(minutes=5)
    bench.mail("=1+1 és la talla", sender='"=HYPERLINK(1)" <pere@y.test>', subject="@talla")
    bench.mail("Bon dia", sender="Anna <anna@z.test>", subject="Curt")
    bench.mail(
        "Oferta", sender="news@shop.example", subject="News", extra="List-Id: <x>\r\nPrecedence: bulk\r\n"
    )
    bench.clock.go(minutes=-9000)
    bench.mail("Abans de tot", sender="Vell <vell@v.test>", subject="Antic", before=True)
    bench.clock.go(minutes=9010)
    bench.mail("Més", sender="Maria Puig <maria@x.test>", subject="Re: Comanda", reply_to="<comanda@x.test>")
    bench.mail("Encara", sender="Maria Puig <maria@x.test>", subject="Una altra")
    bench.mail(
        "Ja hi som", sender="soporte@shop.test", to="maria@x.test", subject="Re: Comanda", reply_to="<comanda@x.test>",
        message_id="<ours@shop.test>", role="sent",
    )  # fmt: skip
    bench.mail(raw=b"\n \n")
    bench.close()
    large = home.config / "large.eml"
    head = "From: Gran <gran@g.test>\nDate: Mon, 1 Jun 2020 10:00:00 +0200\nContent-Type: text/plain; charset=utf-8\n\n"
    large.write_text(f"{head}{LARGE}\n", "utf-8")
    for words in (
        ("import", "eml", str(large), "--account", "soporte"), ("note", "1", "--text", "Diu que té pressa"), ("tag", "1", "+vip", "+envio"), ("assign", "2", "Marta"),
        ("reply", "1", "--text", "Ja arriba"), ("priority", "2", "high"), ("merge", "6", "1"), ("note", "2", "--text", "oops"),
        ("undo",), ("call", "--ticket", "2", "--text", "Pregunta per la talla", "--length", "2:30", "--then", "open"),
        ("call", "+34600123456", "--name", "Nova", "--text", "Vol saber els horaris"), ("reply", "4", "--text", "Massa aviat", "--hold", "600"), ("undo",), ("resolve", "3"), ("snooze", "2", "2h"), ("--as", "Marta", "note", "5", "--text", "Era client de la mare"),
    ):  # fmt: skip
        status, _, err = run(*words)
        assert status == 0, (words, err)


def document(run: Any, *words: str, status: int = 0) -> Any:
    found, out, err = run(*words, "--json")
    assert found == status, err
    return json.loads(out)


def everything(run: Any) -> dict[int, Any]:
    """Each ticket with its messages, clocks without what depends on the moment."""
    found = {}
    for row in document(run, "queue", "--view", "all", "--limit", "1000"):
        ticket = document(run, "show", str(row["number"]))
        for each in ticket["clocks"]:
            each.pop("left_seconds")
        for each in ticket["messages"]:
            each.pop("places")  # where it lies on a server is each laptop's own
        for own in ("order", "drafts", "drafts_by"):  # of this moment, or of this laptop
            ticket.pop(own)
        found[row["number"]] = ticket
    return found


def digest(run: Any) -> str:
    done = document(run, "rebuild")
    assert done["same"]
    return str(done["digest"])


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def resealed(folder: Path) -> None:
    """The sums of an export as whoever changed it would write them anew."""
    sums = folder / "SHA256SUMS"
    names = [line[66:] for line in sums.read_text("utf-8").splitlines()]
    there = [name for name in names if (folder / name).is_file()]
    sums.write_text(
        "".join(f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in there), "utf-8"
    )
    said = json.loads((folder / "manifest.json").read_text("utf-8"))
    said["sums"] = sha256(sums.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(said), "utf-8")
