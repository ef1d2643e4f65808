"""Three parties and a shop by mail, through real servers: who gets what, and of whose words."""

import json
import re
from email import message_from_bytes, policy

import pytest

from engine.test_round_trip import LONG, found, message_id, urls
from servers import until
from servers.inbox import letter
from servers.program import PASSWORD

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def parts(raw: bytes) -> str:
    """Headers, texts and files of a mail, decoded."""
    mail = message_from_bytes(raw, policy=policy.default)
    bodies = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "\n".join((*map(str, mail.values()), *(each.decode("utf-8", "replace") for each in bodies)))


class Mails:
    """A shop with a mailbox, and people who write to it; `words` is what each has written."""

    def __init__(self, dovecot, run) -> None:
        self.dovecot = dovecot
        self.run = run
        self.shop = dovecot.user()
        self.words: dict[str, list[str]] = {}
        imap, smtp, address = urls(dovecot, self.shop)
        where = ("--address", address, "--imap", imap, "--smtp", smtp, "--secret-env", PASSWORD)
        self.says("account", "add", "email", "soporte", *where, "--waiting-days", "14")

    def says(self, *given):
        status, out, err = self.run("--json", *given)
        assert status == 0, err
        return json.loads(out)

    def writes(self, number: int, who: str, answers: bytes | None = None, cc: str = "") -> None:
        """With everything quoted that this person wrote before."""
        said, before = f"palabra{number}", self.words.setdefault(who, [])
        extra = f"Cc: {cc}\r\n" if cc else ""
        extra += f"In-Reply-To: {answers.decode()}\r\n" if answers else ""
        body = "\r\n".join((said, *(f"> {each}" for each in before), ""))
        mail = letter(number, sender=who, to=self.shop, subject="Pedido", extra=extra, body=body)
        self.dovecot.deliver(self.shop, mail, who)
        before.append(said)

    def passes(self) -> None:
        (done,) = self.says("sync", "--once")["accounts"]
        assert (done["failed"], done["unknown"], done["errors"]) == (0, 0, [])

    def got(self, who: str, count: int) -> list[bytes]:
        """What this person has from the shop, the newest last."""
        wanted = f"<{self.shop}>"
        return until(lambda: len(each := found(self.dovecot, who, "INBOX", wanted)) >= count and each, LONG)

    def last(self, who: str) -> str:
        """The id of the newest message from this person."""
        said = self.says("show", "1")["messages"]
        return [each["id"] for each in said if each["author"]["identity"] == f"email:{who}"][-1]


def test_of_twelve_mails_among_three_parties_none_goes_astray(dovecot, smtpd, run, monkeypatch):
    """They put each other into copies and quote what they got."""
    monkeypatch.setenv(PASSWORD, "secreto")
    mails = Mails(dovecot, run)
    ana, courier, supplier = (dovecot.user() for _ in range(3))
    mails.writes(1, ana, cc=courier)
    mails.passes()
    mails.says("forward", "1", "--to", courier, "--text", "texto2")
    mails.says("forward", "1", "--to", supplier, "--text", "texto3")
    mails.passes()
    mails.writes(4, courier, message_id(mails.got(courier, 1)[-1]), cc=ana)
    mails.writes(5, supplier, message_id(mails.got(supplier, 1)[-1]))
    mails.writes(6, ana, cc=supplier)
    mails.passes()
    mails.says("reply", "1", "--text", "texto7")
    mails.says("reply", "1", "--party", mails.last(courier), "--text", "texto8")
    mails.says("reply", "1", "--party", mails.last(supplier), "--text", "texto9")
    mails.passes()
    mails.writes(10, courier, message_id(mails.got(courier, 2)[-1]), cc=f"{ana}, {supplier}")
    mails.writes(11, ana, message_id(mails.got(ana, 1)[-1]), cc=courier)
    mails.passes()
    mails.says("reply", "1", "--text", "texto12")
    mails.passes()

    mine = {ana: {"texto7", "texto12"}, courier: {"texto2", "texto8"}, supplier: {"texto3", "texto9"}}
    for who, texts in mine.items():
        got = list(map(parts, mails.got(who, 2)))
        assert ({text for mail in got for text in re.findall(r"\btexto\d+", mail)}, len(got)) == (texts, 2)
        strangers = [each for each in (courier, supplier) if each != who]
        foreign = [*strangers, *(word for each in strangers for word in mails.words[each])]
        assert [each for each in foreign if any(re.search(rf"\b{each}\b", mail) for mail in got)] == []
    audiences = [each["audience"] for each in mails.says("show", "1")["messages"]]
    assert (audiences.count("party"), audiences.count("customer")) == (7, 4)
    assert mails.says("rebuild")["same"]
