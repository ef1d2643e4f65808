"""Quick replies as values: texts with placeholders, in three languages and two forms of address.

Promises: a placeholder that nothing fills stays in the text as it was written, is reported with its place and keeps
the text from being sent; what a customer is called can never become a placeholder; filling twice changes nothing.
Refuses: reading files (`agentdesk.quick` does), markup, conditions and loops: a shop's texts are edited by the shop.

`{{customer.first_name}}` is filled from the conversation, `{{customer.first_name|there}}` has a fallback for
when it is empty (nothing at all after `|` closes the gap), `{{?order}}` asks the agent. `{{order.status}}` is what the shop itself says of the order that is meant
(`core.lookup`), and asks the agent where it says nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache

from agentdesk.core.forename import first_name
from agentdesk.core.lookup import PLACES
from agentdesk.values import dataclass

KNOWN = ("customer.first_name", "customer.name", "agent.name", "ticket.number", "ticket.subject", "shop.name")
"""What the conversation can fill."""
BY_CALENDAR = ("answer.by", "shop.opens", "shop.hours")
"""What targets and opening hours fill, in texts that go by themselves."""
CHAIN = ("es", "ca", "en")
"""In which language a reply is taken that has neither the customer's nor the desk's."""
FORMS: Mapping[str, tuple[str, str]] = {"es": ("tu", "usted"), "ca": ("tu", "voste")}
"""How a language addresses people: familiar, polite. English has one form."""
TEXTS = ("es.tu", "es.usted", "ca.tu", "ca.voste", "en")
_POLITE = frozenset({"usted", "voste", "vostè"})
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")  # an editor may have broken the line inside
_NO_BRACES = str.maketrans("{}", "()")
_BEFORE = (" ", ",")
_ENDS = ".!?…"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """[start, end) in the text. `asks` marks a blank for the agent; `fallback` is None where none is given."""

    start: int
    end: int
    name: str
    asks: bool = False
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A text and what is still open in it: names in order, each once, and [start, end) of each place."""

    text: str
    missing: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


SHIPPED = "shipped"
"""What a file that came with the program has as its source."""
ME, NOBODY = "me", "nobody"
"""Whom a macro may assign to besides an agent by name."""


@dataclass(frozen=True, slots=True)
class Does:
    """What a macro does, as its file says: `assign` is me, nobody or an agent; `snooze` a span such as 2h or "1d 9:00";
    `derivation`: its text sends the customer to another channel."""

    tag: tuple[str, ...] = ()
    untag: tuple[str, ...] = ()
    priority: str = ""
    assign: str = ""
    snooze: str = ""
    status: str = ""
    derivation: bool = False


@dataclass(frozen=True, slots=True)
class QuickReply:
    """`titles` by language, `texts` by the keys of TEXTS. `source` is "shipped" or the path of the shop's own file.
    `asks` says by blank and language what it asks for, `says` by language what customers call its matter. `does` makes it a macro,
    which may have no text at all."""

    name: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    shortcut: str | None = None
    about: str | None = None
    source: str = SHIPPED
    tags: tuple[str, ...] = ()
    asks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    does: Does | None = None
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of its texts, in the order of CHAIN."""
        return tuple(each for each in CHAIN if any(key.partition(".")[0] == each for key in self.texts))

    def title(self, language: str | None) -> str:
        return in_language(self.titles, language) or self.name

    def question(self, blank: str, language: str | None) -> str:
        """What the agent is asked for; the blank's own name where the file does not say."""
        return in_language(self.asks.get(blank, {}), language) or blank

    def asked(self, blank: str) -> str:
        """What a blank means, in whichever reply it stands: its name with the words that ask for it. Two replies that ask
        for a "day" do not mean the same one unless they say so."""
        return f"{blank}: {self.question(blank, None)}"


