"""The bytes of a mail, made small and shallow enough to be parsed.

Promises: a mail of any size costs a bounded amount of memory: long base64 bodies are left out of what the parser
sees and read in chunks when asked for; nesting beyond 50 levels is taken away beforehand, since the parser's time
and stack grow with it. Refuses: changing the stored bytes. Other bodies count up to 16 MiB; the rest is cut off
and said so; so is what follows the 5,000th part. Only the caller's file is read.
"""

import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentdesk.values import dataclass

LEAN_ABOVE = 1 << 20
ELIDED_ABOVE = 1 << 16
PARSED_AT_MOST = 16 << 20
DEPTH_AT_MOST = 50
PARTS_AT_MOST = 5000
CHUNK = 1 << 20
_BASE64_LINES = re.compile(rb"(?m)^(?:[A-Za-z0-9+/=]{40,4000}+\r?\n){1,4000}")
_DELIMITER = re.compile(rb"(?m)^--([^\r\n]{1,200})")
_NEST = re.compile(
    rb"(?mi)^--(?P<line>[^\r\n]{1,200}?)(?P<last>--)?[ \t]*\r?$"
    rb"|boundary(?:\*\d{0,4}\*?)?\s{0,20}=\s{0,20}(?:\"(?P<quoted>[^\"\r\n]{1,200})\"|(?P<bare>[^\s;\"]{1,200}))"
    rb"|^content-type:\s{0,20}(?P<mail>message/(?:rfc822|global|news|partial|external-body))"
)


@dataclass(slots=True)
class Source:
    """`data` is for the parser; `elided` are spans of the original that stand as `marker` lines in it."""

    data: bytes
    whole: "bytes | mmap.mmap"
    elided: list[tuple[int, int]]
    marker: bytes
    truncated: bool = False
    too_deep: bool = False

    def base64(self, payload: bytes) -> Iterator[bytes]:
        """The base64 text of a leaf in chunks, what was left out put back in."""
        if not self.elided:
            yield payload
            return
        at = 0
        for found in re.finditer(re.escape(self.marker) + rb"(\d{1,6})\.\r?\n?", payload):
            yield payload[at : found.start()]
            at = found.end()
            number = int(found[1])
            if number < len(self.elided):
                start, end = self.elided[number]
                for begin in range(start, end, CHUNK):
                    yield self.whole[begin : min(begin + CHUNK, end)]
                    _forget(self.whole, begin)
        yield payload[at:]


@contextmanager
def opened(raw: bytes | Path) -> Iterator[Source]:
    """The mail in memory or in a file, ready for the parser."""
    if isinstance(raw, bytes):
        yield _source(raw)
        return
    with raw.open("rb") as file:
        if raw.stat().st_size == 0:
            yield _source(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            yield _source(whole)


def _source(whole: "bytes | mmap.mmap") -> Source:
    source = Source(bytes(whole), whole, [], b"") if len(whole) <= LEAN_ABOVE else _lean(whole)
    if source.data[:1] in b"\r\n\xef \t":
        source.data = source.data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    source.data, cut = few_parts(source.data)
    source.truncated = source.truncated or cut
    source.data, source.too_deep = flattened(source.data)
    return source


def _lean(whole: "bytes | mmap.mmap") -> Source:
    parts: list[bytes] = []
    elided: list[tuple[int, int]] = []
    size = at = 0
    for start, end in _long_runs(whole):
        parts.append(whole[at : min(start, at + PARSED_AT_MOST)])
        size += len(parts[-1])
        elided.append((start, end))
        at = end
        if size > PARSED_AT_MOST:
            break
    parts.append(whole[at : at + PARSED_AT_MOST])
    truncated = size + len(whole) - at > PARSED_AT_MOST
    marker = b"elided"
    while any(marker in part for part in parts):
        marker += b"-%d" % len(marker)
    data = parts[0] + b"".join(b"%s%d.\n%s" % (marker, n, part) for n, part in enumerate(parts[1:]))
    return Source(data[:PARSED_AT_MOST], whole, elided, marker, truncated)


def _long_runs(whole: "bytes | mmap.mmap") -> Iterator[tuple[int, int]]:
    """Spans of at least 64 KiB of whole base64 lines."""
    at = begin = end = 0
    while found := _BASE64_LINES.search(whole, at):
        if found.start() != end or end == 0:
            if end - begin >= ELIDED_ABOVE:
                yield begin, end
            begin = found.start()
        at = end = found.end()
        _forget(whole, found.start())
    if end - begin >= ELIDED_ABOVE:
        yield begin, end


def _forget(whole: "bytes | mmap.mmap", begin: int) -> None:
    """Gives read pages of a file back to the system."""
    if isinstance(whole, mmap.mmap) and hasattr(whole, "madvise") and begin > CHUNK:
        end = begin // mmap.PAGESIZE * mmap.PAGESIZE
        start = max(0, end - 16 * CHUNK)
        whole.madvise(mmap.MADV_DONTNEED, start, end - start)


def few_parts(data: bytes) -> tuple[bytes, bool]:
    """`data` up to its 5,000th part, and whether there were more; each costs the parser as much as a mail."""
    if len(data) <= 3 * PARTS_AT_MOST or data.count(b"\n--") <= PARTS_AT_MOST:
        return data, False
    declared = {
        found["quoted"] or found["bare"] for found in _NEST.finditer(data) if found["quoted"] or found["bare"]
    }
    count = 0
    for found in _DELIMITER.finditer(data):
        count += found[1].rstrip() in declared
        if count > PARTS_AT_MOST:
            return data[: found.start()], True
    return data, False


def flattened(data: bytes) -> tuple[bytes, bool]:
    """`data` with what nests deeper than 50 made unknown to the parser, and whether there was any."""
    lower = data.lower()
    if lower.count(b"oundary") + lower.count(b"message/") <= DEPTH_AT_MOST:
        return data, False
    stack: list[bytes] = []
    inside: dict[bytes, int] = {}
    deep: list[tuple[int, int]] = []
    for found in _NEST.finditer(data):
        declared = found["quoted"] or found["bare"] or (b"" if found["mail"] else None)
        if declared is None:
            line = found["line"].rstrip()
            if line not in inside:
                continue
            while stack and stack[-1] != line:
                _leave(stack, inside)
            if found["last"]:
                _leave(stack, inside)
        elif len(stack) >= DEPTH_AT_MOST:
            deep.append(found.span("mail") if found["mail"] else found.span())
        else:
            stack.append(declared)
            inside[declared] = inside.get(declared, 0) + 1
    if not deep:
        return data, False
    out = bytearray(data)
    for start, end in deep:
        out[start:end] = b"x" * (end - start)
    return bytes(out), True


def _leave(stack: list[bytes], inside: dict[bytes, int]) -> None:
    name = stack.pop()
    inside[name] -= 1
    if not inside[name]:
        del inside[name]
