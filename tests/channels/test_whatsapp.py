"""WhatsApp by the Cloud API, over a real relay: what customers say, and who they are."""

import re

import httpx
import pytest

from agentdesk.channels import chat
from agentdesk.core.model import Attachment, Incoming, Reaction
from agentdesk.errors import ChannelError, LoginError
from channels.hooked import BEGAN, shop_in
from servers.meta import OURS, TOKEN, error
from servers.web import Answer

HIDDEN = "ES.13491208655302741918"


@pytest.fixture
def shop(tmp_path, relay):
    yield from shop_in(tmp_path, relay)


def said(shop, *documents):
    """What the connector reads of these, in their order."""
    shop.hook(*documents)
    return shop.read()


def one(shop, *documents):
    (found,) = said(shop, *documents)
    return found


def file(shop, number=0):
    (arrival,) = [each for batch in shop.batches for each in batch.arrivals]
    return b"".join(chat.file_bytes(arrival.raw, str(number + 1)))


# What a customer says.


def test_a_text_is_a_message_of_whoever_wrote_it(shop):
    message = one(shop, shop.server.whatsapp(shop.maria, body="On és el meu paquet?"))
    assert isinstance(message, Incoming)
    assert (message.sender.email, message.sender.name) == (shop.maria, "Maria 22")
    assert (message.text, message.language, message.sent_at) == ("On és el meu paquet?", "ca", BEGAN)
    assert message.warnings == ()


@pytest.mark.parametrize(
    ("kind", "media_type", "more", "name"),
    [
        ("image", "image/jpeg", {"caption": "Mireu"}, "image.jpg"),
        ("video", "video/mp4", {"caption": "Mireu"}, "video.mp4"),
        ("audio", "audio/ogg; codecs=opus", {"voice": True}, "audio.oga"),
        ("document", "application/pdf", {"caption": "Mireu", "filename": "factura.pdf"}, "factura.pdf"),
        ("sticker", "image/webp", {"animated": False}, "sticker.webp"),
    ],
)
def test_every_kind_of_file_comes_with_its_bytes(shop, kind, media_type, more, name):
    number = shop.server.a_file(b"its bytes")
    message = one(shop, shop.server.whatsapp(shop.maria, kind, id=number, mime_type=media_type, **more))
    (found,) = message.attachments
    assert isinstance(found, Attachment)
    assert (found.media_type, found.size) == (media_type.partition(";")[0], 9)
    assert re.fullmatch(name.replace(".oga", r"\.(oga|ogg)"), found.name)
    assert message.text == more.get("caption", "")
    assert message.warnings == ()
    assert file(shop) == b"its bytes"


def test_a_file_is_fetched_with_its_webhook_while_what_leads_to_it_is_good(shop):
    """Meta's address is good for five minutes, its own name for it for weeks: the first is asked for when it is used."""
    photo = shop.server.whatsapp(shop.maria, "image", id=shop.server.a_file(b"jpeg"), mime_type="image/jpeg")
    shop.hook(photo)
    shop.go(hours=20)
    (message,) = shop.read()
    assert message.attachments[0].size == 4
    shop.go(minutes=6)
    (link,) = shop.server.links
    old = httpx.get(f"{shop.server.base}/{link}", headers={"authorization": f"Bearer {TOKEN}"})
    assert old.status_code == 404


def test_the_token_goes_to_nobody_but_meta(shop):
    elsewhere = f"http://127.0.0.1:{shop.server.port + 1}/steal"
    for url in (
        elsewhere,
        "https://lookaside.fbsbx.com.evil.test/x",
        "http://lookaside.fbsbx.com/x",
        "",
        "::",
    ):
        number = shop.server.a_file(b"x")
        shop.server.on(number, Answer({"url": url}))
        message = one(shop, shop.server.whatsapp(shop.maria, "image", id=number, mime_type="image/jpeg"))
        assert message.warnings == ("file_missing",)
    number = f"http://127.0.0.1:{shop.relay.port}/healthz"
    message = one(shop, shop.server.whatsapp(shop.maria, "image", id=number, mime_type="image/jpeg"))
    assert message.warnings == ("file_missing",)
    assert "authorization" not in shop.relay.log.read_text("utf-8").lower()