def in_language(texts: Mapping[str, str], language: str | None) -> str:
    return next((texts[each] for each in (language, *CHAIN) if each is not None and texts.get(each)), "")


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Every `{{...}}`, in order."""
    return tuple(_placeholder(found) for found in PLACEHOLDER.finditer(text))


def _placeholder(found: re.Match[str]) -> Placeholder:
    name, bar, fallback = found[1].partition("|")
    asks = name.lstrip().startswith("?")
    name = " ".join(name.strip().removeprefix("?").split())
    return Placeholder(found.start(), found.end(), name, asks, fallback.strip() if bar else None)


def blanks(text: str) -> tuple[str, ...]:
    """What is still to be filled in, as it stands in the text, each once; no text that has one may be sent."""
    return tuple(dict.fromkeys(found[0] for found in PLACEHOLDER.finditer(text)))


def asking(text: str) -> tuple[str, ...]:
    """The names of what `text` asks the agent, each once; also what only the shop would have known."""
    return tuple(dict.fromkeys(each.name for each in placeholders(text) if may_ask(each)))


def may_ask(each: Placeholder) -> bool:
    """Whether an agent is asked for it where nothing else fills it."""
    return each.asks or each.name in PLACES


def fill(template: str, values: Mapping[str, str]) -> Filled:
    """`template` with its placeholders filled by name; an empty value takes the fallback, if there is one.

    Braces in a value become round, so that no name and no answer can ask for something itself. A value that is a
    whole sentence keeps its own full stop and takes no second one.
    """
    done = ""
    at = 0
    for each in placeholders(template):
        done += template[at : each.start]
        at = each.end
        value = _value(each, values)
        if value is None:
            done += template[each.start : each.end]
        elif value:
            done += value
            at += value[-1] in _ENDS and template[at : at + 1] == "."
        else:
            done = _closed(done, template[at : at + 1])
    done += template[at:]
    left = placeholders(done)
    return Filled(
        done, tuple(dict.fromkeys(each.name for each in left)), tuple((each.start, each.end) for each in left)
    )


def _value(each: Placeholder, values: Mapping[str, str]) -> str | None:
    value = values.get(each.name, "").strip().translate(_NO_BRACES)
    return value or (None if each.asks else each.fallback)


def _closed(done: str, following: str) -> str:
    """Without the comma and the space before a name that is not there: "Hola, {{...|}}:" becomes "Hola:"."""
    if following and following not in ",.;:!?…\n":
        return done
    return done.rstrip(" ").removesuffix(",") if done.endswith(_BEFORE) else done


def values_of(*, number: int | None, subject: str, customer: str, agent: str, shop: str) -> dict[str, str]:
    """What a conversation knows, by the names in KNOWN. An address is no name: `customer` may be one."""
    name = "" if "@" in customer else customer
    values = (first_name(name), name, agent, "" if number is None else str(number), subject, shop)
    return dict(zip(KNOWN, values, strict=True))


def text_for(reply: QuickReply, language: str | None, form: str, desk: str | None = None) -> tuple[str, str]:
    """The text for a customer who writes in `language`, and the language it is in.

    The customer's language comes first, then that of the `desk`, then CHAIN. `form` is the desk's setting: tu, or
    usted or vostè, which mean the same here. The other form of a language goes before another language. ("", "")
    where there is no text.
    """
    for each in dict.fromkeys((_base(language), _base(desk), *CHAIN)):
        for key in _keys(each, form):
            if reply.texts.get(key):
                return reply.texts[key], each
    return "", ""


def _base(language: str | None) -> str:
    """es of "es-MX"."""
    return re.split(r"[-_]", language or "", maxsplit=1)[0].lower()


def _keys(language: str, form: str) -> tuple[str, ...]:
    """The texts of a language, the best one first."""
    if language not in FORMS:
        return (language,)
    familiar, polite = (f"{language}.{each}" for each in FORMS[language])
    return (polite, familiar) if form.lower() in _POLITE else (familiar, polite)


def choices(
    replies: Iterable[QuickReply],
    words: str,
    language: str | None = None,
    usage: Mapping[str, int] | None = None,
    fits: Sequence[str] = (),
) -> list[QuickReply]:
    """The replies that `words` may mean, the likeliest first; for no words all of them, those that `fits` names and then the
    most used first.

    Shortcut or name as typed, then what begins so, then what holds every word, then letters in that order in name or
    title, then words of the text. Accents and case do not count. Among equals the most used, then by title.
    """
    used = usage or {}
    wanted = _folded(words)
    ranked = [
        (rank, -used.get(each.name, 0), _folded(each.title(language)), at, each)
        for at, each in enumerate(replies)
        if (rank := _rank(each, wanted, language)) is not None
    ]
    found = [each for *_, each in sorted(ranked, key=lambda row: row[:4])]
    return found if wanted else in_front(found, fits)


def in_front(replies: Iterable[QuickReply], names: Sequence[str]) -> list[QuickReply]:
    """Those of these names first, in that order; the rest as it was."""
    return sorted(replies, key=lambda each: names.index(each.name) if each.name in names else len(names))


def _rank(reply: QuickReply, wanted: str, language: str | None) -> int | None:
    """How well a reply fits, 0 the best; None where it does not."""
    if not wanted:
        return 0
    names = [_folded(reply.name), _folded(reply.shortcut or "")]
    here = _folded(reply.title(language))
    titles = [_folded(each) for each in reply.titles.values()]
    heads = [*names, *titles]
    tests = (
        wanted in names,
        any(each.startswith(wanted) for each in (*names, here)),
        any(each.startswith(wanted) for each in titles),
        any(_begin(wanted, each) for each in heads),
        any(all(word in each for word in wanted.split()) for each in heads),
        any(_in_order(wanted.replace(" ", ""), each) for each in heads),
        any(_begin(wanted, _folded(each)) for each in reply.texts.values()),
    )
    return next((rank for rank, fits in enumerate(tests) if fits), None)


@lru_cache(maxsize=2048)  # the same names and texts at every key that narrows the list
def _folded(text: str) -> str:
    """Letters and digits in lower case without accents, everything else one space."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _begin(wanted: str, text: str) -> bool:
    """Whether each word that is wanted begins a word of the text."""
    return all(f" {word}" in f" {text}" for word in wanted.split())


def _in_order(wanted: str, text: str) -> bool:
    """Whether the letters come in that order, whatever stands between them."""
    left = iter(text)
    return all(letter in left for letter in wanted)


def find(replies: Sequence[QuickReply], word: str) -> QuickReply | None:
    """The reply of that name, else of that shortcut."""
    return next((each for each in replies if each.name == word), None) or next(
        (each for each in replies if each.shortcut and each.shortcut == word), None
    )


def between(before: str, text: str, after: str) -> str:
    """`text` as it goes between what is written: several lines are paragraphs of their own, with a blank line where they would
    stand in the midst of a line; one line goes into the sentence, with a space where two words would become one."""
    left, right = before.rpartition("\n")[2], after.partition("\n")[0]
    if "\n" in text.strip():
        return ("\n\n" if left.strip() else "") + text + ("\n\n" if right.strip() else "")
    return (" " if left and not left[-1].isspace() else "") + text + (" " if right[:1].isalnum() else "")
