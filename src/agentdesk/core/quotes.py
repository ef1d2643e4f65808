"""Which parts of a mail its reader has seen before: quoted originals and signatures.

Promises: nothing is cut, only spans are named; the customer's new text is never inside one: wherever a rule
could err the text stays in sight, and spans that would leave nothing are dropped. Refuses: folding quotes that
answers are written between, forwards (their reader has not seen them), and names at the end of a text.
Five clients and six languages announce an original by their own header lines; the rules below follow what Gmail,
Outlook, Apple Mail, Thunderbird and Yahoo write in es, ca, en, fr, de and pt (reliability H15).
"""

import re
from typing import Literal

from agentdesk.core.announce import (
    BEFORE_FORWARD,
    FORWARD,
    FORWARD_BEGINS,
    ORIGINAL,
    RULE,
    TRIES,
    Lines,
    attribution,
    block_ending_at,
    ends_announcement,
    field_of,
    header_block,
    split_lines,
    with_rule,
)
from agentdesk.core.model import Fold
from agentdesk.core.text import visible
from agentdesk.values import dataclass

Kind = Literal["quote", "signature"]
SIGNATURE_LINES = 12
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


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where an unprefixed original begins (`first`), or a forward, which ends the search."""

    first: int
    forward: bool = False


def _cut(doc: Lines) -> _Cut | None:
    """The first announcement after which all of the rest is the original; None if there is none."""
    count = len(doc.lines)
    tries = 0
    for index, line in enumerate(doc.lines):
        if doc.blank[index] or doc.quoted[index] or len(line) > 400:
            continue
        begins: int | None = None
        after = index + 1
        if line.lstrip(BEFORE_FORWARD)[:1] in FORWARD_BEGINS and FORWARD.match(line):
            return _Cut(index, forward=True)
        if line.lstrip()[:2] in {"--", "__", "==", "**"} and ORIGINAL.match(line):
            begins = index
            block = doc.next_full(after, count)
            after = (header_block(doc, block) if block < count else None) or after
        elif ":" in line[:24] and (found := field_of(line)) and found[0] != "cc":
            block_end = header_block(doc, index)
            if block_end is not None:
                begins, after = index, block_end
        if begins is None and ends_announcement(line):
            tries += 1
            if tries > TRIES:
                return None
            begins = attribution(doc, index, 0)
        if begins is None:
            continue
        body = doc.next_full(after, count)
        if body < count and doc.quoted[body]:
            continue  # the original is marked line by line, so what follows it can be told apart
        return _Cut(with_rule(doc, begins))
    return None


def _quote_above(doc: Lines, end: int, floor: int) -> int | None:
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
        announced = attribution(doc, above, floor)
        if announced is None:
            announced = block_ending_at(doc, above, floor)
        if announced is not None:
            return announced
    marked = sum(doc.quoted[first:end])
    return first if marked > 1 or any(doc.quoted[floor:first]) else None


def _signature_above(doc: Lines, end: int, floor: int, *, dashes: bool) -> int | None:
    """The first line of a signature that ends before `end`, or None; `dashes` are taken only if there are none yet."""
    full = 0
    for first in range(end - 1, floor - 1, -1):
        line = doc.lines[first]
        if doc.quoted[first]:
            return None
        if _DASHES.match(line):
            return first if dashes and not any("?" in below for below in doc.lines[first:end]) else None
        if line.startswith("____") and RULE.match(line):
            return first if full <= 6 and _LIST_FOOT.search("\n".join(doc.lines[first:end])) else None
        if not doc.blank[first]:
            full += 1
            if full == 1 and len(line) < 90 and _PHONE.match(line):
                return first
            if full > SIGNATURE_LINES or len(line) > 400:
                return None
    return None


def _trailing(doc: Lines, end: int) -> tuple[int, list[tuple[int, int, Kind]]]:
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


def _leading(doc: Lines, end: int) -> tuple[int, int, Kind] | None:
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
        and attribution(doc, above, start) != start
        and block_ending_at(doc, above, start) != start
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
    doc = split_lines(text)
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