def test_a_file_that_is_gone_leaves_its_message_and_says_so(shop):
    message = one(
        shop, shop.server.whatsapp(shop.maria, "image", id="9", mime_type="image/jpeg", caption="Mireu")
    )
    assert (message.text, message.attachments, message.warnings) == ("Mireu", (), ("file_missing",))


def test_a_file_that_meta_cannot_give_now_is_asked_for_again_and_holds_up_only_what_follows(shop):
    number = shop.server.a_file(b"jpeg")
    photo = shop.server.whatsapp(shop.maria, "image", id=number, mime_type="image/jpeg")
    first, last = (shop.server.whatsapp(shop.maria, body=text) for text in ("abans", "després"))
    shop.server.on(number, error(131000, "Something went wrong", 500), error(131000, "again", 500))
    shop.hook(first, photo, last)
    with pytest.raises(ChannelError, match="again"):
        shop.news()
    assert [each.text for each in shop.messages] == ["abans"]
    shop.news()
    assert [(each.text, len(each.attachments)) for each in shop.messages] == [
        ("abans", 0), ("", 1), ("després", 0),
    ]  # fmt: skip


def test_a_file_that_meta_never_gives_holds_up_a_desk_that_looks_once_for_a_day_at_most(shop):
    number = shop.server.a_file(b"jpeg")
    photo = shop.server.whatsapp(shop.maria, "image", id=number, mime_type="image/jpeg")
    shop.server.on(number, *[error(1, "An unknown error occurred", 500)] * 5)
    shop.go(days=1)
    assert one(shop, photo).warnings == ("file_missing",)


def test_an_expired_token_is_said_and_no_file_is_given_up_for_it(shop):
    number = shop.server.a_file(b"jpeg")
    shop.hook(shop.server.whatsapp(shop.maria, "image", id=number, mime_type="image/jpeg"))
    shop.go(days=1)
    shop.server.on(number, error(190, f"Session of {TOKEN} has expired", 401))
    with pytest.raises(LoginError) as caught:
        shop.read()
    assert TOKEN not in str(caught.value)
    (message,) = shop.read()
    assert message.attachments[0].size == 4


def test_what_a_message_answers_is_known_by_its_name(shop):
    message = one(shop, shop.server.whatsapp(shop.maria, body="Aquest", context="wamid.000077/A="))
    assert message.in_reply_to == (f"whatsapp:{shop.maria}/wamid.000077/A=",)


def test_a_reaction_is_a_sign_of_whoever_gave_it_and_can_be_taken_away(shop):
    give = {"message_id": "wamid.1", "emoji": "❤️"}
    found = said(
        shop,
        shop.server.whatsapp(shop.maria, "reaction", **give),
        shop.server.whatsapp(shop.maria, "reaction", message_id="wamid.1"),
        shop.server.whatsapp(shop.maria, "reaction", echo=True, **give),
    )
    assert [
        (each.of, each.by and each.by.email, each.sign) for each in found if isinstance(each, Reaction)
    ] == [
        (f"whatsapp:{shop.maria}/wamid.1", shop.maria, "❤️"),
        (f"whatsapp:{shop.maria}/wamid.1", shop.maria, ""),
        (f"whatsapp:{shop.maria}/wamid.1", None, "❤️"),
    ]


def test_an_edit_takes_the_place_of_what_it_edits_and_the_first_text_is_kept(shop):
    shop.writes("Vull la talla M")
    original = shop.messages[0].remote_id.partition("/")[2]
    edit = {"original_message_id": original, "message": {"type": "text", "text": {"body": "Vull la talla L"}}}
    shop.go(minutes=1)
    shop.comes(shop.server.whatsapp(shop.maria, "edit", **edit))
    (message,) = shop.messages
    assert (message.text, message.first) == ("Vull la talla L", "Vull la talla M")


