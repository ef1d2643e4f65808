"""Words of a command line to a verb and its arguments.

Promises: global options stand anywhere, a wrong verb, option or value is a `UsageError` that names the nearest
right one, and nothing here ends the process. Refuses: importing what a verb runs; the table (`verbs/`)
names it and `main` imports it. argparse reads the arguments; its own errors, exits and help are not used.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any, NoReturn

from agentdesk.cli.context import Globals
from agentdesk.config import hint, nearest
from agentdesk.errors import N_, UsageError
from agentdesk.i18n import tr
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Argument:
    """One positional ("number") or option ("--limit"); `options` are argparse's own words."""

    flags: tuple[str, ...]
    help: str
    choices: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_option(self) -> bool:
        return self.flags[0].startswith("-")

    @property
    def takes_value(self) -> bool:
        return self.is_option and self.options.get("action", "append") == "append"

    @property
    def shown(self) -> str:
        """How help writes it."""
        name = str(self.options.get("metavar") or self.flags[0].lstrip("-")).upper()
        if self.choices:
            name = "|".join(self.choices)
        if not self.is_option:
            many = {"*": f"[{name}]...", "+": f"{name}...", "?": f"[{name}]"}
            return many.get(str(self.options.get("nargs")), name)
        return f"{self.flags[0]} {name}" if self.takes_value else self.flags[0]


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of the contract.

    `run` is "module:function" in `agentdesk.cli`, "" for what is not built. `alone` lets the noun without a verb
    mean this one (`outbox` is `outbox list`, `lookup 5` is `lookup show 5`). `dashes`: words such as -b are values, not options.
    """

    name: str
    topic: str
    summary: str
    run: str = ""
    arguments: tuple[Argument, ...] = ()
    alone: bool = False
    dashes: bool = False


def argument(*flags: str, help: str = "", choices: Iterable[str] = (), **options: Any) -> Argument:  # noqa: A002 - argparse's word
    return Argument(flags, help, tuple(choices), options)


GLOBAL = (
    argument("--home", metavar="DIR", help=N_("everything under this directory (AGENTDESK_HOME)")),
    argument("--json", action="store_true", help=N_("exactly one JSON document")),
    argument("--as", metavar="NAME", dest="as_agent", help=N_("the agent who does it")),
    argument("--debug", action="store_true", help=N_("write more into the log")),
    argument("--no-color", action="store_true", dest="no_color", help=N_("no colours (NO_COLOR)")),
    argument(
        "--no-mouse",
        dest="no_mouse",
        action="store_true",
        help=N_("leave the mouse to the terminal (console)"),
    ),
    argument("--reader", action="store_true", help=N_("lines to be heard: for a screen reader (console)")),
    argument("--help", action="store_true", help=N_("this help")),
    argument("--version", action="store_true", help=N_("the version")),
)


def ticket_number(word: str) -> int:
    """`1042` or `#1042`."""
    digits = word.removeprefix("#")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise argparse.ArgumentTypeError(tr("{word} is not a ticket number").format(word=word))
    return int(digits)


def count(word: str) -> int:
    """A number of things, zero or more."""
    if re.fullmatch(r"-\d+", word, re.ASCII):
        raise argparse.ArgumentTypeError(tr("{word}: it cannot be less than 0").format(word=word))
    if not word.isascii() or not word.isdigit() or len(word) > 15:
        raise argparse.ArgumentTypeError(tr("{word} is not a whole number").format(word=word))
    return int(word)


def up_to(most: int) -> Callable[[str], int]:
    """The same of what is added to a time, which no number of fifteen digits can be."""

    def read(word: str) -> int:
        number = count(word)
        if number > most:
            raise argparse.ArgumentTypeError(tr("it can be {most} at most").format(most=most))
        return number

    return read


def decimal(word: str) -> float:
    """A positive number."""
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", word, re.ASCII):
        raise argparse.ArgumentTypeError(tr("{word} is not a number").format(word=word))
    return float(word)


def pair(word: str) -> tuple[str, str]:
    """`K=V`."""
    key, equals, value = word.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(tr("{word} must be written NAME=VALUE").format(word=word))
    return key, value


def pair_written(word: str) -> tuple[str, str]:
    """`K=V`, where V is sent or kept."""
    key, value = pair(word)
    return key, written(value)


def written(word: str) -> str:
    """Words that are sent or kept, made clean; the place of what would be lost of them is the error."""
    from agentdesk.core.text import clean, unsendable  # for who writes, and no other command

    at = unsendable(word)
    if at is None:
        return clean(word)
    code = ord(word[at])
    is_byte = 0xDC80 <= code <= 0xDCFF  # how Python keeps a byte that is no text
    text = (
        tr("line {line}, character {place}: the byte {code} is not UTF-8")
        if is_byte
        else (tr("line {line}, character {place}: {code} is a character that cannot be sent"))
    )
    line, place = word.count("\n", 0, at) + 1, at - word.rfind("\n", 0, at)
    shown = f"0x{code - 0xDC00:02x}" if is_byte else f"U+{code:04X}"
    raise argparse.ArgumentTypeError(text.format(line=line, place=place, code=shown))


def globals_of(words: list[str]) -> tuple[Globals, list[str]]:
    """The global options of a command line and the words that are left; raises UsageError."""
    found: dict[str, Any] = {}
    rest: list[str] = []
    waiting = iter(range(len(words)))
    known = {each.flags[0]: each for each in GLOBAL}
    for at in waiting:
        word = "--help" if words[at] == "-h" and not _says_tags(rest) else words[at]
        if word == "--":
            rest += words[at:]
            break
        name, equals, value = word.partition("=")
        option = known.get(name)
        if option is None:
            rest.append(word)
            continue
        key = str(option.options.get("dest", name.lstrip("-")))
        if not option.takes_value:
            if equals:
                raise UsageError(reason=tr("{option} takes no value").format(option=name))
            found[key] = True
            continue
        if not equals:
            following = next(waiting, None)
            value = "" if following is None else words[following]
        if not value or (not equals and value in known):
            raise UsageError(reason=tr("{option} needs a value").format(option=name))
        found[key] = value
    return Globals(**found), rest


def _says_tags(words: list[str]) -> bool:
    """After `tag 5`, -h is a tag that goes."""
    return bool(words) and words[0] == "tag"


def verb_of(words: list[str], verbs: tuple[Verb, ...]) -> tuple[Verb, list[str]]:
    """The verb that `words` begin with, and what follows it; raises UsageError with the nearest verb."""
    by_name = {verb.name: verb for verb in verbs}
    prefix = ""
    for at in range(len(words) + 1):
        following = [name for name in by_name if name.startswith(f"{prefix} ".lstrip())]
        here = by_name.get(prefix)
        if here is not None and (prefix or not words):
            return here, words[at:]
        word = words[at] if at < len(words) else None
        step = f"{prefix} {word}".strip()
        if word is not None and (step in by_name or any(name.startswith(f"{step} ") for name in following)):
            prefix = step
            continue
        alone = next((by_name[name] for name in following if by_name[name].alone), None)
        if alone is not None and prefix and _goes_on(alone, word):
            return alone, words[at:]
        raise _wrong_verb(prefix, word, following)
    raise AssertionError("a verb or an error was found before the words ended")


def _goes_on(alone: Verb, word: str | None) -> bool:
    """Whether `word` is no other verb: nothing, an option, or the number that `alone` is about (`lookup 1042`)."""
    takes_one = any(not each.is_option for each in alone.arguments)
    return word is None or word.startswith("-") or (takes_one and word.removeprefix("#").isdigit())


def _wrong_verb(prefix: str, word: str | None, following: list[str]) -> UsageError:
    depth = len(prefix.split())
    known = sorted({name.split()[depth] for name in following if len(name.split()) > depth})
    if word is None:
        text = tr("{verb} needs one of: {words}")
        return UsageError(reason=text.format(verb=prefix, words=", ".join(known)))
    if word.startswith("-"):
        return unknown_option(word, ())
    from agentdesk.cli import othernames  # for whoever mistyped, and nobody else

    text = tr("there is no command {verb}{hint}")
    guess = othernames.meant(word, following)
    ending = tr(" (did you mean {word}?)").format(word=guess) if guess else hint(word, known)
    return UsageError(reason=text.format(verb=f"{prefix} {word}".strip(), hint=ending))


def unknown_option(word: str, arguments: tuple[Argument, ...]) -> UsageError:
    """`word` is no option here; the error names the nearest one."""
    name = word.partition("=")[0]
    known = [flag for each in (*arguments, *GLOBAL) if each.is_option for flag in each.flags]
    guess = nearest(name, known)
    ending = tr(" (did you mean {word}?)").format(word=guess) if guess else ""
    return UsageError(reason=tr("there is no option {option} here{hint}").format(option=name, hint=ending))


class _Parser(argparse.ArgumentParser):
    """argparse without its exit: every complaint is a UsageError."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(reason=_translated(message.replace(_DASH, "")))


