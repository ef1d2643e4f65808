"""Whoever takes another's name, domain or answers is warned of, and nobody else is."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentdesk.config import Account, Agent, Settings
from agentdesk.config import Desk as DeskSettings
from agentdesk.core.letter import Wish
from agentdesk.core.model import Address
from agentdesk.engine import reply
from agentdesk.engine.start import staff, trusted
from agentdesk.errors import RefusedError
from desks import SHOP, Bench

CORPORA = Path(__file__).parents[3] / "shared/corpora"
SETTINGS = Settings(
    DeskSettings("Europe/Madrid", "es"),
    agents=(Agent("Joan"), Agent("Núria Ferrer", "nuria@casa.test"), Agent("Marta Soler i Vila")),
    accounts=(
        Account("mailbox", "La Botiga del Barri", "email", SHOP),
        Account("b", "soporte", "email", "soporte@shop.test"),
    ),
)
SUSPECT = {"agent_name", "agent_address", "like_ours", "like_customer", "homograph", "name_is_address"}


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path, staff=lambda: staff(SETTINGS))
    yield made
    made.close()


def warnings(bench: Bench, sender: str, **mail) -> set[str]:
    """What is odd about the sender of a new mail."""
    bench.mail(sender=sender, **mail)
    number = max(row.number for row in bench.queue("all", limit=5000))
    return set(bench.messages(number)[-1].warnings) & SUSPECT


@pytest.mark.parametrize(
    "sender",
    ["Núria Ferrer <nf@evil.test>", "nuria  FERRER <nf@gmail.com>", "Joan <joan@evil.test>", "La Botiga del Barri <x@evil.test>",
     "=?utf-8?q?N=C3=BAria_Ferrer?= <x@evil.test>", "Nurіa Fеrrer <x@evil.test>", '"Joan" <x@evil.test>'],
)  # fmt: skip
def test_an_agent_s_or_the_shop_s_name_from_a_foreign_address_is_warned_of(bench, sender):
    assert "agent_name" in warnings(bench, sender)


@pytest.mark.parametrize(
    "sender",
    [
        "Joana <joana@x.test>",
        "Maria Puig <maria@x.test>",
        "soporte <ajuda@proveidor.test>",
        "Núria Ferrer Pons <n@x.test>",
        "n@x.test",
    ],
)
def test_other_names_and_short_names_of_accounts_are_not(bench, sender):
    assert warnings(bench, sender) == set()


def test_an_agent_s_own_address_is_named_so_that_somebody_looks_at_the_badge(bench):
    assert warnings(bench, "Núria Ferrer <nuria@casa.test>") == {"agent_address"}


@pytest.mark.parametrize(
    "domain", ["sh0p.test", "shopp.test", "shop.tst", "hsop.test", "xn--hop-ehd.test", "ѕhop.test"]
)
def test_a_domain_like_ours_is_warned_of(bench, domain):
    assert "like_ours" in warnings(bench, f"Atenció al client <soporte@{domain}>")


def test_a_customer_s_name_at_a_domain_like_theirs_is_warned_of(bench):
    bench.mail(sender="Maria Puig <maria@empresa.test>")
    assert warnings(bench, "maria puig <maria@empressa.test>") == {"like_customer"}
    assert warnings(bench, "Maria Puig <maria@empressa.test>") == {"like_customer"}, "the second time too"
    assert warnings(bench, "Maria Puig <maria@gmail.com>") == set()
    assert warnings(bench, "Pep Soler <pep@empressa.test>") == set()
    assert warnings(bench, "Maria Puig <maria@empresa.test>") == {"like_customer"}, (
        "nobody knows which one is real"
    )


def test_the_first_one_is_not_warned_of_by_its_imitator_in_mail_that_is_there_already(bench):
    bench.mail(sender="Maria Puig <maria@empresa.test>")
    warnings(bench, "Maria Puig <maria@empressa.test>")
    assert not set(bench.messages(1)[0].warnings) & SUSPECT


def test_a_name_that_shows_another_address_and_letters_of_another_script_are_warned_of(bench):
    assert warnings(bench, '"maria@x.test" <eve@evil.test>') == {"name_is_address"}
    assert warnings(bench, "Apple <info@аpple.test>") == {"homograph"}


def test_our_own_sent_mail_and_history_of_chats_are_not_looked_at(bench):
    bench.mail(sender=f"Núria Ferrer <{SHOP}>", to="maria@x.test", role="sent")
    assert not set(bench.messages(1)[0].warnings) & SUSPECT


def test_the_person_of_a_form_is_looked_at_and_not_its_program(bench):
    form = "Reply-To: Núria Ferrer <nf@evil.test>\r\n"
    assert "agent_name" in warnings(bench, "La Botiga <noreply@forms.test>", extra=form)
    assert "reply_to_elsewhere" not in bench.messages(1)[0].warnings, "that is what a form is"


@pytest.mark.corpora
@pytest.mark.skipif(not CORPORA.is_dir(), reason=f"no public mails at {CORPORA}")
def test_no_public_mail_is_taken_for_a_forged_agent_or_a_look_alike_of_ours(bench):
    from agentdesk.channels import Arrival, Batch
    from agentdesk.core.model import Place

    raws = dict.fromkeys(
        path.read_bytes()
        for name in (
            "mime-enmime",
            "mime-mikel",
            "mime-mimekit",
            "threads-jwz-aerc",
            "reply-github",
            "reply-zapier",
        )
        for path in sorted((CORPORA / name).rglob("*"))
        if path.is_file() and path.suffix in {".eml", ".raw", ".txt", ".msg", ""}
    )
    at = bench.clock.at - timedelta(days=1)
    arrivals = [Arrival(Place("mailbox", "INBOX", 1, n), at, raw, len(raw)) for n, raw in enumerate(raws, 1)]
    tally = bench.intake.take(Batch("cursor", tuple(arrivals)))
    assert tally.received > 250, tally
    with bench.reading() as connection:
        rows = connection.execute(
            "SELECT name, address, warnings FROM message WHERE warnings LIKE '%agent_%' OR warnings LIKE '%like_%' "
            "OR warnings LIKE '%homograph%'"
        ).fetchall()
    assert [row for row in rows if "homograph" not in row[2]] == []
    print(f"{tally.received} public mails, {len(rows)} warned of: {rows}")


ELSEWHERE = "Reply-To: Eve <eve@evil.test>\r\n"


class Channel:
    """Composes and sends nothing."""

    def compose(self, out):
        return b"\r\n".join(f"To: {each.email}".encode() for each in out.to)


def answered(bench: Bench, number: int = 1, **wish) -> list[str]:
    written = reply.write(bench.desk, SETTINGS, Channel(), bench.id(number), Wish("Hola", **wish), hold=600)
    ours = next(each for each in bench.messages(number) if each.id == written.message)
    return list(ours.to)


def test_no_answer_goes_to_somebody_else_unasked(bench):
    bench.mail(sender="Maria <maria@x.test>", extra=ELSEWHERE)
    with pytest.raises(RefusedError, match="reply_elsewhere"):
        answered(bench)
    assert answered(bench, to=(Address("", "maria@x.test"),)) == ["maria@x.test"]


def test_what_was_agreed_to_once_is_not_asked_again(bench):
    bench.mail(sender="Maria <maria@x.test>", extra=ELSEWHERE, message_id="<a@x.test>")
    assert answered(bench, to=(Address("", "eve@evil.test"),)) == ["eve@evil.test"]
    bench.mail("i ara?", sender="Maria <maria@x.test>", extra=ELSEWHERE, reply_to="<a@x.test>")
    assert answered(bench) == ["eve@evil.test"]


def test_a_mailbox_beside_at_a_big_provider_is_somebody_else_too(bench):
    bench.mail(sender="Maria <maria@gmail.com>", extra="Reply-To: eve@gmail.com\r\n")
    bench.mail(sender="Maria <maria@x.test>", extra="Reply-To: ventes@x.test\r\n")
    with pytest.raises(RefusedError, match="reply_elsewhere"):
        answered(bench, 1)
    assert answered(bench, 2) == ["ventes@x.test"]


def newcomer(bench):
    """Eve wrote last in Maria's ticket, by its token."""
    bench.mail(sender="Maria <maria@x.test>", message_id="<a@x.test>")
    token = bench.desk.seal.own_message_id(bench.id(1), "1", "shop.test")
    bench.mail("i el meu compte?", sender="Eve <eve@evil.test>", reply_to=token, message_id="<e@evil.test>")
    assert bench.ticket(1).row.messages == 2


