"""A time that the agent types: it is said back as it is understood, before it counts.

Promises: what is no time is said so, and stays to be corrected. Refuses: knowing what the time is for.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from agentdesk import dates
from agentdesk.core.spokentime import closes_at
from agentdesk.engine.when import no_time, when
from agentdesk.screens.dialogs import Ask
from agentdesk.screens.front import Front


class Typed(NamedTuple):
    """A time, and the words that stood behind it."""

    at: datetime
    words: str


async def ask(
    home: Front,
    question: str,
    hint: str,
    *,
    ends: str = "\n",
    objects: Callable[[datetime], str] = lambda _: "",
) -> Typed | None:
    """A time; None where they leave. Behind `ends` stand words, which by default nothing that is typed can begin. `objects` says what is wrong with a time that is understood."""
    zone = home.settings.desk.tzinfo

    def meant(text: str) -> datetime:
        now = home.desk.now()
        return when(text.partition(ends)[0], now, zone, closes_at(home.desk.policy.calendar, now))

    def back(text: str) -> str:
        try:
            return f"= {dates.named(meant(text).astimezone(zone), home.desk.now().astimezone(zone))}"
        except ValueError:
            return ""

    def wrong(text: str) -> str:
        try:
            return objects(meant(text))
        except ValueError:
            return no_time(text.partition(ends)[0])

    typed = await home.doing.ask(Ask(question, hint=hint, wrong=wrong, meant=back))
    return Typed(meant(typed), typed.partition(ends)[2].strip()) if typed else None
