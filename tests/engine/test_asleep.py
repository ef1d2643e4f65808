"""A real process that is stopped, and a real kernel's clocks after a sleep."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from desks import MONDAY, Bench
from servers import until

PROGRAM = Path(__file__).with_name("asleep.py")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has clocks of a process's own")
def test_a_process_that_was_stopped_while_its_laptop_slept_has_one_line_and_one_notice(tmp_path):
    with closing(Bench(tmp_path)) as bench:
        stopped = subprocess.Popen([sys.executable, PROGRAM, tmp_path], stdout=subprocess.PIPE, text=True)
        try:
            assert stopped.stdout is not None
            assert stopped.stdout.readline() == "ready\n"
            stopped.send_signal(signal.SIGSTOP)
            until(lambda: Path(f"/proc/{stopped.pid}/stat").read_text().rsplit(") ")[-1].startswith("T"))
            for n in range(5):
                bench.mail("Hola", sender=f"eva{n}@x.test", at=MONDAY + timedelta(minutes=30 * (n + 1)))
            stopped.send_signal(signal.SIGCONT)
            said = json.loads(stopped.communicate(timeout=30)[0])
        finally:
            stopped.kill()
            stopped.wait()
    if "cannot" in said:
        pytest.skip(f"no clocks of a process's own: {said['cannot']}")
    assert said["line"].startswith("While the laptop slept (10:00 to 13:00): 5 messages of 5 customers")
    (notice,) = said["notices"]
    assert notice["new"] == 5
