"""A ticket's messages as lines: who wrote, what they wrote, what became of it.

Promises: pure; what people wrote stands as it is, made terminal-safe once more; quotes and signatures are folded, never
dropped; in, out, notes and machines differ by sign, by word and by ink. Refuses: scrolling and selecting.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from rich.cells import cell_len

from agentdesk import answered, dates, excused, fate, present, rated, rulewords, trust, undelivered, unspoken
from agentdesk.core.instant import moment
from agentdesk.core.ruled import Done
from agentdesk.core.text import safe, safe_line, safe_name
from agentdesk.core.views import MessageView, OutboxRow
from agentdesk.i18n import tr, tr_n
from agentdesk.values import dataclass
from agentdesk.widgets.cells import cut, wrapped
from agentdesk.widgets.glyphs import Glyphs
from agentdesk.widgets.pane import Line
from agentdesk.widgets.people import named

WIDEST = 96
"""Longer lines are tiring to read, however wide the pane is."""
SAID_AT_MOST = 3
"""Lines of what a server said of a reply that came back."""
REPORT_AT_MOST = 3
"""Lines of a server's report that are read at once, so that the reply it is about stays in sight."""
TYPE_AT_MOST = 32
"""Cells of a file's type, so that no type hides a name."""
LONGEST = 20_000
"""Characters of one message that are laid out at once; the rest is a fold."""


@dataclass(frozen=True, slots=True)
class Look:
    """What drawing depends on: `width` in cells, `now` aware, `zone` the agent's; `channel` is the ticket's own,
    `own` are our addresses."""

    width: int
    now: datetime
    zone: tzinfo
    glyphs: Glyphs
    channel: str = ""
    own: frozenset[str] = frozenset()

    @property
    def indent(self) -> int:
        return 6 if self.width >= 60 else 2

    @property
    def measure(self) -> int:
        return min(WIDEST, self.width - self.indent)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message's text; `kind`: text, quote, signature or rest."""

    kind: str
    text: str


def pieces(message: MessageView) -> list[Piece]:
    """The text of a message, in order, its folds told apart; what is longer than `LONGEST`, or a report, ends in a fold."""
    found: list[Piece] = []
    at = 0
    for start, stop, kind in message.folds:
        if start > at:
            found.append(Piece("text", message.text[at:start]))
        found.append(Piece(kind, message.text[start:stop]))
        at = stop
    found.append(Piece("text", message.text[at:]))
    if message.first is not None:
        found.append(Piece("first", message.first))
    if message.unchanged is not None and (tried := message.versions[-1].text):
        found.append(Piece("tried", tried))
    found = [Piece(each.kind, text) for each in found if (text := _trimmed(safe(each.text)))]
    is_report = message.mail_class == "bounce"
    short: list[Piece] = []
    for each in found:
        most = min(LONGEST, _end_of_lines(each.text, REPORT_AT_MOST)) if is_report else LONGEST
        if each.kind == "text" and len(each.text) > most:
            short += [Piece("text", each.text[:most].rstrip()), Piece("rest", _trimmed(each.text[most:]))]
        else:
            short.append(each)
    return short


def _end_of_lines(text: str, count: int) -> int:
    """Where the first `count` lines of a text end."""
    return len("\n".join(text.split("\n", count)[:count]))


def _trimmed(text: str) -> str:
    """Without blank lines at the ends; the first line keeps its indentation."""
    lines = text.rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(lines)


