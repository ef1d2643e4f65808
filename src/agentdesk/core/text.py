"""Customer text, made harmless and readable where it comes in.

Promises: what `safe` returns cannot move a cursor, change a colour, reverse or hide a word; whatever was
taken out is seen as U+FFFD; the work is linear in the text. `language` says nothing when unsure.
Refuses: parsing HTML (channels do), interpreting markup, changing meaning. Terminal toolkits pass hostile
bytes through as they are, so this is the one door (reliability H5), and calling it twice changes nothing.
Which parts are quotes and signatures is found by `quotes`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentdesk.core.model import Fold

MARK = "\ufffd"
MARKS_AT_MOST = 4
_JOINERS = "\u200c\u200d"
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters and signs of western mail, each of which is shown as it is.
_ORDINARY = re.compile(r"[\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]*+")
# Letters and marks that draw nothing although Unicode calls them printable: fillers, inherent vowels and the
# selectors beyond emoji style, which can carry hidden bytes.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE0E)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
# Scripts in which joiners change how letters connect: Arabic to Samaritan, the Indic block, Myanmar, Khmer.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff"
_EMOJI = "\u00a9\u00ae\u2190-\u2bff\u3030\ufe0e\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(
    f"(?<![{_JOINING}])[{_JOINERS}](?<![{_EMOJI}]\u200d)|[{_JOINERS}](?![{_JOINING}{_EMOJI}])"
    f"|(?<=[{_EMOJI}])\u200d(?![{_EMOJI}])|(?<=[{_JOINING}])[{_JOINERS}](?![{_JOINING}])"
)


@lru_cache(maxsize=4096)
def _shown(char: str) -> str:
    """What one character becomes, joiners and runs of marks apart."""
    if char in _INVISIBLE:
        return MARK
    if char in "\n\t" or char in _JOINERS or char.isprintable():
        return char
    if char == "\u00ad":  # a soft hyphen is a hint for typesetting: the word is whole without it
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    # Emoji younger than this Python's Unicode tables are drawn as what they are: one wide glyph.
    return char if "\U0001f300" <= char <= "\U0001faff" else MARK


def _capped(text: str, chars: set[str]) -> str:
    """At most four marks (or joiners) upon one another; the rest of such a pile is noise."""
    marks = {c for c in chars if c in _JOINERS or unicodedata.category(c) in {"Mn", "Me"}}
    if not marks:
        return text
    pile = "[" + re.escape("".join(sorted(marks))) + "]"
    return re.sub(f"({pile}{{{MARKS_AT_MOST}}}){pile}+", r"\1", text)


def safe(text: str) -> str:
    """`text` fit for a terminal: printable characters, line feeds and tabs; all else shows as U+FFFD.

    CR LF and a lone CR become a line feed, odd spaces a plain one; joiners stay where they shape emoji or
    Arabic and Indic words. `safe(safe(x)) == safe(x)`.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _ORDINARY.fullmatch(text):
        return text
    text = text.removeprefix("\ufeff")
    changed = {ord(c): new for c in set(text) if (new := _shown(c)) != c}
    if changed:
        text = text.translate(changed)
    if text.isascii():
        return text
    chars = set(text)
    text = _capped(text, chars)
    if not chars.isdisjoint(_JOINERS):
        text = _STRAY_JOINER.sub(MARK, text)
    return text


def safe_line(text: str) -> str:
    """`safe` for a subject, a name, a file's name: one line, single spaces, nothing at the ends."""
    return " ".join((text if text.isascii() and text.isprintable() else safe(text)).split())


def is_obeyed(text: str) -> bool:
    """Whether a terminal would do something at this text instead of showing it: never so of what `safe` gave."""
    return _OBEYED.search(text) is not None


def visible(text: str, folds: "Iterable[Fold]") -> str:
    """`text` without its folds, blank ends stripped."""
    parts = []
    at = 0
    for fold in folds:
        parts.append(text[at : fold.start])
        at = fold.end
    parts.append(text[at:])
    return "".join(parts).strip()


# "[Ticket 12]" and a mailing list's "[name]" may stand before or after an answer's prefix.
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|fw|rv|aw|wg|tr|rif|r|i|enc|res|ref|sv|vs|antw|doorst|odp|ynt|re enviado|reenviado)"
    r"\s*(?:[\[(^]\s*\d{1,3}\s*[\])]?)?\s*[:：]|\[[^\[\]]{1,60}\])\s*",
    re.IGNORECASE,
)