def test_no_answer_goes_unasked_to_somebody_new_who_wrote_last(bench):
    newcomer(bench)
    with pytest.raises(RefusedError, match="reply_newcomer") as refused:
        answered(bench)
    assert refused.value.values["sender"] == "eve@evil.test"
    assert answered(bench, to=(Address("", "maria@x.test"),)) == ["maria@x.test"]


def test_whoever_had_an_answer_of_ours_there_is_new_no_more(bench):
    newcomer(bench)
    assert answered(bench, to=(Address("", "eve@evil.test"),)) == ["eve@evil.test"]
    bench.mail("i ara?", sender="Eve <eve@evil.test>", reply_to="<e@evil.test>")
    assert answered(bench) == ["eve@evil.test"]


def test_the_customer_s_other_address_is_nobody_new(bench):
    from agentdesk.core.commands import MergeCustomers

    newcomer(bench)
    bench.mail("Una altra cosa", sender="Eve <eve@evil.test>")
    bench.desk.do(MergeCustomers(bench.ticket(2).row.customer, bench.ticket(1).row.customer))
    assert answered(bench) == ["eve@evil.test"]


@pytest.mark.parametrize("provider", ["yahoo.com.mx", "hotmail.com.ar", "outlook.cl", "prodigy.net.mx"])
def test_so_is_one_beside_at_a_provider_of_any_country(bench, provider):
    bench.mail(sender=f"Rosa <rosa@{provider}>", extra=f"Reply-To: rosa99@{provider}\r\n")
    with pytest.raises(RefusedError, match="reply_elsewhere"):
        answered(bench)


