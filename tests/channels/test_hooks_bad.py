"""What may come instead of a webhook: forged, old, replayed, endless, odd. Nothing of it is lost, doubled or in the way."""

import hashlib
import hmac
import json

import pytest

from agentdesk.core.model import Incoming
from agentdesk.errors import SignatureError
from channels.contract import asked
from channels.hooked import MARIA, shop_in
from servers.meta import APP_SECRET, PAGE, PHONE, signed


@pytest.fixture(params=["whatsapp", "messenger"])
def shop(tmp_path, relay, request):
    yield from shop_in(tmp_path, relay, request.param)


@pytest.fixture
def whatsapp(tmp_path, relay):
    yield from shop_in(tmp_path / "whatsapp", relay)


@pytest.fixture
def page(tmp_path, relay):
    yield from shop_in(tmp_path / "page", relay, "instagram")


def quarantined(shop):
    with shop.bench.reading() as connection:
        return [
            row[0] for row in connection.execute("SELECT reason FROM quarantine ORDER BY received_at, rowid")
        ]


def raws(shop):
    """What lies in quarantine, as it came."""
    with shop.bench.reading() as connection:
        rows = connection.execute("SELECT raw FROM quarantine ORDER BY rowid").fetchall()
        return [bytes(shop.bench.store.blobs.get(connection, row[0])) for row in rows]


def texts(shop):
    return [each.text for row in shop.bench.queue("all") for each in shop.bench.messages(row.number, 500)]


def trouble(shop):
    """What the connector says of itself after a pass."""
    channel = shop.make()

    async def looked():
        async for _ in channel.receive(shop.cursor, shop.opening, once=True):
            pass
        return channel.trouble

    return asked(channel, looked)


