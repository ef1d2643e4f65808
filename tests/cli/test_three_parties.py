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


def test_of_twelve_mails_among_three_parties_none_goes_astray(dovecot, smtpd, run, monkeypatch):
    """A customer, a courier and a supplier, who put each other into copies and quote what they got."""
    shop, ana, courier, supplier = (dovecot.user() for _ in range(4))
    monkeypatch.setenv(PASSWORD, "secreto")

    def says(*given):
        status, out, err = run("--json", *map(str, given))
        assert status == 0, err
        return json.loads(out)

    imap, smtp, address = urls(dovecot, shop)
    says(
        "account", "add", "email", "soporte", "--address", address, "--imap", imap, "--smtp", smtp, "--secret-env", PASSWORD,
        "--waiting-days", 14,
    )  # fmt: skip
    words = {ana: [], courier: [], supplier: []}

    def writes(number: int, who: str, answers: bytes | None = None, cc: str = "") -> None:
        said = f"palabra{number}"
        extra = f"Cc: {cc}\r\n" if cc else ""
        extra += f"In-Reply-To: {answers.decode()}\r\n" if answers else ""
        body = "\r\n".join((said, *(f"> {each}" for each in words[who]), ""))
        mail = letter(number, sender=who, to=shop, subject="Pedido", extra=extra, body=body)
        dovecot.deliver(shop, mail, who)
        words[who].append(said)

    def passes() -> None:
        (done,) = says("sync", "--once")["accounts"]
        assert (done["failed"], done["unknown"], done["errors"]) == (0, 0, [])

    def got(who: str, count: int) -> list[bytes]:
        """What this person has from the shop, the newest last."""
        return until(lambda: len(each := found(dovecot, who, "INBOX", f"<{shop}>")) >= count and each, LONG)

    writes(1, ana, cc=courier)
    passes()
    says("forward", 1, "--to", courier, "--text", "texto2")
    says("forward", 1, "--to", supplier, "--text", "texto3")
    passes()
    writes(4, courier, message_id(got(courier, 1)[-1]), cc=ana)
    writes(5, supplier, message_id(got(supplier, 1)[-1]))
    writes(6, ana, cc=supplier)
    passes()
    said = says("show", 1)["messages"]
    by_whom = {each["author"]["identity"]: each["id"] for each in said if each["direction"] == "in"}
    says("reply", 1, "--text", "texto7")
    says("reply", 1, "--party", by_whom[f"email:{courier}"], "--text", "texto8")
    says("reply", 1, "--party", by_whom[f"email:{supplier}"], "--text", "texto9")
    passes()
    writes(10, courier, message_id(got(courier, 2)[-1]), cc=f"{ana}, {supplier}")
    writes(11, ana, message_id(got(ana, 1)[-1]), cc=courier)
    passes()
    says("reply", 1, "--text", "texto12")
    passes()

    mine = {ana: {"texto7", "texto12"}, courier: {"texto2", "texto8"}, supplier: {"texto3", "texto9"}}
    for who, texts in mine.items():
        mails = [parts(each) for each in got(who, 2)]
        every = {text for mail in mails for text in re.findall(r"\btexto\d+", mail)}
        assert (every, len(mails)) == (texts, 2)
        strangers = {ana: (courier, supplier), courier: (supplier,), supplier: (courier,)}[who]
        foreign = [word for other in strangers for word in words[other]]
        assert [each for each in foreign if any(re.search(rf"\b{each}\b", mail) for mail in mails)] == []
        assert not any(other in mail for other in strangers for mail in mails)
    audiences = [each["audience"] for each in says("show", 1)["messages"]]
    assert (audiences.count("party"), audiences.count("customer")) == (7, 4)
    assert says("rebuild")["same"]
