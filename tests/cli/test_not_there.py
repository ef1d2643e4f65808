"""What is named and not there ends with 3; what is said of a person is not said of a ticket; bad input is no mistake of ours."""

import json

import pytest


def refused(run, *words):
    status, out, err = run(*words, "--json")
    assert out == ""
    return status, json.loads(err)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("split", "1", "x"), "x"),
        (("promise", "kept", "1", "--id", "x"), "x"),
        (("promise", "drop", "1", "--id", "x"), "x"),
        (("customer", "note", "#1", "--remove", "x"), "x"),
        (("customer", "note", "#1", "--instead", "x", "--text", "y"), "x"),
        (("undo", "--event", "x"), "x"),
        (("customer", "import", "/nope"), "/nope"),
        (("reply", "1", "--file", "/nope"), "/nope"),
        (("reply", "1", "--text", "x", "--attach", "/nope"), "/nope"),
        (("restore", "/nope"), "/nope"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else each,
)
def test_it_is_not_there(shop, run, words, named):
    status, said = refused(run, *words)
    assert (status, said["code"]) == (3, "not_found")
    assert said["detail"].endswith(f" {named}.")


@pytest.mark.parametrize(
    "words",
    [
        ("reply", "1", "--text", "x", "--attach", "~nobody-here/y"),
        ("reply", "1", "--file", "~nobody-here/y"),
        ("import", "mbox", "~nobody-here/y", "--account", "soporte"),
        ("restore", "~nobody-here/y"),
        ("backup", "~nobody-here/y"),
        ("save", "1", "--to", "~nobody-here/y"),
        ("customer", "import", "~nobody-here/y"),
        ("export", "~nobody-here/y"),
    ],
    ids=" ".join,
)
def test_somebody_s_home_who_is_not_here(shop, run, words):
    assert refused(run, *words)[0] == 3


def test_a_folder_is_no_backup(shop, run, tmp_path):
    status, said = refused(run, "restore", str(tmp_path))
    assert (status, said["detail"]) == (2, f"{tmp_path} is a folder; name a file")


def test_what_a_field_cannot_be_is_a_mistake_of_the_command(shop, run):
    status, said = refused(run, "customer", "set", "#1", "language=fr")
    assert (status, said["code"]) == (2, "usage")
    assert "fr" in said["detail"]


def test_the_remedy_is_about_what_was_refused(shop, run):
    assert run("customer", "set", "#1", "company=Forn")[0] == 0
    status, said = refused(run, "customer", "set", "#1", "company=Forn")
    assert (status, "ticket" in said["remedy"], "customer show" in said["remedy"]) == (1, False, True)
    status, said = refused(run, "away", "whatsapp")
    assert (status, "ticket" in said["remedy"], "open" in said["remedy"]) == (1, False, True)


def test_a_tag_that_is_empty(shop, run):
    status, said = refused(run, "tag", "1", "")
    assert (status, said["detail"]) == (2, '"": a tag needs + or - before it')


def test_a_file_that_nobody_may_read(shop, run):
    status, said = refused(run, "import", "mbox", "/proc/self/mem", "--account", "soporte")
    assert (status, said["code"]) == (2, "usage")
    assert "/proc/self/mem cannot be read" in said["detail"]


@pytest.mark.parametrize("text", [f"[backup]\nkeep={'9' * 5000}\n", f"x={'[' * 5000}{']' * 5000}\n"])
def test_a_number_or_a_depth_that_nobody_writes(run, tmp_path, text):
    (tmp_path / "home" / "rules").mkdir(parents=True)
    (tmp_path / "home" / "config.toml").write_text(text, "utf-8")
    status, said = refused(run, "queue")
    assert (status, said["code"]) == (2, "config")
    (tmp_path / "home" / "config.toml").unlink()
    (tmp_path / "home" / "rules" / "x.toml").write_text(text, "utf-8")
    status, out, _ = run("rules", "check", "--json")
    assert (status, [each["line"] for each in json.loads(out)]) == (1, [1])


def test_a_rule_that_is_not_there_is_told_with_its_own_line(run, tmp_path):
    (tmp_path / "home").mkdir()
    text = (
        '[desk]\nzone = "Europe/Madrid"\nlanguage = "en"\n\n[rules]\non = [\n  "thank-you",\n  "thnk",\n]\n'
    )
    (tmp_path / "home" / "config.toml").write_text(text, "utf-8")
    status, out, _ = run("rules", "check", "--json")
    lines = [each["line"] for each in json.loads(out) if "thnk" in each["reason"]]
    assert (status, lines) == (1, [8])


def test_a_report_says_which_there_are_and_what_days_are_for(run):
    status, said = refused(run, "report")
    assert (status, "volume" in said["detail"], "staffing" in said["detail"]) == (2, True, True)
    status, said = refused(run, "report", "volume", "--days", "3")
    assert (status, "fcr" in said["detail"]) == (2, True)


def test_a_channel_without_templates_is_said_as_such(shop, run):
    name = json.loads(run("account", "list", "--json")[1])[0]["name"]
    status, _, err = run("template", "list", name)
    assert (status, f"{name} is on a channel without approved templates" in err) == (3, True)
