"""A web service on loopback that keeps its own truth, and does to a request what it is told to, also what no service should."""

import json
import socket
import struct
import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

CUT_BEFORE, CUT_AFTER, SILENT = "cut before", "cut after", "silent"
"""The connection is reset before the request is heard, or after it was carried out; or no answer ever comes."""


@dataclass(frozen=True)
class Answer:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Part:
    """A part of a multipart form."""

    name: str
    file: str | None
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        return json.loads(self.body) if self.body else {}

    def parts(self) -> list[Part]:
        if not self.headers.get("content-type", "").startswith("multipart/"):
            return []
        mail = message_from_bytes(
            f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode() + self.body
        )
        return [
            Part(
                str(each.get_param("name", header="content-disposition")),
                each.get_filename(),
                each.get_content_type(),
                each.get_payload(decode=True) or b"",
            )
            for each in mail.get_payload()
        ]

    def fields(self) -> dict[str, Any]:
        """What was said, as JSON, as a form or as a multipart form."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/"):
            return {p.name: p.data.decode() for p in self.parts() if p.file is None}
        if kind.startswith("application/x-www-form-urlencoded"):
            return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}
        return self.json()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is no news."""


class Service(ABC):
    """Listens from construction to `stop`. A subclass answers in `handle`; `on(part of a path, fault ...)` has the next
    requests there met by an Answer, one of the words above, or a callable that gets the request and gives an Answer. `pace` is
    how much faster it waits than it was asked to; `weather` (servers/weather.py) has a fault for any request."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self.pace = 1.0
        self.weather: Any = None
        self._faults: dict[str, list[Any]] = defaultdict(list)
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else head and body, sent apart, take 40 ms

            def do_GET(self) -> None:
                service.serve(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the library's names

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.base = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def on(self, path: str, *faults: Answer | str | Callable[[Request], Answer]) -> None:
        with self.lock:
            self._faults[path].extend(faults)

    def behave(self) -> None:
        """No more faults."""
        with self.lock:
            self._faults.clear()

    @abstractmethod
    def handle(self, request: Request) -> Answer:
        """What the service says to it."""

    def stop(self) -> None:
        self.stopping.set()
        with self.changed:
            self.changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def said(self, path: str) -> list[Request]:
        """The requests whose path holds this."""
        with self.lock:
            return [each for each in self.requests if path in each.path]

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler)
        if request is None:  # whoever asked went away in the middle
            handler.close_connection = True
            return
        fault = self._fault(request.path)
        weather = self.weather
        if weather is None:
            self._meet(handler, request, fault)
            return
        fault = weather.begins(request) or fault
        try:
            self._meet(handler, request, fault)
        finally:
            weather.ends()

    def _meet(self, handler: BaseHTTPRequestHandler, request: Request, fault: Any) -> None:
        line = handler.connection
        if fault == CUT_BEFORE:
            _cut(handler, line)
            return
        if fault == SILENT:
            self.stopping.wait(120)
            _cut(handler, line)
            return
        with self.lock:
            self.requests.append(request)
        if isinstance(fault, Answer):
            answer = fault
        else:
            answer = fault(request) if callable(fault) else self.handle(request)
        if fault == CUT_AFTER:
            _cut(handler, line)
            return
        with suppress(OSError):
            handler.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(answer.data)))
            handler.end_headers()
            handler.wfile.write(answer.data)

    def _fault(self, path: str) -> Any:
        with self.lock:
            for part, faults in self._faults.items():
                if faults and part in path:
                    return faults.pop(0)
        return None


class Between(Service):
    """Stands before another service and passes on what it hears, but for the faults that it was told."""

    def __init__(self, base: str) -> None:
        self._behind = base
        super().__init__()

    def handle(self, request: Request) -> Answer:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in {"host", "content-length", "connection", "accept-encoding"}
        }
        with httpx.Client(timeout=60, trust_env=False) as client:
            answer = client.request(
                request.method,
                self._behind + quote(request.path, safe="/%"),
                params=request.query,
                headers=headers,
                content=request.body,
            )
        kept = {"content-type", "retry-after"}
        headers = {name: value for name, value in answer.headers.items() if name in kept}
        return Answer(answer.content, answer.status_code, headers)


def _request(handler: BaseHTTPRequestHandler) -> Request | None:
    url = urlsplit(handler.path)
    query = {name: values[-1] for name, values in parse_qs(url.query, keep_blank_values=True).items()}
    length = int(handler.headers.get("content-length") or 0)
    body = handler.rfile.read(length)
    if len(body) < length:
        return None
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Request(handler.command, url.path, query, headers, body)


def _cut(handler: BaseHTTPRequestHandler, line: socket.socket) -> None:
    handler.close_connection = True
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