def test_what_was_taken_back_is_marked_and_kept(shop):
    shop.writes("La meva contrasenya és 1234")
    original = shop.messages[0].remote_id.partition("/")[2]
    revoke = shop.server.whatsapp(shop.maria, "revoke", original_message_id=original)
    shop.comes(revoke, revoke)
    (message,) = shop.messages
    assert message.withdrawn_at is not None
    assert message.text.endswith("1234")


def test_what_is_no_text_is_told_in_words(shop):
    place = {"latitude": 41.38, "longitude": 2.17, "name": "Botiga", "address": "Carrer Nou 1"}
    card = {"name": {"formatted_name": "Pau"}, "phones": [{"phone": "+34 600"}]}
    items = [{"product_retailer_id": "SKU1", "quantity": 2}]
    chosen = {"type": "list_reply", "list_reply": {"id": "1", "title": "Talla L"}}
    found = said(
        shop,
        shop.server.whatsapp(shop.maria, "location", **place),
        shop.server.whatsapp(shop.maria, "contacts", whole=[card]),
        shop.server.whatsapp(shop.maria, "order", text="Això", product_items=items),
        shop.server.whatsapp(shop.maria, "interactive", **chosen),
        shop.server.whatsapp(shop.maria, "button", text="Sí", payload="yes"),
    )
    assert [each.text for each in found] == [
        "Botiga\nCarrer Nou 1\ngeo:41.38,2.17", "Pau +34 600", "Això\n2 x SKU1", "Talla L", "Sí",
    ]  # fmt: skip


def test_what_is_forwarded_says_so_and_nothing_of_who_sends_it(shop):
    text = "The order has been sent and you should receive it tomorrow"
    found = said(
        shop,
        shop.server.whatsapp(shop.maria, body=text, context={"forwarded": True}),
        shop.server.whatsapp(shop.maria, body=text, context={"frequently_forwarded": True}),
        shop.server.whatsapp(
            shop.maria, body=text, context={"forwarded": True, "frequently_forwarded": True}
        ),
        shop.server.whatsapp(shop.maria, body=text),
    )
    assert [each.warnings for each in found] == [
        ("forwarded",), ("forwarded_often",), ("forwarded_often",), (),
    ]  # fmt: skip
    assert [each.language for each in found] == [None, None, None, "en"]


def test_the_product_and_the_ad_that_led_to_a_message_stand_above_its_words(shop):
    product = {"catalog_id": "194836", "product_retailer_id": "SKU-9"}
    ad = {
        "headline": "Sabates d'hivern",
        "body": "The best shoes for the winter",
        "source_url": "https://fb.me/3",
    }
    about, led, both, alone = said(
        shop,
        shop.server.whatsapp(
            shop.maria, body="En teniu?", context={"id": "wamid.1", "referred_product": product}
        ),
        shop.server.whatsapp(shop.maria, body="Encara hi ha la talla 38?", referral=ad),
        shop.server.whatsapp(
            shop.maria, body="Hola", referral={"headline": "Ad"}, context={"referred_product": product}
        ),
        shop.server.whatsapp(shop.maria, "unsupported", referral={"headline": "Ad", "body": 7}),
    )
    assert (about.text, about.subject, about.warnings) == (
        "SKU-9\n194836\n\nEn teniu?",
        "En teniu?",
        ("about_product",),
    )
    assert about.in_reply_to == (f"whatsapp:{shop.maria}/wamid.1",)
    assert led.text == (
        "Sabates d'hivern\nThe best shoes for the winter\nhttps://fb.me/3\n\nEncara hi ha la talla 38?"
    )
    assert (led.subject, led.warnings, led.language) == ("Encara hi ha la talla 38?", ("from_ad",), "ca")
    assert (both.text, both.warnings) == ("Ad\nSKU-9\n194836\n\nHola", ("from_ad", "about_product"))
    assert (alone.text, alone.warnings) == ("Ad", ("from_ad", "unsupported"))


