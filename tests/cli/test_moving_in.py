"""`import` of what other programs kept: what is no history stays out, what cannot be read is named, and no answer of ours becomes a customer's."""

import json
import os
import zipfile
from datetime import UTC, datetime

import pytest

from agentdesk.cli.context import Context
from agentdesk.cli.output import Progress
from agentdesk.engine import formeraddress
from agentdesk.engine.mailfile import Found
from cli.test_transfer import brought, everything, home, mail, mbox, messages

__all__ = ["home"]
SHOP = "Botiga <soporte@shop.test>"


def noted(number, sender="Maria Puig <maria@x.test>", to="soporte@shop.test", **headers):
    """A mail with what a program noted above everything else."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return lines + mail(number, sender=sender, to=to)


def subjects(run):
    return sorted(each["subject"] for each in everything(run))


def test_of_a_takeout_drafts_spam_the_bin_and_chats_stay_out_and_are_counted(home, run, tmp_path):
    labels = (
        "=?UTF-8?Q?Recibidos,Importante,No_le=C3=ADdo?=",
        "Spam",
        "Papelera",
        "Borradores",
        "Chat",
        "Pedidos 2024",
        "Bin,Sent",
    )
    kept = [
        noted(at, SHOP if "Borr" in label else f"c{at}@x.test", X_GM_THRID="1", X_Gmail_Labels=label)
        for at, label in enumerate(labels, 1)
    ]
    path = mbox(tmp_path / "Todo el correo.mbox", *kept)
    found = brought(run, "mbox", path)
    assert (found["received"], found["left_out"]) == (2, 5)
    assert found["left_out_as"] == {"trash": 2, "spam": 1, "chats": 1, "drafts": 1}
    assert subjects(run) == ["Assumpte 1", "Assumpte 6"]
    said = run("import", "mbox", path, "--account", "soporte")[2]
    assert "Left out: 2 deleted mails, 1 spam mail, 1 chat, 1 draft." in said


@pytest.mark.parametrize("label", ["Sent", "Enviados", "Enviats"])
def test_what_is_labelled_as_sent_is_ours_whatever_its_address(home, run, tmp_path, label):
    answer = noted(
        2, "Botiga <vella@old.test>", "maria@x.test", X_Gmail_Labels=label, In_Reply_To="<1@x.test>"
    )
    brought(run, "mbox", mbox(tmp_path / "all.mbox", mail(1), answer))
    assert [each["direction"] for each in messages(run, 1)] == ["in", "out"]


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"X_Mozilla_Status": "0009"}, "trash"),
        ({"X_Mozilla_Status": "0001", "X_Mozilla_Status2": "00200000"}, "trash"),
        ({"X_Mozilla_Status": "0003", "X_Mozilla_Status2": "00000000"}, None),
        ({"X_Mozilla_Draft_Info": "internal/draft; vcard=0"}, "drafts"),
        ({"X_Unsent": "1"}, "drafts"),
        ({"X_Uniform_Type_Identifier": "com.apple.mail-draft"}, "drafts"),
        ({"X_Gmail_Labels": "Esborranys"}, "drafts"),
        ({"X_Gmail_Labels": "Correu brossa"}, "spam"),
        ({"X_Gmail_Labels": '"Drafts, and more",Inbox'}, None),
        ({"Received": "from a by b; Tue, 2 Jun 2020 09:30:00 +0000", "X_Gmail_Labels": "Spam"}, None),
    ],
)
def test_what_thunderbird_outlook_and_apple_note_is_known(home, run, tmp_path, headers, left):
    found = brought(run, "mbox", mbox(tmp_path / "Inbox", noted(1, **headers)))
    assert [kind for kind, count in found["left_out_as"].items() if count] == ([left] if left else [])
    assert found["received"] == (left is None)


def maildir(folder, *places):
    for place, text in places:
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return str(folder)


def test_a_maildirs_flags_and_folders_say_what_is_no_history(home, run, tmp_path):
    answer = mail(2, "Demà", "Botiga <vella@old.test>", "maria@x.test", In_Reply_To="<1@x.test>")
    path = maildir(
        tmp_path / "Maildir",
        ("cur/1.DT:2,S", mail(1)),
        (".Sent/cur/2:2,S", answer),
        ("cur/3:2,D", mail(3, sender=SHOP, to="maria@x.test")),
        ("cur/4:2,ST", mail(4)),
        (".Papelera/cur/5:2,S", mail(5)),
        (".INBOX.Esborranys/new/6", mail(6)),
        (".Correo no deseado/cur/7:2,", mail(7)),
        (".spam.example.com-is-a-customer/cur/8:2,S", mail(8)),
    )
    found = brought(run, "maildir", path)
    assert found["left_out_as"] == {"trash": 2, "spam": 2, "chats": 0, "drafts": 2}
    assert [each["direction"] for each in messages(run, 1)] == ["in", "out"]


@pytest.fixture
def asked(monkeypatch):
    """Somebody is at the terminal."""
    monkeypatch.setattr(Context, "answers", property(lambda _: True))


def test_a_former_address_of_ours_is_asked_about_before_anything_is_stored(home, run, tmp_path, asked):
    old = "tienda@old.test"
    mails = [
        mail(1, to=old), mail(2, "Demà", f"Botiga <{old}>", "maria@x.test", In_Reply_To="<1@x.test>"),
        mail(3, sender="Pere <pere@y.test>", to=old), mail(4, "Avui", f"Botiga <{old}>", "pere@y.test", In_Reply_To="<3@x.test>"),
        mail(5, sender="Anna <anna@z.test>"),
    ]  # fmt: skip
    path = mbox(tmp_path / "old.mbox", *mails)
    status, out, err = run("import", "mbox", path, "--account", "soporte", "--json")
    said = json.loads(err)
    assert (status, out, said["code"]) == (2, "", "former_address")
    assert said["detail"] == f"4 of 5 mails are neither to nor from this mailbox; 2 of them are from {old}."
    assert everything(run) == []
    config = home.config_file.read_text("utf-8")
    home.config_file.write_text(config.replace("imap =", f'aliases = ["{old}"]\nimap ='), "utf-8")
    assert brought(run, "mbox", path)["received"] == 5
    assert sorted(each["customer"]["name"] for each in everything(run)) == ["Anna", "Maria Puig", "Pere"]
    assert [each["direction"] for each in messages(run, 1)] == ["in", "out"]


def test_where_nobody_can_be_asked_it_goes_on_and_says_what_may_be_ours(home, run, tmp_path):
    strangers = [mail(at, sender="Club <club@list.test>", to=f"soci{at}@x.test") for at in (1, 2, 3)]
    path = mbox(tmp_path / "list.mbox", *strangers)
    found = brought(run, "mbox", path)
    said = "3 of 3 mails are neither to nor from this mailbox; 3 of them are from club@list.test."
    assert (found["received"], found["doubt"]) == (3, said)
    status, _, err = run("import", "mbox", path, "--account", "soporte")
    assert (status, said in err, "aliases of the account" in err) == (0, True, True)


def test_whoever_says_that_it_is_not_theirs_goes_on_and_a_customer_is_not_asked_about(
    home, run, tmp_path, asked
):
    strangers = [mail(at, sender="Club <club@list.test>", to=f"soci{at}@x.test") for at in (1, 2, 3)]
    path = mbox(tmp_path / "list.mbox", *strangers)
    assert run("import", "mbox", path, "--account", "soporte")[0] == 2
    assert brought(run, "mbox", path, "--yes")["received"] == 3
    once = mail(4, sender="Pere <pere@y.test>", to="altres@y.test")
    assert brought(run, "mbox", mbox(tmp_path / "one.mbox", once, mail(5), mail(6)))["received"] == 3


def test_twenty_answers_under_another_name_are_asked_about_in_the_largest_mailbox():
    def found(number, sender, to):
        text = mail(1, sender=sender, to=to).replace("<1@", f"<{number}@").encode()
        return Found(text, datetime(2020, 6, 1, tzinfo=UTC))

    ours = [found(at, f"c{at}@x.test", "soporte@shop.test") for at in range(2000)]
    theirs = [found(at, "vella@old.test", f"c{at}@x.test") for at in range(2000, 2020)]
    formeraddress.look({"soporte@shop.test"}, ours + theirs[:19])
    with pytest.raises(formeraddress.FormerAddressError) as caught:
        formeraddress.look({"soporte@shop.test"}, ours + theirs)
    assert "20 of 2020 mails" in caught.value.values["reason"]


POSTMARK = "From maria@x.test Mon Jun  1 08:00:00 2020\n"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("all.mbox", f"{POSTMARK}{mail(1)}\n{POSTMARK}{mail(2)}", "agentdesk import mbox"),
        ("passwd", "root:x:0:0:root:/root:/bin/bash\n", "no mail"),
        ("takeout.zip", "PK\x03\x04rest", "unpack it first"),
    ],
)
def test_a_single_file_that_is_no_mail_is_refused_with_what_it_is(home, run, tmp_path, name, content, words):
    (tmp_path / name).write_text(content, "utf-8")
    status, out, err = run("import", "eml", str(tmp_path / name), "--account", "soporte", "--json")
    assert (status, out) == (2, "")
    assert words in json.loads(err)["detail"]


def test_what_is_called_a_mail_and_is_none_is_put_aside_and_kept(home, run, tmp_path):
    (tmp_path / "odd.eml").write_bytes(b"\x00\x01 nothing of a mail\n\nno\n")
    assert brought(run, "eml", str(tmp_path / "odd.eml"))["quarantined"] == 1
    (row,) = json.loads(run("quarantine", "list", "--json")[1])
    assert row["reason"] == "the mail has no header line"


def test_a_postmark_before_a_single_mail_makes_no_mbox_of_it(home, run, tmp_path):
    (tmp_path / "1.eml").write_text(POSTMARK + mail(1), "utf-8")
    assert brought(run, "eml", str(tmp_path / "1.eml"))["received"] == 1
    assert subjects(run) == ["Assumpte 1"]


def test_a_packed_mbox_and_a_folder_without_mail_are_said(home, run, tmp_path):
    with zipfile.ZipFile(tmp_path / "takeout.zip", "w") as packed:
        packed.writestr("all.mbox", mail(1))
    status, _, err = run("import", "mbox", str(tmp_path / "takeout.zip"), "--account", "soporte")
    assert (status, "unpack it first" in err) == (2, True)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "letter.msg").write_bytes(b"\xd0\xcf\x11\xe0")
    status, _, err = run("import", "eml", str(tmp_path / "none"), "--account", "soporte")
    assert (status, "holds no mail" in err) == (2, True)
    (tmp_path / "empty.mbox").touch()
    status, _, err = run("import", "mbox", str(tmp_path / "empty.mbox"), "--account", "soporte")
    assert (status, err) == (0, "There was no mail in it.\n")


def emlx(text, flags=1):
    data = text.encode()
    plist = f'<?xml version="1.0"?><plist><dict><key>flags</key><integer>{flags}</integer></dict></plist>\n'
    return f"{len(data)}\n".encode() + data + plist.encode()


def test_apple_mail_keeps_a_mail_between_its_length_and_its_flags(home, run, tmp_path):
    folder = tmp_path / "Apple.mbox" / "Messages"
    folder.mkdir(parents=True)
    for name, content in (
        ("1.emlx", emlx(mail(1))),
        ("2.emlx", emlx(mail(2), 1 << 1)),
        ("3.EMLX", emlx(mail(3), 1 << 6)),
    ):
        (folder / name).write_bytes(content)
    found = brought(run, "eml", str(tmp_path / "Apple.mbox"))
    assert (found["received"], found["left_out_as"]["trash"], found["left_out_as"]["drafts"]) == (1, 1, 1)
    assert json.loads(run("show", "1", "--raw", "1", "--json")[1])["raw"] == mail(1)
    (tmp_path / "1.eml").write_text(mail(1), "utf-8")
    assert brought(run, "eml", str(tmp_path / "1.eml"))["duplicates"] == 1
    large = mail(4, "Una línia de text. \n" * 80_000)
    (tmp_path / "large.emlx").write_bytes(emlx(large))
    assert brought(run, "eml", str(tmp_path / "large.emlx"))["received"] == 1
    assert not list(home.spool.iterdir())


@pytest.mark.parametrize("kind", ["maildir", "eml"])
def test_one_that_cannot_be_read_is_named_and_stops_no_other(home, run, tmp_path, kind):
    folder = tmp_path / "mails" / "cur"
    folder.mkdir(parents=True)
    for at in (1, 2):
        (folder / f"{at}.eml").write_text(mail(at), "utf-8")
    (folder / "0.eml").symlink_to(tmp_path / "gone")
    os.mkfifo(folder / "1b.eml")
    (folder / "3.eml").write_text("nothing of a mail\n", "utf-8")
    found = brought(run, kind, str(tmp_path / "mails"), status=4)
    assert (found["received"], found["quarantined"]) == (2, 1)
    failed = {each["path"]: each["reason"] for each in found["failed"]}
    assert list(failed) == [str(folder / name) for name in ("0.eml", "1b.eml")]
    assert failed[str(folder / "0.eml")] == "No such file or directory"
    status, _, err = run("import", kind, str(tmp_path / "mails"), "--account", "soporte")
    assert (status, f"Not read: {folder / '0.eml'}: No such file or directory" in err) == (4, True)


def test_a_folder_that_cannot_be_looked_into_is_named(home, run, tmp_path):
    """Its path is longer than the system takes, which binds whoever runs the tests."""
    top = tmp_path / "mails"
    top.mkdir()
    (top / "1.eml").write_text(mail(1), "utf-8")
    inside = os.open(top, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=inside)
        deeper = os.open("d" * 200, os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = deeper
    os.close(inside)
    found = brought(run, "eml", str(top), status=4)
    (failed,) = found["failed"]
    assert (failed["path"].startswith(str(top)), failed["reason"]) == (True, "File name too long")
    assert found["received"] == 1


def test_whoever_stops_it_hears_how_far_it_came_and_the_same_command_goes_on(
    home, run, tmp_path, monkeypatch
):
    def stopped(*_):
        raise KeyboardInterrupt

    text = "".join(
        mail(at % 9 + 1).replace(f"<{at % 9 + 1}@x.test>", f"<n{at}@x.test>")
        + "\nFrom x Mon Jun  1 08:00:00 2020\n"
        for at in range(150)
    )
    (tmp_path / "old.mbox").write_text(f"From x Mon Jun  1 08:00:00 2020\n{text}{mail(1)}\n", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Progress, "at", stopped)
        found = brought(run, "mbox", str(tmp_path / "old.mbox"), status=130)
        assert (found["received"], found["finished"]) == (100, False)
        assert (
            "The same command goes on"
            in run("import", "mbox", str(tmp_path / "old.mbox"), "--account", "soporte")[2]
        )
    found = brought(run, "mbox", str(tmp_path / "old.mbox"))
    assert (found["received"], found["duplicates"], found["finished"]) == (51, 100, True)


def test_without_any_account_the_first_step_is_said(home, run, tmp_path):
    home.config_file.write_text("", "utf-8")
    status, _, err = run("import", "mbox", mbox(tmp_path / "old.mbox", mail(1)), "--account", "soporte")
    assert (status, "agentdesk account add" in err) == (2, True)
