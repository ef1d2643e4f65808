"""The rules are offered to whoever begins, once."""

from dataclasses import replace

import pytest

from agentdesk.config import Account, Desk, Home, Settings
from agentdesk.engine.offering import offered, ready, seen

SHOP = Settings(Desk("UTC", "es"), accounts=(Account("a", "bot", "telegram", ""),))


@pytest.fixture
def home(tmp_path):
    made = Home.under(tmp_path)
    made.make()
    return made


def test_a_shop_with_its_first_account_of_any_channel_is_offered_the_rules_once(home):
    assert offered(home, replace(SHOP, accounts=())) == 0
    assert offered(home, SHOP) == ready(home) > 10
    assert offered(home, SHOP) == 0


def test_who_has_a_rule_or_has_looked_at_them_is_offered_none_and_neither_is_the_demo(home):
    assert offered(home, replace(SHOP, rules=("overnight",))) == 0
    assert offered(home, replace(SHOP, accounts=(Account("d", "vimet", "demo", ""),))) == 0
    seen(home)
    assert offered(home, SHOP) == 0
