"""A dry run of rules over the past: it says what they do, and does nothing."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from agentdesk.core.commands import Assign, Merge, Reopen, Resolve, Snooze, Tag
from agentdesk.core.letter import Wish
from agentdesk.engine import reply, rules
from agentdesk.engine.rehearsal import rehearse
from agentdesk.engine.ticker import wake
from agentdesk.errors import RefusedError
from agentdesk.store import rules as kept
from desks import MONDAY
from engine.ruled import RuledShop

RULES = {
    "bill": 'on = "customer_wrote"\nwhere = "factura -tag:done"\n[do]\ntag = ["bill"]\npriority = "high"',
    "billed": 'on = "tagged"\nwhere = "tag:bill"\norder = 60\n[do]\nassign = "Joan"',
    "late": 'on = ["became_late", "due_soon"]\n[do]\ntag = ["late"]',
    "silent": 'on = "waiting_customer"\nafter = "2d"\nunless = ["customer_wrote", "replied"]\nwhere = "status:waiting_customer"\n[do]\nstatus = "resolved"',
    "night": 'on = ["customer_wrote", "reopened"]\nwhen = "closed"\n[do]\ntag = ["night"]',
    "newcomer": 'on = "ticket_opened"\nwhere = "is:first"\norder = 70\n[do]\ntag = ["new"]',
    "hello": 'on = "ticket_opened"\nwhen = "open"\n[do]\nquick = "acknowledge"\nkind = "ack"\ntag = ["heard"]',
    "closed": 'on = "customer_wrote"\nwhen = "closed"\n[do]\nquick = "out-of-hours"\nkind = "away"',
    "ask": 'on = "resolved"\nafter = "1h"\nunless = ["customer_wrote", "reopened"]\nwhere = "status:resolved"\n[do]\nquick = "survey"\nkind = "survey"',
    "slow": 'on = "customer_wrote"\nafter = "4h"\ncounts = "open"\nunless = ["replied", "resolved"]\n[do]\nuntag = ["new"]\npriority = "urgent"',
}  # fmt: skip


SAY = {"hello", "closed", "ask"}


@pytest.fixture
def shop(tmp_path):
    made = []

    def make(**given):
        made.append(RuledShop(tmp_path, **given))
        return made[-1]

    yield make
    for each in made:
        each.bench.close()


class _Day:
    """Acts drawn from a seed; the rules run after each, and whenever one of them is due."""

    def __init__(self, it: RuledShop, seed: int) -> None:
        self.it = it
        self.draw = random.Random(seed)
        self.tickets = 0

    def live(self, acts: int) -> None:
        for _ in range(acts):
            self.draw.choice((self.write, self.write, self.answer, self.deal, self.wait))()
            self.it.run()
            self.wait(self.draw.randint(1, 90))

    def write(self) -> None:
        who = self.draw.choice(("ana", "pep", "mar"))
        body = self.draw.choice(("Hola", "Quiero una factura", "Gracias"))
        known = f"<m{self.draw.randint(1, max(1, self.it.bench.uid))}@x.test>"
        self.it.bench.mail(body, sender=f"{who}@x.test", reply_to=self.draw.choice(("", known)))

    def ticket(self) -> str | None:
        rows = self.it.bench.queue("all")
        return self.draw.choice(rows).id if rows else None

    def answer(self) -> None:
        if ticket := self.ticket():
            self.tried(
                lambda: reply.write(
                    self.it.bench.desk, self.it.settings, self.it.provider, ticket, Wish("Ya"), hold=0.0
                )
            )

    def deal(self) -> None:
        one, other = self.ticket(), self.ticket()
        if not one or not other:
            return
        command = self.draw.choice(
            (
                Resolve(one), Reopen(one), Assign(one, "Eva"), Tag(one, add=("done",)), Tag(one, remove=("bill",)),
                Snooze(one, self.it.bench.clock.at + timedelta(hours=5)), Merge(one, other),
            )
        )  # fmt: skip
        self.tried(lambda: self.it.bench.desk.do(command))

    def wait(self, minutes: int | None = None) -> None:
        clock = self.it.bench.clock
        ends = clock.at + timedelta(minutes=minutes or self.draw.choice((30, 240, 1500)))
        while (due := self.due()) is not None and due <= ends:
            clock.at = max(clock.at, due)
            self.it.run()
        clock.at = ends
        wake(self.it.bench.desk)
        self.it.run()

    def due(self):
        with self.it.bench.reading() as connection:
            return kept.next_due(connection)

    def tried(self, act) -> None:
        try:
            act()
        except RefusedError:
            return


@pytest.mark.parametrize("seed", [1, 2])
def test_a_dry_run_says_just_what_the_rules_did_on_the_same_history(shop, seed):
    it = shop(**RULES)
    _Day(it, seed).live(16)
    loaded = rules.load(it.home, it.settings)
    assert not loaded.problems
    rules_on = loaded.on(it.settings.rules)
    since = MONDAY - timedelta(days=1)
    found = rehearse(it.bench.desk, it.home, it.settings, rules_on, since, lambda *_: it.provider)
    did = sorted((each.rule, each.kind, each.cause) for each in it.fired(limit=10_000))
    would = sorted((each.rule, each.kind, each.cause) for each in found.fired if not each.refused)
    assert len(did) > 10
    assert would == did
    said = [each.rule for each in it.fired(limit=10_000) if each.rule in SAY]
    assert len(said) > 2
    kept_back = sorted((each.rule, each.number, each.code) for each in it.failures())
    assert sorted((each.rule, each.number, each.refused) for each in found.fired if each.refused) == kept_back
    assert kept_back


def test_a_dry_run_says_which_texts_could_not_have_gone_and_why(shop):
    it = shop(hello=RULES["hello"])
    it.settings = replace(it.settings, rules=(), away={"email": "closed"})
    loaded = rules.load(it.home, it.settings)
    it.bench.mail(sender="ana@x.test")
    it.bench.mail(sender="ana@x.test")
    it.bench.clock.go(minutes=30)
    it.bench.mail(sender="pep@x.test", at=it.bench.clock.at - timedelta(minutes=20))
    written = it.bench.queue("all")
    meant = loaded.on(("hello",))
    since = MONDAY - timedelta(days=1)
    found = rehearse(it.bench.desk, it.home, it.settings, meant, since, lambda *_: it.provider)
    assert [(each.number, each.refused) for each in found.fired] == [
        (1, ""), (2, "said_today"), (3, "too_old"),
    ]  # fmt: skip
    assert found.fired[0].did == ("tag:heard", "quick:acknowledge")
    assert it.bench.queue("all") == written


def test_what_a_rule_said_before_it_was_changed_keeps_nothing_back(shop):
    it = shop(hello=RULES["hello"])
    it.mail(sender="ana@x.test")
    assert [each.rule for each in it.fired()] == ["hello"]
    it.bench.mail(sender="ana@x.test", subject="Otro")
    it.write("hello", RULES["hello"].replace("[do]", 'where = "subject:otro"\n[do]'))
    changed = rules.load(it.home, it.settings).on(("hello",))
    since = MONDAY - timedelta(days=1)
    found = rehearse(it.bench.desk, it.home, it.settings, changed, since, lambda *_: it.provider)
    assert [(each.number, each.refused) for each in found.fired] == [(2, "")]
