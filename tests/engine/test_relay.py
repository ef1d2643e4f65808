"""From a service's webhooks through a relay that dies at any moment into tickets: each message once, none lost, none forged."""

import asyncio
import random
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing

import httpx
import pytest

from agentdesk.channels import Opening
from agentdesk.channels.whatsapp import WhatsApp
from agentdesk.errors import ChannelError
from agentdesk.store import queries
from channels.contract import asked
from channels.hooks import account, now, signature, status, text, webhook
from desks import Bench
from servers import PROOF, until
from servers.relay import Relay

CALLERS = 8


class Laptop:
    """A desk whose one account fetches from a box."""

    def __init__(self, folder, box):
        self._account = account(box, folder)
        self.bench = Bench(folder / "desk", read=WhatsApp(self._account, clock=now).read)
        self.bench.intake.account = "shop"
        self.bench.clock.at = now()
        self.gaps = 0
        self.duplicates = 0

    @property
    def cursor(self):
        with closing(self.bench.desk.reader()) as connection:
            return queries.cursor(connection, "shop")

    def sync(self, *, most=None):
        """One pass; with `most` it dies when it has taken so many batches, and nothing is confirmed any more."""

        async def taken():
            count = 0
            async with aclosing(channel.receive(self.cursor, Opening(now(), 14), once=True)) as batches:
                async for batch in batches:
                    tally = await asyncio.to_thread(self.bench.intake.take, batch)
                    self.gaps += tally.gaps
                    self.duplicates += tally.duplicates
                    count += 1
                    if count == most:
                        break

        channel = WhatsApp(self._account, clock=now)
        asked(channel, taken)

    def sees(self):
        """What a pass would take; it dies before it commits anything."""

        async def taken():
            return [batch async for batch in channel.receive(self.cursor, Opening(now(), 14), once=True)]

        channel = WhatsApp(self._account, clock=now)
        return asked(channel, taken)

    def heard(self):
        """How often each text came in as a message."""
        numbers = range(
            1, self.bench.store.connection.execute("SELECT count(*) FROM ticket").fetchone()[0] + 1
        )
        return Counter(m.text for number in numbers for m in self.bench.messages(number, 100_000))

    def quarantined(self):
        with self.bench.reading() as connection:
            return len(list(queries.quarantine(connection)))


@pytest.fixture
def relay(tmp_path):
    made = Relay(tmp_path / "relay")
    yield made
    if made.process.poll() is None:
        made.stop()


@pytest.fixture
def box(relay):
    return relay.box()


@pytest.fixture
def laptop(tmp_path, box):
    made = Laptop(tmp_path, box)
    yield made
    made.bench.close()


def bodies_of(count, rng):
    """Webhooks of one to four messages each, with statuses of a message nobody knows; and all texts in them."""
    people = [f"3460000000{digit}" for digit in range(5)]
    left = [text(number, f"Missatge {number}", rng.choice(people)) for number in range(count)]
    expected = Counter(each["text"]["body"] for each in left)
    found = []
    while left:
        some = [left.pop() for _ in range(min(len(left), rng.randint(1, 4)))]
        found.append(webhook(*some, statuses=(status(rng.randrange(count)),)))
    return found, expected


def call(relay, box, body, web):
    """One call as Meta makes it: again until it was answered with 200. Gives how often that took."""
    for attempt in range(1, 1000):
        try:
            answer = web.post(f"{relay.base}{box.path}", content=body, headers=signature(body), timeout=10)
        except httpx.TransportError:
            threading.Event().wait(0.02)
            continue
        if answer.status_code == 200:
            return attempt
    raise AssertionError("never answered")


def replayed(relay, box, bodies):
    """All of them, several at a time."""

    def some(share):
        with httpx.Client() as web:
            return [call(relay, box, body, web) for body in share]

    with ThreadPoolExecutor(CALLERS) as pool:
        return [
            each for share in pool.map(some, [bodies[at::CALLERS] for at in range(CALLERS)]) for each in share
        ]


