"""Whether an answer to a survey says how it was: a digit of 1 to 5, a thumb, stars, or one word, in Spanish, Catalan and English.

Promises: the rating stands first and says only one thing, what follows it is a comment; a comment that may want something is
marked so, since a rating that is filed away must not take a question with it. What may follow is the same for good and for bad: a
figure of one half of the answers is a lie as well. Refuses to guess: "10 pedidos", "5 de mayo", "4,5", "2. paquete no llegó", "no
está mal" and whatever contradicts itself are no rating but a message like any other. A rating that is missed is read by a person;
one that is made up is a lie in every report.
"""

import re

from agentdesk.core.folding import folded
from agentdesk.values import dataclass

LONGEST = 1500
"""Characters of a text that is looked at at all: a longer one is a letter."""
_HEAD = 120
"""Characters within which a rating, or the wish for no more, stands."""
_SHORT = 8
"""Words of a comment that can be read without anybody having to answer it."""


@dataclass(frozen=True, slots=True)
class Rating:
    """`score` of 1 (worst) to 5. `asks`: somebody should look at it, for it is low or what stands beside it may want an answer."""

    score: int
    asks: bool


_WORDS = {
    5: "excelente excel·lent excellent genial perfecto perfecte perfect estupendo estupend fantastico fantastic great amazing "
    "muy_bien muy_bueno muy_buena molt_be molt_bo molt_bona very_good una_maravilla una_meravella wonderful",
    4: "bien be good",
    3: "regular normal average so-so mediocre",
    2: "mal malament bad poor malo dolent",
    1: "fatal pesimo pessim horrible terrible awful muy_mal muy_malo muy_mala molt_malament molt_dolent molt_dolenta very_bad "
    "very_poor un_desastre a_disaster",
}
_SCORES = {word.replace("_", " "): score for score, words in _WORDS.items() for word in words.split()} | {
    "excel.lent": 5,
    "excelent": 5,
}
_ENGLISH = {"ok": 3, "okay": 3}
"""What elsewhere says no more than that something was read."""
_NUMBERS = {
    **dict(zip(("uno", "dos", "tres", "cuatro", "cinco"), range(1, 6), strict=True)),
    **dict(zip(("dues", "quatre", "cinc"), (2, 4, 5), strict=True)),
    **dict(zip(("one", "two", "three", "four", "five"), range(1, 6), strict=True)),
}
_DIGIT = rf"(?P<digit>[1-5]|{'|'.join(_NUMBERS)})"
_GIVEN = (
    r"(?:(?:(?:la |mi |la meva |my )?(?:nota|puntuacion?|puntuacio|valoracion?|valoracio|rating|score)(?: es| is)?|"
    r"(?:os|le|te|us|li|et) (?:doy|pongo|dono|poso)|i(?:'d| would)? (?:give|rate)(?: it| you)?)\s*:?\s*)?(?:una?\s|a\s)?\s*"
)
_OF_FIVE = r"(?:\s*(?:/|de|sobre|out of|of)\s*5(?![\d/.,]*\d))?(?:\s*(?:estrellas?|estrelles|estrella|stars?|puntos?|punts?|points?))?"
_NUMBER = re.compile(rf"{_GIVEN}{_DIGIT}{_OF_FIVE}(?![\w%€$º#/:*+-])")
_WORD = re.compile(
    r"(?<!\w)(?:(?:todo|tot|everything|all) (?!(?:bien|be|mal|malament)\b))?"
    "(?P<word>" + "|".join(sorted(map(re.escape, (*_SCORES, *_ENGLISH)), key=len, reverse=True)) + r")(?!\w)"
)
_STARS = re.compile(r"(?P<full>[★⭐🌟](?:\s?[★⭐🌟])*)\s?(?P<empty>☆*)")
_THUMBS = re.compile(r"(?:(?P<up>👍(?:\s?👍)*)|(?P<down>👎(?:\s?👎)*))")
_HEADS = (_STARS, _THUMBS, _NUMBER, _WORD)
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u20e3\u200d]")
"""Tones of a hand and the styles of a sign, which say nothing here."""
_GREETING = re.compile(
    r"(?:(?:hola|buenas(?: tardes| noches)?|buenos dias|bon dia|bona tarda|hi|hello|hey|(?:muchas |moltes |many )?(?:gracias|gracies|"
    r"thanks|thank you)|merci)(?!\w)[\s,.!:]*)+"
)
_COMMENT = re.compile(
    r"\s*(?:[.!]+(?=\s*$)|[.!]+\s*\n|!+\s|[,;–—]\s*|\s-\s|:\s|\n)\s*|"
    r"\s+(?=[:;]-?[)(D]|[\u2600-\U0001faff]|(?:porque|perque|because|ya que|ja que)\b)"
)
"""What may stand between a rating and its comment."""
_LOOSELY = re.compile(r"\s*(?:\.+-?\s+|\.-|\((?=[^()]*\)\s*(?:$|[.,;!\n])))")
"""What stands between a number and a comment, and between the number of a list and its line."""
_THANKS_OR_PRAISE = (
    r"(?:(?:muchas |moltes |many )?(?:gracias|gracies|merci|thanks|thank you)|"
    r"(?:muy|molt|very|todos? muy|tot molt|all very)\s+(?:amable|atent|rapid|profesional|professional|eficaz|eficac|simpatic|content|"
    r"contento|satisfe|friendly|kind|fast|quick|helpful|lent|slow|rude|mal educad|maleducad|maleducat|antipatic|desagrada|decepcion|"
    r"decebu|disappoint|unfriendly|unhelpful)|"
    r"(?:todo|tot) (?:perfecto|perfecte|genial|correcto|correcte|muy bien|molt be|fatal|muy mal|molt malament))"
)
_STRAIGHT_ON = re.compile(rf"\s+(?:(?:y|i|and)\s+)?{_THANKS_OR_PRAISE}")
"""What may follow a rating with nothing between: what one says of people, good or bad, never of what one buys."""
_SERVED = re.compile(
    r"\b(?:"
    # How long it took.
    r"tard(?:o|a|aron|aba|an|asteis|aste|ais|ado|anza|anca|at|areu)\b|trig\w+|demor\w+|retras\w+|lent(?:o|a|os|as|s|itud)?\b|rapid\w*|"
    r"(?:muy|demasiado|massa|tan|llego|llegaron|arribar|atendre|a?tendieron) (?:tard[ea]?|pronto|aviat)\b|a tiempo|a temps|on time|"
    r"en ?seguida|de seguida|puntual\w*|slow\w*|quick\w*|(?:fast|late|early)\b|delay\w*|prompt\w*|(?:too|so) long|"
    r"took (?:\w+ ){0,4}(?:ages|forever|long|weeks?|days?|hours?|minutes?)|"
    # Who answered and helped.
    r"contest(?!ad\b)\w+|respon(?!sab|ded\b)\w+|(?:sin|ninguna) respuesta|(?:sense|cap) resposta|answered|"
    r"replied|(?:no|not|do(?:es)?n't|didn't|never|nobody) (?:answers?|repl(?:y|ies))|aten(?:d\w+|t[oa]?s?)\b|ates[oa]?s?\b|attent\w+|"
    r"trat(?:o|aron|ado|ada|asteis|an)\b|tract(?:e|at|ada|ar|aren|areu|en)\b|treat\w+|"
    r"ayud(?:o|aron|ado|asteis|an)\b|ajud(?:ar|at|ats|aren|areu|en)\b|(?:un)?helpful|helped|no help|"
    r"resolv\w+|resuelt\w+|resol(?:t|ta|gut|dre|en)\b|solucion(?:o|aron|ado|asteis|an|at|aren)\b|(?:re)?solved|fixed|sorted|"
    r"ignor\w+|cared\b|"
    # What they were like, and how one left.
    r"(?:buen|mal|bon|good|bad|poor)a? (?:trato|tracte|servicio|servei|service|atencio|support)|amab\w+|"
    r"simpatic\w+|antipatic\w+|bordes?\b|educa[dt]\w*|maleduca[dt]\w*|groser\w+|prof?es+ional\w*|efica[cz]\w*|"
    r"(?:in)?eficient\w*|(?:in)?competent\w*|inutil\w*|(?:un)?friendly|polite\w*|rude\w*|(?:so|was|were|very) (?:kind|nice)|"
    r"(?:des)?content(?:o|a|os|as|s|es)?\b|(?:in|dis)?satisf\w+|encanta[dt]\w*|decepc\w+|decebu\w+|(?:un)?happy|delighted|pleased|"
    r"disappoint\w+|frustra\w+|recom(?:iend|end|an|mend)\w+|(?:el|la|lo|los|las|els|les|the) (?:peor|pitjor|mejor|millor|worst|best)\w*|"
    r"worse|(?:in|im)m[ei]\w+orable|impecab\w+|lamentab\w+|desastr\w+|disaster|vergu?en[zc]a|vergonya|shame\w*|maravill\w+|"
    r"meravell\w+|sin (?:ningun )?problemas?|sense (?:cap )?problem\w+|no problems?|facil\w*|dificil\w*|easy|difficult)"
)
"""What people say of how they were served, and not of what they bought: as many ways for good as for bad."""
_WISHES = re.compile(
    r"^(?:si|no|yes|ok|vale)\s*[,.]|\b(?:necesit\w+|necessit\w+|need|quier\w+|vull|voldria|want|would like|i'll|gustaria|agradaria|"
    r"espero|posible|possible|asap|por la (?:manana|tarde)|a la tarda|pel mati|(?:good )?(?:morning|afternoon))\b"
)
"""What wants something of us, or answers another question than how it was."""
_THINGS = re.compile(
    r"\b(?:pedid\w+|comand(?:a|es)|orders?|paquet\w*|packages?|parcels?|envi\w*|factur\w+|invoices?|product\w*|articul\w+|articles?|"
    r"items?|reembols\w+|devol\w+|refund\w*|direccion|adreca|address)\b"
)
"""What a line of a list is about."""
_OF_WHAT_WAS = re.compile(
    rf"{_THANKS_OR_PRAISE}|(?:pero|but|aunque|encara que|although|though|tot i)\b|\S+(?: \S+){{0,2}}$|[^\w\s]"
)
"""What may follow a word of praise: one that goes on otherwise was said in passing ("Genial, os mando las fotos")."""
_ANOTHER = re.compile(
    rf"^\s*(?:[\d#]|nº)|\b(?:una?|mejor|millor|rather|no|o|or|y|i|and|maybe|quizas?|potser|casi)\s+(?:una?\s+)?(?:[0-9]|{_DIGIT})\b(?!\s+[a-z])"
)
_ORDERED = re.compile(r"\b(?:pedidos?|comandes|orders)\b")
_OF_AN_ORDER = re.compile(
    r"\b(?:talla|talles|tallas|size|color|colou?rs?|unidad(?:es)?|unitats?|units?|cajas?|caixes|capsa|boxes|euros?|"
    r"por favor|si us plau|sisplau|please|pieces?|camiset\w+|samarret\w+|shirts?|preguntas?|preguntes?|questions?|duda|cosas?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre)\b"
)
_WANTS = re.compile(
    r"\b(?:pero|but|however|aunque|encara que|although|though|aun|todavia|encara|still|yet|no|not|nunca|mai|never|falta|missing|"
    r"cuando|quan|when|donde|where|necesito|necessito|need|quiero|vull|want|puedes?|podeis|pots|podeu|could|can|devol\w+|refund|"
    r"reembols\w+)\b|n't\b"
)
_SMILE = re.compile("[😀-😆😉-😍😎🙂🤩🥰😘❤💛💚🎉🙌👏👌]|:-?[)D]")
_FROWN = re.compile("[😒😞😟😠😡🤬😤😢😭🙁☹🤮💩👿]|:-?\\(")
_DENIED = re.compile(r"(?:\b(?:no|ni|not|never|nunca|nada|gens)|n't)(?:\s+[\w']+){0,3}\s+$")
_GOOD, _BAD = 4, 2


