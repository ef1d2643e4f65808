"""What comes in, as stories: one desk, one mailbox, real mails through the real parser."""

from datetime import timedelta

import pytest

from agentdesk.core.commands import Assign, Merge, Resolve, Snooze, Split, Tag, Undo
from agentdesk.core.seal import Seal
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from desks import MONDAY, SHOP, Bench


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


def test_a_mail_becomes_a_ticket_with_both_clocks(bench):
    bench.mail("¿Dónde está mi pedido?", sender="María Puig <Maria@x.test>", subject="Pedido 77")
    (row,) = bench.queue()
    assert (row.subject, row.status, row.customer_name, row.identity) == (
        "Pedido 77", "new", "María Puig", "email:maria@x.test",
    )  # fmt: skip
    clocks = {(c["metric"], c["tier"]): c for c in bench.ticket(1).clocks}
    assert clocks["first_response", "standard"]["due_at"] == "2026-11-23T10:00:00.000Z"
    assert clocks["first_response", "world_class"]["due_at"] == "2026-11-23T09:15:00.000Z"


def test_clocks_start_when_the_mail_arrived_not_when_it_was_fetched(bench):
    bench.clock.go(hours=3)
    bench.mail(at=MONDAY)
    assert bench.ticket(1).row.next_due_at == "2026-11-23T10:00:00.000Z"
    assert bench.ticket(1).row.band == "late"


def test_a_mail_from_the_future_arrives_now(bench):
    bench.mail(at=MONDAY + timedelta(days=20000))
    assert bench.messages(1)[0].received_at == "2026-11-23T09:00:00.000Z"


def test_an_answer_joins_by_its_references_and_opens_the_next_response(bench):
    bench.mail(message_id="<a@x.test>")
    bench.clock.go(minutes=10)
    bench.mail(
        "Le contestamos",
        sender=SHOP,
        to="maria@x.test",
        reply_to="<a@x.test>",
        message_id="<b@shop.test>",
        role="sent",
    )
    assert bench.ticket(1).row.status == "waiting_customer"
    assert bench.queue() == []
    bench.clock.go(minutes=10)
    bench.mail("Gracias, pero falta algo", reply_to="<b@shop.test>", subject="Re: Pedido")
    (row,) = bench.queue()
    assert (row.number, row.status, row.messages) == (1, "open", 3)
    clocks = {(c["metric"], c["tier"]): c for c in bench.ticket(1).clocks}
    assert clocks["first_response", "standard"]["state"] == "met"
    assert clocks["next_response", "standard"]["due_at"] == "2026-11-23T10:20:00.000Z"
    assert bench.messages(1)[2].joined_by == "sent_folder"


def test_the_clock_runs_from_the_oldest_unanswered_message(bench):
    bench.mail(message_id="<a@x.test>")
    bench.clock.go(minutes=30)
    bench.mail("¿Hola?", reply_to="<a@x.test>")
    row = bench.ticket(1).row
    assert (row.waiting_since, row.next_due_at) == ("2026-11-23T09:00:00.000Z", "2026-11-23T10:00:00.000Z")


def test_a_stranger_who_answers_never_joins_but_is_linked(bench):
    bench.mail(message_id="<a@x.test>")
    bench.mail("Yo también", sender="otro@y.test", reply_to="<a@x.test>", subject="Re: Pedido")
    stranger = bench.ticket(2)
    assert stranger.linked == (1,)
    assert bench.messages(2)[0].joined_by == "linked"
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    assert [m.identity for m in bench.messages(1)] == ["email:maria@x.test", "email:otro@y.test"]
    bench.desk.do(Undo())
    assert len(bench.messages(1)) == len(bench.messages(2)) == 1


def test_a_person_copied_in_takes_part(bench):
    bench.mail(message_id="<a@x.test>", extra="Cc: Pare <pare@x.test>\r\n")
    bench.mail("Soc el pare", sender="pare@x.test", reply_to="<a@x.test>")
    assert [m.joined_by for m in bench.messages(1)] == ["new", "references"]


def test_our_signed_token_joins_from_any_address_and_says_so(bench):
    bench.mail(message_id="<a@x.test>")
    token = bench.desk.seal.own_message_id(bench.id(1), "1", "shop.test")
    bench.mail("Desde el trabajo", sender="maria@trabajo.test", reply_to=token)
    late = bench.messages(1)[1]
    assert (late.joined_by, "new_participant" in late.warnings) == ("token", True)


