"""The same stories on our Telegram and on somebody else's: where the two overlap, the connector cannot tell them apart."""

from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from agentdesk.channels import Accepted, Account, Opening
from agentdesk.channels.telegram import Telegram as Channel
from agentdesk.core.model import Address, Outgoing
from channels.contract import asked, envelope
from servers.telegram import Telegram
from servers.telegram_test_api import TelegramTestApi

MARIA, PEP = 7001, 7002
AT = 1_795_000_000
NOW = datetime.fromtimestamp(AT + 60, UTC)


class Ours(Telegram):
    """Ours, with the same verbs."""

    def writes(self, person, text, at):
        self.now = float(at)
        super().writes(person, text)

    def heard(self, person):
        said = [each.text for each in self.sent if each.chat == person]
        self.sent = [each for each in self.sent if each.chat != person]
        return said


@pytest.fixture(scope="module")
def other():
    made = TelegramTestApi()
    yield made
    made.stop()


@pytest.fixture(params=["ours", pytest.param("telegram-test-api", marks=pytest.mark.servers)])
def server(request):
    if request.param != "ours":
        yield request.getfixturevalue("other")
        return
    made = Ours()
    yield made
    made.stop()


@pytest.fixture
def channel(server, tmp_path):
    account = Account(
        "bot", "vimet", "@bot", lambda: server.token, tmp_path, options={"base_url": server.base}
    )
    return Channel(account, clock=lambda: NOW, long=1)


def look(channel, cursor=None):
    async def taken():
        return [batch async for batch in channel.receive(cursor, Opening(NOW, 14), once=True)]

    batches = asked(channel, taken)
    return [channel.read(each.raw) for batch in batches for each in batch.arrivals], batches[-1].cursor


def answer(channel, question, text):
    out = Outgoing(
        "<a1@shop.test>", Address("Núria", ""), (question.sender,), "", text, NOW,
        in_reply_to=question.message_id, references=(question.message_id,),
    )  # fmt: skip
    return asked(channel, lambda: channel.send(channel.compose(out), envelope(out), lambda: None))


def test_a_text_comes_in_and_is_answered(server, channel):
    server.writes(MARIA, "On és el meu paquet?", AT)
    server.writes(PEP, "Hola", AT + 1)
    (first, second), cursor = look(channel)
    assert (first.text, first.sender.email, first.sender.name) == (
        "On és el meu paquet?",
        "7001",
        "Maria 7001",
    )
    assert (second.text, second.sent_at) == ("Hola", datetime.fromtimestamp(AT + 1, UTC))
    result = answer(channel, first, "Ja ve")
    assert isinstance(result, Accepted)
    assert result.names[0].startswith("telegram:7001/")
    assert result.names[0] not in {first.message_id, second.message_id}
    assert (server.heard(MARIA), server.heard(PEP)) == (["Ja ve"], [])
    assert look(channel, cursor)[0] == [], "what was confirmed does not come again"
    server.writes(MARIA, "Gràcies", AT + 2)
    assert [each.text for each in look(channel, cursor)[0]] == ["Gràcies"]


def test_what_it_says_has_the_same_shape(server):
    """Every field that the connector reads is there, of the kind that it takes it for."""
    server.writes(MARIA, "Hola", AT)
    server.writes(MARIA, "Hi ha algú?", AT + 1)
    with closing(httpx.Client(base_url=f"{server.base}/bot{server.token}/", trust_env=False)) as web:
        me, updates = web.post("getMe").json(), web.post("getUpdates", json={"timeout": 0}).json()
        said = web.post("sendMessage", json={"chat_id": MARIA, "text": "Sí"}).json()
    assert (me["ok"], updates["ok"], said["ok"]) == (True, True, True)
    assert {type(me["result"][name]) for name in ("username", "first_name")} == {str}
    numbers = [each["update_id"] for each in updates["result"]]
    assert numbers == [numbers[0], numbers[0] + 1]
    for update in updates["result"]:
        message = update["message"]
        assert {type(message[name]) for name in ("message_id", "date")} == {int}
        assert message["chat"]["id"] == message["from"]["id"] == MARIA
    assert (said["result"]["chat"]["id"], said["result"]["text"]) == (MARIA, "Sí")
    assert type(said["result"]["message_id"]) is int