_COMPLAINTS: tuple[tuple[str, Callable[[], str]], ...] = (
    (r"the following arguments are required: (?P<names>.*)", lambda: tr("missing: {names}")),
    (r"argument (?P<name>\S+): expected .*argument.*", lambda: tr("{name} needs a value")),
    (r"argument (?P<name>\S+): ignored explicit argument .*", lambda: tr("{name} takes no value")),
    (r"argument (?P<name>\S+): not allowed with argument (?P<other>\S+)", lambda: tr("{name} and {other} cannot be used together")),
    (r"argument [a-z_]+: (?P<reason>.*)", lambda: "{reason}"),  # a name of ours, which nobody types
    (r"argument (?P<name>[^:]+): (?P<reason>.*)", lambda: tr("{name}: {reason}")),
)  # fmt: skip


def _translated(message: str) -> str:
    for pattern, template in _COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return template().format(**found.groupdict())
    return message


def arguments_of(verb: Verb, words: list[str]) -> argparse.Namespace:
    """`words` read as the arguments of `verb`; raises UsageError."""
    parser = _Parser(prog=verb.name, add_help=False, allow_abbrev=False)
    for each in verb.arguments:
        options = dict(each.options)
        if each.choices:
            options["type"] = _choice(each.choices)
        parser.add_argument(*each.flags, **options)
    found, extra = parser.parse_known_intermixed_args(_glued(verb, words))
    for word in extra:
        if word.startswith("-") and word not in {"-", "--"}:
            raise unknown_option(word, verb.arguments)
        raise UsageError(reason=tr("one word too many: {word}").format(word=word.removeprefix(_DASH)))
    for key, value in vars(found).items():
        if isinstance(value, list):
            setattr(found, key, [_bare(each) for each in value])
        else:
            setattr(found, key, _bare(value))
    return found