def normal_subject(subject: str) -> str:
    """The subject without answer and forward prefixes and list tags, case-folded, spaces collapsed.

    A subject that is nothing but a tag keeps it.
    """
    text = " ".join(subject.split())
    while (found := _PREFIX.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    if _PREFIX.fullmatch(text) and not text.startswith("["):
        return ""
    return " ".join(text.casefold().split())


# Frequent words that tell these languages apart. A word that two share counts for both and so decides
# nothing between them; words common to most of them are left out.
_WORDS = {
    "es": "y el los las del una con por para pero muy este esta esto está estoy hola gracias buenos buenas días "
    "tardes pedido envío cuándo qué cómo mi su sus usted ustedes hay tengo tiene quiero puedo puede ha he sido "
    "ser todavía también ya más saludos favor cuenta llegado recibido talla dinero nada ningún hasta desde "
    "porque cuando donde ayer hoy mañana semana necesito podrían quisiera sin ustedes me se lo le un es",
    "ca": "i el els les dels del una amb per però molt aquest aquesta això és estic hola gràcies bon bona dia "
    "tarda comanda enviament quan què com meu meva seu seva vostè hi tinc té vull puc pot ha he estat ser encara "
    "també ja més salutacions sisplau plau compte arribat rebut diners res cap fins des perquè on ahir avui "
    "demà setmana necessito podríeu voldria sense em es ho li un als moltes amic nosaltres vaig vam va han fer arribar article paquet botiga caixa tornar dona",
    "en": "the and of to is are was were with for but very this that these hello hi thanks thank you your order "
    "shipping when what how my have has had been not still also please regards want can could would should will "
    "received arrived where from at on in it i we they be there yesterday today tomorrow week need any no do does",
    "fr": "et le les des du une avec pour mais très ce cette bonjour merci commande livraison quand quoi comment "
    "mon ma votre vos je vous nous ai est sont été pas encore aussi cordialement voudrais peux où hier demain "
    "semaine sans qui que dans sur au aux il elle un",
    "de": "und der die das den dem ein eine einen mit für aber sehr dies diese hallo danke bestellung lieferung "
    "wann was wie mein meine ihr ihre ich sie wir habe hat ist sind nicht noch auch bitte grüße möchte kann wo "
    "gestern heute morgen woche ohne von zu im am auf es guten tag",
    "pt": "e o os as do da dos das uma com por para mas muito este esta isto está estou olá obrigado obrigada bom "
    "boa dia tarde pedido quando que como meu minha seu sua você não tenho tem quero posso pode foi ser ainda "
    "também já mais cumprimentos favor conta chegou recebi nada até desde porque onde ontem hoje amanhã semana "
    "preciso gostaria sem em um ao à",
    "it": "e il i gli le del della dei delle una con per ma molto questo questa è sono ciao buongiorno grazie ordine "
    "spedizione quando che come mio mia suo sua lei non ho ha stato ancora anche già più saluti vorrei posso può "
    "dove ieri oggi domani settimana senza un di da nel alla",
}
_VOTES: dict[bytes, tuple[str, ...]] = {}
for _code, _words in _WORDS.items():
    for _word in set(_words.encode("cp1252").split()):
        _VOTES[_word] = (*_VOTES.get(_word, ()), _code)
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = bytes(n if _WORD.match(bytes([n]).decode("cp1252", "replace")) else 32 for n in range(256))


def _words_of(text: str) -> list[bytes]:
    """The words of a text in small letters and the character set that all languages here share, the quick way if it can."""
    try:
        return text.lower().encode("cp1252").translate(_LETTERS).split()
    except UnicodeEncodeError:
        return [word.encode("cp1252", "replace") for word in _WORD.findall(text.lower())]


def language(text: str) -> str | None:
    """The language of a customer's own words: es, ca, en, fr, de, pt or it; None when unsure.

    A vote of frequent words over the first 3,000 characters: two votes at least, and a fifth more than the next.
    """
    votes = dict.fromkeys(_WORDS, 0.0)
    for codes in filter(None, map(_VOTES.get, _words_of(text[:3000]))):
        weight = 1.0 / len(codes)
        for code in codes:
            votes[code] += weight
    if "¿" in text[:3000] or "¡" in text[:3000]:
        votes["es"] += 1.0
    if "l·l" in text[:3000]:
        votes["ca"] += 2.0
    (first, most), (_, next_most) = sorted(votes.items(), key=lambda item: -item[1])[:2]
    return first if most >= 1.5 and most >= 1.2 * next_most else None
