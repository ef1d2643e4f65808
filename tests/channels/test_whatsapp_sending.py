"""WhatsApp by the Cloud API, over a real relay: what becomes of what we send, the window, and templates."""

from dataclasses import replace

import pytest

from agentdesk.channels import Approved, Refused
from agentdesk.core.model import OutFile, Template
from agentdesk.engine import trouble
from agentdesk.engine.template import filled, in_order, named
from agentdesk.engine.window import Window
from agentdesk.errors import NotFoundError, UsageError
from agentdesk.undelivered import why
from channels.contract import a_letter, asked, envelope
from channels.hooked import BEGAN, shop_in
from servers.meta import PHONE, error
from servers.web import CUT_AFTER, CUT_BEFORE, Answer

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BODY = "Hola {{1}}, la comanda {{2}} ja hi és."


@pytest.fixture
def shop(tmp_path, relay):
    yield from shop_in(tmp_path, relay)


def health(shop):
    """(state, error) of the account, as doctor, list and header read it."""
    with Window(shop.bench.desk) as window:
        found = window.health()["shop"]
    return found.state, found.error


# What becomes of ours.


def test_sent_delivered_and_read_are_shown_and_never_go_back(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.flush()
    (taken,) = shop.server.taken
    for state, shown in (
        ("delivered", "delivered"),
        ("read", "read"),
        ("sent", "read"),
        ("delivered", "read"),
    ):
        shop.comes(shop.server.becomes(taken, state))
        assert shop.states() == [("Bon dia", shown)]


def test_a_status_that_overtakes_the_answer_of_meta_waits_for_it(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")

    def overtaken(request):
        answer = shop.server.handle(request)
        shop.comes(shop.server.becomes(shop.server.taken[-1], "delivered"))
        return answer

    shop.server.on("/messages", overtaken)
    shop.flush()
    assert shop.states() == [("Bon dia", "delivered")]


@pytest.mark.parametrize(
    ("code", "words", "remedy"),
    [
        (131047, "Re-engagement message", "choose a template"),
        (131026, "Message undeliverable", "cannot be reached"),
        (131049, "This message was not delivered to maintain healthy ecosystem engagement", "by its rules"),
        (131042, "Business eligibility payment issue", "means of payment"),
        (131050, "User has stopped receiving marketing messages", "wants no more messages"),
        (131053, "Media upload error", "did not take the file"),
    ],
)
def test_what_failed_comes_back_with_the_reason_and_what_to_do(shop, code, words, remedy):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.flush()
    shop.comes(shop.server.becomes(shop.server.taken[0], "failed", code, words))
    assert shop.states() == [("Bon dia", "failed")]
    row = shop.bench.ticket(1).row
    assert (row.failed, row.waiting_since is not None) == (True, True)
    message = shop.messages[-1]
    assert remedy in why(message.error, words)


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        (error(131056, "pair rate limit hit"), "written", None),
        (error(130429, "rate limit hit"), "written", None),
        (error(131047, "Re-engagement message"), "failed", "window_closed"),
        (error(100, "Invalid parameter"), "failed", "refused"),
        (Answer(b"<html>Sign in to the hotel's network</html>"), "unknown", "unknown"),
        (Answer(b"bad gateway", 502), "unknown", "unknown"),
        (CUT_BEFORE, "unknown", "unknown"),
        (CUT_AFTER, "unknown", "unknown"),
    ],
)
def test_what_becomes_of_a_send(shop, fault, state, code):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.server.on(f"{PHONE}/messages", fault)
    shop.flush()
    assert shop.states() == [("Bon dia", state)]
    assert shop.messages[-1].error == code
    assert len(shop.server.taken) == (fault == CUT_AFTER)


