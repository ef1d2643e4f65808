"""What a customer's message answers is said above its words, and is a key of its document."""

import json

import pytest

from servers import inbox, matrix

MARIA = 7001


@pytest.fixture
def desk(telegram, bot):
    """Maria has written, and was asked two things."""
    telegram.writes(MARIA, "Vull canviar-les")
    bot("sync", "--once")
    for text in ("Quin model, el negre?", "I quina talla?"):
        bot("reply", "1", "--text", text)
        bot("sync", "--once")
    return bot


def answers(telegram, number, text="sí, aquest"):
    """Maria answers the message of that number, after all that we wrote."""
    telegram.now = inbox.now().timestamp() + 1
    telegram.writes(MARIA, text, reply_to_message={"message_id": number, "chat": {"id": MARIA}, "date": 1})


def test_of_two_questions_the_one_that_is_answered_is_named_as_it_reads_now(telegram, desk, run):
    first, last = telegram.sent
    answers(telegram, first.number)
    answers(telegram, last.number)
    desk("sync", "--once")
    asked, _, one, other = desk("show", "1")["messages"][1:]
    assert one["answers"] == {"message": asked["id"], "text": "Quin model, el negre?"}
    assert other["answers"]["text"] == "I quina talla?"
    assert asked["answers"] is None
    desk("amend", "1", asked["id"], "--text", "Quin model, el blau?")
    assert desk("show", "1")["messages"][3]["answers"]["text"] == "Quin model, el blau?"
    told = run("show", "1")[1]
    assert "\n  in answer to " in told
    assert ": Quin model, el blau?\nsí, aquest" in told


def test_an_answer_to_what_was_said_last_and_one_to_what_nobody_knows_need_no_line(telegram, desk, run):
    answers(telegram, telegram.sent[-1].number)
    answers(telegram, 7)
    desk("sync", "--once")
    assert [each["answers"] for each in desk("show", "1")["messages"]] == [None] * 5
    assert "in answer to" not in run("show", "1")[1]


def test_a_note_is_nothing_that_a_customer_could_have_seen_last(telegram, desk):
    desk("note", "1", "--text", "Que no se'ns oblidi")
    answers(telegram, telegram.sent[-1].number)
    desk("sync", "--once")
    assert desk("show", "1")["messages"][-1]["answers"] is None


def test_a_picture_is_called_by_its_name_and_what_is_hostile_is_made_plain(telegram, desk, run):
    telegram.now = inbox.now().timestamp() + 1
    picture = telegram.writes(MARIA, photo=[telegram.a_file(b"jpeg bytes")])
    evil = telegram.writes(MARIA, "\x1b]0;owned\x07[bold]hola[/bold]\n" + "x" * 400)
    telegram.writes(MARIA, "Doncs")
    answers(telegram, picture["message_id"])
    answers(telegram, evil["message_id"])
    desk("sync", "--once")
    one, other = (each["answers"]["text"] for each in desk("show", "1")["messages"][-2:])
    assert one == "photo.jpg"
    assert ("[bold]hola[/bold] xxx" in other, "\x1b" in other, len(other) <= 160) == (True, False, True)
    assert "\x1b" not in run("show", "1")[1]


def test_what_somebody_answers_on_matrix_is_named_in_place_of_the_quotation(run, monkeypatch):
    server = matrix.Homeserver()
    monkeypatch.setenv("ROOMS", matrix.PASSWORD)
    where = ("--homeserver", server.base, "--user", "vimet")
    run("account", "add", "matrix", "sala", *where, "--secret-env", "ROOMS")
    first = server.says("Tinc dues comandes")
    server.says("La segona és la 12")
    quoted = f"> <{matrix.ANA}> Tinc dues comandes\n\nVull dir aquestes"
    server.says(quoted, **{"m.relates_to": {"m.in_reply_to": {"event_id": first}}})
    run("sync", "--once")
    server.stop()
    messages = json.loads(run("--json", "show", "1")[1])["messages"]
    assert messages[2]["text"] == "Vull dir aquestes"
    assert messages[2]["answers"] == {"message": messages[0]["id"], "text": "Tinc dues comandes"}
