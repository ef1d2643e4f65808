"""One backup a day: made beside everything else, seven kept, and its failure said, tried again and in nobody's way."""

import os
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from agentdesk.config import Backup, Home, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.config.read import settings_of
from agentdesk.core.commands import Tag
from agentdesk.engine import archive, daily, kept
from agentdesk.engine.background import Background
from agentdesk.engine.feed import Feed
from agentdesk.errors import ConfigError, NotFoundError
from agentdesk.store import backup, driver, lock
from desks import MONDAY, Bench
from servers import until


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "desk")
    made.mail("Hola", sender="Maria <maria@x.test>")
    yield made
    made.close()


@pytest.fixture
def home(bench):
    found = Home.under(bench.folder)
    found.make()
    found.key.write_bytes(b"k" * 32)
    begun = MONDAY.timestamp() - 2 * 86400
    os.utime(found.key, (begun, begun))
    return found


def there(home, wanted=None):
    folder = (wanted and wanted.folder) or home.backups
    return sorted(each.name for each in folder.iterdir() if each.name.endswith(".tar"))


def test_one_a_day_and_not_one_more(bench, home):
    note = daily.once(bench.desk, home, Backup())
    assert (note.at, note.reason) == ("2026-11-23T09:00:00.000Z", "")
    (name,) = there(home)
    assert note.file == str(home.backups / name)
    assert name.endswith("-20261123T090000Z.tar")
    assert archive._verified(home.backups / name)["files"]
    bench.clock.go(hours=23)
    assert daily.once(bench.desk, home, Backup()) is None
    bench.clock.go(hours=1)
    assert daily.once(bench.desk, home, Backup())
    assert len(there(home)) == 2


def test_the_first_day_of_a_desk_has_none(bench, home):
    begun = MONDAY.timestamp() - 3600
    os.utime(home.key, (begun, begun))
    assert daily.once(bench.desk, home, Backup()) is None
    bench.clock.go(hours=23)
    assert daily.once(bench.desk, home, Backup())


def test_it_can_be_restored(bench, home, tmp_path):
    note = daily.once(bench.desk, home, Backup())
    assert archive.put_back(Home.under(tmp_path / "other"), archive.Path(note.file)).tickets == 1


def test_none_is_made_where_nobody_wants_one(bench, home):
    assert daily.once(bench.desk, home, Backup(daily=False)) is None
    assert there(home) == []