def test_the_plus_address_carries_the_token_too(bench):
    bench.mail(message_id="<a@x.test>")
    to = bench.desk.seal.plus_address(bench.id(1), SHOP)
    bench.mail("Sin cabeceras", to=to)
    assert bench.messages(1)[1].joined_by == "token"


def test_a_forged_token_joins_nothing(bench):
    bench.mail(message_id="<a@x.test>")
    forged = Seal(b"x" * 32).own_message_id(bench.id(1), "1", "shop.test")
    bench.mail("Hola", sender="malo@y.test", reply_to=forged)
    assert bench.ticket(1).row.messages == 1
    assert bench.messages(2)[0].joined_by == "new"


def test_a_parent_that_comes_later_joins_backwards(bench):
    bench.mail("Respuesta", message_id="<b@x.test>", reply_to="<a@x.test>", at=MONDAY)
    bench.mail("Primero", message_id="<a@x.test>", at=MONDAY - timedelta(hours=1))
    assert [m.text.strip() for m in bench.messages(1)] == ["Primero", "Respuesta"]
    assert bench.ticket(1).row.waiting_since == "2026-11-23T08:00:00.000Z"


def test_a_subject_tag_with_the_right_check_joins_a_participant(bench):
    bench.mail()
    tag = bench.desk.seal.subject_tag(1)
    bench.mail("sin cabeceras", subject=f"Re: Pedido {tag}", message_id="")
    assert bench.messages(1)[1].joined_by == "subject_tag"
    bench.mail("otro", sender="otro@y.test", subject=f"Re: Pedido {tag}")
    assert bench.ticket(2).linked == (1,)


def test_the_same_bytes_twice_are_one_message_with_two_places(bench):
    raw = b"From: a@x.test\r\nTo: soporte@shop.test\r\nSubject: Uno\r\nMessage-ID: <u@x>\r\n\r\nHola\r\n"
    assert bench.mail(raw=raw).received == 1
    assert bench.mail(raw=raw).duplicates == 1
    (message,) = bench.messages(1)
    assert len(message.places) == 2


def test_the_same_id_with_other_content_is_a_new_flagged_message(bench):
    bench.mail("Uno", message_id="<dhl@x.test>", sender="dhl@x.test")
    bench.mail("Otro", message_id="<dhl@x.test>", sender="dhl@x.test", subject="Otro envío")
    assert "same_message_id" in bench.messages(2)[0].warnings


def test_a_mail_without_any_id_is_fine_twice(bench):
    bench.mail("Uno", message_id="")
    assert bench.mail("Dos", message_id="").received == 1
    assert len(bench.queue()) == 2


def test_history_is_closed_and_starts_nothing(bench):
    bench.mail(before=True, at=MONDAY - timedelta(days=100))
    assert bench.queue() == []
    (row,) = bench.queue("all")
    assert (row.status, row.history, row.next_due_at) == ("closed", True, None)
    assert bench.ticket(1).clocks == ()


def test_what_still_waits_becomes_work_since_before_and_is_not_breached(bench):
    bench.mail(before=True, waits=True, at=MONDAY - timedelta(days=3))
    (row,) = bench.queue()
    assert (row.status, row.since_before, row.next_due_at, row.reason) == ("new", True, None, "since_before")
    assert bench.ticket(1).clocks == ()


def test_a_new_mail_on_recent_history_reopens_it_and_an_old_one_is_linked(bench):
    bench.mail(before=True, at=MONDAY - timedelta(days=2), message_id="<a@x.test>")
    bench.mail(before=True, at=MONDAY - timedelta(days=90), message_id="<old@x.test>", sender="pep@x.test")
    bench.mail("Sigo esperando", reply_to="<a@x.test>")
    bench.mail("De nou", sender="pep@x.test", reply_to="<old@x.test>")
    assert (bench.ticket(1).row.history, bench.ticket(1).row.status) == (False, "open")
    assert bench.ticket(3).linked == (2,)


def test_machine_mail_stays_out_of_the_inbox_and_starts_no_clock(bench):
    bench.mail(
        "Boletín", sender="news@x.test", extra="List-Unsubscribe: <https://x.test/u>\r\nPrecedence: bulk\r\n"
    )
    bench.mail("Estoy de vacaciones", sender="v@x.test", extra="Auto-Submitted: auto-replied\r\n")
    assert bench.queue() == []
    assert [row.number for row in bench.queue("machine")] == [2, 1]
    assert bench.ticket(1).clocks == ()