def test_a_token_that_has_expired_is_the_account_s_fault_and_nothing_is_lost(shop):
    """Receiving goes on over the relay, which knows no token: only sending tells, and what waits goes once it is right."""
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.answer("I bona tarda")
    expired = error(190, "Error validating access token: Session has expired", 401)
    shop.server.on(f"{PHONE}/messages", expired, expired)
    assert "Session has expired" in shop.flush().locked_out
    assert [state for _, state in shop.states()] == ["written", "written"]
    assert health(shop) == ("needs_login", "login_sending")
    with shop.bench.reading() as connection:
        assert trouble.standing(connection, "shop", None) == ("needs_login", "login_sending")
    shop.bench.clock.go(minutes=2)
    assert "Session has expired" in shop.flush().locked_out
    assert shop.server.taken == []
    shop.bench.clock.go(minutes=2)
    assert shop.flush().sent == 2
    assert [state for _, state in shop.states()] == ["sent", "sent"]
    assert health(shop) == ("ok", None)


def test_a_doubt_is_settled_by_the_status_that_comes_later(shop):
    shop.writes("Hola")
    shop.answer("Bon dia")
    shop.server.on(f"{PHONE}/messages", CUT_AFTER)
    shop.flush()
    shop.comes(shop.server.becomes(shop.server.taken[0], "delivered"))
    assert (shop.states(), shop.waiting()) == ([("Bon dia", "delivered")], [])
    shop.flush()
    assert len(shop.server.taken) == 1


# What we send.


def test_files_go_each_on_their_own_the_first_with_the_text(shop):
    shop.writes("Hola")
    files = (OutFile("a.jpg", "image/jpeg", b"jpeg"), OutFile("b.pdf", "application/pdf", b"%PDF"))
    shop.answer("Mira", files=files)
    shop.flush()
    contents = [(each["type"], each[each["type"]]) for each in shop.server.taken]
    assert [(kind, each.get("caption"), each.get("filename")) for kind, each in contents] == [
        ("image", "Mira", None), ("document", None, "b.pdf"),
    ]  # fmt: skip
    assert [shop.server.media[each["id"]] for _, each in contents] == [b"jpeg", b"%PDF"]
    assert shop.states() == [("Mira", "sent")]


def test_a_file_that_whatsapp_does_not_take_is_said_and_nothing_goes(shop):
    shop.writes("Hola")
    shop.answer("Mira", files=(OutFile("c.docx", DOCX, b"PK"),))
    shop.flush()
    assert (shop.server.taken, shop.states()) == ([], [("Mira", "failed")])
    assert shop.messages[-1].error == "file"


def test_a_file_that_could_not_be_handed_over_sends_nothing_and_is_tried_again(shop):
    shop.writes("Hola")
    shop.answer("Mira", files=(OutFile("a.pdf", "application/pdf", b"%PDF"),))
    shop.server.on(f"{PHONE}/media", CUT_AFTER, Answer(b"<html>"))
    shop.flush()
    assert (shop.server.taken, shop.states()) == ([], [("Mira", "written")])
    for _ in range(2):
        shop.go(hours=1)
        shop.flush()
    assert shop.states() == [("Mira", "sent")]


def test_whoever_types_marks_as_read_and_shows_it(shop):
    shop.writes("Hola")
    channel = shop.make()
    asked(channel, lambda: channel.attend(shop.messages[0].remote_id))
    (told,) = shop.server.attended
    assert (told["status"], told["typing_indicator"]) == ("read", {"type": "text"})
    assert f"whatsapp:{shop.maria}/{told['message_id']}" == shop.messages[0].remote_id


# The window and templates.


def template(name="a_punt", language="ca", body=BODY, status="APPROVED", **parts):
    components = [{"type": "BODY", "text": body}, *({"type": kind, **part} for kind, part in parts.items())]
    return {"name": name, "language": language, "status": status, "components": components}


def test_outside_the_window_a_free_answer_is_refused_before_anything_is_asked_of_meta(shop):
    shop.writes("Hola")
    shop.go(hours=23, minutes=59)
    shop.answer("Encara a temps", hold=120)
    shop.go(minutes=2)
    shop.flush()
    assert shop.states() == [("Encara a temps", "failed")]
    assert shop.messages[-1].error == "window_closed"
    assert shop.server.calls == 0


