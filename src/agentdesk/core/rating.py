"""Whether an answer to a survey says how it was: a digit of 1 to 5, a thumb, stars, or one word, in Spanish, Catalan and English.

Promises: the rating stands first and says only one thing, what follows it is a comment; a comment that may want something is
marked so, since a rating that is filed away must not take a question with it. Refuses to guess: "10 pedidos", "5 de mayo",
"4,5", "no está mal" and whatever contradicts itself are no rating but a message like any other. A rating that is missed is
read by a person; one that is made up is a lie in every report.
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
    "muy_bien molt_be very_good",
    4: "bien be good",
    3: "regular normal average so-so mediocre",
    2: "mal malament bad poor malo",
    1: "fatal pesimo pessim horrible terrible awful muy_mal molt_malament very_bad",
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
    r"[.]\s+(?=(?:muchas |moltes |many )?(?:gracias|gracies|merci|thanks|thank you)\b)|\s+(?=[:;]-?[)(D]|[\u2600-\U0001faff])"
)
"""What may stand between a rating and its comment."""
_THANKS_OR_PRAISE = (
    r"(?:(?:muchas |moltes |many )?(?:gracias|gracies|merci|thanks|thank you)|"
    r"(?:muy|molt|very|todos? muy|tot molt|all very)\s+(?:amable|atent|rapid|profesional|professional|eficaz|eficac|simpatic|content|"
    r"contento|satisfe|friendly|kind|fast|quick|helpful)|(?:todo|tot) (?:perfecto|perfecte|genial|correcto|correcte|muy bien|molt be))"
)
_STRAIGHT_ON = re.compile(rf"\s+{_THANKS_OR_PRAISE}")
"""What may follow a rating with nothing between: what one says of people, never of what one buys."""
_OF_WHAT_WAS = re.compile(
    rf"{_THANKS_OR_PRAISE}|(?:pero|but|aunque|encara que|although|though|tot i)\b|\S+(?: \S+){{0,2}}$|[^\w\s]"
)
"""What may follow a word of praise: one that goes on otherwise was said in passing ("Genial, os mando las fotos")."""
_ANOTHER = re.compile(
    rf"^\s*(?:[\d#]|nº)|\b(?:una?|mejor|millor|rather|no|o|or|y|i|and|maybe|quizas?|potser|casi)\s+(?:una?\s+)?(?:[0-9]|{_DIGIT})\b(?!\s+[a-z])"
)
_OF_AN_ORDER = re.compile(
    r"\b(?:talla|talles|tallas|size|color|colou?rs?|unidad(?:es)?|unitats?|units?|cajas?|caixes|capsa|boxes|euros?|pedidos?|comandes|orders|"
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
    digit, word = found.groupdict().get("digit"), found.groupdict().get("word")
    parted = _COMMENT.match(rest)
    if parted is None and found.re is _THUMBS and rest[:1].isspace():
        parted = re.match(r"\s+", rest)
    if parted:
        comment = rest[parted.end() :]
    elif _STRAIGHT_ON.match(rest):
        comment = rest.strip()
    else:
        return None
    in_passing = word and _SCORES.get(word, 0) >= _GOOD and not _OF_WHAT_WAS.match(comment)
    of_something = digit and (_OF_AN_ORDER.search(comment) or _ANOTHER.search(comment))
    return None if in_passing or of_something else comment


def _contradicts(score: int, comment: str) -> bool:
    """Whether a comment rates otherwise: another thumb or stars, a word of the other end, a face that does not fit."""
    if _STARS.search(comment) or ("👍" in comment and score < _GOOD) or ("👎" in comment and score > _BAD):
        return True
    if (score <= _BAD and _SMILE.search(comment)) or (score >= _GOOD and _FROWN.search(comment)):
        return True
    said = {_SCORES[each.group("word")] for each in _WORD.finditer(comment) if each.group("word") in _SCORES}
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
