"""What every verb gets: home, settings, agent and a way to speak.

Promises: nothing is read before it is asked for; a question is only asked of a terminal. Refuses: opening the
store or the network; the engine does.
"""

import os
import sys
from datetime import datetime
from functools import cached_property

from agentdesk import config, dates
from agentdesk.cli import log
from agentdesk.cli.output import Output
from agentdesk.cli.stream import Stream
from agentdesk.config import Agent, Home, Settings
from agentdesk.core.instant import moment
from agentdesk.core.text import safe_line
from agentdesk.errors import ConfigError, NotFoundError, UsageError
from agentdesk.i18n import tr, use
from agentdesk.values import dataclass


@dataclass(frozen=True, slots=True)
class Globals:
    """The global options."""

    home: str | None = None
    json: bool = False
    as_agent: str | None = None
    debug: bool = False
    no_mouse: bool = False
    reader: bool = False
    help: bool = False
    version: bool = False
    no_color: bool = False


class Context(Output):
    """`out`, `line`, `say`, `left_out` and `progress` come from Output."""

    def __init__(self, options: Globals, out: Stream, err: Stream) -> None:
        super().__init__(out, err, json_wanted=options.json)
        self.options = options
        self.json = options.json

    @cached_property
    def home(self) -> Home:
        return Home.find(self.options.home, os.environ)

    @cached_property
    def settings(self) -> Settings:
        """The configuration, written first where there is none; raises ConfigError and DiskError."""
        log.start(self.home, debug=self.options.debug)
        if self.home.is_half_restored():
            from agentdesk.engine.restoring import go_on

            go_on(self.home)
        settings = config.ensure(self.home)
        use(settings.desk.language)
        return settings

    @cached_property
    def agent(self) -> Agent:
        """Who acts: `--as`, else who was switched to, else the first agent, else the system's user."""
        agents = self.settings.agents
        if wanted := self.options.as_agent:
            if not agents:
                return Agent(safe_line(wanted))
            return known_agent(self.settings, wanted)
        try:
            chosen = self.home.agent_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            chosen = ""
        return self.settings.agent(chosen) or next(iter(agents), None) or config.system_agent()

    def local(self, at: datetime | str | None) -> str:
        """A time or a stamp of the log as a text says it: the shop's own time, "" for none. Documents keep UTC."""
        return dates.local(moment(at) if isinstance(at, str) else at, self.settings.desk.tzinfo) if at else ""

    @property
    def answers(self) -> bool:
        """Whether somebody is at the terminal who can be asked."""
        return not self.json and bool(sys.stdin and sys.stdin.isatty() and sys.stderr.isatty())

    def ask(self, question: str, default: str) -> str:
        """The answer of whoever is at the terminal; `default` where nobody is, or nothing was typed."""
        if not self.answers:
            return default
        self._err.write(f"{question} [{default}] ")
        self._err.flush()
        return sys.stdin.readline().strip() or default

    def agrees(self, question: str) -> bool:
        """Whether whoever is at the terminal says yes, in their language or in English; no where nobody is."""
        from agentdesk.core.folding import folded

        said, yes = folded(self.ask(question, tr("no"))), folded(tr("yes"))
        return said in {"yes", "y", yes, yes[0]}


def as_usage(error: ConfigError) -> UsageError:
    """A value of the command line that the configuration would not take, said in the command line's words."""
    key = str(error.values["key"]).rpartition(".")[2]
    names = {"name": "NAME", "aliases": "--alias", "command": "--secret-command", "env": "--secret-env"}
    option = names.get(key, f"--{key.replace('_', '-')}")
    return UsageError(reason=f"{option}: {error.values['reason']}")


def known_agent(settings: Settings, name: str) -> Agent:
    """The agent of that name; raises NotFoundError with the nearest name."""
    if agent := settings.agent(name):
        return agent
    guess = config.hint(name, [each.name for each in settings.agents])
    raise NotFoundError(what="agent", name=f"{name}{guess}")
