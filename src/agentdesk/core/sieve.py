"""A shop's out-of-hours text as a Sieve script (RFC 5228, vacation RFC 5230, date RFC 5260), for the hours in which the laptop is off.

Promises: it says what the desk would say at that moment, to the minute, through changes of the clocks, holidays and special days of the
coming year, and falls silent after it, when it knows the holidays no more; once a day to each sender; never to lists, machines,
no-reply addresses or ourselves; in the language that the mail's head or its sender's domain tells, else in the first. Refuses: what
only the desk knows: which ticket it is, and the customer's first name, since Sieve cannot tell "Maria Puig" from "Ventas Norte".

Days alike are written once: the week as it usually is, and before it the dates that differ. What a date says depends on the days
after it too, since it names the next opening.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain, repeat

from agentdesk.core.hours import next_opening, stretches
from agentdesk.core.restraint import Covered
from agentdesk.core.until import opening
from agentdesk.values import dataclass

DAYS = 365
"""How far ahead holidays are written down."""
HANDLE = "agentdesk-away"
"""By this the server counts whom it has answered, whatever the text said."""
_NEEDS = ("vacation", "date", "relational", "variables")
_LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "List-Help", "Mailing-List", "X-Mailing-List")
_DOMAINS = {
    "es": ("es", "ar", "bo", "cl", "cr", "ec", "mx", "pe", "py", "uy", "ve", "gal", "eus"),
    "ca": ("cat", "ad", "barcelona"),
    "en": ("uk", "ie", "us", "au", "nz", "ca", "scot", "wales"),
}
"""Endings of domains by the language that is likely to be read there."""
_MACHINES = (
    "*no-reply*", "*noreply*", "*no_reply*", "*do-not-reply*", "*donotreply*", "*no-responder*", "*noresponder*", "*no-respongueu*",
    "mailer-daemon*", "postmaster*", "*-bounces*", "bounce*", "*-request", "owner-*",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whose mail it is: the addresses that are ours on it, the account's own first."""

    address: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """[starts, ends) of a local day, in seconds of the wall clock, and when the shop opens again, as each language says it."""

    starts: int
    ends: int
    opens: tuple[str, ...]


_Day = tuple[_Piece, ...]


def script(
    covered: Covered,
    mailbox: Mailbox,
    text: Callable[[str, str], str],
    languages: Sequence[str],
    now: datetime,
) -> str:
    """The script as it is put on a server, lines ending in LF. `text` gives what is said in a language, given what stands for the next
    opening; the first of `languages` is for whoever tells none of them."""
    zone = covered.shop.zone
    first = now.astimezone(zone).date()
    days = {on: _day(covered, on, languages) for on in (first + timedelta(days=n) for n in range(DAYS))}
    said = {
        each: _safe(text(each, f"\0{n}")).replace(f"\0{n}", f"${{opens{n}}}")
        for n, each in enumerate(languages)
    }
    return "\n".join(
        (
            f"# Made by agentdesk on {first} for {mailbox.address}. Make it again before {first + timedelta(days=DAYS)}:",
            "# after that day it says nothing, since it does not know the holidays.",
            f"require [{_quoted(_NEEDS)}];",
            "",
            *_clock(zone, first),
            "",
            *_when(days),
            "",
            *_tongue(languages),
            "",
            *_answer(mailbox, said),
            "",
        )
    )


def _day(covered: Covered, on: date, languages: Sequence[str]) -> _Day:
    zone = covered.shop.zone
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (on, on + timedelta(days=1)))
    found: list[_Piece] = []
    for begins, ends in _silent(covered, start, end):
        opens = next_opening(covered.shop, begins).astimezone(zone)
        said = tuple(opening(opens, on, each) for each in languages)
        last = 24 * 3600 if ends == end else _second(ends, zone)
        found.append(_Piece(_second(begins, zone), last, said))
    return tuple(found)


