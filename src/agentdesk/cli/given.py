"""What was given on the command line to write with: a text, files, addresses, a time, a message by its name.

Promises: whatever cannot be meant is a UsageError that says which word it was. Refuses: reading anything else than it was told to.
"""

import mimetypes
import sys
from argparse import ArgumentTypeError, Namespace
from datetime import datetime
from io import BytesIO

from agentdesk.cli.context import Context
from agentdesk.cli.parse import written
from agentdesk.cli.place import FILE, place
from agentdesk.config.checks import mail_address
from agentdesk.core.figures import Period
from agentdesk.core.model import OutFile
from agentdesk.core.period import PeriodError, period
from agentdesk.core.spokentime import closes_at
from agentdesk.core.text import safe_line
from agentdesk.core.views import MessageView
from agentdesk.engine.desk import Desk
from agentdesk.engine.when import no_time, when
from agentdesk.engine.window import Window
from agentdesk.errors import N_, NotFoundError, UsageError
from agentdesk.i18n import tr

_STRETCHES = N_("2026-11-01, 2026-10, today, yesterday, this week, last month, 7d, 12h")
ALL = 1 << 40
"""So many messages no ticket has."""


def gives_text(args: Namespace) -> bool:
    """Whether a text is given by --text, --file or standard input; raises UsageError for two, since one would be left out."""
    if args.stdin not in {None, "-"}:
        raise UsageError(reason=tr("one word too many: {word}").format(word=args.stdin))
    said = {"--text": args.text, "--file": args.file, "-": args.stdin}
    ways = [way for way, word in said.items() if word is not None]
    if len(ways) > 1:
        raise UsageError(
            reason=tr("{name} and {other} cannot be used together").format(name=ways[0], other=ways[1])
        )
    return bool(ways)


def text_of(args: Namespace) -> str:
    """The text that is given; raises UsageError where there is none."""
    if not gives_text(args):
        raise UsageError(reason=tr("give the text with --text, --file or -"))
    text: str = _read(args.file) if args.text is None else args.text
    if not text.strip():
        raise UsageError(reason=tr("the text is empty"))
    return text


def _read(name: str | None) -> str:
    """The text of a file, or of standard input; raises UsageError where a part of it cannot be sent."""
    piped = sys.stdin.buffer if sys.stdin else BytesIO()  # there is none where the shell has closed it
    try:
        data = piped.read() if name is None else place(name).read_bytes()
        return written(data.decode("utf-8", "surrogateescape"))
    except OSError as error:
        raise _unread(name or "-", error) from None
    except ArgumentTypeError as error:
        raise UsageError(reason=f"{name or '-'}: {error}") from None


def named(messages: list[MessageView], word: str) -> str:
    """A message by its id, a unique beginning of it, or its place in the ticket (1 is the oldest)."""
    if word.isdigit() and 1 <= int(word) <= len(messages):
        return messages[int(word) - 1].id
    found = [each.id for each in messages if each.id == word] or [
        e.id for e in messages if e.id.startswith(word)
    ]
    return found[0] if len(found) == 1 else word


def messages_of(window: Window, number: int, word: str | None) -> list[MessageView]:
    """All messages of a ticket, or the one of that name; raises NotFoundError."""
    messages = window.messages(window.ticket(number).row.id, limit=ALL)
    if word is None:
        return messages
    wanted = named(messages, word)
    found = [each for each in messages if each.id == wanted]
    if not found:
        raise NotFoundError(what="message", name=word)
    return found


def address(text: str) -> str:
    """An address as somebody typed it; raises UsageError for what is none."""
    try:
        return mail_address(text).lower()
    except ValueError as error:
        raise UsageError(reason=f"--to {safe_line(text)}: {error}") from None


def when_of(ctx: Context, desk: Desk, text: str) -> datetime:
    """A time as people type it; raises UsageError."""
    try:
        now = desk.now()
        return when(text, now, ctx.settings.desk.tzinfo, closes_at(desk.policy.calendar, now))
    except ValueError:
        raise UsageError(reason=no_time(text)) from None


def period_of(ctx: Context, now: datetime, since: str | None, until: str | None) -> Period:
    """A stretch of the past as people type it, its last day within; raises UsageError."""
    try:
        return period(since, until, now, ctx.settings.desk.tzinfo)
    except PeriodError as error:
        if error.reason == "turned":
            raise UsageError(reason=tr("the period ends before it begins, or has not begun yet")) from error
        text = tr('"{word}" is no time; write for example {examples}')
        raise UsageError(reason=text.format(word=safe_line(error.word), examples=tr(_STRETCHES))) from error


def file(path: str) -> OutFile:
    """A file to attach, read whole; raises NotFoundError where there is none, UsageError where it cannot be read."""
    found = place(path)
    try:
        data = found.read_bytes()
    except OSError as error:
        raise _unread(path, error) from None
    media_type = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return OutFile(safe_line(found.name), media_type, data)


def _unread(path: str, error: OSError) -> NotFoundError | UsageError:
    if isinstance(error, FileNotFoundError):
        return NotFoundError(what=FILE, name=path)
    return UsageError(reason=f"{path}: {error.strerror or error}")