def rating(text: str, language: str | None = None) -> Rating | None:
    """What a customer's own words (quotes and signature taken away) rate, or None where they do not. `language` is the
    customer's, as far as it is known."""
    if len(text) > LONGEST or "?" in text or "¿" in text:
        return None
    begins = _plain(text[:_HEAD])
    if not any(head.match(begins) for head in _HEADS):
        return None  # what most messages are is said by their beginning
    plain = _plain(text)
    for head in _HEADS:
        found = head.match(plain)
        score = _score(found, language) if found else None
        if found and score:
            comment = _comment(found, plain[found.end() :])
            return None if comment is None or _contradicts(score, comment) else _rated(score, comment)
    return None


def _plain(text: str) -> str:
    """Small letters without accents, and without the greeting that it begins with."""
    plain = folded(_SHADES.sub("", text)).strip().replace("’", "'")
    greeted = _GREETING.match(plain)
    return plain[greeted.end() :] if greeted else plain


def of_sign(sign: str) -> Rating | None:
    """What a sign put to the survey rates; only thumbs do."""
    plain = _SHADES.sub("", sign).strip()
    return {"👍": Rating(5, asks=False), "👎": Rating(1, asks=True)}.get(plain)


def _rated(score: int, comment: str) -> Rating:
    wants = bool(_WANTS.search(comment)) or len(comment.split()) > _SHORT
    return Rating(score, asks=score <= _BAD or wants)


