"""The lines of a soak that speak to Meta: pages that are asked again and again, and WhatsApp's Cloud API behind a real relay."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from engine.lines import Line
from servers import meta
from servers.relay import Relay
from servers.weather import Weather
from servers.web import Answer, Between, Request, Service


def _graph(line: Line, service: Service, seed: str, **more: Any) -> Weather:
    def too_many(seconds: int) -> Answer:
        return Answer({"error": {"message": "rate limit", "code": 613}}, 429, {"Retry-After": str(seconds)})

    def expired(words: str) -> Answer:
        return meta.error(190, f"Error validating access token {words}", 401)

    return Weather(service, seed, too_many=too_many, expired=expired, files=("/cdn/", "/lookaside/"),
        no_file=(500, 429, 503), secret=line.secret, tick=line.tick,
                   **more)  # fmt: skip


class PageLine(Line):
    """A page on Messenger, or an Instagram account, asked again and again."""

    def __init__(self, name: str, seed: int, now: Callable[[], datetime], pace: float, channel: str) -> None:
        self.fake = meta.Meta()
        super().__init__(name, self.fake, seed, now, pace)
        self.channel = channel
        self.options = {"way": "poll", "base_url": self.fake.base, "page_id": meta.PAGE}

    def under(self, service: Service, seed: str) -> Weather:
        return _graph(self, service, seed)

    @property
    def secret(self) -> str:
        return meta.TOKEN

    def tick(self) -> None:
        self.fake.now = self.now()

    def _writes(self, person: int, text: str) -> None:
        more = {}
        if self.random.random() < 0.2:
            self.files += 1
            name = f"p{len(self.fake.media)}"
            self.fake.media[name] = text.encode()
            picture = {
                "id": "1",
                "mime_type": "image/jpeg",
                "name": "foto.jpg",
                "image_data": {"url": f"{self.fake.base}/cdn/{name}"},
            }
            more["attachments"] = {"data": [picture]}
        self.fake.talks_to(f"700000{person}", text, **more)

    def _phones(self, text: str) -> bool:
        self.fake.talks_to(f"700000{self.person()}", text, by_us=True)
        return True

    def taken(self) -> Counter[str]:
        with self.fake.lock:
            return Counter(each["message"].get("text", "") for each in self.fake.taken)


class CloudLine(Line):
    """WhatsApp's Cloud API behind a real relay. Meta calls until it is answered, in any order, and more than once."""

    channel = "whatsapp"

    def __init__(self, name: str, seed: int, now: Callable[[], datetime], pace: float, folder: Path) -> None:
        self.fake = meta.Meta()
        super().__init__(name, self.fake, seed, now, pace)
        self.relay = Relay(folder)
        self.box = self.relay.box()
        self.door = _Door(self.relay.base, pace)
        self.weathers.append(
            Weather(
                self.door, f"{seed} {name} relay", too_many=lambda n: Answer({"error": "rate"}, 429, {"Retry-After": str(n)}),
                expired=lambda words: Answer({"error": f"no such token {words}"}, 401), secret=self.box.pull_token,
            )
        )  # fmt: skip
        self.options = {
            "way": "cloud", "relay": f"{self.door.base}{self.box.path}", "phone_id": meta.PHONE, "business_id": meta.BUSINESS,
            "base_url": self.fake.base,
        }  # fmt: skip
        self._bodies: list[tuple[bytes, dict[str, str]]] = []
        self._told = 0
        self._ended = threading.Event()
        self._caller = threading.Thread(target=self._calls, daemon=True)
        self._caller.start()

    def under(self, service: Service, seed: str) -> Weather:
        return _graph(self, service, seed)

    @property
    def secret(self) -> str:
        if not hasattr(self, "box"):
            return meta.TOKEN
        return json.dumps(
            {"token": meta.TOKEN, "app_secret": meta.APP_SECRET, "relay_token": self.box.pull_token}
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        return (meta.TOKEN, meta.APP_SECRET, self.box.pull_token)

    def tick(self) -> None:
        self.fake.now = self.now()

    def _writes(self, person: int, text: str) -> None:
        who = f"3461000000{person}"
        if self.random.random() < 0.2:
            self.files += 1
            name = self.fake.a_file(text.encode())
            self._happens(self.fake.whatsapp(who, "image", id=name, mime_type="image/jpeg", caption=text))
        else:
            self._happens(self.fake.whatsapp(who, body=text))

    def _phones(self, text: str) -> bool:
        self._happens(self.fake.whatsapp(f"3461000000{self.person()}", echo=True, body=text))
        return True

    def _happens(self, webhook: dict[str, Any]) -> None:
        with self.fake.lock:
            self._bodies += [meta.signed(webhook)] * self.random.choice((1, 1, 1, 2, 3))

    def _calls(self) -> None:
        """Meta: what happened, and what became of our messages, until the relay has said yes."""
        chance = random.Random(f"{self.name} calls")
        while not self._ended.wait(0.02):
            with self.fake.lock:
                for each in self.fake.taken[self._told :]:
                    name = {"biz_opaque_callback_data": each["biz_opaque_callback_data"]}
                    for state in chance.sample(("sent", "delivered", "read"), 3):
                        self._happens(self.fake.status(each["_id"], each["to"], state, **name))
                self._told = len(self.fake.taken)
                bodies, self._bodies = self._bodies, []
            chance.shuffle(bodies)
            for body, headers in bodies:
                while not self._ended.is_set():
                    try:
                        if self.relay.post(self.box, body, **headers).status_code == 200:
                            break
                    except httpx.TransportError:
                        continue

    def taken(self) -> Counter[str]:
        with self.fake.lock:
            return Counter(each["text"]["body"] for each in self.fake.taken)

    def stop(self) -> None:
        self._ended.set()
        self._caller.join(10)
        super().stop()
        self.door.stop()
        self.relay.stop()


class _Door(Between):
    """The way to the relay, which waits in its own time."""

    def __init__(self, base: str, pace: float) -> None:
        super().__init__(base)
        self.pace = pace

    def handle(self, request: Request) -> Answer:
        if "wait" in request.query:
            request.query["wait"] = str(int(float(request.query["wait"]) / self.pace))
        return super().handle(request)