@pytest.mark.parametrize(
    "times", [15, pytest.param(1000 if PROOF else 150, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_a_replay_in_any_order_loses_nothing_and_doubles_nothing(relay, box, laptop, times):
    rng = random.Random(times)
    bodies, expected = bodies_of(20, rng)
    storm = bodies * times
    rng.shuffle(storm)
    replayed(relay, box, storm)
    laptop.sync()
    laptop.sync()
    assert laptop.heard() == expected
    assert laptop.gaps == 0
    assert laptop.duplicates == 20 * (times - 1)
    assert relay.health()["waiting"] == 0
    assert laptop.quarantined() == 0


def test_forged_and_hostile_calls_between_true_ones_change_nothing(relay, box, laptop):
    rng = random.Random(5)
    bodies, expected = bodies_of(30, rng)
    for number, body in enumerate(bodies):
        relay.post(box, body, **signature(body))
        forged = webhook(text(1000 + number, "Envieu-me els diners aquí"))
        old = {"X-Hub-Signature": "sha1=" + "0" * 40}
        relay.post(box, forged, **rng.choice([{}, old, signature(body), signature(forged, "another secret")]))
    deep = b"[" * 100_000
    relay.post(box, deep, **signature(deep))
    laptop.sync()
    laptop.sync()
    assert laptop.heard() == expected
    assert laptop.gaps == len(bodies), "each is said"
    assert laptop.quarantined() == 1, "what was signed and cannot be read is kept"
    assert relay.pull(box).document["aside"] == len(bodies)


def test_killed_between_storing_and_answering(relay, box, laptop):
    """Meta has heard nothing and calls again; the message is there once."""
    body = webhook(text(1, "Hola"))
    head = f"POST {box.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in signature(body).items())
    with socket.create_connection(("127.0.0.1", relay.port)) as line:
        line.sendall(head.encode() + b"\r\n" + body)
        until(lambda: relay.health()["waiting"] == 1)
        relay.kill()  # whatever it had to say was not read
    relay.start()
    assert relay.pull(box).bodies == [body]
    relay.post(box, body, **signature(body))
    laptop.sync()
    assert laptop.heard() == {"Hola": 1}
    assert laptop.duplicates == 1


def test_killed_while_it_answers_a_fetch(relay, box, laptop):
    bodies = [webhook(text(number, f"{number} " + "x" * 200_000)) for number in range(30)]
    for body in bodies:
        relay.post(box, body, **signature(body))
    query = (
        f"/pull?box={box.key}&after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {box.pull_token}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", relay.port)) as line:
        line.sendall(f"GET {query}".encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 200")  # and now it waits for us to read on
        relay.kill()
    relay.start()
    laptop.sync()
    assert sum(laptop.heard().values()) == 30
    assert laptop.gaps == 0


def test_killed_after_the_laptops_commit_and_before_it_is_told(relay, box, laptop):
    for number in range(120):
        body = webhook(text(number, f"Missatge {number}"))
        relay.post(box, body, **signature(body))
    laptop.sync(
        most=2
    )  # the look at what was refused, and fifty messages: committed, and the relay never heard of it
    assert len(laptop.heard()) == 50
    relay.kill()
    relay.start()
    assert len(relay.all_of(box)) == 120
    laptop.sync()
    laptop.sync()
    assert laptop.heard() == Counter(f"Missatge {number}" for number in range(120))
    assert (laptop.gaps, laptop.duplicates) == (0, 0), "the cursor had moved already"
    assert relay.health()["waiting"] == 0


def test_a_laptop_that_dies_before_its_commit_gets_everything_again(relay, box, laptop):
    body = webhook(text(1, "Hola"))
    relay.post(box, body, **signature(body))

    assert sum(len(batch.arrivals) for batch in laptop.sees()) == 1
    laptop.sync()
    assert laptop.heard() == {"Hola": 1}


def try_to(sync):
    """A pass fails while the relay is dead; the next one goes on."""
    try:
        sync()
    except ChannelError:
        return


@pytest.mark.parametrize(
    "kills", [3, pytest.param(25 if PROOF else 10, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_killed_at_any_moment_while_services_call_and_the_laptop_fetches(relay, box, laptop, kills):
    rng = random.Random(kills)
    bodies, expected = bodies_of(100 * kills, rng)
    attempts = []
    with ThreadPoolExecutor(2) as pool:
        for round_ in range(kills):
            calling = pool.submit(replayed, relay, box, bodies[round_::kills])
            fetching = pool.submit(try_to, laptop.sync)
            threading.Event().wait(rng.uniform(0.0, 0.1))  # the moment of death is what is random here
            relay.kill()
            fetching.result()
            relay.start()
            attempts += calling.result()
    assert sum(attempts) > len(bodies), "it never died while somebody called"
    laptop.sync()
    laptop.sync()
    assert laptop.heard() == expected
    assert laptop.gaps == 0
    assert laptop.quarantined() == 0
    assert relay.health()["waiting"] == 0
