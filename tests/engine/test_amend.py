"""Changing a message of ours that was sent, or taking it back: at once here, at the service until it says yes or no."""

from itertools import pairwise

import pytest

from agentdesk.channels import Ability, Accepted, Doubtful, Refused, TryLater
from agentdesk.core.commands import Erase
from agentdesk.core.later import Amend
from agentdesk.engine import amend, reply
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from agentdesk.store.digest import digest
from engine.chats import chats_in

HOURS_48 = 48 * 3600.0


@pytest.fixture
def shop(tmp_path):
    """A service that lets what was sent be changed for a week and taken back for two days; one answer lies with María."""
    for made in chats_in(tmp_path, "telegram"):
        made.ability = Ability(text_max=1000, edits=7 * 24 * 3600.0, deletes=HOURS_48)
        made.asked, made.says = [], []

        async def take(names, text, unique, made=made):
            made.asked.append((names, text, unique))
            said = made.says.pop(0) if made.says else Accepted(made.bench.clock.at)
            if callable(said):
                return said()
            return said

        made.amend = take
        made.writes("Hola", 1)
        made.answer("Demà arriva")
        made.flush()
        yield made


def ours(shop):
    return shop.bench.messages(1)[-1]


def changes(shop, text):
    return amend.amend(shop.bench.desk, shop, ours(shop).id, text)


def refused(shop, text="Avui arriva"):
    with pytest.raises(RefusedError) as caught:
        changes(shop, text)
    return caught.value.values["reason"]


def test_what_was_sent_is_changed_and_its_first_text_is_kept(shop):
    changes(shop, "Avui arriva\x1b[2J")
    before = ours(shop)
    assert (before.text, before.first, before.asking) == ("Avui arriva[2J", "Demà arriva", "")
    shop.flush()
    (names, text, _) = shop.asked[0]
    assert (names, text) == ((shop.name(501),), before.text)
    assert ours(shop).asking is None
    shop.flush()
    assert len(shop.asked) == 1


def test_what_was_sent_is_taken_back_once(shop):
    changes(shop, None)
    shop.flush()
    assert [text for _, text, _ in shop.asked] == [None]
    assert (ours(shop).text, ours(shop).withdrawn_at) == ("Demà arriva", "2026-11-23T09:00:00.000Z")
    assert refused(shop) == refused(shop, None) == "taken_back"
    with pytest.raises(RefusedError) as caught:  # whoever asks
        shop.bench.desk.do(Amend(ours(shop).id, None))
    assert caught.value.values["reason"] == "taken_back"


def test_only_what_lies_with_the_customer_can_be_changed(shop):
    shop.answer("I una altra cosa", hold=60)
    assert refused(shop) == "not_sent_here"
    reply.undo(shop.bench.desk)
    shop.phone("Des del mòbil", 900)
    assert refused(shop) == "not_sent_here"
    shop.writes("Gràcies", 2)
    assert refused(shop) == "not_sent_here"


def test_the_channel_and_the_hour_decide_what_can_be_done(shop):
    shop.ability = Ability()
    assert (refused(shop), refused(shop, None)) == ("no_edits", "keeps_sent")
    shop.ability = Ability(edits=7 * 24 * 3600.0, deletes=HOURS_48, text_max=10)
    assert refused(shop, "x" * 11) == "too_long"
    assert (refused(shop, " \n"), refused(shop, "Demà arriva")) == ("emptied", "too_long")
    shop.ability = Ability(edits=7 * 24 * 3600.0, deletes=HOURS_48)
    assert refused(shop, "Demà arriva") == "nothing_changes"
    shop.go(hours=48)
    amend.allowed(shop.bench.desk, shop, ours(shop).id, deletes=True)
    shop.go(seconds=1)
    assert refused(shop, None) == "amends_no_more"
    assert changes(shop, "Avui arriva").type == "Amended"


def test_what_has_no_name_at_the_service_cannot_be_changed(shop):
    shop.plan.append(Accepted(shop.bench.clock.at))
    shop.answer("Sense nom")
    shop.flush()
    assert refused(shop) == "no_name"


def test_a_change_is_asked_for_until_the_service_has_answered(shop):
    shop.says += [TryLater("no network", reached=False), TryLater("busy", 90.0), Doubtful("cut off")]
    changes(shop, "Avui arriva")
    waits = []
    for _ in range(60):
        before = len(shop.asked)
        shop.flush()
        if len(shop.asked) > before:
            waits.append(shop.bench.clock.at)
        said = ours(shop).asking
        if said is None:
            break
        shop.go(seconds=10)
    assert [(b - a).total_seconds() for a, b in pairwise(waits)] == [20, 90, 120]
    assert len({unique for _, _, unique in shop.asked}) == 1


