"""A file of the shop's that is no TOML: said in the agent's language, with its line and what to do."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentdesk.errors import TimeFileError
from agentdesk.policies import load_policy

MADRID = ZoneInfo("Europe/Madrid")
PRESET = '[mine.channel.email]\nfirst_response = "4h"\n'


@pytest.mark.parametrize(
    ("more", "line", "reason"),
    [
        (
            '[mine.kind]\nclaim = { ack = "1h" }\n[mine.kind.claim.email]\nack = "2h"\n', 5,
            "mine.kind.claim is whole on line 4, between its braces: write it as a table of its own there, [mine.kind.claim]",
        ),
        ("[mine.channel.email]\n", 3, "[mine.channel.email] is there already, on line 1: put both into one"),
        ('ack = "1h"\nack = "2h"\n', 4, "this name is there already: put both into one"),
        ("ack = 1h\n", 3, "something stands behind the value"),
        ("ack = soon\n", 3, "this value cannot be read"),
        ('ack = "1h\n', 3, "three quotation marks"),
    ],
)  # fmt: skip
def test_what_is_no_toml_is_said_with_what_to_do(tmp_path: Path, more: str, line: int, reason: str) -> None:
    (tmp_path / "sla.toml").write_text(PRESET + more)
    with pytest.raises(TimeFileError) as caught:
        load_policy([tmp_path], "mine", None, MADRID)
    assert (caught.value.values["line"], caught.value.values["key"]) == (line, "TOML")
    assert reason in caught.value.values["reason"]
