"""The command line's frame: from words to an exit status.

Promises: one JSON document or plain text on stdout, every error as title, detail and remedy (or one JSON
object) on stderr with stdout empty, and the exit statuses of the contract; no traceback ever reaches a
person. Refuses: importing a verb before it is called: `--version` knows neither network, store nor screen.
"""

from __future__ import annotations

import errno
import gc
import os
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from typing import TYPE_CHECKING, TextIO, cast

from agentdesk.cli.context import Context, Globals
from agentdesk.cli.output import as_json
from agentdesk.cli.stream import Stream, streams
from agentdesk.errors import INTERRUPTED, N_, DeskError, DiskError, NotAvailableError, UsageError
from agentdesk.i18n import from_environment, use

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from agentdesk.cli.parse import Verb

COLLECTED_AFTER = 20_000
"""New objects after which garbage is looked for: mail makes many that are dropped at once, and hardly any circles."""


class BugError(DeskError):
    """What nobody foresaw. Values: kind (the exception's name), log (the file)."""

    code = "bug"
    title = N_("agentdesk made a mistake")
    detail = N_("Something unexpected happened ({kind}). Nothing that was stored is lost.")
    remedy = N_("Run it again with --debug and report what {log} says.")


def main(words: list[str]) -> int:
    """Runs one command line; returns its exit status and never raises."""
    out, err = streams()
    with redirect_stdout(cast("TextIO", out)), redirect_stderr(cast("TextIO", err)):
        status = _said(words, out, err)
        _close(out, err)
    return status


def _said(words: list[str], out: Stream, err: Stream) -> int:
    context = Context(Globals(json="--json" in _before_dashes(words)), out, err)
    use(from_environment(os.environ))
    try:
        try:
            if words:
                from agentdesk.cli.parse import globals_of

                options, words = globals_of(words)
                context = Context(options, out, err)
            status = _run(context, words)
            context.flush()
        except DeskError as error:
            _report(error, context.json, err)
            status = error.exit_status
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        status = 0  # whoever read us has read enough
    except Exception as error:  # noqa: BLE001 - the last place that can say it in words
        status = _unforeseen(error, context, err)
    return status


def _before_dashes(words: list[str]) -> list[str]:
    return words[: words.index("--")] if "--" in words else words


def _run(context: Context, words: list[str]) -> int:
    options = context.options
    if options.version:
        from agentdesk import __version__

        context.out({"version": __version__}, f"agentdesk {__version__}")
        return 0
    from agentdesk import config

    use(config.language_of(context.home, os.environ))
    if not words and not options.help:  # the console, without the table of verbs and what reads arguments
        from agentdesk.cli.console import console

        console(context)
        return 0
    from agentdesk.cli.parse import arguments_of, verb_of
    from agentdesk.cli.verbs import VERBS

    if options.help:
        from agentdesk.cli.help import help_of

        text = help_of(words, VERBS)
        context.out({"help": text}, text)
        return 0
    verb, rest = verb_of(words, VERBS)
    if not verb.run:
        raise _not_available(verb)
    try:
        arguments = arguments_of(verb, rest)
        function = function_of(verb)
        gc.freeze()
        gc.set_threshold(COLLECTED_AFTER, 20, 20)
        gc.enable()
        return function(context, arguments) or 0
    except UsageError as error:
        error.values["verb"] = f"{verb.name} ".lstrip()
        raise


def function_of(verb: Verb) -> Callable[[Context, Namespace], int | None]:
    """What runs `verb`; raises NotAvailableError where nothing does yet."""
    from importlib.util import find_spec

    module, _, name = verb.run.partition(":")
    path = f"agentdesk.cli.{module}"
    found = getattr(import_module(path), name, None) if module and find_spec(path) else None
    if found is None:
        raise _not_available(verb)
    return cast("Callable[[Context, Namespace], int | None]", found)


def _not_available(verb: Verb) -> NotAvailableError:
    return NotAvailableError(what=f"`{f'agentdesk {verb.name}'.strip()}`")


def _report(error: DeskError, json_wanted: bool, err: Stream) -> None:
    from agentdesk.cli.log import redact
    from agentdesk.present import problem

    said = problem(error)
    title, detail, remedy = (redact(text) for text in (said.title, said.detail, said.remedy))
    if json_wanted:
        document: dict[str, object] = {
            "code": said.code,
            "title": title,
            "detail": detail,
            "remedy": remedy,
        }
        if several := error.values.get("problems"):
            document["problems"] = [
                {key: redact(value) if isinstance(value, str) else value for key, value in each.items()}
                for each in several
            ]
        err.write(as_json(document) + "\n")
    else:
        err.write("\n".join(text for text in (title, detail, remedy) if text) + "\n")
    err.flush()


def _unforeseen(error: Exception, context: Context, err: Stream) -> int:
    """A full disk is said as such; the rest is a mistake of ours, its traceback in the log with --debug."""
    full = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
    said: DeskError
    try:
        if isinstance(error, OSError) and error.errno in full:
            said = DiskError(path=error.filename or "stdout", reason=error.strerror)
        else:
            from agentdesk.cli import log

            said = BugError(kind=type(error).__name__, log=context.home.log_file)
            if context.options.debug:
                log.start(context.home, debug=True)
                log.trouble(error)
        _report(said, context.json, err)
    except Exception:  # noqa: BLE001 - not even stderr takes it
        return 1
    return said.exit_status


def _close(out: Stream, err: Stream) -> None:
    """Nothing may complain when the interpreter flushes what a closed pipe did not take."""
    for stream in (out, err):
        try:
            stream.flush()
        except (OSError, ValueError):
            try:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            except (OSError, ValueError):
                continue
