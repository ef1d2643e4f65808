"""telegram-test-api on loopback: somebody else's idea of Telegram's Bot API, where it and ours (telegram.py) overlap.

It gives each update once, waits for nothing and knows eight methods (research in channels.md, 4.5): a second opinion on the shape
of what is said, not on the queue's rules. `make telegram` brings it, in the versions of its lock file.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

from servers import free_port, lacking, until

FOLDER = Path(__file__).parents[2] / ".cache" / "telegram-test-api"
TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK"
PROGRAM = """
const Server = require("telegram-test-api");
new Server({ port: Number(process.argv[1]), host: "127.0.0.1" }).start().then(() => console.log("it listens"));
"""


class TelegramTestApi:
    """One server, for one bot."""

    token = TOKEN

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None or not (FOLDER / "ready").exists():
            lacking("telegram-test-api is not there: make telegram (needs node and npm)")
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self._web = httpx.Client(base_url=self.base, trust_env=False)
        self._process = subprocess.Popen(
            [str(node), "-e", PROGRAM, str(port)],
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"it listens\n"

    def writes(self, person: int, text: str, at: int) -> None:
        """Somebody writes to the bot."""
        names = {"id": person, "first_name": f"Maria {person}"}
        message = {
            "botToken": self.token, "text": text, "date": at,
            "from": {**names, "is_bot": False}, "chat": {**names, "type": "private"},
        }  # fmt: skip
        self._web.post("/sendMessage", json=message).raise_for_status()

    def heard(self, person: int) -> list[str]:
        """What the bot has said to somebody since the last time."""
        asked = {"token": self.token, "chatId": person}
        answer: dict[str, Any] = self._web.post("/getUpdates", json=asked).json()
        return [each["message"]["text"] for each in answer["result"]]

    def stop(self) -> None:
        self._web.close()
        self._process.terminate()
        until(lambda: self._process.poll() is not None)
        if self._process.stdout is not None:
            self._process.stdout.close()
