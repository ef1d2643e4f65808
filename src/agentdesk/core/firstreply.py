"""What a first answer should say, and whether it does: it was received, by when (or that nobody has to wait), and what comes next.

Promises: pure and linear in the text; Spanish, Catalan and English by their words, all at once. Refuses: being sure, and stopping
anything: it is a reminder for whoever writes. The rule is that of the trade's guides on first replies.
"""

import re

from agentdesk.core.daywords import NUMBERS
from agentdesk.values import dataclass

_RECEIVED = (
    r"recib(?:id[oa]s?|imos|í)|(?:nos|me) (?:ha|han) llegado|ya (?:lo|la|los|las) tengo|ya (?:lo|la|los|las) tenemos|gracias por",
    r"(?:hemos|he) (?:visto|leído)|tom(?:o|amos) nota|entiendo|entend(?:emos|ido)",
    r"rebut(?:s|da|des)?|(?:ens (?:ha|han)|m'(?:ha|han)) arribat|ja (?:ho|el|la|els|les) (?:tinc|tenim)|gràcies pe(?:r|ls?)",
    r"(?:hem|he) (?:vist|llegit)|pren(?:c|em) nota|entenc|entenem",
    r"received|got (?:it|your)|thank(?:s| you) for|(?:have|we've|i've) (?:seen|read|noted|got)|noted|understand",
)
_SOME = "|".join((*NUMBERS, "unas?", "unes?", "a few"))
_DAY = (
    r"hoy|mañana|esta (?:misma )?(?:mañana|tarde|noche|semana)|ahora mismo|enseguida|al mediodía",
    r"avui|demà|aquest(?:a)? (?:mateixa? )?(?:matí|tarda|vespre|nit|setmana)|ara mateix|de seguida|al migdia",
    r"today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|right away|right now|at noon",
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|dilluns|dimarts|dimecres|dijous|divendres|dissabte|diumenge",
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday",
)
_HOUR = (
    r"\d{1,2}[:.h]\d{2}|\d{1,2} ?(?:am|pm)|a les? \d{1,2}|a las? \d{1,2}|antes de las? \d{1,2}|abans de les? \d{1,2}|(?:by|before) \d{1,2}",
    (
        rf"(?:\d+|{_SOME}) ?"
        r"(?:h|min(?:ut[oe]?s?)?|hor(?:a|as|es)|hours?|d[ií]as?|dies|days?|semanas?|setman(?:a|es)|weeks?|business days?)"
    ),
    r"media hora|mitja hora|half an hour",
)
_NO_WAIT = (
    r"no (?:hace falta|hay|tienes?|tiene) (?:que )?esperar|no (?:cal|has d')\s?esperar|no need to wait",
    r"ya est[áa]|ya (?:ha salido|va|puedes?)|ja (?:està|ha sortit|pots?)|already|solucionado|resuelto|solucionat|resolt|solved|fixed",
)
_SPANISH = (
    "avis|escrib|llam|enví|envi|confirm|cuent|cont|contest|respond|mand|pas|expliqu|explic|devuelv|devolv"
)
_CATALAN = "avis|escriv|truc|truqu|envi|confirm|expliqu|explic|contest|respon|pass|torn|don"
_LOOK = "mir|revis|consult|comprueb|comprob|comprov|pregunt"
_NEXT = (
    rf"(?:te|le|os|les|se l[oa]) (?:{_SPANISH})(?:o|amos|emos|imos)|(?:te|le|os|les) (?:digo|decimos|doy|damos)",
    r"(?:te|le|os|les|se l[oa]) \w+r[áé]n?|(?!queremos|esperemos)\w+(?:ar|er|ir|dr|rr)emos|(?!por)\w+(?:ar|er|ir|dr)é|vamos a|voy a",
    r"estamos \w+ndo|estoy \w+ndo|env[ií]an?os|envíame|mándanos|mándame|necesit(?:o|amos)|puedes? \w+[aei]r(?:nos|me)?",
    rf"(?:lo|la|los|las|ho|t'ho|us ho) (?:{_LOOK})(?:o|amos|em)",
    rf"(?:et|us|li|te la|te'l|els|t'ho|us ho|t'|l')\s?(?:{_CATALAN})(?:o|em|im)|(?:et|us|li) (?:dic|diem|escric|responc)",
    r"(?:et|us|li|t'|t'ho |us ho )\s?\w+rà|\w+(?:ar|er|ir|dr|ur)em|\w+(?:ar|er|ir|dr|ur)é|anem a|vaig a",
    r"estem \w+nt|estic \w+nt|envia'?ns|necessit(?:o|em)|pots \w+[aei]r(?:-nos|-me)?",
    r"we(?:'ll| will| are going to| need)|i(?:'ll| will| am going to| need)|(?:we are|we're|i am|i'm) \w+ing|you'll",
    r"(?:could|can) you|please (?:send|reply|tell|let|check|choose|confirm)|you (?:can|will|should)|checking now|looking into",
    r"will (?:call|phone|write|send|get back|let you|reply|answer|update|contact|ship|refund)",
)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


_CHECKS = (_any(*_RECEIVED), _any(*_DAY, *_HOUR, *_NO_WAIT), _any(*_NEXT))


@dataclass(frozen=True, slots=True)
class Checks:
    """What a text says."""

    received: bool
    by_when: bool
    comes_next: bool


def checks(text: str) -> Checks:
    """Of a first answer as it is being written."""
    plain = text.replace("\u2019", "'")
    return Checks(*(each.search(plain) is not None for each in _CHECKS))
