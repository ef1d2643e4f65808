"""Who still waits for an answer, and what a person wrote, by headers alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core.model import MailFacts
from agentdesk.core.waiting import alongside, human, is_no_reply, sender, subject_root, waiting

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
US = "soporte@shop.test"


def mail(number: int, days: float, *, own: bool = False, answers: int | None = None, **given) -> MailFacts:
    folder = "Sent" if own else "INBOX"
    return MailFacts(
        **{
            "key": (folder, number),
            "sender": US if own else "ana@cliente.test",
            "recipients": ("ana@cliente.test",) if own else (US,),
            "message_id": f"<{number}>",
            "references": (f"<{answers}>",) if answers is not None else (),
            "received_at": NOW - timedelta(days=days),
            "own": own,
            "human": True,
            "answered": False,
            "subject": f"Asunto {number}",
            **given,
        }
    )


def waits(*facts: MailFacts, days: int = 14) -> set[int]:
    return {uid for _, uid in waiting(facts, NOW, days)}


def test_a_mail_without_an_answer_waits():
    assert waits(mail(1, 3)) == {1}


def test_an_answered_one_does_not():
    assert waits(mail(1, 3), mail(2, 2, own=True, answers=1)) == set()


def test_who_wrote_again_after_our_answer_waits_with_all_that_followed_it():
    thread = [
        mail(1, 9),
        mail(2, 8, own=True, answers=1),
        mail(3, 7, answers=2),
        mail(4, 6, answers=3),
    ]
    assert waits(*thread) == {3, 4}


def test_a_thread_is_one_at_any_remove_and_in_any_order():
    assert waits(mail(3, 1, own=True, answers=2), mail(2, 5, answers=1), mail(1, 6)) == set()


def test_the_servers_answered_flag_counts_for_all_before_it():
    assert waits(mail(1, 5), mail(2, 4, answers=1, answered=True)) == set()
    assert waits(mail(1, 5, answered=True), mail(2, 4, answers=1)) == {2}


def test_a_later_mail_of_ours_to_the_same_person_under_the_same_subject_counts():
    asked = mail(1, 5, subject="Talla de la camisa")
    told = mail(2, 4, own=True, subject="RE: talla de la  camisa")
    assert waits(asked, told) == set()
    assert waits(asked, mail(2, 6, own=True, subject="Re: Talla de la camisa")) == {1}
    assert waits(asked, mail(2, 4, own=True, subject="Re: Talla de la camisa", recipients=("b@c.test",))) == {
        1
    }
    assert waits(mail(1, 5, subject=""), mail(2, 4, own=True, subject="Re:")) == {1}


def test_what_a_machine_of_ours_sent_is_no_answer():
    assert waits(mail(1, 3), mail(2, 2, own=True, answers=1, human=False)) == {1}


def test_machines_do_not_wait():
    assert waits(mail(1, 3, human=False)) == set()


def test_a_machines_mail_after_the_persons_leaves_the_person_waiting():
    assert waits(mail(1, 3), mail(2, 2, answers=1, human=False)) == {1}


def test_old_threads_are_history_and_young_ones_wait_as_a_whole():
    assert waits(mail(1, 15)) == set()
    assert waits(mail(1, 15), mail(2, 3, answers=1)) == {1, 2}
    assert waits(mail(1, 14)) == {1}


def test_mails_without_names_are_threads_of_their_own():
    assert waits(mail(1, 3, message_id=None), mail(2, 2, own=True, message_id=None)) == {1}


def test_the_others_of_a_thread():
    facts = [mail(1, 9), mail(2, 8, own=True, answers=1), mail(3, 7, answers=2), mail(4, 1)]
    assert alongside(facts, [("INBOX", 3)]) == {("INBOX", 1), ("Sent", 2)}


@given(
    st.permutations(range(8)),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.lists(st.integers(-1, 7), min_size=8, max_size=8),
)
def test_the_order_of_facts_does_not_matter(order, own, parents):
    facts = [
        mail(n, 10 - n, own=own[n], answers=parents[n] if 0 <= parents[n] != n else None, subject="x")
        for n in range(8)
    ]
    assert waiting(facts, NOW, 14) == waiting([facts[n] for n in order], NOW, 14)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto-submitted": "no"},
        {"x-auto-response-suppress": "All"},
        {"precedence": "first-class"},
        {"from": "no-reply@forms.test", "reply-to": "Eva <eva@cliente.test>"},
        {"from": US, "reply-to": "eva@cliente.test"},
        {"list-id": "Soporte <soporte.shop.test>", "precedence": "list", "list-unsubscribe": "<mailto:x@y>"},
        {"content-type": "multipart/alternative"},
        {"from": "nora@cliente.test"},
        {"from": "noelia.reply@cliente.test"},
    ],
)
def test_written_by_a_person(headers):
    assert human({"from": "Ana <ana@cliente.test>", **headers}, [US])


@pytest.mark.parametrize(
    "headers",
    [
        {"auto-submitted": "auto-replied (vacation)"},
        {"auto-submitted": "auto-generated; owner-email=x@y"},
        {"precedence": "Bulk"},
        {"precedence": "list"},
        {"list-id": "<ofertas.tienda.test>"},
        {"list-unsubscribe": "<https://x.test>"},
        {"return-path": "<>"},
        {"x-autoreply": "yes"},
        {"x-autorespond": "true"},
        {"x-failed-recipients": "x@y.test"},
        {"content-type": "multipart/report; report-type=delivery-status"},
        {"from": "MAILER-DAEMON@mx.test"},
        {"from": "no-reply@banco.test"},
        {"from": "noreply@banco.test", "reply-to": "noreply@banco.test"},
        {"from": "do-not-reply@x.test", "reply-to": US},
        {"from": "no-responder@x.test"},
        {"from": "norespondre@x.test"},
        {"from": ""},
    ],
)
def test_written_by_a_machine(headers):
    assert not human({"from": "ana@cliente.test", **headers}, [US])


def test_the_person_behind_a_form():
    assert sender({"from": US, "reply-to": "Eva <EVA@cliente.test>"}, [US]) == "eva@cliente.test"
    assert (
        sender({"from": "Ana <ana@cliente.test>", "reply-to": "eva@cliente.test"}, [US]) == "ana@cliente.test"
    )
    assert sender({"from": US}, [US]) == US
    assert sender({}) == ""


@pytest.mark.parametrize(
    "subject", ["Talla", "Re: Talla", "RE[2]: talla", "Fwd: RV:  Talla ", "re:re: TALLA"]
)
def test_the_root_of_a_subject(subject):
    assert subject_root(subject) == "talla"


@pytest.mark.parametrize(
    "local",
    [
        "noreply",
        "no-reply",
        "no.reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "shop-noreply",
        "mail.noreply",
        "noreply+12",
        "noreply1",
        "no-responder",
        "noresponder",
        "no.contestar",
        "no-respongueu",
        "ne-pas-repondre",
        "keineantwort",
        "naoresponder",
        "noresposta",
        "non-rispondere",
        "NoReply",
    ],
)
def test_an_address_says_that_nobody_reads_there(local):
    assert is_no_reply(f"{local}@shop.test")


@pytest.mark.parametrize(
    "local",
    [
        "reply",
        "response",
        "contestador",
        "mariano.contesta",
        "nora.reply",
        "noelia",
        "casino",
        "nono",
        "soporte",
    ],
)
def test_an_address_of_somebody_who_reads(local):
    assert not is_no_reply(f"{local}@shop.test")