def test_what_somebody_forged_is_no_message_and_is_said(shop):
    document = shop.says(shop.maria, "Pagueu a aquest compte")
    body, right = signed(document)
    for headers in (
        {},
        signed(document, "the secret of somebody else")[1],
        signed(shop.says(shop.maria, "Hola"))[1],
        {"X-Hub-Signature": "sha1=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha1).hexdigest()},
        {"X-Hub-Signature-256": right["X-Hub-Signature-256"].replace("sha256", "sha1")},
    ):
        assert shop.posts(body, headers) == 200
    shop.hook(shop.says(shop.maria, "Hola"))
    tally = shop.news()
    assert (tally.received, tally.gaps, texts(shop)) == (1, 5, ["Hola"])
    shop.posts(body, {})
    assert isinstance(trouble(shop), SignatureError)


def test_a_webhook_that_is_replayed_again_and_again_is_one_message(shop):
    shop.hook(*[shop.says(shop.maria, "Hola")] * 20)
    tally = shop.news()
    assert (tally.received, tally.duplicates) == (1, 19)
    assert texts(shop) == ["Hola"]


def test_a_webhook_of_last_month_changes_nothing_that_came_since(shop):
    """Its signature is good for ever, so what it says must not be news."""
    old = shop.says(shop.maria, "Hola")
    shop.hook(old)
    shop.news()
    shop.answer("Bon dia")
    shop.flush()
    shop.go(days=30)
    shop.comes(old)
    row = shop.bench.ticket(1).row
    assert (row.status, row.waiting_since, row.messages) == ("waiting_customer", None, 2)


def test_an_answer_out_of_order_stays_answered(shop):
    first, second = (shop.says(shop.maria, text) for text in ("Un", "Dos"))
    shop.comes(second, first)
    assert sorted(texts(shop)) == ["Dos", "Un"]


def test_ten_megabytes_are_refused_by_the_relay_and_what_follows_comes_in(shop):
    body, headers = signed({**shop.says(shop.maria, "Hola"), "more": "x" * (10 << 20)})
    assert shop.posts(body, headers) == 413
    assert shop.writes("Bon dia").received == 1


DEEP = b'{"entry":' * 2000 + b"1" + b"}" * 2000
DEEPER = b"[" * 200_000


@pytest.mark.parametrize("body", [DEEP, DEEPER, b"", b"\xff\xfe", b"null", b"[]", b'"x"', b"{", b"NaN"])
def test_a_signed_body_that_is_no_webhook_is_kept_whole(shop, body):
    proof = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert shop.posts(body, {"X-Hub-Signature-256": f"sha256={proof}"}) == 200
    shop.hook(shop.says(shop.maria, "Hola"))
    tally = shop.news()
    assert (tally.quarantined, texts(shop)) == (1, ["Hola"])
    assert body in raws(shop)[0] or json.loads(raws(shop)[0])["event"]


WRONG = [None, 7, "x", [7], {}, 1e400, "x" * 9000]


def odd(document, wrong):
    """Each webhook that comes of putting `wrong` in one place of a good one."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield {**document, key: wrong}
            yield from ({**document, key: each} for each in odd(value, wrong))
    if isinstance(document, list):
        for at, value in enumerate(document):
            yield from ([*document[:at], each, *document[at + 1 :]] for each in odd(value, wrong))


def templates_of(shop):
    if shop.kind == "whatsapp":
        return [
            shop.server.whatsapp(shop.maria, hidden="ES.1", body="Hola", context="wamid.0"),
            shop.server.whatsapp(shop.maria, "image", id="1", mime_type="image/jpeg"),
            shop.server.whatsapp(
                shop.maria,
                body="Hola",
                referral={"headline": "x"},
                context={"referred_product": {"catalog_id": "1"}},
            ),
            shop.server.whatsapp(
                shop.maria, "edit", original_message_id="w", message={"type": "text", "text": {}}
            ),
            shop.server.status(
                "wamid.1", shop.maria, "failed", errors=[{"code": 1, "error_data": {"details": "x"}}]
            ),
        ]
    return [
        shop.server.messaging(
            shop.maria,
            message={"mid": "m", "text": "x", "reply_to": {"mid": "n"}, "attachments": [{"type": "image", "payload": {"url": "x"}}]},
        ),
        shop.server.messaging(
            shop.maria,
            message={"mid": "m", "attachments": [{"type": "location", "payload": {"coordinates": {"lat": 1, "long": 2}}}],
                     "referral": {"ads_context_data": {"ad_title": "x"}, "product": {"id": "1"}}},
        ),
        shop.server.messaging(shop.maria, reaction={"mid": "m", "action": "react", "emoji": "x"}),
        shop.server.messaging(shop.maria, message_edit={"mid": "m", "text": "x", "num_edit": 1}),
        shop.server.messaging(shop.maria, read={"watermark": 1}),
        shop.server.messaging(shop.maria, delivery={"watermark": 1, "mids": ["m"]}),
    ]  # fmt: skip


def test_a_wrong_type_in_any_place_is_kept_and_takes_nothing_else_with_it(shop):
    """Beside a good message in the same webhook: that one comes in, whatever the other is."""
    count, wanted = 0, []
    for number, wrong in enumerate(WRONG):
        for document in templates_of(shop):
            wanted.append(f"Hola {number}/{len(wanted)}")
            found = list(odd(document["entry"], wrong))
            count += len(found)
            entries = [entry for each in found for entry in each]
            shop.hook({"object": "x", "entry": entries + shop.says(shop.maria, wanted[-1])["entry"]})
    tally = shop.news()
    assert count > 400
    assert set(wanted) <= set(texts(shop))
    assert tally.quarantined >= 100
    assert max(map(len, quarantined(shop))) < 120


def test_an_unknown_kind_of_event_is_kept_and_said(whatsapp):
    value = {"event": "APPROVED", "message_template_name": "a_punt"}
    unknown = [
        whatsapp.server.webhook("message_template_status_update", value),
        whatsapp.server.webhook("history", {"history": [{"phase": 0}]}),
        whatsapp.server.webhook("messages", {"errors": [{"code": 130501}]}),
        whatsapp.server.status("wamid.1", MARIA["whatsapp"], "warning"),
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "messaging": []}]},
    ]
    assert whatsapp.comes(*unknown).quarantined == 5
    assert "message_template_status_update, which is no message: it is kept" in quarantined(whatsapp)[0]
    assert b"APPROVED" in raws(whatsapp)[0]


def test_an_unknown_kind_of_message_is_shown_as_one_that_is_not_supported(whatsapp):
    whatsapp.comes(
        whatsapp.server.whatsapp(MARIA["whatsapp"], "poll_creation", question="?"),
        whatsapp.server.whatsapp(MARIA["whatsapp"], "unsupported", whole={"type": "unknown"}),
    )
    assert [(each.text, each.warnings) for each in whatsapp.messages] == [("", ("unsupported",))] * 2


def test_what_is_about_another_number_or_page_is_kept_and_is_nobodys_message(whatsapp, page):
    other = json.dumps(whatsapp.says(MARIA["whatsapp"], "Hola")).replace(PHONE, "999")
    elsewhere = json.dumps(page.says(MARIA["instagram"], "Hola")).replace(PAGE, "888")
    for shop, said in ((whatsapp, other), (page, elsewhere)):
        tally = shop.comes(json.loads(said))
        assert (tally.received, tally.quarantined) == (0, 1)
        assert "another" in quarantined(shop)[0] or "not about this account" in quarantined(shop)[0]


def test_a_page_knows_its_instagram_account_too(page):
    told = json.loads(json.dumps(page.says(page.maria, "Hola")).replace(PAGE, "17841400000000000"))
    page.account.options["instagram_id"] = "17841400000000000"
    (message,) = (page.hook(told), page.read())[1]
    assert isinstance(message, Incoming)
    assert (message.sender.email, message.text) == (page.maria, "Hola")


def test_what_comes_while_another_app_has_the_floor_is_a_message(page):
    told = page.says(page.maria, "Hola")
    entry = told["entry"][0]
    entry["standby"] = entry.pop("messaging")
    assert page.comes(told).received == 1


def test_a_link_that_a_customer_shares_is_shown_and_never_followed(page):
    shared = {"type": "fallback", "title": "Mireu", "payload": {"url": f"{page.server.base}/cdn/x"}}
    page.comes(page.server.messaging(page.maria, message={"mid": "m_1", "attachments": [shared]}))
    assert [each.text for each in page.messages] == [f"Mireu\n{page.server.base}/cdn/x"]
    picture = {"type": "image", "payload": {"url": f"https://127.0.0.1:{page.server.port}/cdn/x"}}
    page.comes(page.server.messaging(page.maria, message={"mid": "m_2", "attachments": [picture]}))
    assert page.messages[-1].warnings == ("file_missing",)
    assert page.server.said("/cdn/") == []
