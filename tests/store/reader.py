"""A reader of every message, who knows no index: what search means, written down a second time; and random questions."""

import json
import random
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from agentdesk.core.instant import moment
from desks import Bench

MADRID = ZoneInfo("Europe/Madrid")
WORDS = re.findall(
    r"\S+",
    "devolución devolucion DEVOLUCIÓ canço cançó l'article l’article article o'neill pedido Pedidos ES-5760120 5760120 "
    'maria@x.test x.test 配送 col·lecció niño nino cafe\u0301 café https://x.test/a?b=1 27" ¿dónde? número de seguimiento '
    "devoluciones paquet paquets 5760210 Pedro gracia",
)


class Reader:
    """Reads every message, and knows no index: the same meaning, written down a second time."""

    def __init__(self, bench: Bench, connection) -> None:
        self.now, self.agent = bench.clock.at, bench.desk.agent
        self.others: dict[str, tuple[str, ...]] = {}
        tickets = rows(connection, "SELECT * FROM ticket")
        self.tickets = {t["id"]: t for t in tickets}
        self.tags = {(t["ticket"], words(t["tag"])) for t in rows(connection, "SELECT * FROM tag")}
        self.clocks = rows(connection, "SELECT ticket, data FROM clock WHERE tier = 'standard'")
        self.files: dict[str, list[str]] = {}
        for file in rows(connection, "SELECT message, name FROM attachment ORDER BY position"):
            self.files.setdefault(file["message"], []).append(file["name"])
        roots = {c["id"]: c["root"] for c in rows(connection, "SELECT * FROM customer")}
        people = rows(connection, "SELECT customer, channel, address, name FROM identity")
        self.people = [{**p, "root": roots[p["customer"]]} for p in people]
        self.roots = roots
        self.messages = rows(
            connection, "SELECT * FROM message WHERE NOT hidden AND NOT erased ORDER BY n DESC"
        )
        for message in self.messages:
            message["body"] = words(bench.store.blobs.text(connection, message["text"]))
            message["headers"] = json.loads(message["headers"] or "{}")
            message["root"] = self.tickets[self.tickets[message["ticket"]]["root"]]

    def says(self, message, text, prefix=False) -> bool:
        people = words(f"{message['name'] or ''} {message['address'] or ''}")
        files = words(" ".join(self.files.get(message["id"], ())))
        columns = (words(message["subject"] or ""), message["body"], people, files)
        return any(within(text, column, prefix) for column in columns)

    def hears(self, message, word) -> bool:
        """It says the word, or one of `others` that are taken for it."""
        return any(self.says(message, each) for each in (word, *self.others.get(word, ())))

    def exactly(self, meaning, message) -> bool:
        """`meaning` where no word is taken for another."""
        others, self.others = self.others, {}
        try:
            return meaning(message)
        finally:
            self.others = others

    def holds(self, op, value, message) -> bool:
        root, now = message["root"], self.now
        match op:
            case "from":
                return within(value, words(f"{message['name'] or ''} {message['address'] or ''}"))
            case "to":
                people = [*message["headers"].get("to", ()), *message["headers"].get("cc", ())]
                each = [" ".join(p) for p in people] + message["headers"].get("delivered_to", [])
                return any(within(value, words(one)) for one in each)
            case "subject":
                return within(value, words(message["subject"] or ""))
            case "file":
                return within(value, words(" ".join(self.files.get(message["id"], ()))))
            case "has":
                return message["id"] in self.files
            case "before":
                return moment(message["received_at"]) < value
            case "after":
                return moment(message["received_at"]) >= value
            case "tag":
                return (root["id"], words(value)) in self.tags
            case "customer":
                return self.roots[root["customer"]] in self.customers(value)
            case "number":
                return any(t["number"] == value and t["root"] == root["id"] for t in self.tickets.values())
            case "sla":
                late = root["next_due_at"] and moment(root["next_due_at"]) < now
                return bool(late) or any(
                    c["ticket"] == root["id"] and broken(c["data"], now) for c in self.clocks
                )
            case "is":
                late = root["next_due_at"] is not None and moment(root["next_due_at"]) < now
                states = {
                    "unread": bool(root["unread"]),
                    "overdue": late,
                    "snoozed": root["status"] == "snoozed",
                }
                states |= {"mine": root["assignee"] == self.agent, "unassigned": root["assignee"] is None}
                return states[value]
            case "lang":
                return root["language"] == value
        return root[op] == value

    def customers(self, value) -> set[str]:
        exact = {p["root"] for p in self.people if value in {p["address"], f"{p['channel']}:{p['address']}"}}
        name = " ".join(words(value))
        return exact or {p["root"] for p in self.people if name in " ".join(words(p["name"] or ""))}


