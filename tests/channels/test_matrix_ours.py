"""What we do on a real homeserver: log in, answer with text and files, mark as read, show that we write."""

import json
from dataclasses import replace

import pytest

from agentdesk.channels import Accepted, Refused
from agentdesk.channels.matrix import TEXT_OUT
from agentdesk.core.model import OutFile
from agentdesk.errors import ChannelError, LoginError
from channels.rooms import PNG, Shop
from servers.synapse import PASSWORD
from servers.web import Between

pytestmark = pytest.mark.servers


@pytest.fixture
def shop(synapse, tmp_path):
    return Shop(synapse, tmp_path)


def test_files_and_text_of_an_answer_arrive_whole(shop):
    room = shop.together()
    picture = OutFile("foto.png", "image/png", PNG)
    paper = OutFile("factura.pdf", "application/pdf", b"%PDF" + PNG)
    result = shop.sends(shop.letter(room, "Aquí ho tens", picture, paper))
    assert isinstance(result, Accepted)
    first, second, text = shop.ana.sees(room)
    assert [each["content"]["msgtype"] for each in (first, second, text)] == ["m.image", "m.file", "m.text"]
    assert shop.ana.fetches(first["content"]["url"]) == PNG
    assert shop.ana.fetches(second["content"]["url"]) == b"%PDF" + PNG
    assert text["content"]["body"] == "Aquí ho tens"
    assert result.names == tuple(f"matrix:{room}/{each['event_id']}" for each in (first, second, text))


def test_the_same_message_sent_again_is_one_event(shop):
    room = shop.together()
    first = shop.sends(shop.letter(room, "Un cop"))
    again = shop.sends(shop.letter(room, "Un cop"))
    other = shop.sends(shop.letter(room, "Un cop", message_id="<a2@shop.test>"))
    assert first.names == again.names != other.names
    assert len(shop.ana.sees(room)) == 2


def test_the_longest_text_arrives_whole(shop):
    room = shop.together()
    assert isinstance(shop.sends(shop.letter(room, "🥕" * TEXT_OUT)), Accepted)
    assert [each["content"]["body"] for each in shop.ana.sees(room)] == ["🥕" * TEXT_OUT]


def test_our_own_message_is_known_by_its_transaction(shop):
    room = shop.together()
    result = shop.sends(shop.letter(room, "D'aquí"))
    shop.us.says(room, "D'un altre lloc")
    here, elsewhere = shop.news()
    assert (here.copy_of, elsewhere.copy_of) == ("<a1@shop.test>", None)
    assert result.names == (here.message_id,)
    assert {each.role for each in shop.arrivals} == {"sent"}


def test_what_is_read_here_is_read_there(shop):
    room = shop.together()
    first = shop.ana.says(room, "Un")
    shop.ana.says(room, "Dos")
    shop.news()
    places = tuple(each.place for each in shop.arrivals)
    done = shop.does(lambda each: each.flag(places[:1], frozenset({"\\Seen"})))
    assert done == places[:1]
    assert list(shop.ana.glances(room)["m.receipt"]) == [first]


def test_ana_is_shown_that_somebody_writes(shop):
    room = shop.together()
    shop.does(lambda each: each.attend(f"matrix:{room}/x"))
    assert shop.ana.glances(room)["m.typing"] == {"user_ids": [shop.us.user]}


def test_the_last_words_before_we_were_sent_out_come_too(shop):
    room = shop.together()
    shop.ana.says(room, "Ja no us vull veure")
    shop.ana.ask("POST", "rooms", room, "kick", json={"user_id": shop.us.user})
    assert [each.text for each in shop.news()] == ["Ja no us vull veure"]
    result = shop.sends(shop.letter(room, "Espera"))
    assert isinstance(result, Refused)
    assert (result.code, "not in room" in result.reason) == ("blocked", True)


def test_one_login_serves_all_processes(shop):
    """Homeservers allow few logins: Synapse, as it comes, five, then one in five minutes."""
    between = Between(shop.server.base)
    shop.account = shop.named(between.base)
    for _ in range(3):
        shop.news()
    between.stop()
    assert len(between.said("/login")) == 1
    kept = shop.folder / "session"
    assert b"syt_" not in kept.read_bytes()
    assert PASSWORD.encode() not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_token_that_is_no_longer_known_is_replaced(shop):
    room = shop.together()
    shop.us.ask("POST", "logout", "all", json={})
    shop.ana.says(room, "Hi sou?")
    assert [each.text for each in shop.news()] == ["Hi sou?"]


def test_a_token_from_elsewhere_serves_until_it_is_no_longer_known(shop):
    room = shop.together()
    (shop.folder / "session").unlink()
    shop.account = shop.named(shop.server.base, json.dumps({"token": shop.us.token}))
    shop.ana.says(room, "Hola")
    assert [each.text for each in shop.news()] == ["Hola"]
    assert not (shop.folder / "session").exists()
    shop.us.ask("POST", "logout", json={})
    with pytest.raises(LoginError):
        shop.news()


def test_a_wrong_password_is_said_in_the_homeservers_words(shop):
    shop.account = shop.named(shop.server.base, "wrong-secret")
    with pytest.raises(LoginError) as caught:
        shop.does(lambda each: each.check())
    assert caught.value.values["reason"] == "Invalid username or password"
    shop.account = replace(shop.account, options={**shop.account.options, "homeserver": "http://127.0.0.1:1"})
    with pytest.raises(ChannelError):
        shop.does(lambda each: each.check())