def block(
    message: MessageView, look: Look, *, unfolded: bool, sending: OutboxRow | None = None
) -> list[Line]:
    """All lines of one message, its heading first."""
    lines = [_heading(message, look, sending), *_copies(message, look)]
    space = " " * look.indent
    if told := _told(message):
        said = wrapped(told, look.measure - 2)[:SAID_AT_MOST]
        lines += [((f"{space}! {text}", "warn"),) for text in said]
    if message.junk:
        text = tr("lies in the mailbox's Junk folder")
        lines += [((f"{space}! {line}", "warn"),) for line in wrapped(text, look.measure - 2)]
    for doubt in (*trust.doubts(message), *trust.links(message)):
        lines += [((f"{space}! {text}", "warn"),) for text in wrapped(doubt, look.measure - 2)]
    if settled := excused.settled(message.settled):
        sign = "" if look.glyphs.speaks else f"{look.glyphs.good} "
        lines += [((f"{space}{sign}{text}", "good"),) for text in wrapped(settled, look.measure - 2)]
    if message.erased:
        lines.append(((space + present.erased(), "dim"),))
    lines += [*_since(message, look), *_answers(message, look)]
    for each in pieces(message):
        lines += _text(message, each, look, unfolded=unfolded)
    if message.transcript:
        heard = tr("heard by a machine: {text}").format(text=safe(message.transcript))
        lines += [((space + line, "machine"),) for line in wrapped(heard, look.measure)]
    if message.reactions:
        signs = "  ".join(f"{safe_line(sign)} {safe_line(by)}".strip() for by, sign in message.reactions)
        lines.append(((space + cut(signs, look.measure, look.glyphs.more), "mark"),))
    if message.score:
        lines.append(((space + cut(rated.score(message.score), look.measure, look.glyphs.more), "mark"),))
    for number, one in enumerate(message.attachments, 1):
        name = safe_line(one.name) or tr("(no name)")
        plays = "" if one.seconds is None else f"  {present.playing(one.seconds)}"
        kind = cut(safe_line(one.media_type), TYPE_AT_MOST, look.glyphs.more)
        rest = f"{plays}  {present.size(one.size)}  {kind}"
        name = cut(name, max(8, look.measure - cell_len(rest) - 6), look.glyphs.more)
        head = f"{space}{look.glyphs.file} {number} "
        lines.append(((head, "mark"), (name, ""), (cut(rest, look.measure, look.glyphs.more), "dim")))
    return lines


def ruled(
    done: Sequence[Done], message: MessageView, messages: Sequence[MessageView], look: Look
) -> Iterator[Line]:
    """What rules did, or could not do, after `message` and before the next one: a line each, in order."""
    at = next((n for n, each in enumerate(messages) if each.id == message.id), 0)
    ends = messages[at + 1].received_at if at + 1 < len(messages) else None
    for each in reversed(done):
        if each.at < message.received_at or (ends is not None and each.at >= ends):
            continue
        sign, ink = (look.glyphs.bad, "bad") if each.is_fault else (look.glyphs.machine, "machine")
        time = f"{moment(each.at).astimezone(look.zone):%H:%M} "
        name = tr("rule {name}").format(name=safe_line(each.rule))
        text = f"{sign} {name}: {safe_line(rulewords.line(each))}"
        first, *rest = wrapped(text, max(8, min(WIDEST, look.width - len(time) - 1)))
        yield ((time, "dim"), (first, ink))
        yield from (((f"{' ' * len(time)}  {line}", ink),) for line in rest)


def _since(message: MessageView, look: Look) -> Iterator[Line]:
    """What became of the text since it was written."""
    space, channel = " " * look.indent, present.channel(look.channel or "email")
    for words in filter(
        None, (undelivered.unchanged(message, channel), undelivered.asking(message, channel))
    ):
        yield from (((f"{space}! {line}", "warn"),) for line in wrapped(words, look.measure - 2))
    ours = message.is_ours
    for at, text in (
        (message.edited_at, tr("edited at {time}")),
        (message.reworded_at, tr("edited after the answer: {time}")),
        (message.crossed_at, tr("came in after the answer was written: {time}")),
        (message.part_withdrawn_at, tr("a part of it was taken back at {time}")),
        (
            message.withdrawn_at,
            tr("taken back by us at {time}") if ours else tr("taken back by its author at {time}"),
        ),
    ):
        if at is not None:
            time = f"{moment(at).astimezone(look.zone):%H:%M}"
            yield ((space + cut(text.format(time=time), look.measure, look.glyphs.more), "dim"),)


def _answers(message: MessageView, look: Look) -> Iterator[Line]:
    """Which message it answers, where that is not plain."""
    if message.answers is None:
        return
    say = answered.sentence if look.glyphs.speaks else answered.named
    sign = f"{look.glyphs.answers} " if look.glyphs.answers else ""
    text = sign + say(message.answers, message.received_at, look.zone)
    yield ((" " * look.indent + cut(text, look.measure, look.glyphs.more), "dim"),)


