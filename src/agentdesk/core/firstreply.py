"""What a first answer should say, and whether it does: it was received, by when (or that nobody has to wait), and what comes next.

Promises: pure and linear in the text; Spanish, Catalan and English by their words, all at once. Refuses: being sure, and stopping
anything: it is a reminder for whoever writes. The rule is that of the trade's guides on first replies.
"""

import re

from agentdesk.values import dataclass

_RECEIVED = re.compile(
    r"\b(?:recib(?:id[oa]s?|imos|í)|nos (?:ha|han) llegado|gracias por|(?:hemos|he) (?:visto|leído)|tomamos nota|entend(?:emos|ido)|"
    r"rebut(?:s|da|des)?|ens (?:ha|han) arribat|gràcies per|(?:hem|he) (?:vist|llegit)|prenem nota|entenem|"
    r"received|got your|thank(?:s| you) for|(?:have|we've|i've) (?:seen|read|noted)|understand)\b",
    re.IGNORECASE,
)
_BY_WHEN = re.compile(
    r"\b(?:hoy|mañana|esta (?:mañana|tarde|noche|semana)|ahora mismo|enseguida|"
    r"avui|demà|aquest(?:a)? (?:matí|tarda|nit|setmana)|ara mateix|de seguida|"
    r"today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|right away|right now|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|dilluns|dimarts|dimecres|dijous|divendres|dissabte|diumenge|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"\d{1,2}[:.h]\d{2}|\d{1,2} ?(?:am|pm)|a les? \d{1,2}|a las? \d{1,2}|"
    r"(?:\d+|una?|dos|dues|tres|one|two|three|an|a few|un par de|un parell de) ?"
    r"(?:h|min(?:ut[oe]?s?)?|hor(?:a|as|es)|hours?|d[ií]as?|dies|days?|semanas?|setman(?:a|es)|weeks?|business days?)|"
    r"no (?:hace falta|hay|tienes?|tiene) (?:que )?esperar|no (?:cal|has d')\s?esperar|no need to wait|"
    r"ya est[áa]|ya (?:ha salido|va|puedes?)|ja (?:està|ha sortit|pots?)|already|solucionado|resuelto|solucionat|resolt|solved|fixed)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:\w+(?:aremos|eremos|iremos)|vamos a|voy a|te (?:aviso|avisamos|escribo|escribimos|llamo|llamamos|env[ií]o|enviamos|"
    r"confirmo|confirmamos|digo|decimos)|estamos \w+ndo|env[ií]an?os|envíame|mándanos|mándame|necesit(?:o|amos)|puedes? \w+[aei]r(?:nos|me)?|"
    r"\w+(?:arem|erem|irem)|anem a|(?:t'|us |et )(?:avisem|escrivim|truquem|enviem|confirmem|diem|aviso|truco|envio)|estem \w+nt|"
    r"envia'?ns|necessit(?:o|em)|pots \w+[aei]r(?:-nos|-me)?|"
    r"we(?:'ll| will| are going to| need)|i(?:'ll| will| am going to| need)|(?:we are|we're|i am|i'm) \w+ing|"
    r"(?:could|can) you|please (?:send|reply|tell|let|check|choose|confirm)|you (?:can|will|should))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Checks:
    """What a text says."""

    received: bool
    by_when: bool
    comes_next: bool


def checks(text: str) -> Checks:
    """Of a first answer as it is being written."""
    return Checks(*(each.search(text) is not None for each in (_RECEIVED, _BY_WHEN, _NEXT)))