def _silent(covered: Covered, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of [start, end) that the provider covers."""
    for shut in stretches(covered.shop, start, end):
        if shut.is_open:
            continue
        if covered.laptop is None:
            yield shut.start, shut.end
            continue
        for away in stretches(covered.laptop, shut.start, shut.end):
            if not away.is_open:
                yield away.start, away.end


def _second(at: datetime, zone: tzinfo) -> int:
    local = at.astimezone(zone)
    return local.hour * 3600 + local.minute * 60 + local.second


def _clock(zone: tzinfo, first: date) -> Iterator[str]:
    """The shop's date, time and weekday as variables: Sieve knows zones only by their distance from UTC, which changes."""
    start = datetime.combine(first, time(), zone).astimezone(UTC)
    word = "if"
    for begins, ends in _steady(zone, start, start + timedelta(days=DAYS)):
        test = f"allof ({_since('ge', begins)}, {_since('lt', ends)})"
        offset = begins.astimezone(zone).strftime("%z")
        yield f"{word} {test} {{"
        for part, name in (("date", "today"), ("time", "now"), ("weekday", "weekday")):
            yield f'  if currentdate :zone "{offset}" :matches "{part}" "*" {{ set "{name}" "${{1}}"; }}'
        yield "}"
        word = "elsif"


def _since(how: str, at: datetime) -> str:
    return f'currentdate :zone "+0000" :value "{how}" "iso8601" "{at:%Y-%m-%dT%H:%M:%S}"'


def _steady(zone: tzinfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """[start, end) in stretches in which the clocks are not changed, to the minute."""
    step, begins, at = timedelta(hours=1), start, start
    while at < end:
        after = at + step
        if after.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset():
            change = next(
                minute
                for n in range(1, 61)
                if (minute := at + timedelta(minutes=n)).astimezone(zone).utcoffset()
                != at.astimezone(zone).utcoffset()
            )
            yield begins, change
            begins = change
        at = after
    yield begins, end


def _when(days: dict[date, _Day]) -> Iterator[str]:
    """What is said at each hour of each day, in `opens`; the dates that differ from their weekday before the week."""
    usual = {
        weekday: _most(day for on, day in days.items() if on.isoweekday() % 7 == weekday)
        for weekday in range(7)
    }
    odd: dict[_Day, list[date]] = {}
    for on, day in days.items():
        if day != usual[on.isoweekday() % 7]:
            odd.setdefault(day, []).append(on)
    tests = [(f'"${{today}}" [{_quoted(map(str, dates))}]', day) for day, dates in odd.items()]
    tests += [(f'"${{weekday}}" "{weekday}"', day) for weekday, day in usual.items()]
    word = "if"
    for test, day in tests:
        yield f"{word} string :is {test} {{"
        yield from (f"  {line}" for line in _pieces(day))
        yield "}"
        word = "elsif"


def _most(days: Iterator[_Day]) -> _Day:
    return Counter(days).most_common(1)[0][0]


def _pieces(day: _Day) -> Iterator[str]:
    word = "if"
    for piece in day:
        tests = []
        if piece.starts:
            tests.append(f'string :value "ge" "${{now}}" "{_time(piece.starts)}"')
        if piece.ends < 24 * 3600:
            tests.append(f'string :value "lt" "${{now}}" "{_time(piece.ends)}"')
        sets = " ".join(f'set "opens{n}" {_text(words)};' for n, words in enumerate(piece.opens))
        test = f"allof ({', '.join(tests)})" if len(tests) > 1 else tests[0] if tests else "true"
        yield f"{word} {test} {{ {sets} }}"
        word = "elsif"


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def _tongue(languages: Sequence[str]) -> Iterator[str]:
    """The language that a mail tells, in `speaks`: by its head, the writer's own settings after it, and the domain last."""
    yield f'set "speaks" {_text(languages[0])};'
    tests = [
        (each, f"header :matches {_text(field)} [{_quoted(_tags(each))}]")
        for field in ("Content-Language", "Accept-Language")
        for each in languages
    ]
    tests += [
        (each, f'address :domain :matches "From" [{_quoted(f"*.{end}" for end in _DOMAINS[each])}]')
        for each in languages
        if each in _DOMAINS
    ]
    word = "if"
    for each, test in tests if len(languages) > 1 else ():
        yield f'{word} {test} {{ set "speaks" {_text(each)}; }}'
        word = "elsif"


def _tags(language: str) -> Iterator[str]:
    """What the first language of a head may look like."""
    return (f"{language}{rest}" for rest in ("", "-*", "_*", ",*", ";*", " *"))


def _answer(mailbox: Mailbox, said: dict[str, str]) -> Iterator[str]:
    yield 'if header :matches "Subject" "*" { set "subject" "${1}"; }'
    yield "if allof ("
    yield '  not string :is "${opens0}" "",'
    yield f"  not anyof ({', '.join(f'exists {_text(each)}' for each in _LISTS)}),"
    yield '  not header :contains "Precedence" ["bulk", "junk", "list", "auto"],'
    yield '  not header :contains "X-Auto-Response-Suppress" ["All", "OOF", "AutoReply"],'
    yield '  not exists "X-Agentdesk-Loop",'
    yield '  anyof (not exists "Auto-Submitted", header :is "Auto-Submitted" "no"),'
    yield f'  not address :localpart :matches "From" [{_quoted(_MACHINES)}],'
    yield f'  not address :is "From" [{_quoted(mailbox.addresses)}]'
    yield ") {"
    for word, (language, text) in zip(chain(("if",), repeat("elsif")), said.items(), strict=False):
        yield f'{word} string :is "${{speaks}}" {_text(language)} {{'
        yield f'  vacation :days 1 :handle "{HANDLE}" :from {_text(mailbox.address)} :addresses [{_quoted(mailbox.addresses)}]'
        yield '    :subject "Re: ${subject}" text:'
        yield from (f".{line}" if line.startswith(".") else line for line in text.split("\n"))
        yield "."
        yield ";"
        yield "}"
    yield "}"


def _safe(text: str) -> str:
    """A text in which nothing is a variable's name."""
    return text.strip().replace("${", "$ {")


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(map(_text, words))


def _text(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
