"""Plans that begin when a ticket is resolved: asked how it was, whether it is solved, and not where anything happened since."""

import pytest

from agentdesk.core.commands import Reopen, Resolve
from agentdesk.core.letter import Wish
from agentdesk.core.progress import Describe
from agentdesk.engine import reply, survey
from engine.ruled import RuledShop

PLANS = ("survey", "follow-up-returns", "unhappy")
MARIA = "María <maria@x.test>"


@pytest.fixture
def shop(tmp_path):
    made = RuledShop(tmp_path / "home", on=PLANS)
    made.mail("No me va bien la talla", sender=MARIA, message_id="<a@x.test>", subject="Devolución")
    yield made
    made.bench.close()


def resolves(shop, *, incident="returns"):
    desk, ticket = shop.bench.desk, shop.bench.id(1)
    if incident:
        desk.do(Describe(ticket, incident=incident))
    reply.write(desk, shop.settings, shop.provider, ticket, Wish("Ya está"), hold=0)
    shop.flush()
    desk.do(Resolve(ticket))
    shop.run()


def hears(shop):
    """The account is looked at: what the customer would have said by now is known."""
    with shop.bench.desk.transaction() as writer:
        writer.intake.set_health("mailbox", "ok", synced_at=shop.bench.clock.at)


def goes_on(shop, **span):
    shop.bench.clock.go(**span)
    hears(shop)
    shop.run()
    shop.flush()


def said(shop):
    return [
        (each.class_reason, each.received_at[:16])
        for each in shop.bench.messages(1)
        if each.direction == "auto"
    ]


def test_a_plan_goes_its_way_over_night_weekend_and_restarts_and_says_everything_once(shop):
    shop.bench.clock.at = shop.bench.clock.at.replace(day=27, hour=20, minute=30)  # a Friday evening
    resolves(shop)
    goes_on(shop, minutes=59)
    assert said(shop) == []
    goes_on(shop, minutes=2)
    assert said(shop) == [], "an hour later it is half past nine at night"
    goes_on(shop, days=1)
    goes_on(shop, days=1, hours=11, minutes=20)
    assert said(shop) == [], "on Saturday and Sunday the shop is closed, and on Monday it is not nine yet"
    goes_on(shop, minutes=10)
    shop.another().run()
    shop.flush()
    assert said(shop) == [("survey", "2026-11-30T09:01")]
    goes_on(shop, days=1)
    goes_on(shop, days=3)
    shop.another().run()
    assert [kind for kind, _ in said(shop)] == ["survey", "follow_up"]
    assert shop.failures() == []


def test_a_reply_of_the_customer_or_a_reopening_ends_it(shop):
    resolves(shop)
    shop.mail("Perdonad, otra cosa", sender=MARIA, reply_to="<a@x.test>")
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.run()
    goes_on(shop, days=1)
    goes_on(shop, days=4)
    assert said(shop) == []


def test_a_rating_ends_the_follow_up_and_a_low_one_is_urgent(shop):
    resolves(shop)
    goes_on(shop, hours=1)
    (asked,) = [each for each in shop.bench.messages(1) if each.direction == "auto"]
    shop.mail("5, gracias", sender=MARIA, reply_to=asked.remote_id)
    assert shop.ticket().row.priority == "normal"
    goes_on(shop, days=4)
    assert [kind for kind, _ in said(shop)] == ["survey"]
    shop.mail("1", sender=MARIA, reply_to=asked.remote_id)
    row = shop.ticket().row
    assert (row.priority, row.status) == ("urgent", "open")
    assert survey.of_ticket(shop.bench.desk, row.id)[0].score == 1


def test_a_rule_that_is_off_takes_the_urgency_of_no_low_rating(shop):
    shop.write("lampara", 'on = "customer_wrote"\nwhere = "lámpara"\norder = 5\n[do]\npriority = "high"\n')
    resolves(shop)
    goes_on(shop, hours=1)
    (asked,) = [each for each in shop.bench.messages(1) if each.direction == "auto"]
    shop.mail("1", sender=MARIA, reply_to=asked.remote_id)
    assert shop.ticket().row.priority == "urgent"


def test_a_plan_is_for_its_kind_of_incident_alone_and_whom_the_law_spares_is_said_with_the_reason(shop):
    resolves(shop, incident="")
    goes_on(shop, hours=1)
    goes_on(shop, days=4)
    assert [kind for kind, _ in said(shop)] == ["survey"]
    shop.bench.desk.do(Reopen(shop.bench.id(1)))
    shop.bench.desk.do(Resolve(shop.bench.id(1)))
    shop.run()
    goes_on(shop, hours=2)
    assert [kind for kind, _ in said(shop)] == ["survey"], "nobody is asked twice in two weeks"
    assert [each.code for each in shop.failures()] == ["survey_cooldown"]


@pytest.mark.parametrize("writes", [False, True], ids=["is silent", "writes about something else"])
def test_ninety_days_after_the_last_matter_somebody_who_is_silent_is_asked_once(tmp_path, writes):
    it = RuledShop(tmp_path / "home", on=("win-back",))
    it.mail("¿Tenéis la talla L?", sender=MARIA, message_id="<a@x.test>", subject="Talla")
    resolves(it, incident=None)
    goes_on(it, days=45)
    if writes:
        it.mail("¿Y en azul?", sender=MARIA, message_id="<b@x.test>", subject="Color")
    goes_on(it, days=44)
    assert said(it) == []
    goes_on(it, days=2)
    goes_on(it, days=90)
    asked = [kind for kind, _ in said(it)]
    it.bench.close()
    assert asked == ([] if writes else ["follow_up"])
