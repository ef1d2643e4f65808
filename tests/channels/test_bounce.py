"""Delivery reports of all forms: who failed, for good or not, with which code, and which mail it was."""

import re
from pathlib import Path

import pytest

from agentdesk.channels.mime import read_mail
from agentdesk.core.model import MailClass
from reports import FORMS, report

CORPUS = Path(__file__).parents[3] / "shared/corpora/bounce-flufl/data"
OURS = "<ad.aaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbb.1@shop.test>"


@pytest.mark.parametrize("form", FORMS)
def test_each_server_s_report_names_address_code_words_and_mail(form):
    mail = read_mail(FORMS[form](OURS, "Nadie@Y.test"))
    assert mail.mail_class == MailClass.BOUNCE
    said = mail.bounce
    assert (said.recipients, said.for_good) == (("nadie@y.test",), True)
    assert said.status in {"5.1.1", "5.1.10"}
    assert said.originals[0] == OURS
    assert said.words
    assert said.words.isprintable()


def test_the_server_s_words_are_one_line_without_what_moves_a_cursor():
    mail = read_mail(report(OURS, ("a@y.test", "5.0.0", "550 5.2.2 \x1b[2J full\r\n  \x9b6n of mail")))
    assert mail.bounce.status == "5.2.2", "a code in the words says more than a general one"
    assert mail.bounce.words.isprintable()
    assert mail.bounce.words.endswith("of mail")


def test_a_delay_is_no_failure():
    mail = read_mail(report(OURS, ("a@y.test", "4.4.1", "connection timed out"), action="delayed"))
    assert (mail.bounce.for_good, mail.bounce.status) == (False, "4.4.1")


def test_a_server_that_gave_up_has_failed_whatever_its_code():
    assert read_mail(report(OURS, ("a@y.test", "4.4.7", "expired"))).bounce.for_good


def test_a_delay_in_prose_is_none_either():
    text = (
        "From: MAILER-DAEMON@mx.test\r\nTo: soporte@shop.test\r\nSubject: Warning: message 1abc delayed 24 hours\r\n\r\n"
        "Your message has not yet been delivered to:\r\n\r\n  a@y.test\r\n\r\nNo action is required on your part. "
        f"Delivery attempts will continue.\r\n\r\nMessage-ID: {OURS}\r\n"
    )
    said = read_mail(text.encode()).bounce
    assert (said.recipients, said.for_good, said.originals) == (("a@y.test",), False, (OURS,))


def test_who_got_it_is_not_among_those_who_failed():
    raw = report(OURS, ("a@y.test", "5.1.1", "no such user")).replace(
        b"\r\nFinal-Recipient",
        b"\r\nFinal-Recipient: rfc822; b@y.test\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\nFinal-Recipient",
        1,
    )
    assert read_mail(raw).bounce.recipients == ("a@y.test",)


def test_a_report_of_success_reports_no_failure():
    assert read_mail(report(OURS, ("a@y.test", "2.0.0", ""), action="delivered")).bounce is None


def test_a_postmaster_who_writes_as_a_person_reports_nothing():
    raw = f"From: postmaster@y.test\r\nTo: soporte@shop.test\r\nIn-Reply-To: {OURS}\r\nSubject: Re: DNS\r\n\r\nThanks, done.\r\n"
    assert read_mail(raw.encode()).bounce is None


def test_other_mails_are_not_looked_into():
    raw = f"From: a@y.test\r\nTo: soporte@shop.test\r\nSubject: Hola\r\n\r\n550 5.1.1 no such user {OURS}\r\n"
    assert read_mail(raw.encode()).bounce is None


def test_a_flood_of_what_looks_like_an_address_takes_no_time():
    body = "a" * 200_000 + "\r\n" + "- " * 50_000 + "\r\n" + "a@b." * 50_000
    raw = f"From: MAILER-DAEMON@y.test\r\nSubject: failure notice\r\n\r\nuser unknown\r\n{body}\r\n"
    assert read_mail(raw.encode()).mail_class == MailClass.BOUNCE


def _machine_readable():
    for path in sorted(CORPUS.glob("*.txt")):
        raw = path.read_bytes()
        if re.search(rb"(?im)^final-recipient:", raw) and re.search(rb"(?im)^action:", raw):
            yield path.name, raw


@pytest.mark.corpora
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no public bounces at {CORPUS}")
def test_of_public_reports_in_fields_recipients_and_fate_are_found():
    """At least 95 of 100; the fields are read here by another way, line by line."""
    right, wrong = 0, []
    for name, raw in _machine_readable():
        people = re.findall(rb"(?im)^(?:final|original)-recipient:.*?([^\s;<>=/]+@[^\s;<>/]+)", raw)
        fates = {each.lower()[:4] for each in re.findall(rb"(?im)^action:[ \t]*(\w+)", raw)}
        said = read_mail(raw).bounce
        found = said is not None and {each.decode().lower() for each in people} & {*said.recipients}
        good = found and said.for_good == (b"dela" not in fates)
        right += bool(good)
        wrong += [] if good else [name]
    assert right + len(wrong) == 19
    assert right / (right + len(wrong)) >= 0.95, wrong


@pytest.mark.corpora
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no public bounces at {CORPUS}")
def test_of_public_reports_in_prose_most_name_who_failed():
    named = total = 0
    for path in sorted(CORPUS.glob("*.txt")):
        mail = read_mail(path.read_bytes())
        if mail.mail_class == MailClass.BOUNCE:
            total += 1
            named += bool(mail.bounce and mail.bounce.recipients)
    assert total > 100
    assert named / total >= 0.9
