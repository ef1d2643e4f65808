"""What goes on until somebody ends it says with its status who did: Ctrl-C is 130, and a service manager's end is none of a failure."""

import os
import signal
import subprocess
import sys

import pytest


@pytest.mark.parametrize(("name", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
@pytest.mark.parametrize("option", ["--json", "--no-color"])
def test_a_daemon_ends_with_its_status_and_prints_nothing_that_came_from_nowhere(
    tmp_path, name, status, option
):
    process = subprocess.Popen(
        [sys.executable, "-m", "agentdesk", "sync", "--daemon", option],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "AGENTDESK_HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"},
    )
    try:
        assert process.stderr.readline().startswith("There is no account yet")
        assert "Ctrl-C ends it" in process.stderr.readline()
        process.send_signal(name)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (status, "", "Stopped.\n")
    finally:
        process.kill()
