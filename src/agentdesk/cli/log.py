"""The log: for whoever helps, never a place where a secret ends up.

Promises: 5 files of 1 MB, 0600, every line redacted and made safe for a terminal after it is formatted, tracebacks too. Refuses: being a reason
for a command to fail: where nothing can be written, nothing is. Several processes write to one file; each
notices when another has turned it over.
"""

import base64
import logging
import logging.handlers
import os
import re
import time
import traceback
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

from agentdesk.config import Home, make_directory
from agentdesk.core.text import safe
from agentdesk.errors import DiskError

GONE = "[redacted]"
_NAMES = r"[\w-]*(?:password|passwd|passphrase|passwort|secret|token|api[_-]?key|apikey|access[_-]?key|credential)s?"
_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), put)
    for pattern, put in (
        (r"(authorization['\"]?\s*[:=,]\s*['\"]?)[^\r\n'\"]+", rf"\1{GONE}"),
        (r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", rf"\1 {GONE}"),
        (r"/bot[^/\s'\"]+", f"/bot{GONE}"),
        (r"\b\d{6,12}:[\w-]{30,}", GONE),
        (r"(\w://[^\s/:@'\"]*:)[^\s/@'\"]+@", rf"\1{GONE}@"),
        (r"(\b" + _NAMES + r"['\"]?\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&'\"})\]]+)", rf"\1{GONE}"),
        (r"(\blogin\s+(?:\"[^\"]*\"|\S+)\s+)(\"(?:[^\"\\]|\\.)*\"|\S+)", rf"\1{GONE}"),
        (r"(\bauth(?:enticate)?\s+(?:plain|login|xoauth2)\s+)\S+", rf"\1{GONE}"),
    )
)


def redact(text: str) -> str:
    """`text` without the secrets that this process has read and without what looks like one."""
    from agentdesk import secret

    for value in sorted(secret.known(), key=len, reverse=True):
        if len(value) >= 4:
            for form in _forms(value):
                text = text.replace(form, GONE)
        elif value:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", GONE, text)
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return text


def _forms(value: str) -> tuple[str, ...]:
    """A secret as it is, in an address, in a repr, and in base64."""
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return value, quote(value, safe=""), repr(value)[1:-1], encoded


class _Formatter(logging.Formatter):
    """One record a line: what further lines it has are indented, so that no text passes for another record."""

    def format(self, record: logging.LogRecord) -> str:
        return safe(redact(super().format(record))).replace("\n", "\n    ")


class _Handler(logging.handlers.RotatingFileHandler):
    """Opens 0600, and opens anew where another process has turned the file over."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream is not None:
            try:
                moved = Path(self.baseFilename).stat().st_ino != os.fstat(self.stream.fileno()).st_ino
            except OSError:
                moved = True
            if moved:
                self.stream.close()
                self.stream = None  # as RotatingFileHandler itself does
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """A full disk must not print a traceback over somebody's table."""


def start(home: Home, *, debug: bool) -> None:
    """Writes the log of this process to `home`; harmless where it cannot. Calling again changes the place."""
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(handler)
        handler.close()
    try:
        make_directory(home.log)
    except DiskError:
        return
    _begin(_Handler(home.log_file, maxBytes=1_000_000, backupCount=4, delay=True), debug=debug)


def aloud(*, debug: bool) -> None:
    """Writes the log of this process to stderr: a server's, which its service manager keeps."""
    _begin(logging.StreamHandler(), debug=debug)


def _begin(handler: logging.Handler, *, debug: bool) -> None:
    line = "%(asctime)s.%(msecs)03dZ %(process)d %(levelname)s %(name)s: %(message)s"
    formatter = _Formatter(line, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    for name in ("httpx", "httpcore", "imapclient", "aiosmtplib", "keyring", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


def trouble(error: BaseException) -> None:
    """Writes the traceback of `error`, redacted."""
    logging.getLogger("agentdesk").error("%s", "".join(traceback.format_exception(error)))