def _score(found: re.Match[str], language: str | None) -> int | None:
    groups = found.groupdict()
    if digit := groups.get("digit"):
        return int(digit) if digit.isdigit() else _NUMBERS[digit]
    if word := groups.get("word"):
        return _ENGLISH.get(word) if word in _ENGLISH and language == "en" else _SCORES.get(word)
    if full := groups.get("full"):
        stars, empty = len(re.sub(r"\s", "", full)), len(groups["empty"])
        return stars if stars <= 5 and (not empty or stars + empty == 5) else None
    return 5 if groups.get("up") else 1


def _comment(found: re.Match[str], rest: str) -> str | None:
    """What follows a rating; None where it goes on in a way that makes something else of it."""
    if not rest.strip(" .!"):
        return ""
    parted, loosely = _COMMENT.match(rest), _LOOSELY.match(rest)
    if parted is None and found.re is _THUMBS and rest[:1].isspace():
        parted = re.match(r"\s+", rest)
    if parted:
        comment = rest[parted.end() :]
    elif _STRAIGHT_ON.match(rest):
        comment = rest.strip()
    elif loosely and _is_told_apart(found, rest[loosely.end() :]):
        comment = rest[loosely.end() :]
    else:
        return None
    return None if _is_in_passing(found, comment) or _is_of_something(found, comment) else comment