def test_an_auto_reply_in_a_ticket_does_not_reopen_it(bench):
    bench.mail(message_id="<a@x.test>")
    bench.desk.do(Resolve(bench.id(1)))
    bench.mail("Fora de l'oficina", reply_to="<a@x.test>", extra="Auto-Submitted: auto-replied\r\n")
    assert bench.ticket(1).row.status == "resolved"
    assert bench.ticket(1).row.messages == 2


def test_a_customer_reopens_within_a_week_and_wakes_a_snoozed_ticket(bench):
    bench.mail(message_id="<a@x.test>")
    bench.desk.do(Snooze(bench.id(1), MONDAY + timedelta(days=1)))
    bench.mail("¿Y bien?", reply_to="<a@x.test>")
    assert (bench.ticket(1).row.status, bench.ticket(1).row.snoozed_until) == ("open", None)
    bench.desk.do(Resolve(bench.id(1)))
    bench.clock.go(days=6)
    bench.mail("Otra vez", reply_to="<a@x.test>")
    assert bench.ticket(1).row.status == "open"
    bench.desk.do(Resolve(bench.id(1)))
    bench.clock.go(days=8)
    bench.mail("Un mes después", reply_to="<a@x.test>")
    assert bench.ticket(1).row.status == "resolved"
    assert bench.ticket(2).linked == (1,)


def test_answered_by_the_server_s_flag_counts_as_answered(bench):
    bench.mail(flags=frozenset({"\\Answered", "\\Seen"}))
    assert bench.ticket(1).row.status == "waiting_customer"


def test_a_late_copy_of_an_answered_mail_reopens_nothing(bench):
    bench.mail(message_id="<a@x.test>")
    bench.clock.go(hours=1)
    bench.mail("resp", sender=SHOP, to="maria@x.test", reply_to="<a@x.test>", role="sent")
    bench.mail("llegó tarde", reply_to="<a@x.test>", at=MONDAY + timedelta(minutes=5))
    assert bench.ticket(1).row.status == "waiting_customer"


def test_a_contact_form_belongs_to_the_person_in_reply_to(bench):
    bench.mail("Nombre: Pep", sender=SHOP, extra="Reply-To: Pep <pep@x.test>\r\n", subject="Formulario")
    (row,) = bench.queue()
    assert (row.identity, row.channel) == ("email:pep@x.test", "form")


def test_our_own_address_in_the_inbox_is_a_loop(bench):
    bench.mail("hola", sender=SHOP)
    assert bench.queue() == []
    assert bench.messages(1)[0].mail_class == "own_loop"


def test_what_cannot_be_read_is_kept_and_can_be_tried_again(tmp_path):
    broken = [True]

    def read(raw):
        from agentdesk.channels.mime import read_mail

        if broken[0]:
            raise ValueError("no header at all")
        return read_mail(raw)

    bench = Bench(tmp_path, read)
    raw = b"From: a@x.test\r\nSubject: Uno\r\n\r\nHola\r\n"
    assert bench.mail(raw=raw).quarantined == 1
    with bench.reading() as connection:
        from agentdesk.store import queries

        (row,) = queries.quarantine(connection)
        assert (row.reason, row.attempts) == ("no header at all", 1)
        assert bench.store.blobs.get(connection, row.raw) == raw
    assert bench.intake.again(row).quarantined == 1
    broken[0] = False
    assert bench.intake.again(row).received == 1
    with bench.reading() as connection:
        assert list(queries.quarantine(connection)) == []
    assert bench.messages(1)[0].places == (("mailbox", "INBOX"),)
    bench.close()


def test_a_reader_that_dies_does_not_stop_the_next_mail(tmp_path):
    def read(raw):
        from agentdesk.channels.mime import read_mail

        if b"boom" in raw:
            raise RecursionError("deep")
        return read_mail(raw)

    bench = Bench(tmp_path, read)
    assert bench.mail("boom").quarantined == 1
    assert bench.mail("bien").received == 1
    bench.close()


def test_what_was_stored_but_not_read_when_the_program_died_is_read_at_the_next_start(tmp_path):
    died = [True]

    def read(raw):
        from agentdesk.channels.mime import read_mail

        if died[0]:
            raise KeyboardInterrupt
        return read_mail(raw)

    bench = Bench(tmp_path, read)
    with pytest.raises(KeyboardInterrupt):
        bench.mail("Hola")
    assert bench.queue() == []
    died[0] = False
    assert bench.intake.left_over().received == 1
    assert len(bench.queue()) == 1
    bench.close()


