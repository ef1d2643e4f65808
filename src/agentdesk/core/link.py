"""The links of a text: where each leads, beside what it says it is.

Promises: pure and in time linear in the text; a host is the one that a browser would go to, whatever stands before an @ or is
written in letters beyond ASCII; only http, https and mailto are links. Refuses: fetching anything, and calling a link good.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from agentdesk.core.lookalike import shown, wired
from agentdesk.core.text import safe_line
from agentdesk.values import dataclass

MOST = 200
"""Links of one text that are looked at."""
SAID = 80
"""Characters of what stands before a link that count as its words."""
_ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.|\bmailto:)[^\s<>\"\ufffd]+", re.IGNORECASE)
_NAME = re.compile(r"(?:\w[\w-]*\.)+([a-z]{2,24}|xn--[\w-]+)(?![\w@-])", re.IGNORECASE)
_FILES = frozenset(
    [
        "pdf",
        "doc",
        "docx",
        "odt",
        "xls",
        "xlsx",
        "ods",
        "csv",
        "txt",
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "heic",
        "xml",
        "htm",
        "html",
        "php",
    ]
)
"""Endings that make a name a file's, not a place's."""
_AT_THE_END = ".,;:!?'’”»*_"
_DOTS = str.maketrans("。．｡", "...")


@dataclass(frozen=True, slots=True)
class Link:
    """`address` is whole, with its scheme; `said` are the words that it hides behind, "" where it stands for itself.

    `host` is where it leads, as it travels (punycode); for mailto the domain. `claims` is the place that its words name where
    it leads elsewhere; `masked` says that something before an @ looks like the place.
    """

    address: str
    said: str
    host: str
    claims: str = ""
    masked: bool = False

    @property
    def reads(self) -> str:
        """The host as people read it; the same as `host` for most."""
        return safe_line(shown(self.host))

    @property
    def is_doubtful(self) -> bool:
        return bool(self.claims or self.masked or self.reads != self.host)


@lru_cache(maxsize=256)
def links(text: str) -> tuple[Link, ...]:
    """All links of a text that has been made safe, in order, each address once."""
    found: dict[str, Link] = {}
    for link in _links(text):
        # The one with the doubtful words counts, wherever it stands.
        if link.address not in found or (link.is_doubtful and not found[link.address].is_doubtful):
            found[link.address] = link
        if len(found) >= MOST:
            break
    return tuple(found.values())


def _links(text: str) -> Iterator[Link]:
    line_from = 0
    for match in _ADDRESS.finditer(text):
        written = _ended(match[0])
        address = f"https://{written}" if written[:4].lower() == "www." else written
        host = host_of(address)
        if not host:
            continue
        around = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        is_hidden = around == ("<", ">")
        begins = max(line_from, text.rfind("\n", 0, match.start()) + 1, match.start() - SAID)
        said = text[begins : match.start() - 1].strip() if is_hidden else ""
        if is_hidden:  # its words may be written as an address themselves
            line_from = match.end() + 1
        masked = "@" in _authority(address) and not address.lower().startswith("mailto:")
        yield Link(address, safe_line(said), host, _claimed(said, host), masked)


def _ended(written: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that was opened in it belongs to it."""
    while written:
        last = written[-1]
        if last not in _AT_THE_END and not (last in ")]}" and "([{"[")]}".index(last)] not in written):
            break
        written = written[:-1]
    return written


def _authority(address: str) -> str:
    """What stands between the scheme and the path, as browsers cut it."""
    return re.split(r"[/?#]", address.partition(":")[2].replace("\\", "/").lstrip("/"), maxsplit=1)[0]


def host_of(address: str) -> str:
    """Where an address leads, as it travels; "" where it names no place."""
    if address.lower().startswith("mailto:"):
        name = unquote(address[7:].partition("?")[0].partition(",")[0]).rpartition("@")[2]
    else:
        name = re.sub(r":\d*$", "", unquote(_authority(address)).rpartition("@")[2])
    return safe_line(wired(name.translate(_DOTS).strip(" .").lower()))


def _claimed(said: str, host: str) -> str:
    """The place that the last words before a link name, where the link leads to another."""
    for name in _NAME.finditer(" ".join(said.split()[-3:]).translate(_DOTS)):
        place = wired(name[0].lower()).removeprefix("www.")
        same = host == place or host.endswith(f".{place}") or place.endswith(f".{host}")
        if name[1].lower() not in _FILES and not same:
            return safe_line(name[0])
    return ""