def test_seven_are_kept_and_nobody_elses_file_is_touched(bench, home, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    others = {
        "agentdesk-00000000-20200101T000000Z.tar": "another desk's",
        "agentdesk-20200101T000000Z.tar": "somebody's",
        "desk.tar": "made by hand",
    }
    mark = kept.mark_of(bench.desk.seal)
    others[f"agentdesk-{mark}-before-the-move.tar"] = "renamed by hand"
    for name, text in others.items():
        (folder / name).write_text(text)
    wanted = Backup(folder=folder)
    days = []
    for _ in range(10):
        days.append(daily.once(bench.desk, home, wanted).file)
        bench.clock.go(days=1)
    names = set(there(home, wanted))
    assert names - others.keys() == {day.rpartition("/")[2] for day in days[-7:]}
    assert {name: (folder / name).read_text() for name in names & others.keys()} == others
    daily.once(bench.desk, home, Backup(folder=folder, keep=2))
    assert len(set(there(home, wanted)) - others.keys()) == 2


def test_whoever_was_forgotten_goes_also_from_a_backup_that_a_clock_ahead_has_named(bench, home):
    """A laptop whose clock shows local time as if it were UTC names one for this evening."""
    daily.once(bench.desk, home, Backup())
    bench.clock.go(hours=26)
    ahead = daily.once(bench.desk, home, Backup()).file
    bench.clock.go(hours=-2)
    former = [home.backups / name for name in there(home)]
    gone, stays = daily.renew(bench.desk, home, Backup())
    assert (sorted(gone), stays) == (former, [])
    (left,) = there(home)
    assert left != ahead.rpartition("/")[2]
    assert left.endswith("-20261124T090000Z.tar"), "the one that was just made"


def days(home):
    return [name[-20:-12] for name in there(home)]


@pytest.fixture
def week(bench, home):
    """Seven days, a backup each; the eighth begins."""
    for _ in range(7):
        daily.once(bench.desk, home, Backup())
        bench.clock.go(days=1)
    return days(home)


def test_one_start_with_a_clock_a_year_ahead_costs_neither_the_week_nor_a_backup_a_minute(bench, home, week):
    bench.clock.go(days=365)
    daily.once(bench.desk, home, Backup())
    bench.clock.go(days=-365)
    made = 0
    for _ in range(30):
        made += daily.once(bench.desk, home, Backup()) is not None
        bench.clock.go(minutes=1)
    assert made == 1, "today's, which the one of next year is not"
    assert days(home) == [*week[1:], "20261130"], "the one of next year has left"


def test_a_clock_that_was_set_back_for_years_does_not_cost_the_week(bench, home, week):
    """A dead battery: each start is the first of January 2020."""
    true = bench.clock.at
    bench.clock.at = true.replace(year=2020, month=1, day=1)
    for _ in range(5):
        daily.once(bench.desk, home, Backup())
        bench.clock.go(seconds=-50)
    assert set(days(home)) == {"20200101", *week[1:]}
    bench.clock.at = true
    daily.once(bench.desk, home, Backup())
    assert days(home) == [*week[1:], "20261130"]


def test_several_of_one_day_take_no_other_days_place(bench, home, week):
    for _ in range(9):
        archive.write(
            bench.desk, home, home.backups / kept.name_of(kept.mark_of(bench.desk.seal), bench.clock.at)
        )
        bench.clock.go(seconds=1)
    bench.clock.go(hours=24)
    daily.once(bench.desk, home, Backup())
    assert days(home) == [*week[2:], "20261130", "20261201"]


def test_a_clock_that_was_set_by_seconds_makes_none_again(bench, home):
    daily.once(bench.desk, home, Backup())
    bench.clock.go(seconds=-20)
    assert daily.once(bench.desk, home, Backup()) is None


def test_a_folder_that_is_gone_is_noted_and_tried_again(bench, home, tmp_path):
    folder = tmp_path / "disk"
    wanted = Backup(folder=folder)
    note = daily.once(bench.desk, home, wanted)
    assert (note.at, note.folder, note.reason) == (None, str(folder), "the folder is not there")
    assert not folder.exists(), "a disk that is not connected is not to be made up"
    assert daily.once(bench.desk, home, wanted) is None, "not each time that somebody looks"
    folder.mkdir()
    bench.clock.go(minutes=15)
    note = daily.once(bench.desk, home, wanted)
    assert (note.reason, note.failed_at) == ("", None)
    assert len(there(home, wanted)) == 1
    assert kept.read(home.state) == note


def test_another_folder_is_tried_at_once(bench, home, tmp_path):
    daily.once(bench.desk, home, Backup(folder=tmp_path / "gone"))
    assert daily.once(bench.desk, home, Backup()).reason == ""


def test_a_failure_keeps_what_is_known_of_the_last_good_one(bench, home, tmp_path):
    first = daily.once(bench.desk, home, Backup())
    bench.clock.go(days=1)
    note = daily.once(bench.desk, home, Backup(folder=tmp_path / "gone"))
    assert (note.at, note.file) == (first.at, first.file)
    assert note.failed_at == "2026-11-24T09:00:00.000Z"


def test_a_disk_that_is_full_leaves_nothing_half_made(bench, home, tmp_path, monkeypatch):
    """The device takes every opening and refuses every byte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    real = os.open

    def full(path, flags, mode=0o777, **more):
        if str(path).endswith(".tar.part"):
            return real("/dev/full", os.O_WRONLY)
        return real(path, flags, mode, **more)

    monkeypatch.setattr(os, "open", full)
    note = daily.once(bench.desk, home, Backup(folder=folder))
    assert note.reason == "No space left on device"
    assert list(folder.iterdir()) == []
    assert bench.mail("goes on").received == 1


@pytest.mark.parametrize("name", ["daily", "backup"])
def test_two_processes_do_not_make_it_twice(bench, home, name):
    with lock.held(home.state, name):
        assert daily.once(bench.desk, home, Backup()) is None
    assert kept.read(home.state) == kept.Note(), "somebody else at it is no failure"
    assert daily.once(bench.desk, home, Backup())


def test_writers_go_on_while_it_is_copied(bench, home, monkeypatch):
    """The copy stands still half-way; a key's write goes through meanwhile, and belongs to the next day's."""
    reached, go_on = threading.Event(), threading.Event()
    real = backup.check

    def held(file):
        reached.set()
        assert go_on.wait(10)
        return real(file)

    monkeypatch.setattr(backup, "check", held)
    made = []
    beside = threading.Thread(target=lambda: made.append(daily.once(bench.desk, home, Backup())))
    beside.start()
    assert reached.wait(10)
    bench.desk.do(Tag(bench.id(1), add=("vip",)))
    go_on.set()
    beside.join(10)
    assert made[0].reason == ""
    assert bench.ticket(1).tags == ("vip",)


def test_a_store_that_another_connection_is_writing_to_is_copied_as_it_was(bench, home, tmp_path):
    """The write lock is held all the time that the copy takes."""
    with bench.desk.transaction() as writer:
        writer.connection.execute("DELETE FROM ticket")
        assert backup.snapshot(bench.store.path, tmp_path / "copy.db") == 1
    with closing(driver.connect(str(tmp_path / "copy.db"))) as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (1,)


def test_a_mistake_of_ours_stops_nothing(bench, home, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(archive, "write", broken)
    assert daily.once(bench.desk, home, Backup()).reason == "ZeroDivisionError"


def test_what_a_kill_left_is_taken_away_with_the_next(bench, home):
    mark = kept.mark_of(bench.desk.seal)
    code = (
        "import os, sys\nfrom agentdesk.engine import archive\n"
        "archive._verified = lambda *_: os.kill(os.getpid(), 9)\n"
        "from pathlib import Path\nfrom agentdesk.config import Backup, Home\nfrom agentdesk.engine import daily\n"
        "from desks import Bench\n"
        "bench = Bench(Path(sys.argv[1]))\ndaily.once(bench.desk, Home.under(bench.folder), Backup())"
    )
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", code, str(bench.folder)],
        check=False, timeout=60, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == -9
    assert [each.name for each in home.backups.glob(".*.part")] == [
        f".agentdesk-{mark}-20261123T090000Z.tar.part"
    ]
    assert there(home) == []
    bench.clock.go(minutes=1)
    assert daily.once(bench.desk, home, Backup()).reason == ""
    assert [each.name for each in home.backups.iterdir()] == [f"agentdesk-{mark}-20261123T090100Z.tar"]


def test_the_console_makes_it_beside_receiving(bench, home, monkeypatch):
    monkeypatch.setattr(daily, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(daily, "LOOK_EVERY", 0.02)
    background = Background(bench.desk, home, (), lambda _: None, Backup())
    background.start()
    try:
        until(lambda: there(home))
        bench.clock.go(days=1)
        until(lambda: len(there(home)) == 2)
    finally:
        background.stop()


@pytest.fixture
def feed(bench, home):
    made = Feed(bench.desk, home=home)
    yield made
    made.close()


def header(feed):
    return feed.header(Settings(DeskSettings("UTC", "en")), "inbox", ())


def test_the_header_hears_of_a_failure_and_of_its_end(bench, home, tmp_path, feed):
    assert feed.news() is None
    daily.once(bench.desk, home, Backup(folder=tmp_path / "gone"))
    assert feed.news() == frozenset()
    assert header(feed).backup_trouble == "the folder is not there"
    assert feed.news() is None
    bench.clock.go(hours=1)
    daily.once(bench.desk, home, Backup())
    assert feed.news() == frozenset()
    assert (header(feed).backup_trouble, header(feed).backup_at) == ("", "2026-11-23T10:00:00.000Z")
    assert header(feed).backup_late_at == "2026-11-25T10:00:00.000Z"


def test_a_desk_without_a_backup_has_two_days_from_its_beginning(bench, home):
    os.utime(home.key, (MONDAY.timestamp(), MONDAY.timestamp()))
    with closing(Feed(bench.desk, home=home)) as feed:
        assert header(feed).backup_late_at == "2026-11-25T09:00:00.000Z"


def test_a_note_that_cannot_be_read_is_none(home):
    for text in ("", "[]", '{"at": 5}', "\xff"):
        kept.note_file(home.state).write_text(text, "latin-1")
        assert kept.read(home.state) == kept.Note()


def test_backups_at_hand_are_found_without_a_store(bench, home, tmp_path):
    first = daily.once(bench.desk, home, Backup()).file
    bench.clock.go(days=1)
    second = daily.once(bench.desk, home, Backup()).file
    archive.write(bench.desk, home, tmp_path / "by hand.tar")
    bench.store.path.write_bytes(b"damaged")
    found = kept.at_hand(home, Backup())
    assert [str(each) for each in found] == [str(tmp_path / "by hand.tar"), second, first]
    (tmp_path / "by hand.tar").unlink()
    assert [str(each) for each in kept.at_hand(home, Backup())] == [second, first]


def test_the_configuration_says_where_and_how_many(tmp_path):
    file = tmp_path / "config.toml"
    found = settings_of('[backup]\nfolder = "disk"\nkeep = 3\ndaily = false\n', file).backup
    assert found == Backup(daily=False, folder=tmp_path / "disk", keep=3)
    assert settings_of("", file).backup == Backup()
    with pytest.raises(ConfigError) as caught:
        settings_of("[backup]\nkeep = 0\n", file)
    assert caught.value.values["key"] == "backup.keep"


def test_what_failed_is_noted_in_words_where_the_error_has_none_of_its_own(bench, home, monkeypatch):
    def missing(*_):
        raise NotFoundError(what="file", name="desk.key")

    monkeypatch.setattr(daily, "_made", missing)
    assert daily.once(bench.desk, home, Backup()).reason == "There is no file desk.key."
