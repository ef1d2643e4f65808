"""A chat account from the command line: added, received, answered, and its token in no file and no word."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servers import matrix
from servers.telegram import TOKEN, Telegram, too_many
from servers.web import CUT_AFTER, Answer

MARIA = 7001


def test_a_customer_writes_to_the_bot_and_is_answered_once(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    telegram.writes(MARIA, photo=[telegram.a_file(b"jpeg bytes")], caption="Mireu")
    (account,) = bot("sync", "--once")["accounts"]
    assert (account["received"], account["errors"]) == (2, [])
    (ticket,) = bot("queue")
    assert (ticket["channel"], ticket["customer"]["identity"], ticket["window_until"]) == (
        "telegram",
        f"telegram:{MARIA}",
        None,
    )
    photo = bot("show", "1")["messages"][1]["attachments"][0]
    assert (photo["size"], photo["media_type"]) == (10, "image/jpeg")
    assert bot("reply", "1", "--text", "Surt demà")["state"] == "queued"
    (account,) = bot("sync", "--once")["accounts"]
    assert account["sent"] == 1
    bot("sync", "--once")
    assert [(each.chat, each.text) for each in telegram.sent] == [(MARIA, "Surt demà")]
    assert bot("show", "1")["messages"][-1]["delivery"]["state"] == "sent"
    assert bot("account", "list")[0]["state"] == "ok"
    told = run("undo")[2]
    assert ("The answer in #1 has been sent already" in told, "agentdesk amend" in told) == (True, True)


def test_what_was_sent_is_changed_and_taken_back(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    message = bot("reply", "1", "--text", "Surt demà")["message"]
    assert "Only what was sent from here" in run("amend", "1", message, "--text", "x")[2]
    bot("sync", "--once")
    asked = bot("amend", "1", "2", "--text", "Surt avui")
    assert (asked["ticket"], asked["message"], asked["state"]) == (1, message, "asked")
    assert bot("show", "1")["messages"][-1]["amendment"] == {"state": "asked", "reason": None}
    assert "! not changed at Telegram yet" in run("show", "1")[1]
    bot("sync", "--once")
    assert [(each.text, each.edits) for each in telegram.sent] == [("Surt avui", 1)]
    shown = bot("show", "1")["messages"][-1]
    assert (shown["text"], shown["amendment"], len(shown["versions"])) == ("Surt avui", None, 1)
    assert run("amend", "1", "2", "--delete", "--text", "x")[0] == 2
    bot("amend", "1", "2", "--delete")
    bot("sync", "--once")
    assert telegram.sent == []
    assert bot("show", "1")["messages"][-1]["withdrawn_at"] is not None
    told = run("show", "1")[1]
    assert "! edited at 20" in told
    assert "! taken back by us at 20" in told


def test_an_answer_goes_by_another_way_when_that_is_said(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    telegram.writes(MARIA + 1, "Soc la Maria, des del mòbil nou")
    bot("sync", "--once")
    bot("customer", "merge", f"telegram:{MARIA}", f"telegram:{MARIA + 1}")
    done = bot("reply", "1", "--channel", f"telegram:{MARIA + 1}", "--text", "Surt demà")
    assert (done["ticket"], done["channel"], done["state"]) == (2, "telegram", "queued")
    bot("sync", "--once")
    assert [(each.chat, each.text) for each in telegram.sent] == [(MARIA + 1, "Surt demà")]
    messages = bot("show", "2")["messages"]
    assert [m["direction"] for m in messages] == ["in", "in", "out", "note"]
    assert messages[-1]["text"] == "Answered at another Telegram address of the customer's."
    status, _, err = run("reply", "2", "--channel", "email", "--text", "x")
    assert (status, f"telegram:{MARIA}" in err) == (2, True)


def test_the_same_answer_by_several_commands_at_once_is_written_once(telegram, bot):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    words = (sys.executable, "-m", "agentdesk", "reply", "1", "--text", "La mateixa, tres vegades alhora")
    at_once = [subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
    told = [each.communicate(timeout=60)[1].decode() for each in at_once]
    assert sorted(each.returncode for each in at_once) == [0, 1, 1], told
    assert [m["direction"] for m in bot("show", "1")["messages"]] == ["in", "out"]


@pytest.fixture
def workshop(bot, monkeypatch):
    """The service of a second account, `taller`, on the same desk."""
    made = Telegram(token="5739574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK")
    monkeypatch.setenv("TALLER", made.token)
    bot("account", "add", "telegram", "taller", "--base-url", made.base, "--secret-env", "TALLER")
    yield made
    made.stop()


def test_an_answer_goes_from_the_account_that_is_named_and_leaves_open_what_was_asked_there(
    telegram, workshop, bot, run
):
    telegram.writes(MARIA + 1, "Necesito la factura")
    bot("sync", "--once")
    telegram.writes(MARIA, "¿Tenéis jarrones?")
    bot("sync", "--once")
    workshop.writes(MARIA, "¿Reparáis lámparas?")
    bot("sync", "--once")
    bot("customer", "merge", f"telegram:{MARIA + 1}", f"telegram:{MARIA}")
    words = ("reply", "1", "--text", "Te mando la factura por aquí.", "--channel", f"telegram:{MARIA}")
    status, _, err = run(*words)
    assert (status, "--account taller, vimet" in err) == (2, True), "which of the two is not guessed"
    assert run(*words, "--account", "otra")[0] == 2
    done = bot(*words, "--account", "vimet")
    assert (done["ticket"], done["merged"], done["account"]) == (2, 1, "vimet")
    assert done["left_open"] == [bot("show", "2")["messages"][1]["id"]]
    bot("sync", "--once")
    assert [[each.chat for each in service.sent] for service in (telegram, workshop)] == [[MARIA], []]
    assert sorted(ticket["ticket"] for ticket in bot("unanswered")["tickets"]) == [2, 3]
    assert [ticket["unread"] for ticket in bot("queue")] == [True, True]


def test_show_says_of_an_answer_that_has_not_gone_where_it_is(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    held = bot("reply", "1", "--text", "Surt demà", "--hold", "600")["message"]
    assert "-- our message, held, " in run("show", "1")[1]
    bot("outbox", "cancel", held)
    bot("reply", "1", "--text", "Surt avui")
    assert "-- our message, queued · " in run("show", "1")[1]
    telegram.on("sendMessage", too_many(300))
    bot("sync", "--once")
    shown, listed = run("show", "1")[1], run("outbox", "list")[1]
    assert "-- our message, queued, goes: " in shown
    assert "! the server said: Too Many Requests: retry after 300" in shown
    assert re.search(r" queued +1 +20\d\d-\d\d-\d\d \d\d:\d\d", listed)
    assert "-- sent" not in shown


def test_a_token_that_is_refused_when_something_is_sent_is_the_account_s_fault(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    bot("reply", "1", "--text", "Surt avui")
    telegram.on("sendMessage", Answer({"ok": False, "description": "Unauthorized"}, 401))
    status, out, _ = run("sync", "--once", "--json")
    (account,) = json.loads(out)["accounts"]
    assert (status, account["failed"], account["errors"][0]["code"]) == (1, 0, "login_sending")
    bot("sync", "--once")  # receiving goes well, and does not call the account well
    assert bot("account", "list")[0]["error"] == "login_sending"
    told = run("doctor")[1]
    assert "The service refuses our login when something is sent" in told
    assert "The password or token of vimet is wrong or has expired" in told
    (waiting,) = bot("outbox", "list")
    assert waiting["state"] == "queued"
    bot("outbox", "retry", waiting["id"])
    assert bot("sync", "--once")["accounts"][0]["sent"] == 1
    assert bot("account", "list")[0]["error"] is None


def test_show_says_of_an_answer_that_nobody_knows_of_that_nobody_knows(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    bot("reply", "1", "--text", "Surt avui")
    telegram.on("sendMessage", CUT_AFTER)
    assert bot("sync", "--once")["accounts"][0]["unknown"] == 1
    shown = run("show", "1")[1]
    assert "! nobody knows whether it was sent: the connection broke off before the answer came" in shown
    (row,) = bot("queue", "--view", "all")
    assert (row["undelivered"], row["in_doubt"]) == (True, True)
    assert "-- sent" not in shown


def test_an_edit_from_the_command_line(telegram, bot):
    message = telegram.writes(MARIA, "talla M")
    bot("sync", "--once")
    telegram.now += 60
    telegram.edits(message, "talla L")
    bot("sync", "--once")
    (shown,) = bot("show", "1")["messages"]
    assert (shown["text"], shown["versions"][0]["kind"]) == ("talla L", "edited")


def test_an_account_that_cannot_log_in_is_kept_and_said(telegram, run, monkeypatch):
    monkeypatch.setenv("BOT", "1:nobody")
    status, out, err = run(
        "account", "add", "telegram", "vimet", "--base-url", telegram.base, "--secret-env", "BOT", "--json"
    )
    assert (status, json.loads(out)["checked"]) == (0, False)
    assert "Unauthorized" in err
    assert "password or token of vimet is wrong" in run("account", "check", "vimet")[2]
    status, out, _ = run("sync", "--once", "--json")
    assert (status, json.loads(out)["accounts"][0]["errors"][0]["code"]) == (1, "login")


def test_a_bot_that_is_added_again_takes_over_its_tickets(telegram, bot, run):
    telegram.writes(MARIA, "On és el meu paquet?")
    bot("sync", "--once")
    before = bot("account", "list")[0]
    assert bot("reply", "1", "--text", "Surt demà", "--hold", "600")["state"] == "held"
    assert run("account", "remove", "vimet")[0] == 2
    done = bot("account", "remove", "vimet", "--yes")
    assert (done["drafts"], done["unknown"]) == (1, 0)
    again = bot("account", "add", "telegram", "otra", "--base-url", telegram.base, "--secret-env", "BOT")
    assert (again["id"], again["name"], again["address"]) == (before["id"], "otra", "@vimet_bot")
    assert bot("reply", "1", "--text", "Surt avui")["state"] == "queued"
    telegram.writes(MARIA, "Gràcies")
    (account,) = bot("sync", "--once")["accounts"]
    assert (account["received"], account["sent"]) == (1, 1)
    assert [each.text for each in telegram.sent] == ["Surt avui"]


def test_what_cannot_be_an_account_is_refused_with_the_reason(run):
    for words, told in (
        (("--base-url", "ftp://x"), "https://chat.example.com"),
        (("--base-url", "http://chat.example.com"), "https://chat.example.com"),
        (("--basurl", "https://x"), "--base-url"),
    ):
        status, out, err = run("account", "add", "telegram", "vimet", *words, "--secret-env", "BOT")
        assert (status, out) == (2, "")
        assert told in err


def test_the_token_is_in_no_file_and_no_word(telegram, bot, run, tmp_path):
    telegram.writes(MARIA, "Hola")
    said = []
    for words in (
        ("--debug", "sync", "--once"),
        ("account", "check", "vimet"),
        ("config", "show"),
        ("doctor",),
        ("account", "list"),
    ):
        said += run(*words)[1:]
    telegram.stop()
    said += run("--debug", "sync", "--once")[1:]
    secret = TOKEN.partition(":")[2]
    assert not [text for text in said if secret in text]
    files = [path for path in Path(tmp_path).rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]


@pytest.fixture
def homeserver(monkeypatch):
    made = matrix.Homeserver()
    monkeypatch.setenv("ROOMS", matrix.PASSWORD)
    yield made
    made.stop()


def adds_matrix(run, *words):
    return run("--json", "account", "add", "matrix", "sala", *words, "--secret-env", "ROOMS")


def test_a_matrix_account_says_what_it_takes_in_and_what_it_cannot_read(homeserver, run):
    where = ("--homeserver", homeserver.base, "--user", "vimet")
    status, out, err = adds_matrix(run, *where)
    assert (status, json.loads(out)["address"]) == (0, matrix.US)
    assert "fifty" in err
    assert "Encrypted rooms cannot be read" in err
    homeserver.says("Hola")
    status, out, _ = run("--json", "sync", "--once")
    assert (status, json.loads(out)["accounts"][0]["received"]) == (0, 1)
    status, out, _ = run("--json", "account", "check", "sala")
    assert (status, json.loads(out)["abilities"]) == (0, ["v1.15"])
    assert len(homeserver.logins) == 1


def test_an_encrypted_message_says_that_it_cannot_be_read(homeserver, run):
    adds_matrix(run, "--homeserver", homeserver.base, "--user", "vimet")
    homeserver.happens("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
    run("sync", "--once")
    _, out, _ = run("show", "1")
    assert "It is encrypted: agentdesk cannot read it." in out


def test_a_matrix_account_without_its_homeserver_is_refused(run):
    status, out, err = adds_matrix(run, "--user", "vimet")
    assert (status, out) == (2, "")
    assert "--homeserver" in err
    status, out, err = adds_matrix(run, "--homeserver", "http://chat.example.com", "--user", "vimet")
    assert (status, out) == (2, "")
    assert "https://chat.example.com" in err


def test_a_group_is_named_wherever_its_ticket_is_shown(telegram, bot, run):
    group = {"id": -1001, "type": "supergroup", "title": "Vecinos"}
    telegram.writes(MARIA, "mi pedido privado 99")
    telegram.writes(MARIA, "hola vecinos", chat=group)
    bot("sync", "--once")
    rooms = {ticket["number"]: ticket["room"] for ticket in bot("queue")}
    assert rooms == {1: None, 2: "Vecinos"}
    assert bot("show", "2")["room"] == "Vecinos"
    assert "group «Vecinos» telegram:room:-1001" in run("show", "2")[1]
    assert "«Vecinos»" in run("queue")[1]
    assert bot("reply", "1", "--text", "Reforma 1")["room"] is None
    told = run("reply", "2", "--text", "Hasta las ocho")[1]
    assert "the answer is in the outbox. «Vecinos»: everybody in the group reads it." in told
    bot("sync", "--once")
    assert [(each.chat, each.text) for each in telegram.sent] == [
        (MARIA, "Reforma 1"),
        (-1001, "Hasta las ocho"),
    ]


def test_two_that_were_taken_for_one_are_told_apart_again(telegram, bot, run):
    """The ticket that holds both is named; what is written from then on has one of its own."""
    telegram.writes(MARIA, "Soy Maria")
    telegram.writes(7002, "Soy Berta")
    bot("sync", "--once")
    kept = bot("customer", "merge", "telegram:7002", f"telegram:{MARIA}")
    assert {each["customer"]["id"] for each in bot("queue")} == {kept["id"]}
    assert {each["customer"]["name"] for each in bot("queue")} == {kept["name"]}
    bot("merge", "2", "1")
    parted = bot("customer", "unmerge", "telegram:7002", f"telegram:{MARIA}")
    assert parted["shared"] == [1]
    telegram.writes(7002, "dato privado")
    bot("sync", "--once")
    assert [each["text"] for each in bot("show", "3")["messages"]] == ["dato privado"]
    bot("customer", "merge", "telegram:7002", f"telegram:{MARIA}")
    told = run("customer", "unmerge", "telegram:7002", f"telegram:{MARIA}")[1]
    assert "#1 holds messages of both, and stays so: agentdesk split takes a message out." in told


def test_a_search_shows_what_an_edited_message_says_now_and_says_of_its_former_words_that_they_are(
    telegram, bot, run
):
    message = telegram.writes(MARIA, "Vull la samarreta vermella, si us plau")
    bot("sync", "--once")
    telegram.now += 60
    telegram.edits(message, "Vull la samarreta blava, si us plau")
    bot("sync", "--once")
    (hit,) = bot("search", "samarreta")
    assert (hit["snippet"], hit["former"]) == ("Vull la samarreta blava, si us plau", False)
    (hit,) = bot("search", "from:7001")
    assert "blava" in hit["snippet"]
    (hit,) = bot("search", "vermella")
    assert (hit["snippet"], hit["former"]) == ("Vull la samarreta vermella, si us plau", True)
    assert "(former words) Vull la samarreta vermella" in run("search", "vermella")[1]
    assert "former" not in run("search", "blava")[1]
