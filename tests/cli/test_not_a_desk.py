"""A folder that was mistyped holds no desk: that is said, and none is made there that would look like success."""

import json

import pytest

from agentdesk.config import Home
from desks import Bench


def test_doctor_says_that_no_desk_is_there_and_looks_at_the_laptop(run, tmp_path):
    home = tmp_path / "hmoe"
    status, out, err = run("--home", str(home), "doctor", "--json")
    assert (status, all(each["ok"] for each in json.loads(out)["checks"])) == (0, True)
    assert f"There is no desk in {home}" in err


@pytest.mark.parametrize(
    "words", [("backup", "{}/desk.tar"), ("export", "{}/out")], ids=lambda words: words[0]
)
def test_where_no_desk_is_that_is_said_and_none_is_made(run, tmp_path, words):
    home = tmp_path / "hmoe"
    status, out, err = run("--home", str(home), *(word.format(tmp_path) for word in words), "--json")
    said = json.loads(err)
    assert (status, out, said["code"]) == (3, "", "not_found")
    assert str(home) in said["detail"]
    assert "--home" in said["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_a_restore_into_a_new_folder_leaves_it_to_its_owner_alone(run, tmp_path):
    bench = Bench(tmp_path / "home")
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    bench.close()
    assert run("backup", str(tmp_path / "desk.tar"))[0] == 0
    new = Home.under(tmp_path / "far" / "new")
    assert run("--home", str(new.config), "restore", str(tmp_path / "desk.tar"))[0] == 0
    for folder in (new.config.parent, new.config, new.data, new.state):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_an_export_that_is_taken_for_a_backup_is_said_to_be_one(run, tmp_path):
    bench = Bench(tmp_path / "home")
    (tmp_path / "home" / "data" / "desk.key").write_bytes(b"k" * 32)
    bench.close()
    assert run("export", str(tmp_path / "exp1"))[0] == 0
    status, _, err = run("restore", str(tmp_path / "exp1"), "--yes")
    assert (status, f"agentdesk import export {tmp_path / 'exp1'}" in err) == (2, True)
