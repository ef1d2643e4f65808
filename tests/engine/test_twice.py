"""The same text to the same person again is noticed, in whichever ticket, and nothing else is."""

import pytest

from agentdesk.channels.compose import compose
from agentdesk.config import Account, Send, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.engine import reply
from agentdesk.engine.twice import Said, said_before
from agentdesk.errors import RefusedError
from desks import MONDAY, SHOP, Bench

SETTINGS = Settings(
    DeskSettings("Europe/Madrid", "en"),
    accounts=(Account("mailbox", "La Botiga", "email", SHOP),),
    send=Send(signature="-- \nJoan"),
)
TEXT = "Hi Maria,\n\nyour parcel is on its way and should be with you on Thursday."


class Mail:
    def compose(self, out):
        return compose(out)


def test_the_same_text_to_the_same_person_is_noticed_in_whichever_ticket(tmp_path):
    bench = Bench(tmp_path)
    bench.mail("Where is it?", sender="Maria Puig <maria@x.test>")
    bench.clock.go(days=1)
    bench.mail("Something else", sender="Maria Puig <maria@x.test>", subject="Other")
    bench.mail("Where is it?", sender="Pau <pau@x.test>", subject="Third")
    first, other, pau = (bench.id(number) for number in (1, 2, 3))
    assert said_before(bench.desk, first, TEXT) is None
    bench.clock.at = MONDAY
    reply.write(bench.desk, SETTINGS, Mail(), first, Wish(TEXT), hold=60)
    for ticket in (first, other):
        assert said_before(bench.desk, ticket, TEXT.replace("\n\n", " \n") + "\n") == Said(
            1, "2026-11-23T09:00:00.000Z"
        )
    assert said_before(bench.desk, other, TEXT.replace("Thursday", "Friday")) is None
    assert said_before(bench.desk, other, "Hi Maria,") is None, "a greeting may be said again"
    assert said_before(bench.desk, pau, TEXT) is None
    reply.undo(bench.desk)
    assert said_before(bench.desk, first, TEXT) is None, "what was taken back nobody has had"
    bench.close()


def refused(what):
    with pytest.raises(RefusedError) as error:
        what()
    return error.value.values["reason"]


def test_the_same_at_the_same_moment_is_written_once_however_short_it_is(tmp_path):
    """Asked in the transaction that writes: whoever looked before the other wrote has seen nothing."""
    bench = Bench(tmp_path)
    bench.mail("Where is it?")
    ticket = bench.id(1)

    def writes(text):
        return reply.write(bench.desk, SETTINGS, Mail(), ticket, Wish(text), hold=60, again=False)

    for text in ("On its way", TEXT):
        writes(text)
        assert refused(lambda text=text: writes(text)) == "said_before"
    writes("Something else")
    writes("On its")  # the beginning of what was said is something else
    bench.clock.go(seconds=11)
    writes("On its way")
    assert refused(lambda: writes(TEXT)) == "said_before"
    reply.write(bench.desk, SETTINGS, Mail(), ticket, Wish(TEXT), hold=60)
    bench.close()
