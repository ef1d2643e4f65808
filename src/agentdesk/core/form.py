"""What a contact form says of who filled it in.

Promises: whether a text is a form that somebody filled in, by its labelled lines in Spanish, Catalan and English, told apart from what
else a shop's program writes (an order has a total); which addresses it names in lines that say that they are one. A name is taken from
a line that says that it is one, or stands before the very address that the answer goes to. Refuses: guessing from the words of the
message, and from who sent it.
"""

import re
from collections.abc import Iterator

from agentdesk.core.folding import folded
from agentdesk.core.text import safe_line

CONTACT = "contact_form"
"""The reason of a class: a program's mail asks for the answer to go to a person."""
FILLED_IN = "filled_in_form"
"""The reason of a class: a program's mail is a form that somebody filled in, and only its text can say who."""
NAME_AT_MOST = 80
_READ = 4_000  # characters of a form that are looked through
_LINE = 300  # characters of a line that are read
_FRAME = " \t*_#|•·–—-"
_BETWEEN = re.compile(r"\s*+[:=|\t]\s*+|\s{2,}")
_ASIDE = re.compile(r"\([^()]*\)|[*?]")
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'|]+@[^\s<>()\[\],;:\"'|@]+\.[^\W\d_]{2,}")
_WHOSE = (
    r"(?:(?:your|customer|client|contact|sender|full|confirm|repeat|tu|su|teu|seu|el teu|el seu|la teva|la seva|"
    r"confirma|repite|repeteix) )*"
)
_OF = r"(?: del? (?:el |la )?(?:cliente?|clienta|remitente?))?"
_FIELDS = {
    "name": r"(?:first |last )?name|(?:nombre|nom)(?: complete?o?)?(?: [yi] (?:apellidos?|cognoms?))?|apellidos?|cognoms?",
    "email": (
        r"(?:e ?-? ?mail|mail|correo|correu|adreca|direccion)(?: (?:address|adreca|electronic[oa]?))?|"
        r"(?:direccion|adreca) (?:de )?(?:l')?(?:e ?-? ?mail|correo|correu)(?: electronico?)?|"
        r"(?:e ?-? ?mail|correo|correu)(?: electronico?)? (?:de )?contact[eo]|from|de|reply ?-? ?to|responder a|respon a"
    ),
    "phone": r"(?:tele)?phone(?: number)?|telefono?|tel|mobile?|movil",
    "subject": r"subject|asunto|assumpte|topic|tema|motivo?",
    "message": (
        r"(?:comment or )?message(?: body)?|body|mensaje|missatge|(?:cuerpo|cos)(?: del (?:mensaje|missatge))?|"
        r"comments?|comentarios?|comentaris?|consulta|questions?|preguntas?|preguntes|enquiry|inquiry|"
        r"how can we help(?: you)?|en que (?:te )?podemos ayudar(?:te)?|en que et podem ajudar"
    ),
}
"""What forms call their fields, by what it is."""
_AN_ORDER = (
    r"(?:sub-?)?total(?: .{1,30})?|order total|payment(?: method)?|(?:forma de |metodo de |metode de )?(?:pago|pagament)|"
    r"shipping(?: method)?|carrier|transportista|sku|stock|existencias|existencies"
)
_A_COMMENT = r"aut(?:ho|o)r"
_BY_FORM = (
    r"contact form|web ?form|formular|form (?:entry|submission|response)|got a new submission|"
    r"new (?:customer message|entry|form|submission|response|message from)|"
    r"nuev[oa] (?:respuesta|mensaje|consulta|envio)|nova (?:resposta|consulta)|nou (?:missatge|enviament)"
)

_Said = tuple[str, str]


def is_filled_in(subject: str, text: str) -> bool:
    """Whether a program's mail is a form that somebody filled in: it says what they wrote, or is called one, and who they are."""
    said = list(_said(text))
    if any(map(_is_no_form, said)):
        return False
    kinds = {_kind(label) for label, value in said if value} - {""}
    is_called_so = re.search(_BY_FORM, folded(subject)) is not None
    if "message" in kinds:
        return is_called_so or bool(kinds & {"name", "email", "phone"})
    return is_called_so and (len(kinds) > 1 or bool(addresses_in(text)))


def addresses_in(text: str) -> tuple[str, ...]:
    """The addresses in those lines of a form that say that they hold one, lower-cased, each once."""
    of_email = (value for label, value in _said(text) if _kind(label) == "email")
    return tuple(
        dict.fromkeys(found.lower().rstrip(".") for value in of_email for found in _EMAIL.findall(value))
    )


def _said(text: str) -> Iterator[_Said]:
    """(label, value) of the lines of a form, the label in small letters without accents: "Name: Maria", or the value in the next line
    that has any where the label stands alone."""
    lines = [each for line in text[:_READ].split("\n") if (each := line[:_LINE].strip(_FRAME))]
    for at, line in enumerate(lines, start=1):
        label, value = _parted(line)
        following = "".join(lines[at : at + 1])
        yield label, value or ("" if _is_label(following) else following)


def _parted(line: str) -> _Said:
    """A line's label as labels are compared, and what stands behind it."""
    label, *rest = _BETWEEN.split(line, maxsplit=1)
    return " ".join(_ASIDE.sub(" ", folded(label)).split()), rest[0].strip(_FRAME) if rest else ""


def _kind(label: str) -> str:
    """What a label says that its field holds; empty where it says nothing that is known here."""
    return next(
        (kind for kind, words in _FIELDS.items() if re.fullmatch(f"{_WHOSE}(?:{words}){_OF}", label)), ""
    )


def _is_label(line: str) -> bool:
    """Whether a line is a field itself, and no value of the one above it."""
    label, value = _parted(line)
    return bool(_kind(label)) or (not value and _BETWEEN.search(line) is not None)


def _is_no_form(said: _Said) -> bool:
    """A line of an order, of a stock list, or of a comment below an article, with the address of its author's machine."""
    label, value = said
    is_comment = re.fullmatch(_A_COMMENT, label) and re.search(r"\bip\b", folded(value))
    return bool(is_comment or (value and re.fullmatch(_AN_ORDER, label)))


def name_in(text: str, email: str) -> str:
    """What whoever wrote under `email` is called by the form's text; "" where it does not say."""
    text = text[:_READ]
    before = re.search(rf"(?im)^(?:[^\n:<]{{0,30}}:)?[ \t]*([^\n<>:]+?)[ \t]*<{re.escape(email)}>", text)
    said = (
        before[1] if before else next((value for label, value in _said(text) if _kind(label) == "name"), "")
    )
    name = safe_line(said).strip("\"' ")
    return "" if "@" in name or len(name) > NAME_AT_MOST or not any(map(str.isalpha, name)) else name