def test_where_the_window_was_never_open_a_template_goes_as_one(shop):
    shop.server.templates = [template()]
    out = replace(
        a_letter(1, shop.maria, "", BEGAN), free_until=None, text="Hola Maria, la comanda 7 ja hi és."
    )
    channel = shop.make()

    def sends(out):
        return asked(channel, lambda: channel.send(channel.compose(out), envelope(out), lambda: None))

    assert sends(out) == Refused("window_closed", "24 hours have passed since the customer wrote")
    sends(replace(out, template=Template("a_punt", "ca", ("Maria", "7"))))
    (taken,) = shop.server.taken
    assert (taken["type"], taken["template"]["name"]) == ("template", "a_punt")


def test_a_template_is_sent_after_the_window_with_its_values_and_as_a_text_within_it(shop):
    shop.server.templates = [template()]
    for spans, kind in (({}, "text"), ({"days": 3}, "template")):
        shop.writes("Hola")
        shop.go(**spans)
        shop.answer("Hola Maria, la comanda 7 ja hi és.", template=Template("a_punt", "ca", ("Maria", "7")))
        shop.flush()
        assert shop.server.taken[-1]["type"] == kind
    assert shop.server.taken[-1]["template"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Maria"}, {"type": "text", "text": "7"}]}
    ]
    assert [state for _, state in shop.states()] == ["sent", "sent"]


def test_templates_that_a_text_can_fill_are_listed_whole(shop):
    button = {"buttons": [{"type": "URL", "url": "https://shop.test/{{1}}"}]}
    shop.server.templates = [
        *(template(f"n{number:03}", body="Hola") for number in range(150)),
        template("places"),
        template(
            "footer", FOOTER={"text": "Vímet"}, BUTTONS={"buttons": [{"type": "QUICK_REPLY", "text": "Sí"}]}
        ),
        template("pending", status="PENDING"),
        template("picture", HEADER={"format": "IMAGE"}),
        template("link", BUTTONS=button),
        template("named", body="Hola {{name}}, {{order_id}}"),
        template("mixed", body="Hola {{name}}, {{1}}"),
        template("shouted", body="Hola {{NAME}}"),
        template("cards", CAROUSEL={"cards": [{}]}),
        template("hole", body="Hola {{2}}"),
    ]
    found = asked(shop.make(), shop.make().templates)
    assert [each.name for each in found[150:]] == ["places", "footer", "named"]
    assert [(each.name, each.places) for each in found if each.values] == [
        ("places", ("1", "2")), ("footer", ("1", "2")), ("named", ("name", "order_id")),
    ]  # fmt: skip


def test_a_template_with_named_places_is_sent_with_their_names(shop):
    body = "Hola {{name}}, la comanda {{ order_id }} ja hi és, {{name}}."
    shop.server.templates = [template(body=body)]
    (found,) = asked(shop.make(), shop.make().templates)
    for values in (("Maria", "7"), ("order_id=7", "name=Maria"), ("order_id=7", "Maria")):
        shop.writes("Hola")
        shop.go(days=2)
        wish = filled(found, in_order(found, values))
        assert wish.text == "Hola Maria, la comanda 7 ja hi és, Maria."
        shop.answer(wish.text, template=wish.template)
        shop.flush()
        assert shop.server.taken[-1]["template"]["components"][0]["parameters"] == [
            {"type": "text", "text": "Maria", "parameter_name": "name"},
            {"type": "text", "text": "7", "parameter_name": "order_id"},
        ]
    for wrong in ((), ("Maria",), ("Maria", "7", "8"), ("name=Maria",), ("name=Maria", "order_id= ")):
        with pytest.raises(UsageError):
            filled(found, in_order(found, wrong))


def test_a_template_is_taken_in_the_language_that_was_asked_for_and_each_value_stays_in_its_place():
    known = tuple(
        Approved("a_punt", each, f"{each}: {{{{1}}}} {{{{2}}}}", ("1", "2")) for each in ("es_MX", "es", "ca")
    )
    asked_for = [(named(known, word, language).language) for word, language in (
        ("a_punt:es", "ca"), ("a_punt:es_MX", "ca"), ("a_punt", "ca"), ("a_punt", "es"), ("a_punt", "de"),
    )]  # fmt: skip
    assert asked_for == ["es", "es_MX", "ca", "es", "es_MX"]
    with pytest.raises(NotFoundError):
        named(known, "a_punt:de", "ca")
    assert filled(known[2], ("{{2}}", "x")).text == "ca: {{2}} x"
