"""What the desk remembers of quick replies: what was said on a ticket, and which are used."""

from agentdesk.config import Desk as DeskSettings
from agentdesk.config import Settings
from agentdesk.core.commands import Erase
from agentdesk.core.replies import QuickReply, choices
from agentdesk.engine.phrase import phrases, took
from desks import Bench

SETTINGS = Settings(DeskSettings("Europe/Madrid", "en"))
ORDER = {"order": {"en": "order number"}}


def reply(name: str, text: str, asks=ORDER) -> QuickReply:
    return QuickReply(name, {"en": name.title()}, {"en": text}, asks=asks)


LATE = reply("late", "{{customer.first_name|you}}: {{?order}} is late.")
SENT = reply("sent", "{{?order}} was sent.")
OTHER = reply("other", "{{?order}} was placed.", {"order": {"en": "how many you want"}})


def test_what_was_said_once_on_a_ticket_is_known_to_every_reply_that_asks_the_same(tmp_path):
    bench = Bench(tmp_path)
    bench.mail(sender="Maria Puig <maria@x.test>")
    bench.mail(sender="Pau <pau@x.test>", subject="Another")
    first, second = (bench.ticket(number).row for number in (1, 2))
    before = phrases(bench.desk, SETTINGS, first)
    assert before.filled(LATE).missing == ("order",)
    took(bench.desk, first.id, LATE, {"order": " A7 ", "customer.first_name": "Mia"})
    known = phrases(bench.desk, SETTINGS, first)
    assert known.filled(SENT).text == "A7 was sent."
    assert known.filled(LATE).text == "Maria: A7 is late."
    assert known.filled(SENT, {"order": "B8"}).text == "B8 was sent."
    assert known.filled(OTHER).missing == ("order",), "the same word that asks for something else"
    assert phrases(bench.desk, SETTINGS, second).filled(SENT).missing == ("order",)
    bench.close()


def test_the_most_used_comes_first_and_a_rebuild_forgets_neither_uses_nor_values(tmp_path):
    bench = Bench(tmp_path)
    bench.mail(sender="Maria Puig <maria@x.test>")
    row = bench.ticket(1).row
    for _ in range(2):
        took(bench.desk, row.id, SENT, {"order": "A7"})
    took(bench.desk, row.id, LATE, {})
    bench.store.rebuild()
    known = phrases(bench.desk, SETTINGS, row)
    assert known.uses == {"sent": 2, "late": 1}
    assert [each.name for each in choices((LATE, OTHER, SENT), "", "en", known.uses)] == [
        "sent", "late", "other",
    ]  # fmt: skip
    assert known.filled(LATE).missing == ()
    bench.close()


def test_what_was_said_goes_with_the_customer_who_is_erased(tmp_path):
    bench = Bench(tmp_path)
    bench.mail(sender="Maria Puig <maria@x.test>")
    row = bench.ticket(1).row
    took(bench.desk, row.id, SENT, {"order": "A7"})
    bench.desk.do(Erase(row.customer))
    assert phrases(bench.desk, SETTINGS, row).answers == {}
    bench.close()
