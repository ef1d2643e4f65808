"""A page's conversations, read back through Meta's Conversations API.

Promises: two requests a second at most, as Meta wants; each conversation in which something happened since is read back to that
time. Refuses: remembering what was seen.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from agentdesk.channels.graph import Graph, following
from agentdesk.channels.meta import said
from agentdesk.channels.meta.said import Said

PACE = 0.5
"""Seconds from one request to the next."""
AT_ONCE, BACK = 25, 40
"""Conversations in a page; pages of one conversation that are read back at most."""
_MESSAGE = "id,created_time,from,to,message,attachments,shares"


class Talk:
    """`platform`: messenger or instagram; `us`: what Meta calls us in a conversation."""

    def __init__(
        self,
        graph: Graph,
        platform: str,
        page: str,
        us: frozenset[str],
        pause: Callable[[float], Awaitable[Any]],
    ) -> None:
        self._graph = graph
        self._platform = platform
        self._page = page
        self._us = us
        self._pause = pause

    async def since(self, edge: datetime) -> list[Said]:
        """All that was said since, oldest first; raises ChannelError."""
        found: list[Said] = []
        for conversation in await self._conversations(edge):
            found += await self._back(conversation, edge)
        return sorted(found, key=lambda each: each.at)

    async def _conversations(self, edge: datetime) -> list[str]:
        """The conversations in which something happened since, newest first."""
        found: list[str] = []
        asked: dict[str, str] = {
            "platform": self._platform,
            "fields": "id,updated_time",
            "limit": str(AT_ONCE),
        }
        while True:
            page = await self._paced(f"{self._page}/conversations", **asked)
            rows = page.get("data") or []
            found += [str(each["id"]) for each in rows if said.instant(each.get("updated_time")) >= edge]
            after = following(page)
            if not rows or not after or said.instant(rows[-1].get("updated_time")) < edge:
                return found
            asked["after"] = after

    async def _back(self, conversation: str, edge: datetime) -> list[Said]:
        """The messages of one conversation back to `edge`."""
        found: list[Said] = []
        page = (await self._paced(conversation, fields=f"messages.limit(25){{{_MESSAGE}}}")).get(
            "messages"
        ) or {}
        for _ in range(BACK):
            rows = [said.polled(each, self._us) for each in page.get("data") or []]
            found += [each for each in rows if each.at >= edge]  # newest first
            after = following(page)
            if not rows or not after or rows[-1].at < edge:
                break
            page = await self._paced(f"{conversation}/messages", fields=_MESSAGE, after=after)
        return found[::-1]

    async def _paced(self, path: str, **params: str) -> dict[str, Any]:
        await self._pause(PACE)
        return await self._graph.get(path, **params)
