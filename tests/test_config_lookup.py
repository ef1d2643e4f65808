"""Lookups in config.toml: one way to ask, one place for the secret, and a pattern that is safe to lay over a stranger's text."""

import pytest

from agentdesk import config, i18n
from agentdesk.config import Home
from agentdesk.errors import ConfigError


@pytest.fixture(autouse=True)
def in_english():
    i18n.use("en")


@pytest.fixture
def home(tmp_path):
    return Home.under(tmp_path)


def written(home: Home, text: str) -> None:
    home.make()
    home.config_file.write_text(text, "utf-8")


LOOKUP = """[lookup.orders]
csv = "orders.csv"
pattern = '(VM-\\d{5})'
"""


def test_a_lookup_is_read_with_its_defaults_and_its_file_beside_the_configuration(home):
    written(home, LOOKUP + '[lookup.orders.columns]\nnumber = "Pedido"\n')
    (one,) = config.load(home).lookups
    assert (one.name, one.way, one.place) == ("orders", "csv", str(home.config / "orders.csv"))
    assert (one.timeout, one.minutes, one.secret, dict(one.columns)) == (2, 5, None, {"number": "Pedido"})
    assert one.pattern is not None


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[lookup.orders]\n", "lookup.orders", "exactly one of"),
        (LOOKUP + 'url = "https://x.test"\n', "lookup.orders.csv", "exactly one of"),
        ('[lookup.orders]\nurl = "http://x.test"\n', "lookup.orders.url", "address such as"),
        ('[lookup.orders]\nurl = "https://joe:pw@x.test"\n', "lookup.orders.url", "address such as"),
        ('[lookup.orders]\nwoocommerce = "https://x.test"\n', "lookup.orders.secret", "missing"),
        (LOOKUP + 'secret = "keyring"\nsecret_env = "X"\n', "lookup.orders.secret_env", "only one of"),
        ('[lookup.orders]\ncommand = "sh -c x"\n', "lookup.orders.command", "list of texts"),
        (LOOKUP + "timeout = 60\n", "lookup.orders.timeout", "between 1 and 10"),
        (LOOKUP + "colums = {}\n", "lookup.orders.colums", "columns"),
        (LOOKUP + 'columns = { numbre = "x" }\n', "lookup.orders.columns.numbre", "number"),
        ("lookup = 3\n", "lookup", "a table"),
    ],
)
def test_what_is_wrong_with_a_lookup_is_named(home, text, key, reason):
    written(home, text)
    with pytest.raises(ConfigError) as caught:
        config.load(home)
    assert caught.value.values["key"] == key
    assert reason in caught.value.values["reason"]


@pytest.mark.parametrize("pattern", ["(VM-", "VM-1", "((a+)+)"])
def test_a_pattern_that_cannot_be_used_is_named_with_its_line(home, pattern):
    written(
        home, f"[desk]\n\n[lookup.stock]\ncsv = 'x'\n\n[lookup.orders]\ncsv = 'x'\npattern = '{pattern}'\n"
    )
    with pytest.raises(ConfigError) as caught:
        config.load(home)
    assert (caught.value.values["file"], caught.value.values["line"]) == (home.config_file, 8)
    assert caught.value.values["key"] == "lookup.orders.pattern"


def test_of_a_lookup_no_secret_is_shown(home):
    written(
        home,
        '[lookup.a]\ncommand = ["orders", "hunter2"]\nsecret_command = "pass hunter2"\n'
        '[lookup.b]\nurl = "https://x.test/?key=hunter2"\n',
    )
    shown = {each.key: each.value for each in config.load(home).shown}
    assert (shown["lookup.a.command"], shown["lookup.b.url"]) == ("orders ...", "https://x.test/")
    assert "hunter2" not in str(shown)