def _text(message: MessageView, piece: Piece, look: Look, *, unfolded: bool) -> Iterator[Line]:
    space = " " * look.indent
    if piece.kind == "text":
        apart = {None: "note", "party": "party"}.get(message.audience, "")
        ink = "note" if apart == "note" else "machine" if message.mail_class != "human" else ""
        ink = "dim" if message.withdrawn_at else ink
        bar = ((f"{space}{look.glyphs.bar} ", apart),) if apart else ((space, ""),)
        for line in wrapped(piece.text, look.measure - (2 if apart else 0)):
            yield (*bar, (line, ink))
        return
    sign = look.glyphs.unfolded if unfolded else look.glyphs.folded
    yield ((f"{space}{sign} {_folded(piece)}", "dim"),)
    if unfolded:
        for line in wrapped(piece.text, look.measure - 2):
            yield ((f"{space}  {line}", "dim"),)


def _folded(piece: Piece) -> str:
    n = piece.text.count("\n") + 1
    if piece.kind == "quote":
        return tr_n("quoted text ({n} line)", "quoted text ({n} lines)", n).format(n=n)
    if piece.kind == "signature":
        return tr_n("signature ({n} line)", "signature ({n} lines)", n).format(n=n)
    if piece.kind == "first":
        return tr_n("what it said first ({n} line)", "what it said first ({n} lines)", n).format(n=n)
    if piece.kind == "tried":
        return tr_n("what it was to say ({n} line)", "what it was to say ({n} lines)", n).format(n=n)
    return tr_n("the rest of the text ({n} line)", "the rest of the text ({n} lines)", n).format(n=n)


def _heading(message: MessageView, look: Look, sending: OutboxRow | None) -> Line:
    glyphs = look.glyphs
    name = safe_name(message.name or "") or safe_line((message.identity or "").partition(":")[2]) or "?"
    name = present.erased() if message.erased else name
    machine = message.mail_class != "human"
    if message.direction == "note":
        sign, ink, said = glyphs.note, "note", tr("internal note by {name}")
    elif message.is_call:
        sign, ink, said = _call(message, glyphs)
    elif message.audience == "party":
        sign, ink, said = _apart(message, glyphs)
    elif message.direction == "auto":
        sign, ink, said = glyphs.outgoing, "out", unspoken.automatic(message.class_reason)
    elif machine:
        sign, ink = (glyphs.outgoing, "out") if message.direction == "out" else (glyphs.machine, "machine")
        said = f"{present.direction('in', message.mail_class)} {glyphs.dot} {{name}}"
    elif message.direction == "out":
        sign, ink = glyphs.outgoing, "out"
        said = tr("{name} answered, from elsewhere") if message.elsewhere else tr("{name} answered")
    else:
        sign, ink, said = glyphs.incoming, "in", tr("{name} wrote")
        if other := _other_channel(message, look):
            said = tr("{name} wrote by {channel}").replace("{channel}", present.channel(other))
    time = f"{moment(message.received_at).astimezone(look.zone):%H:%M} "
    room = look.width - len(time) - 2
    is_sent = message.is_ours and not message.is_call
    state = _delivery(message, look, sending) if is_sent else ("", "")
    room -= cell_len(state[0]) + 2 if state[0] and cell_len(state[0]) < room // 2 else 0
    who = cut(said.replace("{name}", name), max(4, room), glyphs.more)
    state = (cut(state[0], max(0, look.width - len(time) - 4 - cell_len(who)), glyphs.more), state[1])
    return ((time, "dim"), (f"{sign} {who}", ink), ("  ", ""), state)


def _apart(message: MessageView, glyphs: Glyphs) -> tuple[str, str, str]:
    """(sign, ink, words) of what goes between us and a third party."""
    if message.is_ours:
        to = ", ".join(map(safe_line, message.to))
        return glyphs.outgoing, "party", tr("{name} to third party {to}").replace("{to}", to)
    if message.mail_class != "human":
        kind = present.direction(message.direction, message.mail_class)
        return glyphs.machine, "party", f"{tr('third party')} {glyphs.dot} {kind} {glyphs.dot} {{name}}"
    return glyphs.incoming, "party", tr("third party {name} wrote")


def _other_channel(message: MessageView, look: Look) -> str:
    """By what it came, where that is not the ticket's own channel; a form's messages are mails."""
    came = (message.identity or "").partition(":")[0]
    return came if look.channel and came not in {"", look.channel} and look.channel != "form" else ""


