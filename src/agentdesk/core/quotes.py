"""Which parts of a mail its reader has seen before: quoted originals and signatures.

Promises: nothing is cut, only spans are named; the customer's new text is never inside one: wherever a rule
could err the text stays in sight, and spans that would leave nothing are dropped. Refuses: folding quotes that
answers are written between, forwards (their reader has not seen them), and names at the end of a text.
Five clients and six languages announce an original by their own header lines; the rules below follow what Gmail,
Outlook, Apple Mail, Thunderbird and Yahoo write in es, ca, en, fr, de and pt (reliability H15).
"""

import re
from dataclasses import dataclass
from typing import Literal

from agentdesk.core.model import Fold

Kind = Literal["quote", "signature"]
SIGNATURE_LINES = 12
TRIES = 2000  # lines that may announce an original; a text with more is a log, and nothing in it folds
_DECOR = r"[\s*_>|]{0,4}"

# "On <date>, <name> wrote:" and its kin. An opener, a date, a verb, a colon; wrapped over up to four lines.
_OPENER = re.compile(
    rf"^{_DECOR}(?:on|el|en|em|le|am|il|op|a|den|p[åa]|w dniu|\d{{1,4}}[./-]|missatge de|quoting|citando|zitat von)"
    r"(?:\b|(?<=[./-]))",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?P<before>\S*)\s*\b(?:wrote|writes|said|escrib[ií]ó|escribi[oó]|escribe|ha escrito|va escriure|ha escrit|"
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
_ORIGINAL = re.compile(
    r"^[\s>]*[-_=*]{2,}\s*(?:original (?:message|e-?mail|appointment)|mensaje original|missatge original|correo original|"
    r"message d['’]origine|urspr[üu]ngliche (?:nachricht|e-?mail)|mensagem original|messaggio originale|"
    r"oorspronkelijk bericht|reply (?:message|above this line).*)\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^[\s>]*[-_=*]*\s*(?:begin forwarded message|forwarded (?:message|by)|original message forwarded|mensaje reenviado|"
    r"inicio del mensaje reenviado|missatge reenviat|inici del missatge reenviat|message transf[ée]r[ée]|"
    r"d[ée]but du message (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|weitergeleitete nachricht|"
    r"anfang der weitergeleiteten nachricht|mensagem (?:encaminhada|reencaminhada)|in[íi]cio da mensagem encaminhada|"
    r"messaggio inoltrato|inizio messaggio inoltrato)\b.{0,40}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[-_=*—]{3,}\s*$")

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

_DASHES = re.compile(r"^--[ \t\u00a0]*$")
_DEVICE = (
    r"i(?:phone|pad|pod)|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|nokia|lg|htc|sony|xperia|motorola|oneplus|oppo|"
    r"blackberry|windows|mobile|phone|smartphone|tablet|tableta|device|mail|e-?mail|outlook|yahoo|gmail|proton ?mail|proton|"
    r"spark|airmail|bluemail|thunderbird|m[óo]vil|m[òo]bil|tel[éeè]fono?|dispositi(?:vo|u)|celular|handy|portable|"
    r"t[ée]l[ée]phone|cellulare|telem[óo]vel|corr?e[ou]|webmail|aol"
)
_PHONE = re.compile(
    r"^\s*[*_(\[]{0,2}(?:"
    rf"sent (?:from|via|using|with) (?:[\w.+’'-]+ ){{0,4}}(?:{_DEVICE})\b(?:[ .][\w.+’'-]+){{0,5}}"
    r"|get outlook for \w+"
    r"|(?:enviado|enviat|inviato|envoyé|gesendet) (?:desde|des de|des del|amb|con|do|da|dal|de|depuis|von|a partir do) "
    rf"(?:[\w.+’'-]+ ){{0,4}}(?:{_DEVICE})\b(?:[ .][\w.+’'-]+){{0,5}}"
    r"|(?:obtener|obtén|obteniu|obtenez|obter|descarga|holen sie sich|laden sie) outlook [\w ]{1,30}"
    rf"|von mein\w+ (?:[\w-]+ ){{0,3}}(?:{_DEVICE})\b(?: [\w-]+){{0,2}} (?:gesendet|geschickt)"
    r")[*_)\]]{0,2}\.?\s*(?:<?https?://\S+>?)?\s*$",
    re.IGNORECASE,
)
_LIST_FOOT = re.compile(
    r"mailing list|mailman|listinfo|unsubscribe|lista de correo|llista de correu", re.IGNORECASE
)
# A writer who says that the answers stand further down.
_ANSWERS_BELOW = re.compile(
    r"\b(?:answer|repl|respon|comment|resp[uo]est|comentari|contest|antwort|réponse|resposta|kommentar|coment[áa]rio)\w*"
    r".{0,60}\b(?:below|inline|in ?line|in (?:red|blue|green|bold)|abajo|debajo|en (?:rojo|azul|verde|negrita|mayúsculas)|"
    r"entre líneas|a sota|més avall|en (?:vermell|blau|verd|negreta)|ci-dessous|en (?:rouge|bleu)|unten|in rot|abaixo|"
    r"em (?:vermelho|azul))\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Lines:
    """A text by lines: `at[i]` is where line i begins, `at[-1]` the end; `quoted` and `blank` by line."""

    lines: list[str]
    at: list[int]
    quoted: list[bool]
    blank: list[bool]

    def next_full(self, index: int, end: int) -> int:
        """The first line from `index` on that is not blank, or `end`."""
        while index < end and self.blank[index]:
            index += 1
        return index


def _split(text: str) -> _Lines:
    lines = text.split("\n")
    at = [0]
    for line in lines:
        at.append(at[-1] + len(line) + 1)
    at[-1] = len(text)
    return _Lines(lines, at, [s.lstrip(" \t")[:1] == ">" for s in lines], [not s.strip() for s in lines])


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


def _attribution(doc: _Lines, last: int, floor: int) -> int | None:
    """The first line of an announcement that ends on line `last`, or None. At most four lines above count."""
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


def _ends_announcement(line: str) -> bool:
    tail = line.rstrip(" \t*_")
    return tail.endswith((":", "：", ">")) or tail[-8:].lower().endswith(
        ("wrote", "écrit", "escrit", "escribió")
    )


def _field(line: str) -> tuple[str, str] | None:
    found = _FIELD.match(line)
    if found is None:
        return None
    kind = _FIELD_OF.get(found[1].casefold())
    return None if kind is None else (kind, found[2])


def _header_block(doc: _Lines, first: int) -> int | None:
    """The line after a block of quoted headers that begins on `first`, or None: sender, date and one more."""
    seen: set[str] = set()
    dated = False
    index = last = first
    while index < min(first + 14, len(doc.lines)) and index - last <= 3:
        found = _field(doc.lines[index])
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
    ruled = first > 0 and bool(_RULE.match(doc.lines[first - 1]))
    enough = {"from", "date"} <= seen and dated and len(seen) >= 3
    return last + 1 if enough or (ruled and {"from", "subject"} <= seen and len(seen) >= 3) else None


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where an unprefixed original begins (`first`), or a forward, which ends the search."""

    first: int
    forward: bool = False


def _cut(doc: _Lines) -> _Cut | None:
    """The first announcement after which all of the rest is the original; None if there is none."""
    count = len(doc.lines)
    tries = 0
    for index, line in enumerate(doc.lines):
        if doc.blank[index] or doc.quoted[index] or len(line) > 400:
            continue
        begins: int | None = None
        after = index + 1
        if line[:40].lstrip(" -_=*")[:1] and _FORWARD.match(line):
            return _Cut(index, forward=True)
        if line.lstrip()[:2] in {"--", "__", "==", "**"} and _ORIGINAL.match(line):
            begins = index
            block = doc.next_full(after, count)
            after = (_header_block(doc, block) if block < count else None) or after
        elif ":" in line[:24] and (found := _field(line)) and found[0] != "cc":
            block_end = _header_block(doc, index)
            if block_end is not None:
                begins, after = index, block_end
        if begins is None and _ends_announcement(line):
            tries += 1
            if tries > TRIES:
                return None
            begins = _attribution(doc, index, 0)
        if begins is None:
            continue
        body = doc.next_full(after, count)
        if body < count and doc.quoted[body]:
            continue  # the original is marked line by line, so what follows it can be told apart
        return _Cut(_with_rule(doc, begins))
    return None


def _with_rule(doc: _Lines, first: int) -> int:
    """A line of dashes right above a block of headers belongs to it."""
    above = first - 1
    while above >= 0 and doc.blank[above]:
        above -= 1
    return above if above >= 0 and _RULE.match(doc.lines[above]) else first


def _quote_above(doc: _Lines, end: int, floor: int) -> int | None:
    """The first line of the marked original that ends before `end`, its announcement included, or None."""
    first = end
    while first > floor and (doc.quoted[first - 1] or doc.blank[first - 1]):
        first -= 1
    first = doc.next_full(first, end)
    if first >= end:
        return None
    above = first - 1
    while above >= floor and doc.blank[above]:
        above -= 1
    if above >= floor:
        announced = _attribution(doc, above, floor)
        if announced is None:
            announced = _block_ending_at(doc, above, floor)
        if announced is not None:
            return announced
    marked = sum(doc.quoted[first:end])
    return first if marked > 1 or any(doc.quoted[floor:first]) else None


def _block_ending_at(doc: _Lines, last: int, floor: int) -> int | None:
    for first in range(last, max(floor, last - 10) - 1, -1):
        if (
            _field(doc.lines[first])
            and _header_block(doc, first) == last + 1
            and (first == floor or not _field(doc.lines[first - 1]))
        ):
            return _with_rule(doc, first)
        if _ORIGINAL.match(doc.lines[first]):
            return first
    return None


def _signature_above(doc: _Lines, end: int, floor: int, *, dashes: bool) -> int | None:
    """The first line of a signature that ends before `end`, or None; `dashes` are taken only if there are none yet."""
    full = 0
    for first in range(end - 1, floor - 1, -1):
        line = doc.lines[first]
        if doc.quoted[first]:
            return None
        if _DASHES.match(line):
            return first if dashes and not any("?" in below for below in doc.lines[first:end]) else None
        if line.startswith("____") and _RULE.match(line):
            return first if full <= 6 and _LIST_FOOT.search("\n".join(doc.lines[first:end])) else None
        if not doc.blank[first]:
            full += 1
            if full == 1 and len(line) < 90 and _PHONE.match(line):
                return first
            if full > SIGNATURE_LINES or len(line) > 400:
                return None
    return None


def _trailing(doc: _Lines, end: int) -> tuple[int, list[tuple[int, int, Kind]]]:
    """Folds at the end of the lines before `end`, from the bottom up, and where they begin."""
    found: list[tuple[int, int, Kind]] = []
    dashes = True
    while end > 0:
        full = end
        while full > 0 and doc.blank[full - 1]:
            full -= 1
        if full == 0:
            break
        kind: Kind = "signature"
        first = _signature_above(doc, full, 0, dashes=dashes)
        if first is None and doc.quoted[full - 1]:
            kind, first, dashes = "quote", _quote_above(doc, full, 0), True
        elif first is not None and _DASHES.match(doc.lines[first]):
            dashes = False
        if first is None:
            break
        found.append((first, end, kind))
        end = first
    return end, found


def _leading(doc: _Lines, end: int) -> tuple[int, int, Kind] | None:
    """An original above its only answer (bottom posting); quotes with answers between them stay in sight."""
    start = first = doc.next_full(0, end)
    while first < end and first - start < 4 and not doc.quoted[first] and not doc.blank[first]:
        first += 1
    first = doc.next_full(first, end)
    if first >= end or not doc.quoted[first]:
        return None
    above = first - 1
    while above >= start and doc.blank[above]:
        above -= 1
    if (
        above >= start
        and _attribution(doc, above, start) != start
        and _block_ending_at(doc, above, start) != start
    ):
        return None
    last = first
    while last < end and (doc.quoted[last] or doc.blank[last]):
        last += 1
    if any(doc.quoted[last:end]) or sum(doc.quoted[first:last]) < 2:
        return None
    return start, last, "quote"


def folds(text: str) -> tuple[Fold, ...]:
    """Quoted originals and signatures of `text`, in order, never overlapping; empty if nothing else is there."""
    doc = _split(text)
    cut = _cut(doc)
    end = len(doc.lines)
    spans: list[tuple[int, int, Kind]] = []
    if cut is not None:
        if cut.forward or _ANSWERS_BELOW.search(text[: doc.at[cut.first]]):
            return ()
        if doc.next_full(0, cut.first) < cut.first:
            spans.append((cut.first, end, "quote"))
            end = cut.first
    end, more = _trailing(doc, end)
    spans.extend(more)
    first = _leading(doc, end)
    if first is not None:
        spans.append(first)
    found = tuple(Fold(doc.at[a], doc.at[b], kind) for a, b, kind in sorted(spans) if doc.at[a] < doc.at[b])
    return found if visible(text, found) else ()


def visible(text: str, folds: tuple[Fold, ...]) -> str:
    """`text` without its folds, blank ends stripped."""
    parts = []
    at = 0
    for fold in folds:
        parts.append(text[at : fold.start])
        at = fold.end
    parts.append(text[at:])
    return "".join(parts).strip()
