"""Changing what was sent, and taking it back: on our Telegram, on a small homeserver, and on a real one."""

import pytest

from agentdesk.channels import Accepted, Doubtful, Refused, TryLater
from agentdesk.core.model import OutFile
from channels import test_matrix_faults as faults
from channels import test_telegram as bot
from channels.contract import asked
from channels.rooms import PNG, Shop, shown
from servers.matrix import Homeserver, wrong
from servers.matrix import too_many as asks_too_often
from servers.telegram import Telegram, too_many
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

PICTURE = OutFile("foto.png", "image/png", PNG)


@pytest.fixture
def telegram():
    made = Telegram()
    yield made
    made.stop()


@pytest.fixture
def channel(telegram, tmp_path):
    return bot.Channel(bot.account(telegram, tmp_path), clock=lambda: bot.now(telegram), long=1)


def amends(channel, names, text, unique="u1"):
    return asked(channel, lambda: channel.amend(names, text, unique))


def test_telegram_changes_a_text_and_a_caption(telegram, channel):
    for message in (bot.out("Bon dia"), bot.out("Bon dia", PICTURE, PICTURE), bot.out("x" * 1100, PICTURE)):
        telegram.sent.clear()
        names = bot.sends(channel, message).names
        for _ in range(2):
            assert isinstance(amends(channel, names[::-1], "Bona tarda"), Accepted)
        first, *files = telegram.sent
        assert (first.text, first.edits) == ("Bona tarda", 1)
        assert {each.edits for each in files} <= {0}


def test_telegram_deletes_a_message_with_its_files_within_two_days(telegram, channel):
    names = bot.sends(channel, bot.out("Bon dia", PICTURE, PICTURE)).names
    telegram.now += 2 * 86_400
    for _ in range(2):
        assert isinstance(amends(channel, names, None), Accepted)
    assert (telegram.sent, len(telegram.deleted)) == ([], 2)
    names = bot.sends(channel, bot.out("Bon dia")).names
    telegram.now += 2 * 86_400 + 1
    said = amends(channel, names, None)
    assert isinstance(said, Refused)
    assert said.reason == "Bad Request: message can't be deleted for everyone"


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (too_many(7), TryLater),
        (CUT_BEFORE, Doubtful),
        (CUT_AFTER, Doubtful),
        (Answer({"ok": False}, 403), Refused),
    ],
)
def test_telegram_says_what_became_of_a_change(telegram, channel, fault, wanted):
    names = bot.sends(channel, bot.out("Bon dia")).names
    for method, text in (("editMessageText", "Bona tarda"), ("deleteMessage", None)):
        telegram.on(method, fault)
        assert isinstance(amends(channel, names, text), wanted)


@pytest.fixture
def server():
    made = Homeserver()
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        (asks_too_often(7000), TryLater),
        (CUT_BEFORE, Doubtful),
        (CUT_AFTER, Doubtful),
        (wrong(403, "M_FORBIDDEN", "You don't have permission"), Refused),
    ],
)
def test_a_homeserver_says_what_became_of_a_change(server, tmp_path, fault, wanted):
    shop = faults.Shop(server, tmp_path)
    server.echoes = True
    names = shop.sends().names
    for where, text in (("/send/", "Bona tarda"), ("/redact/", None)):
        server.on(where, fault)
        assert isinstance(shop.does(lambda each: each.amend(names, text, "u1")), wanted)  # noqa: B023
    for where, text in (("/event/", "Bona tarda"), ("/relations/", None)):
        server.on(where, fault)
        looked = shop.does(lambda each: each.amend(names, text, "u2"))  # noqa: B023
        assert isinstance(looked, TryLater if wanted is Doubtful else wanted)  # nothing has gone


@pytest.mark.servers
def test_a_real_homeserver_shows_the_new_text_beside_the_old_and_our_copy_says_of_which_change_it_is(
    synapse, tmp_path
):
    shop = Shop(synapse, tmp_path)
    room = shop.together()
    names = shop.sends(shop.letter(room, "Bon dia", PICTURE)).names
    for _ in range(2):
        result = shop.does(lambda each: each.amend(names, "Bona tarda", "change-1"))
        assert isinstance(result, Accepted)
    _, text = names
    assert shown(shop.ana, room, text) == ["Bon dia", "Bona tarda"]
    edited = shop.news()[-1]
    assert (edited.edits, edited.text, edited.copy_of) == (text, "Bona tarda", "change-1")
    alone = shop.sends(shop.letter(room, "", PICTURE, message_id="<a2@shop.test>")).names
    assert isinstance(shop.does(lambda each: each.amend(alone, "Text", "change-2")), Refused)


@pytest.mark.servers
def test_a_real_homeserver_takes_back_a_message_with_its_files(synapse, tmp_path):
    shop = Shop(synapse, tmp_path)
    room = shop.together()
    names = shop.sends(shop.letter(room, "Bon dia", PICTURE)).names
    shop.does(lambda each: each.amend(names, "Bona tarda", "change-0"))
    shop.news()
    for _ in range(2):
        assert isinstance(shop.does(lambda each: each.amend(names, None, "change-1")), Accepted)
    assert [shown(shop.ana, room, name) for name in names] == [[None], [None]]
    assert [each["content"] for each in shop.ana.sees(room)] == [{}, {}, {}]
    assert set(names) < {each.of for each in shop.news()}
