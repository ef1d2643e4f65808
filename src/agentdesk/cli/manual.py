"""`manual`: the manual page, drawn from the table of verbs in the agent's language.

Promises: every command that is built is in it with all its arguments, and nothing else is; no text of ours is taken for a request
of the formatter's. Refuses: a page that somebody writes by hand, which would say tomorrow what was true today.
"""

from argparse import Namespace

from agentdesk import __version__
from agentdesk.cli.context import Context
from agentdesk.cli.parse import GLOBAL, Argument, Verb
from agentdesk.cli.verbs import VERBS
from agentdesk.errors import N_
from agentdesk.i18n import tr

STATUSES = (
    ("0", N_("done")),
    ("1", N_("failed; what happened and what to do next stands on standard error")),
    ("2", N_("wrong use, or not available yet")),
    ("3", N_("what was named is not there")),
    ("4", N_("some accounts failed, the others are done")),
    ("5", N_("busy: another agentdesk does it just now")),
)


def manual(ctx: Context, args: Namespace) -> None:
    text = page()
    ctx.out({"manual": text}, text)


def page() -> str:
    """The page as `man` reads it (man macros of groff and mandoc)."""
    built = [verb for verb in VERBS if verb.run]
    lines = [
        f'.TH AGENTDESK 1 "" "agentdesk {__version__}"',
        *_heading(tr("Name")), _plain(f"agentdesk - {tr('a help desk that lives in the terminal')}"),
        *_heading(tr("Synopsis")), r".B agentdesk", _plain(tr("[options] [command]")),
        *_heading(tr("Description")),
        _plain(tr("Without a command the console opens; ? shows its keys there, and `agentdesk keys` prints them.")),
        _plain(tr("Every command prints one JSON document with --json.")),
        *_heading(tr("Options")), *_described(GLOBAL),
    ]  # fmt: skip
    for topic in dict.fromkeys(verb.topic for verb in built):
        lines += _heading(tr(topic))
        for verb in built:
            if verb.topic == topic:
                lines += _command(verb)
    lines += _heading(tr("Exit status"))
    for status, meaning in STATUSES:
        lines += [".TP", rf".B {status}", _plain(tr(meaning))]
    return "\n".join(lines)


def _heading(title: str) -> list[str]:
    return [f".SH {_plain(title.upper())}"]


def _command(verb: Verb) -> list[str]:
    words = [each.shown for each in verb.arguments if not each.is_option]
    name = " ".join(["agentdesk", *verb.name.split(), *words])
    inner = _described(verb.arguments)
    # What belongs to a command stands further in than the command does.
    return [
        ".TP",
        rf"\fB{_plain(name)}\fR",
        _plain(tr(verb.summary)),
        *([".RS", *inner, ".RE"] if inner else []),
    ]


def _described(arguments: tuple[Argument, ...]) -> list[str]:
    lines = []
    for each in arguments:
        if each.help:
            lines += [".TP", rf"\fB{_plain(each.shown)}\fR", _plain(tr(each.help))]
    return lines


def _plain(text: str) -> str:
    """`text` as it is to be read: neither a request at the beginning of a line nor an escape within, and a hyphen that can be copied."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace("\n", " ")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped
