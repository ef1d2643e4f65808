"""What the relay answers to a service, to the laptop and to a stranger."""

import json
import threading

import pytest

from servers import until

EVERY_BYTE = bytes(range(256)) * 3


def test_what_a_service_says_is_kept_to_the_byte_with_its_headers_and_a_number(relay, box):
    answer = relay.post(
        box, EVERY_BYTE, **{"X-Hub-Signature-256": "sha256=abc", "User-Agent": "facebookexternalua"}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    relay.post(box, b"")
    got = relay.pull(box)
    assert got.numbers == [1, 2]
    assert got.bodies == [EVERY_BYTE, b""]
    headers = dict(got.document["hooks"][0]["headers"])
    assert headers["x-hub-signature-256"] == "sha256=abc"
    assert headers["user-agent"] == "facebookexternalua"
    assert got.document["last"] == 2
    assert not got.document["more"]


def test_json_a_hundred_thousand_levels_deep_goes_through_as_bytes(relay, box):
    deep = b"[" * 100_000 + b"]" * 100_000
    assert relay.post(box, deep, **{"Content-Type": "application/json"}).status_code == 200
    assert relay.pull(box).bodies == [deep]


def test_a_page_ends_at_its_limit_and_says_that_there_is_more(relay, box):
    for number in range(7):
        relay.post(box, b"%d" % number)
    first = relay.pull(box, limit=3)
    assert (first.numbers, first.document["more"]) == ([1, 2, 3], True)
    assert relay.pull(box, 3, limit=4).document["more"] is False
    large = [bytes([65 + number]) * (2_900_000) for number in range(5)]
    for body in large:
        relay.post(box, body)
    page = relay.pull(box, 7)
    assert page.document["more"]
    assert sum(map(len, page.bodies)) < 12_000_000
    assert relay.all_of(box)[7:] == large


def test_metas_handshake_is_answered_to_whoever_knows_the_boxs_verify_token(relay, box):
    asked = {"hub.mode": "subscribe", "hub.verify_token": box.verify_token, "hub.challenge": "1158201444"}
    good = relay.get(box.path, params=asked)
    assert (good.status_code, good.text) == (200, "1158201444")
    markup = relay.get(box.path, params={**asked, "hub.challenge": "<script>alert(1)</script>"})
    assert markup.headers["content-type"].startswith("text/plain")
    assert markup.headers["x-content-type-options"] == "nosniff"
    wrong = [{"hub.verify_token": "guess"}, {"hub.verify_token": ""}, {"hub.mode": "unsubscribe"}]
    wrong += [{"hub.verify_token": box.pull_token}, {"hub.challenge": "x" * 5000}]
    for change in wrong:
        assert relay.get(box.path, params={**asked, **change}).status_code == 403, change
    assert relay.get(box.path).status_code == 403


def test_a_stranger_learns_nothing_and_stores_nothing(relay, box):
    other = relay.box("other one")
    relay.post(box, b"secret")
    assert relay.post(box, b"x").status_code == 200
    key = {"box": box.key, "after": 0}
    said = {
        relay.get("/pull", params=key).text,
        relay.get("/pull", params={"box": "unknown", "after": 0}).text,
        relay.get("/pull", params=key, headers={"authorization": "Bearer wrong"}).text,
        relay.get("/pull", params=key, headers={"authorization": f"Bearer {other.pull_token}"}).text,
        relay.get("/pull", params=key, headers={"authorization": f"Basic {box.pull_token}"}).text,
        relay.get("/pull", params={"after": 0}, headers={"authorization": f"Bearer {box.pull_token}"}).text,
    }
    assert len(said) == 1, "every refusal reads alike"
    assert relay.pull(box, token=box.verify_token).status == 401
    assert relay.ack(type(box)(box.url, box.path, "wrong", ""), 2).status_code == 401
    for path in ("/in/unknown", "/in/shop", "/in/", f"/in/{box.key[:-1]}"):
        assert relay.get(path).status_code in {403, 404}
    nowhere = type(box)("", "/in/unknown", "", "")
    assert relay.post(nowhere, b"x").status_code == 404
    assert len(relay.pull(box).bodies) == 2


@pytest.mark.parametrize(
    "wrong", [{"after": "x"}, {"after": "-1"}, {"wait": "1e3"}, {"limit": ""}, {"after": "9" * 40}]
)
def test_a_number_that_is_none_is_said(relay, box, wrong):
    assert relay.pull(box, **{"after": 0, **wrong}).status == 400


def test_nothing_goes_before_its_reader_says_so_and_then_it_goes(relay, box):
    for number in range(1, 6):
        relay.post(box, b"%d" % number)
    assert relay.pull(box).bodies == relay.pull(box).bodies == [b"1", b"2", b"3", b"4", b"5"]
    assert relay.ack(box, 3).json() == {"gone": 3}
    assert relay.ack(box, 3).json() == {"gone": 0}
    assert relay.pull(box).bodies == [b"4", b"5"]
    assert relay.pull(box, 4).bodies == [b"5"]


def test_an_ack_for_another_box_of_the_same_name_deletes_nothing(relay, box):
    """The laptop's numbers may be older than the box."""
    generation = relay.pull(box).document["generation"]
    relay.post(box, b"kept")
    assert relay.ack(box, 900).status_code == 409
    assert relay.ack(box, 1, generation=generation + 1).status_code == 409
    assert relay.pull(box).bodies == [b"kept"]
    assert relay.pull(box, 900, wait=50).document["last"] == 1, "it answers at once: nothing can come there"
    assert relay.pull(box, 1, wait=50, generation=generation + 1).document["generation"] == generation
    assert relay.ack(box, 1, generation=generation).json() == {"gone": 1}


def test_what_its_reader_refused_stays_aside_and_comes_when_it_is_asked_for(relay, box):
    for number in range(1, 5):
        relay.post(box, b"%d" % number)
    relay.ack(box, 4, aside="2,3")
    assert relay.pull(box).bodies == []
    assert relay.pull(box).document["aside"] == 2
    assert relay.pull(box, aside=1).bodies == [b"2", b"3"]
    assert relay.pull(box, 2, aside=1).bodies == [b"3"]
    relay.post(box, b"5")
    relay.ack(box, 5)
    assert relay.pull(box, aside=1).numbers == [2, 3], "they stay when others go"


def test_a_number_is_given_once_for_ever(started):
    relay = started()
    box = relay.box()
    relay.post(box, b"1")
    relay.ack(box, 1)
    assert relay.stop() == 0
    relay.start()
    relay.post(box, b"2")
    assert relay.pull(box, 1).numbers == [2]


def waiting(relay, box, answers, **more):
    """A fetch that waits in a thread, as long as a relay lets it."""
    thread = threading.Thread(target=lambda: answers.append(relay.pull(box, wait=50, **more)))
    thread.start()
    return thread


def test_a_fetch_that_waits_is_woken_at_once_and_so_is_a_second_one(relay, box):
    answers = []
    threads = [waiting(relay, box, answers), waiting(relay, box, answers)]
    until(lambda: relay.health()["fetching"] == 2)
    assert answers == []
    relay.post(box, b"here")
    until(lambda: len(answers) == 2, 20)
    for thread in threads:
        thread.join()
    assert [each.bodies for each in answers] == [[b"here"], [b"here"]]


def test_a_fetch_waits_for_its_own_box_only(relay, box):
    answers = []
    thread = waiting(relay, box, answers)
    until(lambda: relay.health()["fetching"] == 1)
    relay.post(relay.box("other"), b"elsewhere")
    relay.post(box, b"here")
    thread.join(20)
    assert answers[0].bodies == [b"here"]


def test_the_end_lets_everybody_go_and_loses_nothing(started):
    relay = started()
    box = relay.box()
    answers = []
    thread = waiting(relay, box, answers)
    until(lambda: relay.health()["fetching"] == 1)
    assert relay.stop() == 0
    thread.join(20)
    assert [each.bodies for each in answers] == [[]], "whoever waits is answered"
    relay.start()
    relay.post(box, b"after")
    assert relay.pull(box).bodies == [b"after"]


def test_a_box_made_beside_the_running_relay_works_at_once(relay, box):
    new = relay.box("new")
    relay.post(new, b"x")
    assert relay.pull(new).bodies == [b"x"]
    assert relay.pull(box).bodies == []


def test_health_says_how_much_waits_and_for_how_long(started):
    relay = started()
    box = relay.box()
    said = relay.health()
    assert (said["ok"], said["waiting"], said["oldest_seconds"], said["boxes"]) == (True, 0, None, 1)
    relay.post(box, b"x")
    relay.post(box, b"y")
    said = relay.health()
    assert said["waiting"] == 2
    assert said["oldest_seconds"] >= 0
    assert said["disk_free"] > 0
    assert 0 < said["used"] < said["total"]


def test_nothing_secret_and_nothing_said_is_logged(started):
    relay = started()
    box = relay.box()
    relay.post(box, b"I live in the Carrer Major", Cookie="mine=1")
    relay.get(
        box.path,
        params={"hub.mode": "subscribe", "hub.verify_token": box.verify_token, "hub.challenge": "77"},
    )
    relay.pull(box)
    relay.pull(box, token="not-the-right-one")
    relay.get("/in/some-guessed-name?password=hunter2")
    relay.get(f"/pull?box={box.key}&token=hunter2", headers={"x-forwarded-for": "evil\x1b[31m, words"})
    relay.ack(box, 1)
    relay.stop()
    logged = relay.log.read_text("utf-8")
    assert "POST /in shop 200" in logged
    assert "GET /in shop 200" in logged
    assert "GET /pull shop 200" in logged
    assert "GET /pull - 401" in logged
    secrets = (
        box.key,
        box.pull_token,
        box.verify_token,
        "not-the-right-one",
        "guessed",
        "hunter2",
        "Carrer",
        "mine",
    )
    assert [each for each in (*secrets, "hub.", "after=", "evil", "\x1b") if each in logged] == []


def test_no_token_is_in_the_file_and_what_was_let_go_is_overwritten(started):
    relay = started()
    box = relay.box()
    marker = b"MARKER-Carrer-Major-7-"
    relay.post(box, marker * 5000)
    relay.post(box, marker)
    assert marker in relay.file.read_bytes()
    relay.ack(box, 2)
    relay.stop()
    for path in relay.file.parent.iterdir():
        data = path.read_bytes()
        assert marker not in data, path
        assert box.pull_token.encode() not in data
        assert box.verify_token.encode() not in data
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_is_no_http_is_answered_and_forgotten(relay, box):
    for path in ("/", "/in", "/../etc/passwd", "/in/%00", "/in/" + "x" * 5000, "/docs"):
        assert relay.get(path).status_code in {400, 403, 404}
    assert relay.get("/ack").status_code == 405
    assert json.loads(relay.get("/healthz").text)["ok"]
