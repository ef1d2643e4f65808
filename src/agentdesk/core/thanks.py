"""Whether a text is nothing but thanks.

Promises: precision first. At most WORDS words, every one of them a word of thanks, courtesy or praise, a name where names stand, or
a warm sign; and at least one that thanks, or a short "ok". Refuses: whatever asks, counts or says anything else, be it by one
unknown word. Where our last message asked something, words that may be the answer ("ok", "perfecto", a thumb up) are one.
In es, ca and en, with words of gl, eu, pt, fr, de and it.
"""

import re
import unicodedata
from collections.abc import Iterator

from agentdesk.core.folding import folded
from agentdesk.values import dataclass

WORDS = 12
SHORT = 4
"""Words that an "ok" without thanks has at most."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_THANKS = _set(
    "gracias grazas gracies merci merces mercis eskerrik milesker mila obrigado obrigada dank thanks thankyou thx tx tysm "
    "grazie danke dankeschon agradecido agradecida agradecidos agradecidas agradezco agradecemos agraida agrait agraits agraides "
    "agraeixo agraim grateful graciass grac grax graxias mercii ty tks cheers appreciated appreciate"
)
_ANSWERS = _set(
    "ok okey okay okis oki vale si yes yep acord dacord acuerdo entesos entendido entendida entes entesa rebut rebuda recibido "
    "recibida received noted perfecto perfecta perfecte perfect perfekt parfait genial geniales genials great excellent excelente estupendo "
    "estupenda estupend fantastico fantastica fantastic fenomenal super guay oki doki perf dale barbaro orale buenisimo understood gotcha alright"
)
"""Words that may answer a question."""
_YES = _set("si yes yep")
"""These do nothing else: alone they are never thanks, whatever mark our question ended with."""
_STATES = _set(
    "ya ja llegado arribat arribada arrived funciona works working solucionado solucionada solucionat resuelto resolt sorted solved "
    "fixed arreglado arreglat correcto correcte now ara ahora it got orden ordre listo lista llest fet hecho done va sale joya"
)
"""How a matter stands by now: no answer is needed where they go with thanks."""
_PRAISE = _set(
    "bravo crack cracks maravilloso maravillosa meravellos meravellosa wonderful lovely awesome brilliant amable amables amabilisimo "
    "amabilissim amabilissima kind majo maja majos excelentes excellents impecable impecables increible top gran grandes bueno buena maca maco guapa guapo mejores millors lujo luxe sol stuff mate"
)
_COURTESY = _set(
    "muchas muchisimas moltes moltissimes molta mil mils mille un una uns unas unos de del la el els lo las los l d per pel para a al "
    "en por y i and e et with for the your you u so very much many lot lots vostra vostre vuestra vuestro tu teu teva su seva seu "
    "tot todo todos tots everything toda tota all ayuda ajuda help atencion atencio attention rapidez rapidesa rapida rapido rapid "
    "quick fast respuesta resposta reply response answer gestion gestio paciencia patience amabilidad amabilitat kindness interes "
    "interest trabajo feina work servicio servei service trato tracte informacion informacio info information aclaracion "
    "aclariment saludo saludos salutacions salutacio salut abrazo abrazos abracada abracades abracos beso besos petons peto regards "
    "cheers cordial cordiales cordials cordialmente cordialment atentamente atentament best warm sincerely yours dia dies day tarde "
    "tarda tardes noche nit bon bona bones buen buenas buenos dias feliz happy nice finde hola hi hello hey adios adeu bye hasta "
    "luego fins aviat vosotros vosaltres usted ustedes vos us os te m hi ha has han heu sido sigut estat ser sois sou ets eres tan "
    "tant really truly siempre sempre igualmente igualment muy molt bien be ben good bo asko boa tarde noite beaucoup vielen "
    "schon viele grusse liebe ate logo agur moitas dear estimados benvolguts equipo equip team chicos chicas nois noies guys amics "
    "amigos xxx xx x esta es is are pues doncs me he hem hemos esperar one jaja jajaja jeje haha that thats s its cor corazon veritat verdad antemano wow"
)
_SHORT_GLUE = _set("muy molt very tot todo all bien be ben good bo y i and d de pues doncs esta es is ya ja")
_NO_NAMES = _set(
    "no si pero but nada res nothing que aun encara todavia still ni sin sense not otra otro otras again ahora espero quiero necesito "
    "falta urgente please favor mal error problema roto enviad enviadme mandad devolved cancelad cancelen cancelar torneu envieu please "
    "send cancel refund later tomorrow manana demana dema dinero diners money"
)
_WARM = frozenset("🙏❤🧡💛💚💙💜🖤🤍🤎😊🙂😀😃😄😁🥰😍😘🤗👏🎉🙌✨⭐🌟💐🌹🌷🫶☺💕💖💗💞💓😌😇👍👌💪💯🥳")
_MERRY = frozenset("😂🤣😆")
"""Laughing is no thanks, but may go with them."""
_STYLE = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
_SMILES = re.compile(r"<3|[:;]-?[)D](?!\w)|\^\^")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
""""graciaaas", "okkkk"."""
_THANK_YOU = re.compile(r"\bthank (?:you|u)\b", re.IGNORECASE)
_ONCE_MORE = re.compile(
    r"(?<=graci)as? (?:de nuevo|otra vez|una vez mas)|(?<=gracies) (?:de nou|un altre cop|una altra vegada)|(?<=merci) de nou"
    r"|(?<=thanks) (?:once )?again"
)
_WISHES = re.compile(
    r"\bque (?:tengas?|tengais|tengan|paseis?|pases|vaya|vagi|tinguis|tingueu|tingui|passeu|passis)\b[^.!\n]{0,40}?"
    r"\b(?:dia|tarde|tarda|noche|nit|bien|be|finde|semana|setmana|fiestas|festes)\b"
    r"|\bhave a (?:nice|great|good|lovely) (?:day|evening|weekend|one)\b|\b(?:feliz|bon|buen) (?:finde|fin de semana|cap de setmana)\b"
    r"|\b(?:de nada|de res|you.re welcome)\b|\besta(?:is)? (?:todo )?solucionado\b|\btodo en orden\b"
)
_FOR = re.compile(
    r"\b(?:por|per|for) (?:contestar\w*|responder\w*|respondre\w*|avisar\w*|informar\w*|answering|replying|responding|"
    r"letting (?:me|us) know|getting back)(?: to (?:me|us)|['’ -]?(?:me|nos|m|ns))?"
    r"(?: (?:so |tan |muy |molt )?(?:quick(?:ly)?|fast|soon|promptly|rapid\w*|pronto|aviat|bien|be))?\b"
    r"|\bque (?:rapidez|rapid[oa]?s?|bien|be|maravilla|amables?|maj[oa]s?|macos?|detalle|eficien\w+)\b"
    r"|\bquina (?:rapidesa|meravella|passada|eficiencia)\b|\bthat was (?:so |very |really |super )?(?:quick|fast|kind)\b"
)
"""What somebody is thanked for, and praise of it."""
_ASKED = re.compile(
    r"\b(?:dime|dinos|digame|diganos|confirma(?:me|nos)|confirme(?:me|nos)|digue['-](?:me|m|ns|nos)|digueu-(?:me|nos)|confirma'(?:m|ns)|"
    r"let (?:me|us) know|tell (?:me|us)) (?:whether|que|cual\w*|cuando|donde|which|what|when|where|quin\w*|quan|"
    r"(?:si|if)(?! (?:necesit\w+|necessit\w+|tien\w+|teneis|tens|teniu|hay|hi ha|et cal|us cal|you (?:need|have)|there is|anything|"
    r"pod\w+|puedo|puc|i can|we can|(?:quieres|vols) (?:algo|res)|(?:te |os )?surg\w+)\b))\b"
)
"""A question without its mark. "Let us know if you need anything" is none."""
_WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = frozenset(" \t\n.,!¡;:-–—…'’\"“”«»()*~_·´`")


@dataclass(frozen=True, slots=True)
class _Word:
    """`before` and `after` are what stands between it and its neighbours."""

    text: str
    plain: str
    before: str
    after: str


def is_mere_thanks(text: str, *, after_question: bool) -> bool:
    """Of what somebody wrote, quotes and signature folded away; `after_question` where our last message asked something."""
    bare = _STYLE.sub("", _SMILES.sub("🙂", unicodedata.normalize("NFC", text.strip())))
    bare = _THANK_YOU.sub("thanks", bare)
    if any(not (c.isalpha() or c in _PUNCTUATION or c in _WARM or c in _MERRY) for c in bare):
        return False
    signs = [c for c in bare if c in _WARM]
    words = list(_words("".join(" " if c in _WARM or c in _MERRY else c for c in bare)))
    if len(words) > WORDS or not (words or signs):
        return False
    known = {each.plain for each in words if each.plain in _KNOWN}
    if any(each.plain not in _KNOWN and not _is_name(words, place) for place, each in enumerate(words)):
        return False
    if known & _THANKS or (not words and not after_question):
        return not after_question or not (known & (_ANSWERS | _STATES) or set(signs) & set("👍👌💪"))
    return not (after_question or set(bare) & _MERRY) and _is_short_yes(words, known)


def asks(text: str) -> bool:
    """Whether what we wrote asks something that an "ok" may answer."""
    return "?" in text or _ASKED.search(folded(text).replace("’", "'")) is not None


_KNOWN = _THANKS | _ANSWERS | _STATES | _PRAISE | _COURTESY


def _is_short_yes(words: list[_Word], known: frozenset[str] | set[str]) -> bool:
    """A bare "ok", "todo perfecto", "genial": no thanks are said, and nothing else either."""
    plain = [each.plain for each in words]
    return (
        len(plain) <= SHORT
        and bool(known & _ANSWERS)
        and all(w in (_ANSWERS - _YES) | _SHORT_GLUE for w in plain)
    )


def _words(text: str) -> Iterator[_Word]:
    """The words but for those of fixed wishes, in order."""
    plain = folded(text)
    for pattern in (_WISHES, _FOR, _ONCE_MORE):
        for found in pattern.finditer(plain):
            kept = found[0][:2] if found[0].startswith("as") else ""
            blank = kept + " " * (len(found[0]) - len(kept))
            plain = plain[: found.start()] + blank + plain[found.end() :]
            text = text[: found.start()] + blank + text[found.end() :]
    found_words = list(_WORD.finditer(text))
    for place, found in enumerate(found_words):
        start = found_words[place - 1].end() if place else 0
        end = found_words[place + 1].start() if place + 1 < len(found_words) else len(text)
        yield _Word(
            found[0],
            _DRAWN_OUT.sub(r"\1", folded(found[0])),
            text[start : found.start()],
            text[found.end() : end],
        )


def _is_name(words: list[_Word], place: int) -> bool:
    """Whether an unknown word can only be somebody's name: right after thanks ("Gracias, Joan!"), or in a last line of names
    after a line that ends with a comma or a greeting ("Un saludo\\nPere Vila")."""
    word = words[place]
    if not word.text[0].isupper() or word.text.isupper() or len(word.text) < 3 or word.plain in _NO_NAMES:
        return False
    after_thanks = place > 0 and words[place - 1].plain in _THANKS | {"hola"} and word.before in {" ", ", "}
    if after_thanks and (not word.after or word.after.strip(" ") or place + 1 == len(words)):
        return True
    return _is_signed(words, place)


def _is_signed(words: list[_Word], place: int) -> bool:
    first = place
    while first > 0 and "\n" not in words[first].before:
        first -= 1
    line = words[first:]
    if first == 0 or len(line) > 3 or any("\n" in each.before for each in line[1:]):
        return False
    if not all(each.text[0].isupper() for each in line) or line[0].plain in _NO_NAMES:
        return False
    ends = words[first].before.split("\n", 1)[0].strip()
    greets = {each.plain for each in words[max(0, first - 3) : first]} & _GREETS
    return ends.startswith(",") or bool(greets)


_GREETS = _set(
    "saludo saludos salutacions salutacio salut regards atentamente atentament abrazo abrazos abracada cordial cordiales"
)
