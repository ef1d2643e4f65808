"""Whether an answer of ours sends the customer to another channel: "llama al 600 123 456", "truca'ns", "write to x@y".

Promises: pure and linear in the text; Spanish, Catalan and English by their words, all at once; quotes do not count, nor what we
say that we will do, nor the courtesy at the end ("for anything else call us"). Refuses: being sure; it is offered to whoever
writes. How often it is wrong is said by its labelled texts (`tests/core/test_derivation.py`).
"""

import re
from functools import cache

from agentdesk.core.model import is_chat
from agentdesk.core.sentence import sentences
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Derive:
    """A command: the customer of this ticket was sent `to` another channel (one of `model.DERIVED`); None: was not."""

    ticket: str
    to: str | None


_CAN = (
    r"(?:puedes?|podr[íi]as?|pod[ée]is|debes?|deber[íi]as?|tienes? que|tendr[íi]as? que|hay que|te recomiendo|lo mejor es|mejor|es necesario|"
    r"pots?|podries|podeu|has de|hauries de|cal|cal que|el millor és|millor|et recomano|"
    r"you (?:can|could|should|may|must|will (?:have|need) to|have to|need to)|(?:please|kindly)|best to|(?:feel free|be sure) to)"
)
_NUMBER = r"(?:el |al |a |our |the |us |me |them )*(?:n[úu]mero |tel[èée]fono? |telèfon |phone |helpline |number |on |at )*\+?\d[\d .-]{5,}"
_PHONES = (
    r"(?:ll[áa]m[ae](?:nos|me|les|n)?|llamad(?:nos)?|telefon[ée]a(?:nos)?|truc(?:a|a'ns|a'm|eu|eu-nos|in|i|is)|truqueu(?:-nos)?|trucar?|"
    r"call(?: us| me| them)?|phone(?: us)?|ring(?: us)?|dial|marca|cont[áa]ct[ae](?:nos)?)"
)
_OUR_PHONE = r"(?:por tel[ée]fono|per telèfon|by phone|over the phone|on the phone)"
_WRITE = (
    r"(?:escr[íi]b[ea](?:nos|me|les)?|escribid(?:nos)?|escriu(?:-nos|-me|-los)?|escriviu(?:-nos)?|(?:env[íi][ae]|m[áa]nd[ae])(?:nos|me|les)?|"
    r"envia(?:'ns|-nos|-los)?|envieu(?:-nos)?|escribir(?:nos|les)?|enviar(?:nos|les)?|mandar(?:nos|les)?|escriure('ns|-nos)?|"
    r"write(?: to)?(?: us| them)?|e-?mail(?: us| them)?|send(?: us| them)?|drop us|cont[áa]ct[ae]?(?:nos|'ns)?(?: us)?|contactar?|dir[íi]ge(?:te|los)?|adreça't|reach us)"
)
_ADDRESS = r"[\w.+-]+@[\w-]+\.\w+"
_BY_MAIL = r"(?:un(?:a)? )?(?:correos?|e-?mails?|mails?|correu)(?: electr[óo]nico| electrònic)?"
_MESSENGERS = (
    r"(?:whats ?app|telegram|instagram|messenger|facebook|el chat|al chat|xat|live chat|our chat|the chat)"
)
_SPEAK = (
    r"(?:escr[íi]b[ea](?:nos|me)?|escriu(?:-nos|-me)?|cont[áa]ct[ae](?:nos|'ns|m)?|h[áa]bla(?:nos)?|parla(?:'ns)?|abre|obre|open|use|usa|utiliza|entra|"
    r"message(?: us)?|text(?: us)?|write(?: to)?(?: us)?|contact(?: us)?|reach(?: us)?|chat(?: with us)?|escribir(?:nos)?|contactar(?:nos)?|hablar|send us|env[íi]a(?:nos|me)?|envia'ns|m[áa]nda(?:nos|me)?)"
)
_GO = (
    r"(?:p[áa]sa(?:te)?|pasad|pásese|pase|pasar(?:te)?|ac[ée]rca(?:te|rte)|acérquese|v[ei]n|venga|venir|visita(?:nos|'ns|r)?|vine|passa(?:'t|r)?|acosta't|"
    r"come|visit|stop|drop|pop|go|ve|vés|dir[íi]gete|acude)"
)
_SHOP = r"(?:tiendas?|botig(?:a|ues)|shop|store|oficinas?|office|mostrador|taulell|local)"
_FILL = r"(?:rell[ée]na(?:r|lo)?|completa(?:r)?|cumplimenta|usa|utiliza|omple|omplir|emplena|fill (?:in|out)|complete|use|submit)"
_FORM = r"(?:formularios?|formulari|form)\b"
_OPEN = (
    r"(?:abre|abrir|crea|obre|obrir|open|raise|file|create)\b.{0,30}\b(?:ticket|incidencia|incidència|reclamaci[óo]n?|case|claim)\b.{0,30}"
    r"\b(?:web|p[áa]gina|pàgina|website|site|portal)"
)
_WORDS = (
    ("chat", rf"\b{_SPEAK}\b.{{0,40}}\b(?:por|per|pel|en|on|via|by|through|un|a|using)?\s*(?:nuestro |el nostre |our )?{_MESSENGERS}\b"),
    ("email", rf"\b{_WRITE}\b.{{0,60}}?{_ADDRESS}"),
    ("email", rf"(?:^|[,;:(] ?|\b{_CAN} )(?:nos |ens )?{_WRITE} {_BY_MAIL}\b"),
    ("email", rf"\b{_WRITE}\b.{{0,25}}\b(?:por|per|al?|by|via|an) {_BY_MAIL}\b"),
    ("phone", rf"\b{_PHONES} {_NUMBER}"),
    ("phone", rf"\b{_PHONES} (?:al?|a la|a l'|als|the|our|to)\b.{{0,40}}?\+?\d[\d .-]{{7,}}"),
    ("phone", r"\b(?:ll[áa]m[ae](?:nos|me)|llamad(?:nos)?|truca(?:'ns|'m|-nos)|truqueu-nos|call us|phone us|ring us|give us a (?:call|ring)|haznos una llamada|fes-nos una trucada)\b"),
    ("phone", rf"\b{_CAN} (?:que )?(?:nos |ens )?(?:llam(?:ar(?:nos|les)?|es|e)|tru(?:car(?:-nos|-hi)?|quis?)|call|phone|ring)\b"),
    ("phone", rf"\b{_SPEAK}\b.{{0,40}}{_OUR_PHONE}"),
    ("phone", r"\b(?:llama|llame|truca|truqui|call) (?:a|al|a la|a l'|to|the|our)\b ?(?:servicio|servei|atenci[óo]n?|soporte|suport|oficina|support|customer|helpline|hotline|tienda|botiga|transportista|correos|courier|centralita)"),
    ("shop", rf"(?:^|[,;:(] ?|\b{_CAN} |\by |\bi |\band )(?:que )?(?:te |et |us )?{_GO}\b.{{0,30}}\b{_SHOP}\b"),
    ("form", rf"\b{_FILL}\b.{{0,30}}\b{_FORM}"),
    ("form", rf"\b{_OPEN}"),
)  # fmt: skip
_NOT_SO = (
    r"\b(?:no (?:hace falta|es necesario|necesitas|tienes que|llam|cal|truqu|has de|need)|don'?t|do not|sin (?:que|necesidad)|sense|without|nunca|"
    r"cualquier (?:otra )?(?:duda|cosa|consulta|pregunta)|(?:algo|alguna cosa|nada) m[áa]s|alguna duda|qualsevol (?:altr[ae] )?(?:dubte|cosa|consulta)|res més|"
    r"anything else|any (?:other |further )?(?:questions?|doubts?|queries)|if you have (?:any|more)|"
    r"gracias por|gràcies per|thank(?:s| you) for|recog(?:er|ida|erlo|erla|elo|ela)|recollir|reco(?:llida|ll)|pick(?:ing)? (?:it |them |this )?up|collect|"
    r"para que (?:nos|me) llames|timbre|atenci[óo]n? que|llama la atenci[óo]n|(?:te|os|le|us|et) (?:llama|truca|llamar|trucar)\w*)"
)


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """What is no derivation, and what is: made when the first answer is looked at, not at each start of a program."""
    found = tuple((to, re.compile(words, re.IGNORECASE)) for to, words in _WORDS)
    return re.compile(_NOT_SO, re.IGNORECASE), found


def derivation(text: str, channel: str) -> str | None:
    """Where an answer on `channel` sends its customer, one of `model.DERIVED`; None where it does not."""
    not_so, patterns = _patterns()
    for sentence in sentences(text):
        if not_so.search(sentence):
            continue
        for to, pattern in patterns:
            if pattern.search(sentence) and not _is_the_same(to, channel, sentence):
                return to
    return None


def _is_the_same(to: str, channel: str, sentence: str) -> bool:
    """Whether that is where the customer is already. Another address is another place."""
    if to == "chat":
        return is_chat(channel) and channel in sentence.lower()
    return to == "email" and channel in {"email", "form"} and not re.search(_ADDRESS, sentence)