def _is_told_apart(found: re.Match[str], comment: str) -> bool:
    """Whether a rating that only a full stop parts from its comment is one: "un 2", "4/5" and "★★" are nothing else; a bare number
    may begin a line of a list, and then of a thing."""
    digit, word = found.groupdict().get("digit"), found.groupdict().get("word")
    if found.group().strip() != (digit or word):
        return True
    return _is_of_service(comment) and not (digit and _THINGS.search(comment))


def _is_of_service(comment: str) -> bool:
    """Whether a comment says how one was served, or thanks, and wants nothing."""
    plain = comment.strip(" .!()")
    says = (
        _SERVED.search(plain)
        or _judgements(plain)
        or _WORD.fullmatch(plain)
        or re.match(_THANKS_OR_PRAISE, plain)
    )
    return bool(says) and not _WISHES.search(plain)


def _is_in_passing(found: re.Match[str], comment: str) -> bool:
    """Whether a word of praise is said on the way to something else ("Genial, os mando las fotos")."""
    praises = _SCORES.get(found.groupdict().get("word") or "", 0) >= _GOOD
    return praises and not _OF_WHAT_WAS.match(comment) and not _is_of_service(comment)


def _is_of_something(found: re.Match[str], comment: str) -> bool:
    """Whether a number is one of something else, of another rating or of a list, which goes on with the next."""
    digit = found.groupdict().get("digit")
    if digit is None:
        return False
    following = int(_NUMBERS.get(digit, digit)) + 1
    if re.search(rf"(?:^|\s){following}\s?[.)]", comment) or _ANOTHER.search(comment):
        return True
    return bool(_OF_AN_ORDER.search(comment) or (_ORDERED.search(comment) and not _SERVED.search(comment)))


def _judgements(comment: str) -> list[re.Match[str]]:
    """The words of a comment that rate; "be" is English too, and what is "normal" or "regular" may be a size."""
    found = _WORD.finditer(comment)
    return [each for each in found if each.group("word") != "be" and _SCORES.get(each.group("word"), 3) != 3]


def _judged(comment: str) -> set[int]:
    """What those of them rate that are meant as they stand: "no muy bien" says nothing of the kind."""
    meant = (each for each in _judgements(comment) if not _DENIED.search(comment[: each.start()]))
    return {_SCORES[each.group("word")] for each in meant}


def _contradicts(score: int, comment: str) -> bool:
    """Whether a comment rates otherwise: another thumb or stars, a word of the other end, a face that does not fit."""
    if _STARS.search(comment) or ("👍" in comment and score < _GOOD) or ("👎" in comment and score > _BAD):
        return True
    if (score <= _BAD and _SMILE.search(comment)) or (score >= _GOOD and _FROWN.search(comment)):
        return True
    said = _judged(comment)
    if score >= _GOOD:
        return any(each <= _BAD for each in said)
    return score <= _BAD and any(each >= _GOOD for each in said)


_NO_MORE = re.compile(
    r"(?:baja|stop|unsubscribe|darme de baja|dame de baja|baixa|doneu-me de baixa|"
    r"(?:por favor,? |si us plau,? |please,? )?(?:no mas|no quiero (?:mas )?|no (?:me )?(?:envieis|mandeis|envies|mandes) mas|prou|no vull (?:mes )?|"
    r"no m(?:e n)?'?envieu mes|no more|stop sending(?: me)?)\s*(?:encuestas|enquestes|surveys))[\s.!]*"
)


def wants_no_surveys(text: str) -> bool:
    """Whether a customer's own words ask for no more surveys, and for nothing else."""
    return len(text) <= _HEAD and _NO_MORE.fullmatch(_plain(text)) is not None
