"""The eight accounts of a soak: for each a service on loopback that keeps its own truth, its weather, and the people who write there.

A line says what was written to us (`said`), what somebody answered on the telephone (`phoned`) and what the service took of
ours (`taken`), by text: each text is there once.
"""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from agentdesk.config import Account, SecretPlace
from servers import matrix, telegram, twilio
from servers.weather import Weather
from servers.web import Answer, Service

PEOPLE = 4


class Line(ABC):
    """One account; the last of its `weathers` hangs over what is asked all the time. `tells`: the service says afterwards what it took, so that no doubt is left. `secrets` are what nobody may ever
    read anywhere."""

    channel = ""
    options: dict[str, object]
    tells = True
    address = "vimet"

    def __init__(
        self, name: str, service: Service, seed: int, now: Callable[[], datetime], pace: float
    ) -> None:
        self.name, self.service, self.now = name, service, now
        self.random = random.Random(f"{seed} {name} people")
        self.said: Counter[str] = Counter()
        self.phoned: Counter[str] = Counter()
        self.files = 0
        service.pace = pace
        self.weathers = [self.under(service, f"{seed} {name}")]

    @abstractmethod
    def under(self, service: Service, seed: str) -> Weather:
        """The weather that hangs over the service."""

    @property
    @abstractmethod
    def secret(self) -> str:
        """What the account logs in with."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.secret,)

    @property
    def account(self) -> Account:
        return Account(
            id=self.name, name=self.name, channel=self.channel, address=self.address,
            secret=SecretPlace("env", f"AGENTDESK_SOAK_{self.name.upper()}"), options=self.options,
        )  # fmt: skip

    def person(self) -> int:
        return self.random.randrange(PEOPLE)

    def writes(self, text: str) -> None:
        """A customer writes to us."""
        with self.service.lock:
            self.tick()
            self._writes(self.person(), text)
            self.said[text] += 1

    def phones(self, text: str) -> bool:
        """Somebody answers in the service's own app; False where the service does not tell of it."""
        with self.service.lock:
            self.tick()
            tells = self._phones(text)
            if tells:
                self.phoned[text] += 1
        return tells

    def disturbs(self) -> None:  # noqa: B027 - most services never do
        """The service says again what it has said before."""

    @abstractmethod
    def _writes(self, person: int, text: str) -> None:
        """That person writes it to the service."""

    def _phones(self, text: str) -> bool:
        return False

    @abstractmethod
    def taken(self) -> Counter[str]:
        """What the service took of ours."""

    @abstractmethod
    def tick(self) -> None:
        """The service's clock goes on."""

    def stop(self) -> None:
        self.service.stop()


class TelegramLine(Line):
    channel, tells = "telegram", False

    def __init__(self, name: str, seed: int, now: Callable[[], datetime], pace: float) -> None:
        service = telegram.Telegram(
            seed, f"48395748{seed % 100:02}:AAFD39kkdpWt3ywyRZer{name[-1] * 4}OLMaJhac60qcK"
        )
        self.fake = service
        super().__init__(name, service, seed, now, pace)
        self.options = {"base_url": service.base}

    def under(self, service: Service, seed: str) -> Weather:
        def expired(words: str) -> Answer:
            return Answer({"ok": False, "error_code": 401, "description": f"Unauthorized: {words}"}, 401)

        return Weather(service, seed, too_many=telegram.too_many, expired=expired, files=("/file/bot",), secret=self.secret,
                       tick=self.tick)  # fmt: skip

    @property
    def secret(self) -> str:
        return self.fake.token

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.fake.token, self.fake.token.partition(":")[2])

    def tick(self) -> None:
        self.fake.now = self.now().timestamp()

    def _writes(self, person: int, text: str) -> None:
        if self.random.random() < 0.2:
            self.files += 1
            photo = [self.fake.a_file(text.encode(), width=1, height=1)]
            self.fake.writes(7000 + person, "", photo=photo, caption=text)
        else:
            self.fake.writes(7000 + person, text)

    def disturbs(self) -> None:
        self.fake.rewind()

    def taken(self) -> Counter[str]:
        with self.fake.lock:
            return Counter(each.text for each in self.fake.sent)


class TwilioLine(Line):
    """`wa`: the number is with WhatsApp."""

    def __init__(self, name: str, seed: int, now: Callable[[], datetime], pace: float, *, wa: bool) -> None:
        self.fake = twilio.Twilio(wa=wa)
        super().__init__(name, self.fake, seed, now, pace)
        self.channel = "whatsapp" if wa else "sms"
        self.options = {"base_url": self.fake.base, "account_sid": twilio.SID, "number": twilio.OURS}
        if wa:
            self.options["way"] = "twilio"

    def under(self, service: Service, seed: str) -> Weather:
        def too_many(seconds: int) -> Answer:
            return Answer({"code": 20429, "message": "Too many"}, 429, {"Retry-After": str(seconds)})

        def expired(words: str) -> Answer:
            return Answer({"code": 20003, "message": f"Authenticate {words}"}, 401)

        return Weather(
            service,
            seed,
            too_many=too_many,
            expired=expired,
            files=("/Media/",),
            secret=self.secret,
            tick=self.tick,
        )

    @property
    def secret(self) -> str:
        return twilio.TOKEN

    def tick(self) -> None:
        self.fake.now = self.now()

    def _writes(self, person: int, text: str) -> None:
        pictures = [text.encode()] if self.random.random() < 0.2 else []
        self.files += len(pictures)
        self.fake.writes(f"+3460011122{person}", text, *pictures)

    def _phones(self, text: str) -> bool:
        self.fake.console(f"+3460011122{self.person()}", text)
        return True

    def taken(self) -> Counter[str]:
        with self.fake.lock:
            return Counter(each["body"] for each in self.fake.taken) - self.phoned


class MatrixLine(Line):
    channel, tells = "matrix", True

    def __init__(self, name: str, seed: int, now: Callable[[], datetime], pace: float) -> None:
        self.fake = matrix.Homeserver()
        self.fake.echoes = True
        self.rooms: set[int] = set()
        super().__init__(name, self.fake, seed, now, pace)
        self.options = {"homeserver": self.fake.base, "user": matrix.US}
        self.address = matrix.US

    def under(self, service: Service, seed: str) -> Weather:
        def too_many(seconds: int) -> Answer:
            return matrix.too_many(seconds * 1000)

        def expired(words: str) -> Answer:
            return matrix.wrong(401, "M_UNKNOWN_TOKEN", f"Invalid access token {words}")

        return Weather(
            service, seed, too_many=too_many, expired=expired, files=(), secret=self.secret, tick=self.tick
        )

    @property
    def secret(self) -> str:
        return matrix.PASSWORD

    @property
    def secrets(self) -> tuple[str, ...]:
        return (matrix.PASSWORD, "syt_secret_")

    def tick(self) -> None:
        self.fake.now = int(self.now().timestamp() * 1000)

    def _writes(self, person: int, text: str) -> None:
        content = {"msgtype": "m.text", "body": text}
        sender = f"@ana{person}:shop.test"
        self.fake.happens("m.room.message", content, f"!room{person}:shop.test", sender=sender)
        self.rooms.add(person)

    def _phones(self, text: str) -> bool:
        if not self.rooms:
            return False
        content, person = {"msgtype": "m.text", "body": text}, self.random.choice(sorted(self.rooms))
        self.fake.happens("m.room.message", content, f"!room{person}:shop.test", sender=matrix.US)
        return True

    def taken(self) -> Counter[str]:
        with self.fake.lock:
            return Counter(each["body"] for each in self.fake.put.values())
