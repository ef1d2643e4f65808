"""What the clocks are tested against: somebody who watches the wall, and a hand that moves while the shop is open.

Shares nothing with the product: of a calendar it reads what is written in it. The wall is looked at every `step` seconds of UTC (where
hours and clock changes lie on whole minutes, a minute is as good as a second), and held where clocks are set back, so that an hour
that comes twice is one reading. The definitions are those of product-semantics 2.1.
"""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import accumulate

LIVE, NEVER_PAUSED = {"running", "paused"}, {"ack", "first_response"}
FAR, ASKED = datetime.max.replace(tzinfo=UTC), ("resolution", "next_response", "progress")
PAUSES = {"waiting_customer": ASKED, "waiting_third_party": ASKED[:1]}


class Wall:
    """Open or not for every `step` seconds of [start, start + days)."""

    def __init__(self, calendar, start, days, step):
        self.start, self.step, self.open, hours = start, step, bytearray(), {}
        times = (start + timedelta(seconds=n) for n in range(-172_800, days * 86_400, step))
        shown = accumulate((at.astimezone(calendar.zone).replace(tzinfo=None) for at in times), max)
        for seen in [*shown][172_800 // step :]:
            second = seen.hour * 3600 + seen.minute * 60 + seen.second
            if seen.date() not in hours:
                hours[seen.date()] = hours_of(calendar, seen.date())
            self.open.append(any(opens <= second < closes for opens, closes in hours[seen.date()]))
        self.counted = [0, *accumulate(self.open)]

    def upto(self, at):
        steps, rest = divmod((at - self.start) // timedelta(seconds=1), self.step)
        return self.counted[steps] * self.step + (rest * self.open[steps] if rest else 0)

    def working(self, a, b):
        return self.upto(b) - self.upto(a)

    def deadline(self, a, within):
        """The first second at which `within` open seconds have passed, None beyond what was watched."""
        goal = self.upto(a) + within
        steps = bisect_left(self.counted, goal, key=lambda count: count * self.step)
        if within == 0 or steps == len(self.counted):
            return None if within else a
        rest = goal - self.counted[steps - 1] * self.step
        return self.start + timedelta(seconds=(steps - 1) * self.step + rest)


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
