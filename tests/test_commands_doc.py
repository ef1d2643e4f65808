"""What the console does can be done in a shell: docs/commands.md names every act, and commands that exist."""

import re
from pathlib import Path

from agentdesk.actions import BY_ID
from agentdesk.cli.verbs import VERBS

PAGE = (Path(__file__).parents[1] / "docs" / "commands.md").read_text("utf-8")


def test_every_act_of_the_console_has_its_place_on_the_page_and_no_other_has():
    named = re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE)
    assert sorted(named) == sorted(BY_ID)


def test_every_command_on_the_page_exists_with_its_options():
    by_name = {verb.name: verb for verb in VERBS if verb.run}
    commands = re.findall(r"`agentdesk ([a-z][^`]*)`", PAGE)
    assert len(commands) > len(BY_ID) / 2
    for line in commands:
        words = line.split()
        name = next(n for n in (" ".join(words[:size]) for size in (3, 2, 1)) if n in by_name)
        flags = {flag for each in by_name[name].arguments for flag in each.flags}
        assert {word for word in words if word.startswith("--")} <= flags | {"--json"}, line