def test_a_program_that_ends_while_it_asks_asks_again(shop):
    def dies():
        raise KeyboardInterrupt

    shop.says.append(dies)
    changes(shop, "Avui arriva")
    with pytest.raises(KeyboardInterrupt):
        shop.flush()
    shop.flush()
    first, again = shop.asked
    assert first == again
    assert ours(shop).asking is None


def test_of_several_changes_only_the_newest_is_asked_for(shop):
    changes(shop, "Avui")
    changes(shop, "Avui a la tarda")
    shop.flush()
    assert [text for _, text, _ in shop.asked] == ["Avui a la tarda"]
    assert [each.kind for each in ours(shop).versions] == ["edited", "edited"]


def test_a_change_that_is_made_while_the_one_before_is_asked_for_is_asked_for_too(shop):
    def meanwhile():
        changes(shop, "Avui a la tarda")
        return Refused("refused", "no")

    shop.says.append(meanwhile)
    changes(shop, "Avui")
    shop.flush()
    assert [text for _, text, _ in shop.asked] == ["Avui", "Avui a la tarda"]
    assert (ours(shop).text, ours(shop).unchanged) == ("Avui a la tarda", None)


def test_where_the_service_refuses_the_former_text_is_shown_and_why(shop):
    shop.says.append(Refused("refused", "message can't be edited"))
    changes(shop, "Avui")
    changes(shop, "Avui a la tarda")
    shop.flush()
    message = ours(shop)
    assert (message.text, message.first, message.edited_at) == ("Demà arriva", None, None)
    assert (message.unchanged, message.asking) == ("message can't be edited", None)
    assert [(v.kind, v.text) for v in message.versions] == [
        ("edit_refused", "Avui"),
        ("edit_refused", "Avui a la tarda"),
    ]
    row = shop.bench.ticket(1).row
    assert (row.status, row.unread) == ("open", True)
    changes(shop, "Avui")  # once more, and now it is taken
    shop.flush()
    assert (ours(shop).text, ours(shop).unchanged) == ("Avui", None)


def test_what_could_not_be_taken_back_is_still_there(shop):
    shop.says.append(Refused("refused", "message can't be deleted"))
    changes(shop, None)
    shop.flush()
    assert (ours(shop).withdrawn_at, ours(shop).unchanged) == (None, "message can't be deleted")


def test_after_two_days_without_an_answer_it_counts_as_refused(shop):
    shop.says += [TryLater("busy")] * 60
    changes(shop, "Avui")
    for _ in range(60):
        shop.flush()
        shop.go(hours=1)
    assert ours(shop).unchanged == "busy"
    assert 48 <= len(shop.asked) <= 50


def test_a_change_that_no_service_has_heard_of_is_not_given_up(shop):
    changes(shop, "Avui")
    shop.go(days=3)  # the lid was closed
    shop.says += [TryLater("no route", reached=False)] * 2 + [TryLater("busy")]
    for _ in range(4):
        shop.flush()
        shop.go(minutes=10)
    assert (ours(shop).text, ours(shop).unchanged) == ("Avui", None)
    assert len(shop.asked) == 4


def test_the_services_copy_of_our_change_makes_no_second_version(shop):
    changes(shop, "Avui")
    first = changes(shop, "Avui a la tarda")
    shop.go(seconds=5)
    for text, copy_of in (("Avui a la tarda", None), ("Avui", first.id)):
        one = shop.text(text, f"e{copy_of}", edits=shop.name(501), copy_of=copy_of)
        assert shop.comes(one, "sent").received == 0
    shop.withdraws(501)
    assert [each.kind for each in ours(shop).versions] == ["edited", "edited", "withdrawn"]


def test_a_change_from_the_phone_is_one_more_version(shop):
    changes(shop, "Avui")
    shop.go(seconds=5)
    shop.comes(shop.text("Demà passat", "e1", edits=shop.name(501)), "sent")
    assert ours(shop).text == "Demà passat"


def test_undo_says_that_the_customer_has_seen_the_change(shop):
    changes(shop, "Avui")
    with pytest.raises(RefusedError) as caught:
        reply.undo(shop.bench.desk)
    assert caught.value.values["reason"] == "amended"


def test_a_log_played_anew_tells_the_same_and_what_is_forgotten_is_asked_of_nobody(shop):
    shop.says += [Refused("refused", "no"), TryLater("busy")]
    changes(shop, "Avui")
    shop.flush()
    changes(shop, "Secret de debò")
    shop.flush()
    with shop.bench.reading() as connection:
        before = digest(connection)
    shop.bench.store.rebuild()
    with shop.bench.reading() as connection:
        assert digest(connection) == before
    with Window(shop.bench.desk) as window:
        shop.bench.desk.do(Erase(window.ticket(1).row.customer))
    shop.go(days=1)
    shop.flush()
    assert len(shop.asked) == 2
