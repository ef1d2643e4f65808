"""What is wrong with a configuration that can be read: where other commands would refuse it, or a part of it.

Promises: every fault with file, line, key and reason, those in force first. Refuses: what is only seen by asking a server
(`account check`), and mending anything.
"""

from agentdesk import config, present
from agentdesk.cli import rules
from agentdesk.cli.context import Context
from agentdesk.cli.desk import opened
from agentdesk.config import Account
from agentdesk.config.place import line_of
from agentdesk.config.read import text_of
from agentdesk.engine import promise
from agentdesk.engine.desk import Desk
from agentdesk.engine.rules import load
from agentdesk.engine.seek import misread_views
from agentdesk.errors import ConfigError, NoCalendarError
from agentdesk.i18n import tr, use
from agentdesk.keymap import mistakes
from agentdesk.shopfile import Problem


def of_values(ctx: Context) -> list[Problem]:
    """What is wrong with config.toml's own keys and values. Where something is, the defaults stand for it from here on, so that
    all else can be looked at in the same run; raises ConfigError for a file that is no TOML."""
    try:
        _ = ctx.settings
    except ConfigError:
        ctx.settings, found = config.looked_over(ctx.home)
        use(ctx.settings.desk.language)
        return [_problem(ctx, each) for each in found]
    return []


def in_force(ctx: Context) -> list[Problem]:
    """What no command that opens the desk would run with."""
    _, found = promise.mistakes(ctx.home, ctx.settings)
    return [_problem(ctx, each.error) for each in found if each.in_force]


def of_parts(ctx: Context, *, opens: bool) -> list[Problem]:
    """What is refused when it is asked for: keys of the console, views, rules. `opens`: the desk can be opened."""
    found = [*_keys(ctx), *(views(ctx) if opens else ())]
    loaded = load(ctx.home, ctx.settings)
    found += [each for each in loaded.problems if each.file.stem in ctx.settings.rules]
    return [*found, *rules.unknown(ctx, loaded)]


def views(ctx: Context) -> list[Problem]:
    """Views of one's own whose filter cannot be understood."""
    if not any(each.filter for each in ctx.settings.views):
        return []
    with opened(ctx) as desk:
        return of_views(ctx, desk)


def of_views(ctx: Context, desk: Desk) -> list[Problem]:
    """The same on an open desk."""
    found = misread_views(desk, ctx.settings)
    return [_here(ctx, f'views."{name}".filter', reason) for name, reason in found.items()]


def doubts(ctx: Context) -> list[Problem]:
    """What works and is hardly meant."""
    seen: dict[tuple[str, str], Account] = {}
    found = []
    for account in ctx.settings.accounts:
        other = seen.setdefault((account.channel, account.address.casefold()), account)
        if account.address and other is not account:
            text = tr(
                "the account {other} has this address too: a mail belongs to whichever has it first; keep one of them, or correct the address"
            )
            key = f'accounts."{account.name}".address'
            found.append(_here(ctx, key, text.format(other=other.name)))
    return found


def _keys(ctx: Context) -> list[Problem]:
    settings = ctx.settings
    own = [(each.name, each.key) for each in settings.views]
    return [_problem(ctx, each) for each in mistakes(settings.keys, str(ctx.home.config_file), own)]


def _problem(ctx: Context, error: ConfigError) -> Problem:
    values = error.values
    key, reason, nearest = str(values["key"]), str(values["reason"]), values.get("nearest")
    if isinstance(error, NoCalendarError):
        return _here(ctx, "desk.calendar", present.problem(error).detail, nearest)
    if "line" in values:
        return Problem(values["file"], values["line"], key, reason, nearest)
    return _here(ctx, key, reason, nearest)


def _here(ctx: Context, key: str, reason: str, nearest: str | None = None) -> Problem:
    """One of config.toml's own."""
    line = line_of(text_of(ctx.home), key)
    return Problem(ctx.home.config_file, line, key.replace('"', ""), reason, nearest)