def test_a_mail_that_ends_the_program_each_time_is_put_aside_after_three_tries(tmp_path):
    tries = []

    def read(raw):
        from agentdesk.channels.mime import read_mail

        if b"boom" in raw and len(tries) < 4:
            tries.append(raw)
            raise KeyboardInterrupt
        return read_mail(raw)

    bench = Bench(tmp_path, read)
    for take in (lambda: bench.mail("boom"), *(bench.intake.left_over,) * 3):
        with pytest.raises(KeyboardInterrupt):
            take()
    assert bench.intake.left_over().quarantined == 1
    assert bench.mail("bien").received == 1
    with bench.reading() as connection:
        from agentdesk.store import queries

        (row,) = queries.quarantine(connection)
    assert row.reason == "the program ended each time it read this"
    assert bench.intake.again(row).received == 1
    bench.close()


def test_undo_takes_back_the_last_act_and_refuses_what_changed_since(bench):
    bench.mail()
    bench.desk.do(Tag(bench.id(1), add=("correos",)))
    bench.desk.do(Assign(bench.id(1), "Joan"))
    bench.desk.do(Assign(bench.id(1), "Marta"), actor="Marta")
    with pytest.raises(RefusedError, match="changed_since"):
        bench.desk.do(Undo())
    bench.desk.do(Undo(), actor="Marta")
    assert bench.ticket(1).row.assignee == "Joan"
    bench.desk.do(Undo())
    assert bench.ticket(1).row.assignee is None
    bench.desk.do(Undo())
    assert bench.ticket(1).tags == ()
    with pytest.raises(RefusedError, match="nothing_to_undo"):
        bench.desk.do(Undo())


def test_a_merge_can_be_undone_after_more_came_in(bench):
    bench.mail(message_id="<a@x.test>")
    bench.mail(message_id="<b@x.test>", sender="pep@x.test")
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    bench.mail("més", sender="pep@x.test", reply_to="<b@x.test>")
    assert bench.ticket(2).row.number == 1
    bench.desk.do(Undo())
    assert (len(bench.messages(1)), len(bench.messages(2))) == (1, 2)


def test_a_split_message_is_answered_in_the_language_that_it_is_written_in(bench):
    bench.mail(
        "Hello, where is my order? Thank you very much.", sender="John <john@x.test>", message_id="<j@x.test>"
    )
    bench.mail(
        "Hola, ya me ha llegado, pero falta una taza. Gracias.",
        sender="Ana <ana@y.test>",
        reply_to="<j@x.test>",
    )
    bench.desk.do(Merge(bench.id(2), bench.id(1)))
    theirs = next(m.id for m in bench.messages(1) if m.name == "Ana")
    bench.desk.do(Split(theirs))
    assert bench.ticket(3).row.language == "es"
    assert bench.ticket(1).row.language == "en"


def test_somebody_who_wrote_under_an_address_alone_is_called_by_the_first_name_they_give(bench):
    bench.mail("Hola", sender="jordi@cliente.test")
    assert bench.ticket(1).row.customer_name == ""
    bench.mail("Hola?", sender="Jordi Casals <jordi@cliente.test>")
    bench.mail("Som-hi", sender="Un Altre <jordi@cliente.test>")
    assert bench.ticket(1).row.customer_name == "Jordi Casals"
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before


def test_a_split_message_opens_its_own_ticket_and_comes_back(bench):
    bench.mail(message_id="<a@x.test>")
    bench.mail("otro tema", reply_to="<a@x.test>", subject="Otro tema")
    bench.desk.do(Split(bench.messages(1)[1].id))
    assert (bench.ticket(2).row.subject, len(bench.messages(1))) == ("Otro tema", 1)
    bench.desk.do(Undo())
    assert len(bench.messages(1)) == 2
    assert bench.ticket(2).row.number == 1


def test_the_tallies_are_what_a_count_says(bench):
    for number in range(6):
        bench.mail(sender=f"p{number}@x.test")
    bench.desk.do(Resolve(bench.id(1)))
    bench.desk.do(Assign(bench.id(2), "Joan"))
    bench.desk.do(Snooze(bench.id(3), MONDAY + timedelta(days=1)))
    bench.desk.do(Merge(bench.id(4), bench.id(5)))
    from agentdesk.engine.window import Window

    with Window(bench.desk) as window:
        views = window.counts().views
        listed = {view: len(window.queue(view, limit=100)) for view in views}
    assert views == listed
    assert views["inbox"] == 3