_DASH = "\0"  # stands before a value that begins with a dash while argparse reads; no real word can hold it


def _bare(value: Any) -> Any:
    return value.removeprefix(_DASH) if isinstance(value, str) else value


def _glued(verb: Verb, words: list[str]) -> list[str]:
    """Makes values that begin with a dash survive argparse: `--text -x` and, where `dashes`, `tag 5 -x`."""
    known = {flag: each for each in verb.arguments if each.is_option for flag in each.flags}
    result: list[str] = []
    after_option: str | None = None
    for at, word in enumerate(words):
        if after_option is not None:
            result.append(f"{after_option}={word}")
            after_option = None
            continue
        if word == "--":
            return result + [_DASH + each if each[:1] == "-" else each for each in words[at + 1 :]]
        option = known.get(word)
        following = words[at + 1] if at + 1 < len(words) else "--"
        if option is not None and option.takes_value and (following[:2] != "--" or " " in following):
            after_option = word
        elif verb.dashes and re.match(r"-[^-]", word) and word.partition("=")[0] not in known:
            result.append(_DASH + word)
        else:
            result.append(word)
    return result


def _choice(choices: tuple[str, ...]) -> Callable[[str], str]:
    """In any case: `--view ALL`."""
    in_any_case = {each.casefold(): each for each in choices}

    def read(word: str) -> str:
        meant = in_any_case.get(word.casefold())
        if meant is None:
            others = hint(word, choices) or tr(" (it can be {words})").format(words=", ".join(choices))
            text = tr("{value} cannot stand here{hint}").format(value=word, hint=others)
            raise argparse.ArgumentTypeError(text)
        return meant

    return read
