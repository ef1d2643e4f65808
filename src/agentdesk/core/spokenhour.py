"""Hours and parts of a day as people say them in a sentence: "a las 12:30", "a les nou del vespre", "at half past ten", "esta tarde".

Promises: linear in the sentence; Spanish, Catalan and English, all at once; what is said of the hour is kept as it was said. Refuses:
knowing of which day it is, and turning it into an instant, which is `core.spokentime`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from agentdesk.core.daywords import HOURS, HOURS_EN
from agentdesk.values import dataclass


def any_of(words: object) -> str:
    """A pattern for one of `words`, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_PAST_THE_HOUR = {
    "y media": 30, "i mitja": 30, "y cuarto": 15, "i quart": 15, "menos cuarto": -15, "menys quart": -15, "en punto": 0, "en punt": 0,
    "half past": 30, "quarter past": 15, "a quarter past": 15, "quarter to": -15, "a quarter to": -15,
    "un quart": -45, "dos quarts": -30, "tres quarts": -15,
}  # fmt: skip
"""Minutes after the full hour; a Catalan quarter is one of the hour that is being filled."""
_AT = (
    r"a las?|a les?|antes de las?|abans de les?|sobre las?|sobre les|hacia las?|cap a les?|cap a la|"
    r"no m[áa]s tarde de las?|no més tard de les"
)
_AT_EN = r"at|by|before|no later than|at around|around|at about"
_ENDS = r"(?=\s*(?:$|[,.;:!?)]|(?:[yi]|o|en|de la|de l|del|d[ei]l|le|te|os|les|lo|la|us|et|li|ho|para|per|como|sin) ?\b))"
"""What may stand behind an hour in letters: "a las dos" is one, "a las dos cajas" is none."""
_NO_HOUR = r"(?! ?(?:d[íi]as?|dies|days?|semanas?|setman|weeks?|hor|hours?|%|€|euros?|unidades|/|\d)|[-.]\d)"
_CLOCK = re.compile(
    rf"\b(?:{_AT}|{_AT_EN}|(?:between|entre)(?: las?| les)? \d{{1,2}}(?:[:.h]\d{{2}})? ?h? (?:and|y|i)(?: las?| les)?) "
    rf"(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>\d{{2}}))?(?: ?(?P<half>h|am|pm|a\.m\.|p\.m\.)(?![^\W\d_])|\b){_NO_HOUR}"
    r"(?: (?P<past>[yi] (?:media|cuarto|mitja|quart)|menos cuarto|menys quart|en punto?)\b)?",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b(?:{_AT}) (?P<word>{any_of(HOURS)})(?: (?P<past>[yi] (?:media|cuarto|mitja|quart)|menos cuarto|menys quart|en punto?))?\b{_ENDS}|"
    rf"\b(?:{_AT_EN}) (?P<word_en>{any_of(HOURS_EN)}) (?P<half>o['’]clock|am|pm|a\.m\.|p\.m\.)|"
    rf"\b(?:(?:{_AT_EN}) )?(?P<past_en>half past|(?:a )?quarter (?:past|to)) (?P<hour_en>\d{{1,2}}|{any_of(HOURS_EN)})\b|"
    rf"\ba (?P<past_ca>un quart|dos quarts|tres quarts) d(?:e |['’])(?P<hour_ca>\d{{1,2}}|{any_of(HOURS)})\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?<![\d:./-])(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2}) ?(?:h\b)?| ?h\b)(?![\d:/-])", re.IGNORECASE
)
_PART = re.compile(
    r"\b(?:a )?(?:[úu]ltima|darrera) hora (?:(?:de la|del) )(?:(?P<m4>ma[ñn]ana|mat[íi])|(?P<t3>tarde|tarda))\b|\b(?:a )?(?P<s>primera hora de la (?:tarde|tarda))\b|"
    r"\b(?P<this>esta) (?P<m0>ma[ñn]ana)\b|\b(?:(?:por|de|durante|a lo largo de|en|en el (?:trans)?curso de) la|a lo largo de(?: esta)?) (?P<m>ma[ñn]ana)\b|"
    r"\b(?:(?P<this2>aquest)|al|pel|del|durant el|al llarg del) (?P<m2>mat[íi])\b|"
    r"\b(?:(?P<this3>this) |(?:in|during) the )?(?P<e>(?<!good )morning)\b|\b(?P<e2>(?:a )?media ma[ñn]ana|(?:a )?mig mat[íi]|mid-?morning)\b|"
    r"\b(?P<d>(?:de la |de )(?:madrugada|matinada))\b|"
    r"\b(?:(?P<this4>esta|aquesta|this)|por la|de la|durante la|a lo largo de la|en el (?:trans)?curso de la|a la|en la|durant la|al llarg de la|in the|during the) (?P<t>tarde|tarda|afternoon)\b|"
    r"(?<!good )(?<!buena )(?<!bona )(?<!\bmuy )\b(?P<t2>tarde(?! del?\b)|tarda|afternoon)\b|"
    r"\b(?:(?P<this5>esta|aquesta|aquest|this)|por la|de la|a la|al|del|in the|at) (?P<n>noche|nit|vespre|evening|night)\b|\b(?P<this6>tonight)(?P<n2>)\b|"
    r"\b(?:(?:al|el|del|a|by|before|at) )?(?P<x>mediod[íi]a|migdia|noon|midday)\b|"
    r"\b(?:a )?(?P<f>primera hora(?: de la ma[ñn]ana| del mat[íi])?)\b|\bfirst thing\b(?P<f2>)|"
    r"\b(?:a )?(?P<l>[úu]ltima hora|darrera hora|final del? d[íi]a|(?:a lo largo|en el (?:trans)?curso) del d[íi]a|al llarg del dia|durante el d[íi]a|durant el dia|(?:by )?(?:the )?end of (?:the )?day|during the day)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Hour:
    """[start, end) of the sentence says an hour (`at`, as read, with `half` "a" or "p" where it is said of which half of the day),
    or a `part` of the day by the letter of its name; `this`: of today. What is not `firm` is one only beside a day."""

    start: int
    end: int
    part: str = ""
    at: time | None = None
    half: str = ""
    this: bool = False
    firm: bool = True


def hours(sentence: str) -> Iterator[Hour]:
    """All of them; where two overlap, the first one counts."""
    for pattern in (_CLOCK, _IN_WORDS):
        yield from filter(None, map(_hour, pattern.finditer(sentence)))
    for found in _PART.finditer(sentence):
        said = {name: value for name, value in found.groupdict().items() if value is not None}
        part = next(name[0] for name in said if not name.startswith("this"))
        yield Hour(*found.span(), part=part, this=any(name.startswith("this") for name in said))
    for found in _BARE.finditer(sentence):
        if hour := _hour(found):
            yield replace(hour, firm=False)


def _hour(found: re.Match[str]) -> Hour | None:
    said = {name.partition("_")[0]: value.lower() for name, value in found.groupdict().items() if value}
    word = said.get("hour") or said["word"]
    hour = int(word) if word.isdigit() else (HOURS | HOURS_EN)[word]
    minutes = int(said.get("minute", 0)) + _PAST_THE_HOUR[said.get("past", "en punto")]
    half = said.get("half", "")[:1]
    if hour > 23 or minutes > 59:
        return None
    at = (hour * 60 + minutes) % 1440
    half = half if half in {"a", "p"} else "a" if word[0] == "0" else ""
    return Hour(*found.span(), at=time(at // 60, at % 60), half=half)
