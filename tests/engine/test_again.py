"""A service where the same message arrives once: what is in doubt is sent again, and never taken back meanwhile."""

from dataclasses import replace

import pytest

from agentdesk.channels import Doubtful, TryLater
from agentdesk.engine.reply import cancel
from agentdesk.engine.window import Window
from agentdesk.errors import RefusedError
from engine.chats import chats_in


@pytest.fixture
def shop(tmp_path):
    yield from chats_in(tmp_path, "matrix")


def test_an_answer_from_the_phone_does_not_hide_what_may_have_gone_already(shop):
    """Where the same message arrives once a doubt is sent again; if the first one went, the customer has it."""
    shop.ability = replace(shop.ability, same_again=True)
    shop.writes("Hola", 1)
    written = shop.answer("Un")
    shop.plan.append(Doubtful("the line went dead"))
    shop.flush()
    shop.phone("Fet", 900)
    with pytest.raises(RefusedError):
        cancel(shop.bench.desk, written.message)
    shop.plan.append(TryLater("too many"))
    for _ in range(3):
        shop.go(hours=1)
        shop.flush()
    assert shop.sent[-1].text == "Un"
    assert sorted(shop.states(), key=str) == [("Fet", None), ("Un", "sent")]
    with Window(shop.bench.desk) as window:
        assert window.outbox() == []
