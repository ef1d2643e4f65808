"""A shop with two mails that wait."""

import pytest

from tui.driver import Shop


@pytest.fixture
def shop(tmp_path):
    made = Shop(tmp_path)
    made.write("Maria Puig", "No m'ha arribat", "Bon dia, encara no m'ha arribat el paquet de la setmana.")
    made.bench.clock.go(minutes=1)
    made.write("John ONeil", "Refund please", "Hello, I would like my money back, please. It broke.")
    made.bench.clock.go(minutes=1)
    yield made
    made.close()