def _call(message: MessageView, glyphs: Glyphs) -> tuple[str, str, str]:
    """(sign, ink, words) of a phone call: who called, and how long it took."""
    if message.direction == "in":
        sign, ink, said = glyphs.incoming, "in", tr("{name} called")
    elif message.class_reason == "call_in":
        sign, ink, said = glyphs.outgoing, "out", tr("{name} took a call")
    else:
        sign, ink, said = glyphs.outgoing, "out", tr("{name} called the customer")
    took = "" if message.seconds is None else f" {glyphs.dot} {present.playing(message.seconds)}"
    return sign, ink, said + took


def _delivery(message: MessageView, look: Look, sending: OutboxRow | None) -> tuple[str, str]:
    """What became of a message of ours: (words, ink)."""
    glyphs = look.glyphs
    state = fate.state(message, sending)
    text = fate.waits(sending, look.now, look.zone) if sending else present.delivery(state)
    error = (sending and sending.error) or message.reason
    if state in fate.GONE:
        return f"{glyphs.good} {text}", "good"
    if state == "failed":
        why = undelivered.marked(message.error, error)
        return f"{glyphs.bad} {text}" + (f": {why}" if why else ""), "bad"
    if state == "unknown":
        return f"? {text}", "bad"
    if message.withdrawn_at:
        return text, "dim"
    return f"{glyphs.more} {text}" + (f" ({undelivered.reason(error)})" if error else ""), "warn"


def _told(message: MessageView) -> str:
    """What was said of a reply that failed or is in doubt, and does not stand in its heading."""
    if message.state == "unknown" or undelivered.has_bounced(message.error):
        return undelivered.reason(message.reason)
    return undelivered.behind(message.error, message.reason) if message.state == "failed" else ""


def _copies(message: MessageView, look: Look) -> Iterator[Line]:
    """Who else got it: only where the answer would have to think of it."""
    if message.direction == "note":
        return
    alone = len(message.to) + (0 if message.is_ours else len(message.cc)) < 2  # whoever is meant stands above
    to = [] if alone else [each for each in message.to if not _is_ours(each, look)]
    for people, words in (
        (to, tr("to {names}") if message.is_ours else tr("also to {names}")),
        ([each for each in message.cc if not _is_ours(each, look)], tr("copy to {names}")),
        (message.bcc, tr("copy that nobody sees: {names}")),
    ):
        if people:
            room = look.measure - cell_len(words.format(names=""))
            text = words.format(names=named(people, room, look.glyphs.more))
            yield ((" " * look.indent + cut(text, look.measure, look.glyphs.more), "dim"),)


def _is_ours(address: str, look: Look) -> bool:
    """One of our addresses, also with what says of which ticket a mail is."""
    local, _, domain = address.lower().rpartition("@")
    return bool(look.own & {address.lower(), f"{local.partition('+')[0]}@{domain}"})


def ruler(text: str, look: Look, ink: str) -> Line:
    """A line across with words in it."""
    text = cut(text, look.width - 8, look.glyphs.more)
    rest = max(2, min(WIDEST + look.indent, look.width) - cell_len(text) - 4)
    return ((look.glyphs.rule * 2 + " ", "rule"), (text, ink), (" " + look.glyphs.rule * rest, "rule"))


@dataclass(frozen=True, slots=True)
class Laid:
    """The lines of a whole conversation; `spans` are each message's [start, stop)."""

    lines: list[Line]
    spans: list[tuple[int, int]]


def lay(
    messages: Sequence[MessageView],
    blocks: Sequence[list[Line]],
    look: Look,
    *,
    new_since: str | None,
    dense: bool,
) -> Laid:
    """The blocks one under another, with a line for each new day and one before what is new."""
    lines: list[Line] = []
    spans: list[tuple[int, int]] = []
    day = None
    for message, each in zip(messages, blocks, strict=True):
        at = moment(message.received_at).astimezone(look.zone).date()
        if lines and not (dense and at == day):
            lines.append(())
        if at != day:
            lines += [ruler(dates.day(at, look.now.astimezone(look.zone).date()), look, "dim")]
            day = at
        if new_since is not None and message.way == "in" and message.received_at > new_since:
            lines.append(ruler(tr("new while you were writing"), look, "mark"))
            new_since = None
        spans.append((len(lines), len(lines) + len(each)))
        lines += each
    return Laid(lines, spans)
