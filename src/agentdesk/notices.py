"""Notices in words, and as the sequences by which terminals show them.

Promises: channel, number and time left, and no word of a customer unless the shop allows the subject; a sequence holds text
made safe and nothing else. Refuses: writing to a terminal.
"""

from collections.abc import Mapping
from datetime import datetime

from agentdesk import present
from agentdesk.core.notice import Happening, Notice
from agentdesk.core.text import safe_line
from agentdesk.i18n import tr, tr_n

NAME = "agentdesk"
LONGEST = 160
"""Characters of a notice; terminals cut longer ones anywhere."""
WAYS = ("osc9", "osc777", "osc99")
_BY_TERMINAL = {"iTerm.app": "osc9", "WezTerm": "osc9", "ghostty": "osc9", "rio": "osc9"}
_BY_TERM = {"xterm-kitty": "osc99", "foot": "osc777", "foot-direct": "osc777", "rxvt-unicode-256color": "osc777", "rxvt-unicode": "osc777"}  # fmt: skip


def way_of(environ: Mapping[str, str], wanted: str = "auto") -> str:
    """The sequence that this terminal understands, as far as it says who it is: osc9, osc777, osc99; "" for none."""
    term = environ.get("TERM", "")
    if wanted in WAYS:
        return wanted
    if term in {"", "dumb", "linux"}:
        return ""
    if "KITTY_WINDOW_ID" in environ:
        return "osc99"
    known = _BY_TERM.get(term) or _BY_TERMINAL.get(environ.get("TERM_PROGRAM", ""))
    return known or ("osc777" if "VTE_VERSION" in environ else "osc9")


def sequence(way: str, text: str, *, tmux: bool) -> str:
    """What has a terminal show `text`; within tmux wrapped, so that it is passed on."""
    said = safe_line(text)[:LONGEST]
    plain = {
        "osc9": f"\x1b]9;{NAME}: {said}\x07",
        "osc777": f"\x1b]777;notify;{NAME};{said.replace(';', ',')}\x07",
        "osc99": f"\x1b]99;;{NAME}: {said}\x1b\\",
    }[way]
    return through_tmux(plain) if tmux else plain


def through_tmux(sequence: str) -> str:
    """A sequence as tmux passes it on to its own terminal, where it is allowed to."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def words(notice: Notice, now: datetime, *, subject: bool = False) -> str:
    """What a notice says; `subject`: the ticket's subject too, where it is about one."""
    said = _one(notice.only, now) if notice.only else _many(notice)
    if subject and notice.only and notice.only.subject:
        said += f": {safe_line(notice.only.subject)[:60]}"
    if notice.quiet_until:
        at = notice.quiet_until - now
        said += (
            " ("
            + tr("the last one for {time}; the rest is counted").format(time=_span(at.total_seconds()))
            + ")"
        )
    return said


def _one(one: Happening, now: datetime) -> str:
    left = (one.due_at - now).total_seconds() if one.due_at else None
    text = {
        "new": tr("{channel}: new #{number}"),
        "reply": tr("{channel}: answer in #{number}"),
        "due_soon": tr("{channel}: #{number} is due soon"),
        "breached": tr("{channel}: #{number} is late"),
        "rule": tr("rule {rule}: {channel} #{number}"),
    }[one.kind].format(channel=present.channel(one.channel), number=one.number, rule=safe_line(one.rule))
    if left is None or left <= 0:
        return text
    return f"{text}, " + tr("{time} left").format(time=_span(left))


def _many(notice: Notice) -> str:
    texts = []
    for kind, n in notice.counts:
        text = {
            "new": tr_n("{n} new ticket", "{n} new tickets", n),
            "reply": tr_n("{n} new answer", "{n} new answers", n),
            "due_soon": tr_n("{n} ticket is due soon", "{n} tickets are due soon", n),
            "breached": tr_n("{n} ticket is late", "{n} tickets are late", n),
            "rule": tr_n("a rule tells of {n} ticket", "rules tell of {n} tickets", n),
        }[kind]
        texts.append(text.format(n=n))
    return ", ".join(texts)


def _span(seconds: float) -> str:
    from agentdesk import duration  # the first paint tells of nothing yet

    return duration.span(max(0.0, seconds))


def document(notice: Notice, text: str, now: datetime) -> dict[str, object]:
    """What a command is given: counts by kind; of one ticket its number, channel and the seconds left too."""
    one, counts = notice.only, dict(notice.counts)
    due = one.due_at if one else None
    found: dict[str, object] = {"rule": one.rule} if one and one.rule else {}
    return found | {
        "text": text,
        "kind": one.kind if one else ",".join(counts),
        "count": sum(counts.values()),
        "ticket": one.number if one else None,
        "channel": one.channel if one else None,
        "left_seconds": round((due - now).total_seconds()) if due else None,
    }