def rows(connection, sql) -> list[dict]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


PLAIN = str.maketrans("áéíóúàèòçñ", "aeiouaeocn", "\u0301")


def words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.lower().translate(PLAIN)))


def within(text: str, column: tuple[str, ...], prefix: bool = False) -> bool:
    wanted = words(text)
    for at in range(len(column) - len(wanted) + 1):
        here = column[at : at + len(wanted)]
        if here == wanted or (prefix and here[:-1] == wanted[:-1] and here[-1].startswith(wanted[-1])):
            return True
    return False


def broken(data: str, now) -> bool:
    clock = json.loads(data)
    until = moment(clock["paused_at"]) if "paused_at" in clock else now
    running = clock["state"] in {"running", "paused"}
    return clock["state"] == "met_late" or (running and moment(clock["due_at"]) < until)


def leaf(dice: random.Random, reader: Reader):
    """(text, meaning) of one word or operator."""
    kind = dice.randint(0, 9)
    if kind < 3:
        word = dice.choice(WORDS)
        return word, lambda m: reader.hears(m, word)
    if kind == 3:
        phrase = " ".join(dice.choices(WORDS, k=2)).replace('"', "")
        return f'"{phrase}"', lambda m: reader.says(m, phrase)
    if kind == 4:
        start = dice.choice(("devo", "p", "art", "ES-57", "caf"))
        return f"{start}*", lambda m: reader.says(m, start, prefix=True)
    return field(dice, reader)


def field(dice: random.Random, reader: Reader):
    now = reader.now
    op, written, value = dice.choice((
        ("from", "maria", "maria"), ("from", '"maria puig"', "maria puig"), ("from", "pep@y.test", "pep@y.test"),
        ("to", "ana@w.test", "ana@w.test"), ("to", '"Ana Gomez"', "ana gomez"), ("to", "soporte", "soporte"),
        ("to", "nuria", "nuria"), ("subject", "devolucion", "devolucion"), ("subject", "x.test", "x.test"),
        ("file", "factura", "factura"), ("file", ".pdf", "pdf"), ("has", "attachment", "attachment"),
        ("channel", "email", "email"), ("channel", "whatsapp", "whatsapp"), ("account", "mailbox", "mailbox"),
        ("status", "open", "open"), ("status", "new", "new"), ("status", "resolved", "resolved"),
        *(("is", s, s) for s in ("unread", "overdue", "mine", "unassigned", "snoozed")),
        ("assignee", "nuria", "Núria"), ("tag", "devolucion", "devolución"), ("tag", "VIP", "vip"),
        ("kind", "claim", "claim"), ("lang", "es", "es"), ("lang", "ca", "ca"), ("sla", "breached", ""),
        ("before", "1d", now - timedelta(days=1)), ("after", "2d", now - timedelta(days=2)),
        ("after", "12h", now - timedelta(hours=12)), ("after", "today", moment(midnight(now))),
        ("customer", "maria@x.test", "maria@x.test"), ("customer", "puig", "puig"), ("customer", "NURIA", "nuria"),
    ))  # fmt: skip
    if dice.random() < 0.05:
        number = dice.randint(1, 20)
        return f"#{number}", lambda m: reader.holds("number", number, m)
    return f"{op}:{written}", lambda m: reader.holds(op, value, m)


def midnight(now) -> str:
    return now.astimezone(MADRID).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()


def question(dice: random.Random, reader: Reader, depth: int = 2):
    """(text, meaning) of a whole query."""
    if depth == 0 or dice.random() < 0.3:
        return leaf(dice, reader)
    parts = [question(dice, reader, depth - 1) for _ in range(dice.randint(1, 3))]
    written, meant = [], []
    for text, meaning in parts:
        turned = dice.random() < 0.25
        bracketed = f"({text})" if " " in text or text.startswith("-") else text
        written.append(f"-{bracketed}" if turned else bracketed)
        meant.append((lambda m, f=meaning: not reader.exactly(f, m)) if turned else meaning)
    if dice.random() < 0.4:
        return " OR ".join(written), lambda m: any(f(m) for f in meant)
    return " ".join(written), lambda m: all(f(m) for f in meant)
