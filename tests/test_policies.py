"""The shop's files on time: what is shipped is the guide's table, and what is wrong in a file is said with its place."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agentdesk import i18n, present, shipped
from agentdesk.calendars import load_calendar
from agentdesk.core import sla
from agentdesk.core.hours import deadline, is_open, stretches
from agentdesk.core.model import CHANNELS, Status
from agentdesk.core.segment import parse
from agentdesk.core.sla import Matter, Metric, Tier
from agentdesk.core.timetable import Hours, Reason, Yearly
from agentdesk.errors import ConfigError, TimeFileError
from agentdesk.policies import load_policy

MADRID = ZoneInfo("Europe/Madrid")
CALENDAR = '[week]\nmonday = ["10:00-14:00"]\n'
PRESET = '[mine.channel.email]\nfirst_response = "4h"\n'


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use("en")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


def test_the_shipped_guide_is_the_table_of_the_guide() -> None:
    policy = load_policy([], "guide", None, MADRID)
    table = {
        "email": (3600, 900),
        "messenger": (3600, 900),
        "x": (900, None),
        "webchat": (30, 15),
        "whatsapp": (30, 15),
    }
    for channel, promised in table.items():
        for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE):
            targets = [policy.target(channel, metric, tier) for tier in Tier]
            assert tuple(target and target.within for target in targets) == promised
            assert {target.source for target in targets if target} == {"guide"}
        for metric in (Metric.ACK, Metric.RESOLUTION):
            ours = policy.target(channel, metric, Tier.STANDARD)
            assert ours is not None
            assert ours.source == "agentdesk"
    for channel in set(CHANNELS) - set(table):
        nearest = policy.target(channel, Metric.FIRST_RESPONSE, Tier.STANDARD)
        assert nearest is not None
        assert nearest.source == "agentdesk"
        assert channel in policy.like
    assert policy.calendar.always
    assert policy.recovery == 5
    assert policy.effect(Status.WAITING_CUSTOMER, Metric.RESOLUTION) == "pause"
    assert policy.effect(Status.RESOLVED, Metric.RESOLUTION) == "stop"
    assert policy.effect(Status.SNOOZED, Metric.NEXT_RESPONSE) == "run"


def test_the_small_shop_answers_mail_in_four_open_hours_and_chats_in_ten_minutes() -> None:
    policy = load_policy([], "small-shop", "shop", MADRID)
    for channel in CHANNELS:
        expected = 4 * 3600 if channel in {"email", "form", "phone"} else 600
        for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE):
            target = policy.target(channel, metric, Tier.STANDARD)
            assert target is not None
            assert (target.within, target.source) == (expected, "agentdesk")
            assert policy.target(channel, metric, Tier.WORLD_CLASS) is None
    (clock,) = sla.start(policy, "email", Metric.FIRST_RESPONSE, local("2026-03-13T19:30"))
    assert clock.due_at == local("2026-03-14T13:00")


def test_the_shipped_shop_has_its_lunch_and_the_holidays_of_catalonia() -> None:
    calendar = load_calendar([], "shop", MADRID, language="ca")
    assert is_open(calendar, local("2026-03-13T13:59"))
    assert not is_open(calendar, local("2026-03-13T15:00"))
    assert not is_open(calendar, local("2026-09-11T11:00"))  # a Friday
    day = stretches(calendar, local("2026-09-11T00:00"), local("2026-09-12T00:00"))
    assert [(piece.reason, piece.name) for piece in day] == [(Reason.HOLIDAY, "Diada Nacional de Catalunya")]
    assert deadline(calendar, local("2026-12-24T20:00"), timedelta(hours=1)) == local("2026-12-28T10:30")
    english = load_calendar([], "shop", MADRID, language="en")
    assert next(h.name for h in english.holidays if h.on == date(2026, 9, 11)) == "National Day of Catalonia"


def test_the_users_file_of_the_same_name_wins(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "shop.toml").write_text(CALENDAR)
    (tmp_path / "sla.toml").write_text(PRESET)
    policy = load_policy([tmp_path / "none", tmp_path], "mine", "shop", MADRID)
    assert policy.calendar.week[0] == (Hours(36_000, 50_400),)
    assert policy.targets["email"] == (sla.Target(Metric.FIRST_RESPONSE, Tier.STANDARD, 14_400, "shop"),)
    assert policy.effect(Status.WAITING_CUSTOMER, Metric.RESOLUTION) == "pause"
    with pytest.raises(ConfigError) as caught:
        load_policy([tmp_path], "guide", None, MADRID)
    assert caught.value.values["file"] == tmp_path / "sla.toml"


def test_a_calendar_with_everything(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "full.toml").write_text(
        'zone = "America/Santiago"\n'
        '[week]\nfriday = ["22:00-24:00", "10:00-12:00"]\nsaturday = ["00:00-02:00"]\n'
        '[holidays]\n2026-05-01 = "one"\n"12-30..01-02" = "New Year"\n"01-01" = "the first"\n'
        '"2026-08-03..2026-08-05" = "Summer"\n'
        '[special]\n"12-24" = { open = ["10:00-12:00"], name = "Eve" }\n"2026-06-01" = { open = [] }\n',
        encoding="utf-8-sig",
    )
    calendar = load_calendar([tmp_path], "full", MADRID)
    assert str(calendar.zone) == "America/Santiago"
    assert calendar.week[4] == (Hours(36_000, 43_200), Hours(79_200, 86_400))
    assert {holiday.on: holiday.name for holiday in calendar.holidays} == {
        date(2026, 5, 1): "one",
        Yearly(12, 30): "New Year",
        Yearly(12, 31): "New Year",
        Yearly(1, 1): "the first",
        Yearly(1, 2): "New Year",
        date(2026, 8, 3): "Summer",
        date(2026, 8, 4): "Summer",
        date(2026, 8, 5): "Summer",
    }
    assert [special.name for special in calendar.special] == ["Eve", ""]


def test_no_calendar_and_none_are_always_open() -> None:
    for name in (None, "none"):
        assert load_calendar([], name, UTC).always


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[wek]\n", "wek", "did you mean week?"),
        ("[week]\nmoday = []\n", "week.moday", "did you mean monday?"),
        ("week = 3\n", "week", "table"),
        ('[week]\nmonday = "10:00-14:00"\n', "week.monday", "list"),
        ('[week]\nmonday = ["10-14"]\n', "week.monday", "10-14 is not a time"),
        ('[week]\nmonday = ["10:00-14:75"]\n', "week.monday", "is not a time"),
        ('[week]\nmonday = ["22:00-02:00"]\n', "week.monday", "closes before it opens"),
        ('[week]\nmonday = ["10:00-25:00"]\n', "week.monday", "24:00"),
        ('[week]\nmonday = ["10:00-14:00", "13:00-15:00"]\n', "week.monday", "overlap"),
        ("[week]\nmonday = []\n", "week", "never opens"),
        ('[special]\n"2026-01-02" = { open = ["10:00-11:00"] }\n', "week", "never opens again"),
        ('zone = "Europe/Madird"\n', "zone", "did you mean Europe/Madrid?"),
        ('zone = "../etc"\n', "zone", "not known"),
        ("zone = 3\n", "zone", "quotes"),
        ('country = "ESS"\n', "country", "did you mean"),
        ('country = "ES"\nregion = "CTT"\n', "region", "CT"),
        ('region = "CT"\n', "region", "country"),
        ('[holidays]\n"02-30" = "x"\n', 'holidays."02-30"', "no such day"),
        ('[holidays]\n"2026-02-30" = "x"\n', 'holidays."2026-02-30"', "no such day"),
        ('[holidays]\n"tomorrow" = "x"\n', 'holidays."tomorrow"', "must be a date"),
        ('[holidays]\n"12-24" = 3\n', 'holidays."12-24"', "quotes"),
        ('[holidays]\n"2026-02-03..2026-02-01" = "x"\n', 'holidays."2026-02-03..2026-02-01"', "later"),
        ('[holidays]\n"02-03..2026-02-01" = "x"\n', 'holidays."02-03..2026-02-01"', "same kind"),
        ('[holidays]\n"2026-02-03..2029-02-01" = "x"\n', 'holidays."2026-02-03..2029-02-01"', "a year"),
        ('[special]\n"12-24" = { name = "x" }\n', 'special."12-24"', "needs open"),
        ('[special]\n"12-24" = ["10:00-11:00"]\n', "special.12-24", "table"),
        ('[special]\n"12-24" = { open = ["x"] }\n', 'special."12-24".open', "not a time"),
        ('[special]\n"12-24" = { opne = [] }\n', 'special."12-24".opne', "did you mean open?"),
        ("[week\n", "TOML", "bracket is not closed"),
    ],
)
def test_what_is_wrong_in_a_calendar_is_named(tmp_path: Path, text: str, key: str, reason: str) -> None:
    (tmp_path / "calendars").mkdir()
    file = tmp_path / "calendars" / "shop.toml"
    file.write_text(text)
    with pytest.raises(TimeFileError) as caught:
        load_calendar([tmp_path], "shop", MADRID)
    assert (caught.value.values["file"], caught.value.values["key"]) == (file, key)
    assert reason in caught.value.values["reason"]
    assert caught.value.values["line"] in {1, text.count("\n")}


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("[mine.channel.emial]\n", "mine.channel.emial", "did you mean email?"),
        ("[mine.channels]\n", "mine.channels", "did you mean channel?"),
        ("[mine]\n", "mine.channel", "no channel"),
        ("[mine.channel.email]\n", "mine.channel.email", "neither"),
        ("[mine.channel]\nemail = 3\n", "mine.channel.email", "table"),
        ('[mine.channel.email]\nfirst_reply = "1h"\n', "mine.channel.email.first_reply", "not known"),
        ('[mine.channel.email]\nack = "1 day"\n', "mine.channel.email.ack", "open hours"),
        ("[mine.channel.email]\nack = true\n", "mine.channel.email.ack", "must be a time"),
        ('[mine.channel.email]\nack = ""\n', "mine.channel.email.ack", "must be a time"),
        ("[mine.channel.email]\nack = 0\n", "mine.channel.email.ack", "between"),
        (
            '[mine.channel.email]\nack = { standard = "1min", world_class = "2min" }\n',
            "mine.channel.email.ack.world_class",
            "longer",
        ),
        ('[mine.channel.email]\nack = { standrad = "1h" }\n', "mine.channel.email.ack.standrad", "standard?"),
        ('[mine.channel.email]\nack = "1h"\nsource = "guied"\n', "mine.channel.email.source", "guide?"),
        (PRESET + '[mine.channel.sms]\nlike = "whatsap"\n', "mine.channel.sms.like", "email"),
        (PRESET + '[mine.channel.sms]\nlike = "email"\nack = "1h"\n', "mine.channel.sms.ack", "not known"),
        (PRESET + '[mine]\nfallback = "sms"\n', "mine.fallback", "email"),
        (PRESET + "[mine]\ndue_soon_share = 25\n", "mine.due_soon_share", "from 0 to 1"),
        (PRESET + "[mine]\nrecovery = true\n", "mine.recovery", "number"),
        (PRESET + '[mine.pause]\nsnoozd = ["progress"]\n', "mine.pause.snoozd", "snoozed?"),
        (PRESET + '[mine.pause]\nsnoozed = ["first_response"]\n', "mine.pause.snoozed", "next_response?"),
        (PRESET + '[mine.pause]\nsnoozed = "progress"\n', "mine.pause.snoozed", "list"),
        ("mine = 3\n", "mine", "preset"),
        (PRESET + '[mine.kind.complant]\nack = "1h"\n', "mine.kind.complant", "complaint?"),
        (PRESET + '[mine.priority.urgnt]\nack = "1h"\n', "mine.priority.urgnt", "urgent?"),
        (PRESET + "[mine.kind.complaint]\n", "mine.kind.complaint", "no target"),
        (PRESET + "[mine.kind.complaint.email]\n", "mine.kind.complaint.email", "no target"),
        (PRESET + '[mine.kind.complaint]\nsolution = "1h"\n', "mine.kind.complaint.solution", "resolution?"),
        (
            PRESET + '[mine.kind.complaint]\nresolution = "0 months"\n',
            "mine.kind.complaint.resolution",
            "24 months",
        ),
        (
            '[mine.channel.email]\nack = { standard = "20h", world_class = "1 month" }\n',
            "mine.channel.email.ack.world_class",
            "longer",
        ),
        (
            '[mine.channel.email]\nack = { standard = "1h", due_soon = "2h" }\n',
            "mine.channel.email.ack.due_soon",
            "shorter",
        ),
    ],
)
def test_what_is_wrong_in_the_targets_is_named(tmp_path: Path, text: str, key: str, reason: str) -> None:
    file = tmp_path / "sla.toml"
    file.write_text(text)
    with pytest.raises(TimeFileError) as caught:
        load_policy([tmp_path], "mine", None, MADRID)
    assert (caught.value.values["file"], caught.value.values["key"]) == (file, key)
    assert reason in caught.value.values["reason"]
    assert caught.value.values["line"] <= text.count("\n")


def test_a_wrong_name_names_the_nearest() -> None:
    with pytest.raises(ConfigError) as caught:
        load_policy([], "small-shp", None, MADRID)
    assert caught.value.values["nearest"] == "small-shop"
    with pytest.raises(ConfigError) as caught:
        load_calendar([], "shopp", MADRID)
    assert caught.value.values["nearest"] == "shop"
    with pytest.raises(ConfigError):
        load_calendar([], "../shop", MADRID)


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "sla.toml").write_bytes(b"[guide]\n# \xff\n")
    with pytest.raises(ConfigError) as caught:
        load_policy([tmp_path], "guide", None, MADRID)
    assert "UTF-8" in caught.value.values["reason"]


def test_durations_and_pauses_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "sla.toml").write_text(
        "[mine]\ndue_soon_share = 0.5\ndue_soon_least = 30\nrecovery = 2.5\n"
        '[mine.pause]\nsnoozed = ["resolution"]\n'
        '[mine.channel.webchat]\nack = 15\nfirst_response = "1h 30min"\nprogress = "90m"\nresolution = "2h5s"\n'
    )
    policy = load_policy([tmp_path], "mine", None, MADRID)
    assert {target.metric.value: target.within for target in policy.targets["webchat"]} == {
        "ack": 15,
        "first_response": 5400,
        "progress": 5400,
        "resolution": 7205,
    }
    assert (policy.soon(600), policy.recovery, policy.fallback) == (300, 2.5, "webchat")
    assert policy.effect(Status.SNOOZED, Metric.RESOLUTION) == "pause"
    assert policy.effect(Status.WAITING_CUSTOMER, Metric.RESOLUTION) == "run"
    assert policy.effect(Status.CLOSED, Metric.PROGRESS) == "stop"


def test_the_shipped_folder_has_its_files() -> None:
    assert {"sla.toml", "calendars", "LICENSE"} <= {path.name for path in shipped().iterdir()}


def test_a_mistake_says_its_line(tmp_path: Path) -> None:
    """Where somebody has to look in a long file, and what to do then."""
    (tmp_path / "calendars").mkdir()
    file = tmp_path / "calendars" / "shop.toml"
    file.write_text(
        '# Our hours\n\n[week]\nmonday = ["10:00-14:00"]\n\n[special]\n'
        '"12-24" = { open = ["10:00-12:00"] }\n"12-31..01-05" = { open = [] }\n'
    )
    with pytest.raises(TimeFileError) as caught:
        load_calendar([tmp_path], "shop", MADRID)
    told = present.problem(caught.value)
    assert told.detail.startswith(f'{file}:8: special."12-31..01-05": ')
    assert "`agentdesk sla check`" in told.remedy


def test_whom_it_is_for_goes_before_what_it_is_about_before_how_urgent_before_the_channel(
    tmp_path: Path,
) -> None:
    (tmp_path / "sla.toml").write_text(
        '[mine.channel.email]\nfirst_response = { standard = "4h", world_class = "1h" }\nnext_response = "4h"\n'
        '[mine.channel.sms]\nlike = "email"\n'
        '[mine.priority.urgent]\nfirst_response = "3h"\nnext_response = "3h"\n'
        '[mine.kind.claim]\nfirst_response = "2h"\n[mine.kind.claim.email]\nfirst_response = "90min"\n'
        '[mine.segment.vip]\nfirst_response = { standard = "30min", due_soon = "20min" }\n'
    )
    policy = load_policy([tmp_path], "mine", None, MADRID, segments=(parse("vip", "tag:vip"),))

    def within(metric: Metric, channel: str = "email", **of: object) -> object:
        target = policy.target(channel, metric, Tier.STANDARD, Matter(**of))  # type: ignore[arg-type]
        return target and (target.within // 60, target.of)

    everything = {"among": frozenset({"vip"}), "kind": "claim", "priority": "urgent"}
    assert within(Metric.FIRST_RESPONSE, **everything) == (30, "segment")
    assert within(Metric.FIRST_RESPONSE, kind="claim", priority="urgent") == (90, "kind")
    assert within(Metric.FIRST_RESPONSE, "sms", kind="claim") == (90, "kind")
    assert within(Metric.FIRST_RESPONSE, "x", kind="claim") == (120, "kind")
    assert within(Metric.FIRST_RESPONSE, priority="urgent") == (180, "priority")
    assert within(Metric.NEXT_RESPONSE, **everything) == (180, "priority")
    assert within(Metric.NEXT_RESPONSE) == (240, "channel")
    world_class = policy.target("email", Metric.FIRST_RESPONSE, Tier.WORLD_CLASS, Matter(**everything))  # type: ignore[arg-type]
    assert world_class is None  # an hour would be longer than what is promised here
    (clock,) = sla.start(
        policy, "email", Metric.FIRST_RESPONSE, local("2026-03-16T10:00"), Matter(**everything)
    )  # type: ignore[arg-type]
    assert clock.soon_at == local("2026-03-16T10:10")


def test_a_target_of_the_shops_own_is_the_shops_on_every_channel_that_takes_it(tmp_path: Path) -> None:
    (tmp_path / "sla.toml").write_text(
        '[mine.channel.email]\nfirst_response = "2h"\n[mine.channel.sms]\nlike = "email"\n'
    )
    policy = load_policy([tmp_path], "mine", None, MADRID)
    found = [
        policy.target(each, Metric.FIRST_RESPONSE, Tier.STANDARD) for each in ("email", "sms", "whatsapp")
    ]
    assert [target and target.source for target in found] == ["shop"] * 3


@pytest.mark.parametrize("preset", ["guide", "small-shop"])
def test_what_a_shop_promises_on_one_channel_can_be_written_below_what_is_shipped(
    tmp_path: Path, preset: str
) -> None:
    text = (shipped() / "sla.toml").read_text("utf-8")
    (tmp_path / "sla.toml").write_text(f'{text}\n[{preset}.kind.complaint.email]\nfirst_response = "20min"\n')
    policy = load_policy([tmp_path], preset, None, MADRID)
    complaint = Matter(kind="complaint")
    first = policy.target("email", Metric.FIRST_RESPONSE, Tier.STANDARD, complaint)
    solved = policy.target("whatsapp", Metric.RESOLUTION, Tier.STANDARD, complaint)
    assert (first and first.within, solved and (solved.months, solved.source)) == (1200, (1, "agentdesk"))


def test_a_shop_that_closes_the_whole_of_august_answers_in_september(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    days = "".join(
        f'{day} = ["09:00-19:00"]\n' for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    )
    (tmp_path / "calendars" / "shop.toml").write_text(f'[week]\n{days}[holidays]\n"08-01..08-31" = "Agost"\n')
    calendar = load_calendar([tmp_path], "shop", MADRID)
    assert deadline(calendar, local("2026-07-31T18:59"), timedelta(hours=1)) == local("2026-09-01T09:59")
    away = stretches(calendar, local("2026-08-03T09:00"), local("2026-08-04T00:00"))
    assert [(piece.reason, piece.name) for piece in away] == [(Reason.HOLIDAY, "Agost")]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-01-31T10:00", "2026-02-28T10:00"),
        ("2028-01-31T10:00", "2028-02-29T10:00"),
        ("2026-11-15T23:30:15", "2026-12-15T23:30:15"),
        ("2026-12-24T08:00", "2027-01-24T08:00"),
        ("2026-03-01T02:30", "2026-04-01T02:30"),  # a night of summer time lies between
        ("2026-02-28T02:30", "2026-03-28T02:30"),
        ("2027-02-28T02:30", "2027-03-28T03:00"),  # that night has no half past two
    ],
)
def test_a_month_ends_at_the_same_time_of_day_a_month_later(at: str, due: str) -> None:
    policy = load_policy([], "small-shop", "shop", MADRID)
    (clock,) = sla.start(policy, "email", Metric.RESOLUTION, local(at), Matter(kind="complaint"))
    assert clock.due_at == local(due)
    assert sla.pause(clock, policy.calendar, local(at)) == clock
