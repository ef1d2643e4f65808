"""The relay itself, as a process on loopback that can be killed and started again over the same file."""

import base64
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from agentdesk.relay.shelf import Shelf
from servers import free_port, until

FREELY = ("--box-rate", "100000", "--address-rate", "100000", "--keep-free", "1")
"""No rate stands in the way, nor a disk that happens to be nearly full."""


@dataclass(frozen=True)
class Box:
    """What a service and the laptop are told of a box."""

    url: str
    path: str
    pull_token: str
    verify_token: str

    @property
    def key(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Pulled:
    """One answer of `/pull`."""

    status: int
    document: dict[str, Any]

    @property
    def bodies(self) -> list[bytes]:
        return [base64.b64decode(hook["body"]) for hook in self.document["hooks"]]

    @property
    def numbers(self) -> list[int]:
        return [hook["number"] for hook in self.document["hooks"]]


class Relay:
    """`variables` are added to its environment."""

    def __init__(self, folder: Path, *options: str, variables: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.options = options or FREELY
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "relay.log"
        self.environment = {**os.environ, "AGENTDESK_HOME": str(folder), "LC_ALL": "C.UTF-8"}
        self.environment |= variables or {}
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    @property
    def file(self) -> Path:
        return self.folder / "data" / "relay.db"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def box(self, name: str = "shop") -> Box:
        """Made beside the running server, as the command line does."""
        with closing(Shelf(self.file)) as shelf:
            box, tokens = shelf.add_box(name)
        return Box(f"{self.base}/in/{box.key}", f"/in/{box.key}", tokens.pull, tokens.verify)

    def start(self) -> None:
        """Starts it, on the same port as before, and waits until it listens."""
        with self.log.open("ab") as err:
            where = ("--listen", f"127.0.0.1:{self.port}")
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agentdesk", "--json", "relay", "serve", *where, *self.options],
                env=self.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=err,
            )  # fmt: skip
        assert self.process.stdout is not None
        with self.process.stdout as out:
            line = out.readline()
        self._web = httpx.Client(timeout=60)
        assert line, self.log.read_text("utf-8")
        assert json.loads(line)["listening"] == self.base
        until(self._answers, 30)

    def _answers(self) -> bool:
        try:
            return bool(self._web.get(f"{self.base}/healthz").status_code)
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """SIGKILL: no time for a last word."""
        assert self.process is not None
        self._web.close()
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ends it as a service manager would; gives its exit status."""
        assert self.process is not None
        self.process.terminate()
        status = self.process.wait(30)
        self._web.close()
        return status

    def post(self, box: Box, body: Any, **headers: str) -> httpx.Response:
        """A service calls; `body` may be an iterator of pieces."""
        return self._web.post(f"{self.base}{box.path}", content=body, headers=headers)

    def get(self, path: str, **rest: Any) -> httpx.Response:
        return self._web.get(f"{self.base}{path}", **rest)

    def pull(self, box: Box, after: int = 0, *, token: str = "", **more: int) -> Pulled:
        headers = {"authorization": f"Bearer {token or box.pull_token}"}
        answer = self.get("/pull", params={"box": box.key, "after": after, **more}, headers=headers)
        return Pulled(answer.status_code, answer.json())

    def ack(self, box: Box, upto: int, **more: object) -> httpx.Response:
        return self._web.post(
            f"{self.base}/ack",
            params={"box": box.key, "upto": upto, **more},
            headers={"authorization": f"Bearer {box.pull_token}"},
        )

    def all_of(self, box: Box) -> list[bytes]:
        """Every body that waits, page by page."""
        found: list[bytes] = []
        after = 0
        while True:
            page = self.pull(box, after)
            found += page.bodies
            if not page.document["more"]:
                return found
            after = page.numbers[-1]

    def health(self) -> dict[str, Any]:
        return self.get("/healthz").json()
