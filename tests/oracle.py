"""What the clocks are tested against: somebody who watches the wall, and a hand that moves while the shop is open.

Shares nothing with the product: of a calendar it reads what is written in it. The wall is looked at every second of UTC, or with a
`step` of 60 every minute (as good, where hours lie on whole minutes), and held where clocks are set back, so that an hour that comes
twice is one reading. The definitions are those of product-semantics 2.1.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import accumulate

SECOND, LIVE, NEVER_PAUSED = timedelta(seconds=1), {"running", "paused"}, {"ack", "first_response"}
FAR, ASKED = datetime.max.replace(tzinfo=UTC), ("resolution", "next_response", "progress")
PAUSES = {"waiting_customer": ASKED, "waiting_third_party": ASKED[:1]}


class Wall:
    """Open or not for every `step` seconds of [start, start + days); `start` is a midnight of UTC."""

    def __init__(self, calendar, start, days, step):
        self.start, self.step, self.open, written = start, step, bytearray(), {}
        times = range(-21_600, days * 86_400, step)  # from before: what was set back counts
        shown = (n + (start + n * SECOND).astimezone(calendar.zone).utcoffset() // SECOND for n in times)
        for day, second in (divmod(seen, 86_400) for seen in [*accumulate(shown, max)][21_600 // step :]):
            if day not in written:
                written[day] = bytearray(86_400)
                for opens, closes in hours_of(calendar, start.date() + timedelta(days=day)):
                    written[day][opens:closes] = bytes([1]) * (closes - opens)
            self.open.append(written[day][second])
        self.counted = [0, *accumulate(self.open)]

    def upto(self, at):
        steps, rest = divmod((at - self.start) // SECOND, self.step)
        return self.counted[steps] * self.step + (rest and rest * self.open[steps])

    def working(self, a, b):
        return self.upto(b) - self.upto(a)

    def deadline(self, a, within):
        """The first second at which `within` open seconds have passed, None beyond what was watched."""
        goal = self.upto(a) + within
        steps = bisect_left(self.counted, goal, key=lambda count: count * self.step)
        if within == 0 or steps == len(self.counted):
            return None if within else a
        return self.start + (goal + (steps - 1 - self.counted[steps - 1]) * self.step) * SECOND


def hours_of(calendar, day):
    """The hours written down for a date."""
    keys = (day, (day.month, day.day))
    usual = () if any(each.on in keys for each in calendar.holidays) else calendar.week[day.weekday()]
    usual = ((0, 86_400),) if calendar.always else usual
    return next((each.hours for key in keys for each in calendar.special if each.on == key), usual)


class Hand:
    """One clock. `since`: when it last began to run, or to stand still."""

    def __init__(self, wall, start, target):
        self.wall, self.start, self.since, self.left = wall, start, start, target
        self.held, self.state, self.due = 0, "running", wall.deadline(start, target) or FAR

    def goes(self, at, *, on):
        passed, former = self.wall.working(self.since, at), self.since
        if self.state == ("paused" if on else "running"):
            self.since, self.state = at, "running" if on else "paused"
            self.held, self.left = self.held + passed * on, self.left - passed * (not on)
            if on and self.due >= former:
                self.due = self.wall.deadline(at, self.left) or FAR

    def ends(self, at, state):
        if self.state in LIVE:
            self.state = "met_late" if self.due < (self.since if self.state == "paused" else at) else state


def lived(wall, targets, acts):
    """A ticket's hands by metric after each of `acts`: (when, what, and of a merge since when the other customer waits)."""
    hands, status, waiting = {}, "new", None
    for at, what, *other in acts:
        first = ["next_response"] if status != "new" else NEVER_PAUSED
        if what == "answer":
            was_silent = hands["progress"].state in LIVE
            [hands[metric].ends(at, "met") for metric in {*NEVER_PAUSED, *ASKED[1:]} & hands.keys()]
            hands |= {"progress": Hand(wall, at, targets["progress"])} if was_silent else {}
            status, waiting = "waiting_customer" if status in {"new", "open"} else status, None
        elif what == "merge":
            if not waiting or other[0] < waiting:
                hands["next_response"] = Hand(wall, other[0], targets["first_response"])
            waiting = min(waiting or other[0], other[0])
        passes = {"answer": status, "merge": "new" if status == "new" else "open"}
        status = (passes | {"write": passes["merge"]}).get(what, what)
        for metric, hand in hands.items():
            if status == "resolved":
                hand.ends(at, "met" if metric == "resolution" else "void")
            elif metric not in NEVER_PAUSED:
                hand.goes(at, on=metric not in PAUSES.get(status, ()))
        if what == "write" and not waiting:
            waiting, live = at, {metric for metric in hands if hands[metric].state in LIVE}
            hands |= {metric: Hand(wall, at, targets[metric]) for metric in {*first, *ASKED[::2]} - live}
        yield hands
