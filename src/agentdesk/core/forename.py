"""The name a customer is greeted by, taken from the name that stands in a header or a chat.

Promises: a first name that somebody would answer to, or "" where that is doubtful, since a letter without a name reads
well and one to "Hola, Facturación" does not. Refuses: guessing from an address, lists of people's names, telling
women from men.
"""

import re
from itertools import pairwise

from agentdesk.core.text import safe_line


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("sr sra srta sres don dña doña dr dra dres prof profa ing lic arq mr mrs ms mx miss sir madam")
_COMPANY_ENDINGS = _set(
    "sl slu sll sa sau sccl scp sc cb srl sas spa sarl ltd llc llp inc corp co gmbh ag bv nv plc"
)
_AFTER_A_COMMA = _set("phd md jr sr ii iii iv esq mba msc dds")
_NOBODY = _set(
    "el la los las els les lo un una the familia família family grupo grup group equipo equip team empresa company "
    "tienda botiga shop store comercial comerç hotel hostal restaurante restaurant cafetería cafeteria bar "
    "ajuntament ayuntamiento escuela escola school colegio col·legi universidad universitat university fundación "
    "fundació foundation asociación associació association club servicio servei service atención atenció soporte "
    "suport support info contacto contacte contact admin administración administració administration facturación "
    "facturació billing ventas vendes sales compras compres pedidos comandes orders cliente client customer clients "
    "marketing newsletter noreply no-reply oficina office recepción recepció reception departamento departament "
    "department notificaciones notificacions notifications correo correu mail webmaster postmaster"
)
_AND = frozenset({"y", "e", "i", "and", "und", "et", "+", "/"})
_LETTERS = re.compile(r"[^\W\d_]+(?:[·'’-][^\W\d_]+)*")
_LONE_CAPITALS = 4  # so many capitals alone are rather a brand than a person


def first_name(name: str) -> str:
    """The first name in a display name, "" where it is not plainly one.

    "Puig, Maria" and "MARIA PUIG" give Maria; an address, a company, a role ("Atención al cliente"), two people
    and an initial give "".
    """
    line = safe_line(name).strip("\"'“”«»‘’ ")
    if not line or re.search(r"[@\d&|\\]|://", line):
        return ""
    line = re.split(r"\s+\(|\s+(?:via|vía|through)\s+", line, maxsplit=1, flags=re.IGNORECASE)[0]
    words = _in_order(line)
    bare = words[1:] if words and _bare(words[0]) in _TITLES else words
    if not bare or _names_no_person(bare):
        return ""
    alone = len(bare) == 1
    if alone and bare is not words:  # "Sr. Puig" is a surname, "Don Draper" a first name
        return ""
    return _written(bare[0], alone=alone)


def _in_order(line: str) -> list[str]:
    """The words with the first name first; none where commas make a list of something else."""
    before, comma, after = line.partition(",")
    if not comma or _bare(after) in _AFTER_A_COMMA:
        return _words(before)
    if "," in after:
        return []
    first = _words(after)
    return [] if any(_is_company(word) for word in first) else first + _words(before)


def _words(text: str) -> list[str]:
    """The words that have letters; emoji and ornaments around them are dropped, full stops stay."""
    found = (re.sub(r"^[\W_]+|[^\w.+/]+$", "", word) for word in text.split())
    return [word for word in found if word and (any(c.isalpha() for c in word) or word in _AND)]


def _bare(word: str) -> str:
    return word.replace(".", "").strip().casefold()


def _is_company(word: str) -> bool:
    """SL, S.L., Ltd and the like; "Sa" and "Co" as people write a surname are none."""
    plain = word.replace(".", "")
    return plain.casefold() in _COMPANY_ENDINGS and (plain.isupper() or "." in word or len(plain) > 2)


def _names_no_person(words: list[str]) -> bool:
    if any(_bare(word) in _NOBODY for word in (words[0], words[-1])):
        return True
    if any(_is_company(word) for word in words[1:]):
        return True
    return len(words) > 1 and words[1].casefold() in _AND


def _written(word: str, *, alone: bool) -> str:
    """The word as a name is written, "" where it is an initial, a handle or of a script that has the family first."""
    if _LETTERS.fullmatch(word) is None or len(word) < 2 or any(c.isnumeric() or c in "ªº" for c in word):
        return ""
    if word[0] == word[0].swapcase():  # a script without capitals
        return ""
    if word.islower() or word.isupper():
        doubtful = alone and (word.islower() or len(word) <= _LONE_CAPITALS)
        return (
            "" if doubtful else re.sub(r"[^\W\d_·]+(?:·[^\W\d_]+)?", lambda part: part[0].capitalize(), word)
        )
    handle = alone and any(a.islower() and b.isupper() for a, b in pairwise(word))
    return word if word[0].isupper() and not handle else ""
