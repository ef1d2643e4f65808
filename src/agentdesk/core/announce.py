"""How mail programs announce an original: the line above it, or a block of its headers.

Promises: knows what Gmail, Outlook, Apple Mail, Thunderbird and Yahoo write in es, ca, en, fr, de and pt, wrapped over
up to four lines; an announcement of unmarked text needs a date and an address or a time, so that a customer who
tells what somebody wrote is not taken for a program. Refuses: deciding what is folded (`quotes` does).
"""

import re
from dataclasses import field

from agentdesk.values import dataclass

TRIES = 2000  # lines that may announce an original; a text with more is a log, and nothing in it folds

_DECOR = r"[\s*_>|]{0,4}"

# "On <date>, <name> wrote:" and its kin. An opener, a date, a verb, a colon; wrapped over up to four lines.
_OPENER = re.compile(
    rf"^{_DECOR}(?:on|el|en|em|le|am|il|op|a|den|p[åa]|w dniu|\d{{1,4}}[./-]|missatge de|quoting|citando|zitat von)"
    r"(?:\b|(?<=[./-]))",
    re.IGNORECASE,
)
# Tried once a word: whatever matches from within a word matches from its beginning too.
_VERB = re.compile(
    r"(?<!\S)(?P<before>\S*)\s*\b(?:wrote|writes|said|escrib[ií]ó|escribi[oó]|escribe|ha escrito|va escriure|ha escrit|"
    r"escrigué|escriu|escreveu|escreve|a [ée]crit|[ée]crit|schrieb\b[^:]*|schreibt\b[^:]*|geschrieben|ha scritto|"
    r"scrisse|ha scritto|schreef\b[^:]*|skrev\b[^:]*|napisał(?:\(a\))?)\s*[*_]?\s*[:：]?\s*[*_]?\s*$",
    re.IGNORECASE,
)
# "me escribió:" is a customer telling a story, not a mail program.
_PERSON = frozenset(
    [
        "i",
        "he",
        "she",
        "they",
        "you",
        "we",
        "it",
        "who",
        "me",
        "nos",
        "le",
        "les",
        "os",
        "te",
        "se",
        "lo",
        "em",
        "ens",
        "us",
        "et",
        "m'ha",
        "yo",
        "él",
        "ella",
        "ich",
        "er",
        "sie",
        "wir",
        "je",
        "j'ai",
        "il",
        "elle",
        "m'a",
        "nous",
    ]
)
_DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d\d\b|\b\d{1,2}\.? (?:d[e'’] ?)?[^\W\d_]{3,}|[^\W\d_]{3,}\.? \d{1,2}\b"
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_MAILBOX = re.compile(r"[<(\[]\s*(?:mailto:)?[^\s<>()\[\]@]+@[^\s<>()\[\]]+\s*[>)\]]")
_BARE_DATE = re.compile(rf"^{_DECOR}\d{{4}}[/-]\d{{1,2}}[/-]\d{{1,2}}\b.*<[^<>\s]+@[^<>\s]+>:?\s*$")

# "-----Original Message-----" in the languages of its writers.
ORIGINAL = re.compile(
    r"^[\s>]*[-_=*]{2,}\s*(?:original (?:message|e-?mail|appointment)|mensaje original|missatge original|correo original|"
    r"message d['’]origine|urspr[üu]ngliche (?:nachricht|e-?mail)|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|reply (?:message|above this line).*)\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
FORWARD = re.compile(
    r"^[\s>]*[-_=*]*\s*(?:begin forwarded message|forwarded (?:message|by)|original message forwarded|mensaje reenviado|"
    r"inicio del mensaje reenviado|missatge reenviat|inici del missatge reenviat|message transf[ée]r[ée]|"
    r"d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten nachricht|mensagem (?:encaminhada|reencaminhada)|in[íi]cio da mensagem encaminhada|"
    r"messaggio inoltrato|inizio messaggio inoltrato)\b.{0,40}$",
    re.IGNORECASE,
)
# What may stand before those words, and their first letters: most lines need no closer look.
BEFORE_FORWARD = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ">-_=*"
FORWARD_BEGINS = frozenset("bfomidwaBFOMIDWAíÍıİ")
RULE = re.compile(r"^\s*[-_=*—]{3,}\s*$")

# Outlook's block of headers: what a line says by its name.
_FIELDS = {
    "from": "from de von da van från",
    "date": "sent date enviado enviat fecha data gesendet datum envoyé inviato verzonden",
    "to": "to para per a an à a per-a aan",
    "subject": "subject asunto assumpte betreff objet assunto oggetto onderwerp",
    "cc": "cc bcc cco importance prioridad reply-to",
}
_FIELD_OF = {word: kind for kind, words in _FIELDS.items() for word in words.split()}
_FIELD = re.compile(
    r"^[\s*_]{0,4}([^\W\d_][\w-]{0,14})(?: (?:el|on|a|am|le|em))?\s?[*_]{0,2}\s?[:：][*_]{0,2}(?=\s|$)\s*(.*)"
)


@dataclass(slots=True)
class Lines:
    """A text by lines: `at[i]` is where line i begins, `at[-1]` the end; `quoted` and `blank` by line. `announced` is what
    `attribution` has found so far."""

    lines: list[str]
    at: list[int]
    quoted: list[bool]
    blank: list[bool]
    announced: dict[tuple[int, int], int | None] = field(default_factory=dict)

    def next_full(self, index: int, end: int) -> int:
        """The first line from `index` on that is not blank, or `end`."""
        while index < end and self.blank[index]:
            index += 1
        return index


def split_lines(text: str) -> Lines:
    lines = text.split("\n")
    at = [0]
    for line in lines:
        at.append(at[-1] + len(line) + 1)
    at[-1] = len(text)
    return Lines(lines, at, [s.lstrip(" \t")[:1] == ">" for s in lines], [not s.strip() for s in lines])


def _announces(joined: str, *, quoted_next: bool) -> bool:
    """Whether a mail program wrote this line above an original."""
    if len(joined) > 500:
        return False
    tail = joined.rstrip()
    verb = _VERB.search(tail[-200:])
    if verb is None:
        if quoted_next and _BARE_DATE.match(tail):
            return True
        named = bool(_MAILBOX.search(tail) and _CLOCK.search(tail)) and tail.endswith((":", "："))
        return named and (quoted_next or bool(_OPENER.match(tail)))
    if verb["before"].strip("*_,").casefold() in _PERSON or not (
        tail.endswith((":", "：", ":*", ":_")) or quoted_next
    ):
        return False
    opened = bool(_OPENER.match(tail)) and bool(_DATE.search(tail))
    if quoted_next:
        return opened or bool(_MAILBOX.search(tail)) or tail.count(" ") < 8
    return opened and bool(_MAILBOX.search(tail) or _CLOCK.search(tail))


def attribution(doc: Lines, last: int, floor: int) -> int | None:
    """The first line of an announcement that ends on line `last`, or None. At most four lines above count."""
    if (last, floor) not in doc.announced:
        doc.announced[last, floor] = _attribution(doc, last, floor)
    return doc.announced[last, floor]


def _attribution(doc: Lines, last: int, floor: int) -> int | None:
    after = doc.next_full(last + 1, len(doc.lines))
    quoted_next = after < len(doc.lines) and doc.quoted[after] and not doc.quoted[last]
    joined = ""
    alone: int | None = None
    for first in range(last, max(floor, last - 4) - 1, -1):
        line = doc.lines[first]
        if doc.blank[first] or doc.quoted[first] or len(line) > 400:
            break
        joined = f"{line.strip()} {joined}".strip()
        opens = bool(_OPENER.match(line))
        if (opens or first == last) and _announces(joined, quoted_next=quoted_next):
            if opens:
                return first
            alone = first
    return alone


_MARKS = frozenset(":：>")
_VERBS = ("wrote", "écrit", "escrit", "escribió")
_VERBS_END = frozenset("etóETÓ")


def ends_announcement(line: str) -> bool:
    tail = line.rstrip(" \t*_")
    end = tail[-1:]
    return end in _MARKS or (end in _VERBS_END and tail[-8:].lower().endswith(_VERBS))


def field_of(line: str) -> tuple[str, str] | None:
    found = _FIELD.match(line)
    if found is None:
        return None
    kind = _FIELD_OF.get(found[1].casefold())
    return None if kind is None else (kind, found[2])


def header_block(doc: Lines, first: int) -> int | None:
    """The line after a block of quoted headers that begins on `first`, or None: sender, date and one more."""
    seen: set[str] = set()
    dated = False
    index = last = first
    while index < min(first + 14, len(doc.lines)) and index - last <= 3:
        found = field_of(doc.lines[index])
        if found:
            kind, value = found
            if kind in seen and kind != "cc":
                break
            seen.add(kind)
            dated = dated or (kind == "date" and any(c.isdigit() for c in value))
            last = index
        elif doc.blank[index] and len(seen) >= 3:
            break
        index += 1
    ruled = first > 0 and bool(RULE.match(doc.lines[first - 1]))
    enough = {"from", "date"} <= seen and dated and len(seen) >= 3
    return last + 1 if enough or (ruled and {"from", "subject"} <= seen and len(seen) >= 3) else None


def with_rule(doc: Lines, first: int) -> int:
    """A line of dashes right above a block of headers belongs to it."""
    above = first - 1
    while above >= 0 and doc.blank[above]:
        above -= 1
    return above if above >= 0 and RULE.match(doc.lines[above]) else first


def block_ending_at(doc: Lines, last: int, floor: int) -> int | None:
    for first in range(last, max(floor, last - 10) - 1, -1):
        if (
            field_of(doc.lines[first])
            and header_block(doc, first) == last + 1
            and (first == floor or not field_of(doc.lines[first - 1]))
        ):
            return with_rule(doc, first)
        if ORIGINAL.match(doc.lines[first]):
            return first
    return None
