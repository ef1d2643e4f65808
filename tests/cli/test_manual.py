"""The manual page: all that can be run and nothing else, read as it is meant by the program that sets it."""

import re
import shutil
import subprocess

import pytest

from agentdesk.cli.verbs import VERBS
from servers import lacking


@pytest.mark.parametrize("language", ["en", "es", "ca"])
def test_it_says_each_command_that_is_built_and_is_set_without_a_complaint(language, run, tmp_path):
    if shutil.which("groff") is None:
        lacking("groff is not installed")
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "config.toml").write_text(f'[desk]\nlanguage = "{language}"\n')
    page = run("manual")[1]
    setting = ["groff", "-man", "-ww", "-K", "utf8", "-T", "utf8", "-P", "-cbou", "-rLL=2000n"]
    done = subprocess.run(setting, input=page.encode(), capture_output=True, check=True, timeout=60)
    assert not done.stderr.decode()
    assert {"en": "EXIT STATUS", "es": "ESTADO DE SALIDA", "ca": "ESTAT DE SORTIDA"}[language] in page
    seen = {line.strip() for line in done.stdout.decode().splitlines()}
    commands = {line.removeprefix("agentdesk ") for line in seen if re.match("agentdesk [a-z-]+( |$)", line)}
    words = {" ".join(each.split()[: len(verb.name.split())]) for each in commands for verb in VERBS}
    for verb in VERBS:
        if verb.name:
            assert (verb.name in words) is bool(verb.run), verb.name
        for each in verb.arguments:
            if verb.run and each.is_option:
                assert any(line.startswith(each.flags[0]) for line in seen), (verb.name, each.flags)
