"""The raw form in which the demo's mails travel: real mails, as `compose` writes them."""

from collections.abc import Iterable
from dataclasses import replace

from agentdesk.channels.compose import compose
from agentdesk.core.model import Outgoing


def mail(out: Outgoing, headers: Iterable[tuple[str, str]] = (), html: str = "") -> bytes:
    """A whole mail with headers of its own before the others; `html` is what it says instead of `out.text`."""
    raw = compose(replace(out, text=html) if html else out)
    if html:
        raw = raw.replace(b"text/plain", b"text/html", 1)
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + raw