def test_a_cc_of_the_forger_s_own_does_not_count_as_agreed(bench):
    bench.mail(sender="Maria <maria@x.test>", extra=ELSEWHERE + "Cc: eve@evil.test\r\n")
    with pytest.raises(RefusedError, match="reply_elsewhere"):
        answered(bench)


def test_a_form_s_customer_and_another_address_of_the_same_customer_are_answered_at_once(bench):
    from agentdesk.core.commands import MergeCustomers

    bench.mail(sender="La Botiga <noreply@forms.test>", extra="Reply-To: maria@x.test\r\n")
    assert answered(bench) == ["maria@x.test"]
    bench.mail(sender="Pep <pep@casa.test>")
    bench.mail(sender="Pep <pep@feina.test>", extra="Reply-To: pep@casa.test\r\n")
    with pytest.raises(RefusedError, match="reply_elsewhere"):
        answered(bench, 3)
    bench.desk.do(MergeCustomers(bench.ticket(2).row.customer, bench.ticket(3).row.customer))
    assert answered(bench, 3) == ["pep@casa.test"]


def test_a_provider_that_always_vouches_is_trusted_by_its_servers_name_and_the_settings_go_before():
    from agentdesk.core.model import Endpoint

    gmail = Account("g", "g", "email", "x@x.test", imap=Endpoint("imap.gmail.com", 993, "tls", "x"))
    other = Account("o", "o", "email", "y@y.test", imap=Endpoint("mail.y.test", 993, "tls", "y"))
    own = Account("w", "w", "email", "z@z.test", imap=gmail.imap, authserv_id="mx.z.test")
    assert trusted(Settings(SETTINGS.desk, accounts=(gmail, other, own))) == {
        "g": "mx.google.com",
        "w": "mx.z.test",
    }
