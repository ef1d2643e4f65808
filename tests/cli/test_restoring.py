"""A restore that is cut off: nobody's configuration over another's data."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from agentdesk.config import Home

KILLED_AT = """
import os, sys
left = int(sys.argv[1])
def at_each(event, args):
    global left
    if event in {"os.rename", "os.remove", "os.rmdir"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(at_each)
from agentdesk.cli import main
sys.exit(main(["restore", sys.argv[2], "--yes"]))
"""


@pytest.mark.timeout(240)
def test_a_restore_that_is_killed_at_any_step_is_not_begun_or_finished_by_the_next_start(
    shop, run, tmp_path, monkeypatch
):
    (shop.config / "replies").mkdir(exist_ok=True)
    (shop.config / "replies" / "mine.toml").write_text('[text]\nen = "Hello"\n')
    file = tmp_path / "desk.tar"
    assert run("backup", str(file))[0] == 0
    mine = ("config.toml", "replies/mine.toml")
    before = [(shop.config / name).read_text() for name in mine]
    for name in mine:
        (shop.config / name).write_text((shop.config / name).read_text() + "# since then\n")
    assert run("tag", "1", "+since-then")[0] == 0
    seen, killed = set(), 0
    while True:
        home = Home.under(tmp_path / f"home-{killed}")
        shutil.copytree(shop.config, home.config)
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT, str(killed), str(file)], check=False, timeout=60,
            env={**os.environ, "AGENTDESK_HOME": str(home.config)}, capture_output=True,
        )  # fmt: skip
        if done.returncode == 0:
            break
        assert done.returncode == -9
        killed += 1
        monkeypatch.setenv("AGENTDESK_HOME", str(home.config))
        tags = json.loads(run("show", "1", "--json")[1])["tags"]
        own = [(home.config / name).read_text() for name in mine]
        is_back = "since-then" not in tags
        assert own == (before if is_back else [f"{each}# since then\n" for each in before])
        assert [path.name for path in home.backups.iterdir()] == [
            path.name for path in shop.backups.iterdir()
        ]
        assert not (home.data / "config").exists()
        assert not home.is_half_restored()
        if is_back:
            (kept,) = home.config.glob("before-restore-*")
            assert "since then" in (kept / "config.toml").read_text()
        seen.add(is_back)
    assert seen == {True, False}