# Who it is.


def test_somebody_without_a_number_is_known_and_answered_by_the_id_that_whatsapp_gives(shop):
    shop.comes(shop.server.whatsapp("", hidden=HIDDEN, body="Hola"))
    (row,) = shop.bench.queue()
    assert (row.identity, row.customer_name) == (f"whatsapp:{HIDDEN.lower()}", "Maria 18")
    shop.answer("Bon dia")
    shop.flush()
    (taken,) = shop.server.taken
    assert (taken.get("to"), taken["recipient"]) == (None, HIDDEN)
    shop.comes(shop.server.becomes(taken, "delivered"))
    assert shop.states() == [("Bon dia", "delivered")]


def test_somebody_who_hides_their_number_later_stays_the_same_person(shop):
    shop.comes(shop.server.whatsapp(shop.maria, hidden=HIDDEN, body="Hola"))
    shop.go(days=40)
    shop.comes(shop.server.whatsapp("", hidden=HIDDEN, body="Encara jo"))
    assert [row.number for row in shop.bench.queue("all")] == [1]
    assert [each.text for each in shop.messages] == ["Hola", "Encara jo"]


def changes_number(shop, new, kind="user_changed_number"):
    words = f"User Maria changed from +{shop.maria} to +{new}"
    shop.comes(shop.server.whatsapp(shop.maria, "system", body=words, wa_id=new, type=kind))


def test_a_new_number_is_said_without_whatsapp_s_english_and_is_the_same_person_s(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.flush()
    changes_number(shop, "34699000111")
    notice = shop.messages[-1]
    assert (notice.text, notice.mail_class, notice.warnings) == (
        "+34699000111", "auto_reply", ("number_changed",),
    )  # fmt: skip
    assert shop.bench.queue("unanswered") == shop.bench.queue() == []
    shop.go(minutes=1)
    shop.comes(shop.server.whatsapp("34699000111", body="Ja tinc el nou"))
    assert [row.number for row in shop.bench.queue("all")] == [1]
    assert [each.text for each in shop.messages][-1] == "Ja tinc el nou"


def test_a_number_that_is_somebody_s_already_stays_theirs(shop):
    shop.comes(shop.server.whatsapp("34699000111", body="Sóc en Pau"))
    shop.writes("Hola")
    changes_number(shop, "34699000111")
    assert len({row.customer for row in shop.bench.queue("all")}) == 2


@pytest.mark.parametrize(
    "said", [{"type": "user_identity_changed", "wa_id": "34699000111"}, {"wa_id": "34699000111"}, {}]
)
def test_what_else_whatsapp_says_of_somebody_is_nobody_s_message(shop, said):
    shop.comes(shop.server.whatsapp(shop.maria, "system", body="Your security code changed", **said))
    (row,) = shop.bench.queue("machine")
    assert (row.next_due_at, shop.bench.queue(), shop.bench.queue("unanswered")) == (None, [], [])
    (message,) = shop.bench.messages(row.number)
    assert (message.text, message.warnings) == ("Your security code changed", ("by_service",))
    shop.comes(shop.server.whatsapp("34699000111", body="Hola"))
    assert len(shop.bench.queue()) == 1
    shop.writes("I jo també")
    assert len(shop.bench.queue()) == 2, "whoever writes there is work"


def test_whom_the_phone_wrote_to_first_is_known_by_name_and_can_be_sent_a_template(shop):
    echo = shop.server.whatsapp(shop.maria, echo=True, body="Hola, sóc de la botiga")
    (message,) = said(shop, echo)
    assert [(each.email, each.name) for each in message.to] == [(shop.maria, "Maria 22")]
    assert message.sender.email == OURS
