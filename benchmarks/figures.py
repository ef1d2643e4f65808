"""CPU time of a report of a month on a store of 100,000 tickets, over taking the log of those tickets apart once.

The floor is the least that whoever works figures out from a log could do: read every event of the tickets that the month touched and
parse its JSON. A report adds messages, opening hours and sums, and may read less of the log. Both sides in one process, in turn.
One line for each report. Usage: figures.py [TICKETS [TIMES [ROUNDS]]]: so many tickets, each so many times.
"""

import json
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from side_by_side import compared, in_turn, note, say
from year import build

from agentdesk import config
from agentdesk.core.figures import Period
from agentdesk.engine import report
from agentdesk.engine.desk import Desk
from agentdesk.engine.start import open_desk

LIMITS = {"sla": 2.5, "fcr": 2.0, "volume": 1.0}
_TOUCHED = """SELECT e.data FROM event e WHERE e.seq IN (SELECT x.seq FROM event_ticket x WHERE x.ticket IN (
    SELECT m.ticket FROM message m WHERE m.received_at >= ? AND m.received_at < ?))"""


def timed(desk: Desk, kind: str, period: Period) -> float:
    began = time.process_time()
    wanted = report.asked(desk, period, "channel", desk.policy.calendar.zone)
    report.report(desk, kind, wanted)
    return time.process_time() - began


def floor(desk: Desk, period: Period) -> float:
    began = time.process_time()
    with closing(desk.reader()) as connection:
        for (data,) in connection.execute(_TOUCHED, (period.since.isoformat(), period.until.isoformat())):
            json.loads(data)
    return time.process_time() - began


def main(tickets: int = 2_000, times: int = 50, rounds: int = 5) -> int:
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        home = build(Path(folder), tickets, times)
        note(f"{tickets * times} tickets are stored")
        desk = open_desk(home, config.load(home), "Joan")
        now = desk.now()
        period = Period(now - timedelta(days=130), now - timedelta(days=100))
        try:
            for kind, limit in LIMITS.items():
                timed(desk, kind, period)

                def ours(kind: str = kind) -> float:
                    return timed(desk, kind, period)

                found = in_turn(ours, lambda: floor(desk, period), rounds)
                status |= say(
                    compared(
                        f"figures.{kind}", *found, limit, tickets=tickets * times, other="its log parsed"
                    )
                )
        finally:
            desk.close()
    return status


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
