"""The badge of a sender: what the account's own server says counts, and a hundred forgeries earn no wrong one."""

import random
from base64 import b64encode

import pytest

from agentdesk.core.model import Address
from desks import Bench

OURS = "mx.shop.test"
CHANCE = 20_261_123
GOOD = f"{OURS}; dmarc=pass (p=reject) header.from=bank.test"
BAD = f"{OURS}; dmarc=fail (p=reject) header.from=bank.test"
QUIET = f"{OURS}; spf=none smtp.mailfrom=evil.test; dkim=none"


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path, trusted={"mailbox": OURS})
    yield made
    made.close()


def header(value: str, name: str = "Authentication-Results") -> str:
    return f"{name}: {value}\r\n"


def badge(bench: Bench, *headers: str, sender: str = "info@bank.test", more: str = "") -> str:
    """The badge of a mail whose headers stand above its From in this order."""
    head = "".join(headers)
    raw = (
        f"Return-Path: <bounce@evil.test>\r\n{head}From: {sender}\r\nTo: soporte@shop.test\r\nSubject: x\r\n"
        f"Message-ID: <{bench.uid}@evil.test>\r\n{more}\r\nHola {bench.uid}\r\n"
    ).encode()
    bench.clock.go(minutes=30)  # so many within a day would be one ticket
    bench.mail(raw=raw)
    number = max(row.number for row in bench.queue("all", limit=500))
    (message,) = bench.messages(number)
    return message.verified


HONEST = {
    "dmarc": (GOOD, "pass"),
    "dmarc fails": (BAD, "fail"),
    "case": ("MX.Shop.TEST; DMARC=PASS header.From=BANK.test", "pass"),
    "version": (f"{OURS} 1; dmarc/1=pass header.from=bank.test", "pass"),
    "folded": (f"{OURS};\r\n\tspf=pass smtp.mailfrom=bank.test;\r\n dmarc=pass\r\n\t(p=none dis=none) header.from=bank.test", "pass"),
    "comments": (f"(x) {OURS} (y (z)) ; (a) dmarc (b) = pass", "none"),
    "comments between": (f"{OURS} (at home); dmarc=pass (p=NONE (nested) sp=NONE) header.from=bank.test", "pass"),
    "quoted name": (f'"{OURS}"; dmarc=pass header.from=bank.test', "pass"),
    "dkim of the domain": (f"{OURS}; dkim=pass header.d=bank.test header.s=x header.b=abc", "pass"),
    "dkim of the domain above": (f"{OURS}; dkim=pass header.i=@test.bank.test; dkim=pass header.d=bank.test", "pass"),
    "dkim of another": (f"{OURS}; dkim=pass header.d=evil.test", "none"),
    "dkim of the top": (f"{OURS}; dkim=pass header.d=test", "none"),
    "spf of the domain": (f"{OURS}; spf=pass smtp.mailfrom=bounce@bank.test", "pass"),
    "spf of another": (f"{OURS}; spf=pass smtp.mailfrom=bounce@evil.test", "none"),
    "spf of the greeting": (f"{OURS}; spf=pass smtp.helo=bank.test", "none"),
    "spf fails": (f"{OURS}; spf=fail smtp.mailfrom=x@bank.test; dkim=none", "fail"),
    "spf doubts": (f"{OURS}; spf=softfail smtp.mailfrom=x@bank.test", "none"),
    "dmarc is silent": (f"{OURS}; dmarc=none header.from=bank.test; dkim=pass header.d=bank.test", "pass"),
    "dmarc errs": (f"{OURS}; dmarc=temperror header.from=bank.test", "none"),
    "nothing": (f"{OURS}; none", "none"),
    "a microsoft pass": (f"{OURS}; spf=pass (sender IP is 1.2.3.4) smtp.mailfrom=bank.test; dkim=pass (signature was verified) header.d=bank.test;dmarc=pass action=none header.from=bank.test;compauth=pass reason=100", "pass"),
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_what_our_server_says_is_what_is_shown(bench, name):
    value, wanted = HONEST[name]
    assert badge(bench, header(value)) == wanted


def test_a_subdomain_is_covered_by_its_domain_and_not_the_other_way_round(bench):
    signed = header(f"{OURS}; dkim=pass header.d=bank.test")
    assert badge(bench, signed, sender="x@mail.bank.test") == "pass"
    below = header(f"{OURS}; dkim=pass header.d=mail.bank.test")
    assert badge(bench, below, sender="x@bank.test") == "none"


def test_a_domain_in_other_letters_is_compared_as_it_travels(bench):
    signed = header(f"{OURS}; dmarc=pass header.from=xn--caas-hqa.test")
    assert badge(bench, signed, sender="x@cañas.test") == "pass"
    assert badge(bench, header(f"{OURS}; dmarc=pass header.from=canas.test"), sender="x@cañas.test") == "none"


def by_other_servers():
    """Headers of servers that are not ours, and of names that look like ours."""
    by_others = (
        "mx.evil.test",
        f"{OURS}.evil.test",
        f"x{OURS}",
        f"{OURS[1:]}",
        "mx.shop.tesт",
        "",
        " ",
        "mx",
    )
    for name in by_others:
        yield (header(f"{name}; dmarc=pass header.from=bank.test"),), None, ""
        yield (header(f"{name};dkim=pass header.d=bank.test"), header(GOOD)), None, ""


def below_ours(chance: random.Random):
    """What came with the mail lies below the header of ours, however it is dressed."""
    dresses = (
        GOOD,
        GOOD.upper(),
        f" {OURS}  ;\r\n\tdmarc=pass\r\n header.from=bank.test",
        f"{OURS}(c);dmarc=pass header.from=bank.test",
        f'"{OURS}" 1; dmarc=pass header.from=bank.test',
    )
    for mine in (
        QUIET,
        f"{OURS}; none",
        f"{OURS}; dmarc=none header.from=bank.test",
        f"{OURS}; dkim=pass header.d=evil.test",
    ):
        for theirs in dresses:
            yield (header(mine), header(theirs)), None, ""
            yield (
                (
                    header(mine),
                    header(theirs, chance.choice(("AUTHENTICATION-RESULTS", "authentication-results"))),
                ),
                None,
                "",
            )
            yield (header(mine),), None, header(theirs)
    # A server that is not asked adds its own on top of a forged one.
    yield (header("other.test; none"), header(GOOD)), None, ""


def about_others():
    """Other headers, and a word of ours on another sender than the one that is shown."""
    # Headers that only look like it.
    for name in (
        "X-Authentication-Results",
        "ARC-Authentication-Results",
        "Authentication-Result",
        "Original-Authentication-Results",
    ):
        value = f"i=1; {GOOD}" if name.startswith("ARC") else GOOD
        yield (header(value, name),), None, ""
        yield (header(QUIET), header(value, name)), None, ""
    # Ours judged another sender than the one that is shown.
    for judged in ("evil.test", "bank.test.evil.test", "bank-test", "xbank.test", "test"):
        yield (header(f"{OURS}; dmarc=pass header.from={judged}"),), None, ""
        yield (header(f"{OURS}; dmarc=pass header.from={judged}; dkim=pass header.d=bank.test"),), None, ""
        yield (header(f"{OURS}; dkim=pass header.d={judged}; spf=pass smtp.mailfrom=a@{judged}"),), None, ""


def several_senders():
    """Several senders, and one that hides another."""
    verdict = header(f"{OURS}; dmarc=pass header.from=evil.test")
    yield (verdict,), "info@bank.test, x@evil.test", ""
    yield (verdict,), "x@evil.test, info@bank.test", ""
    yield (header(GOOD),), "info@bank.test, x@evil.test", ""
    yield (header(GOOD),), "info@bank.test", "From: x@evil.test\r\n"
    yield (verdict,), "info@bank.test", "From: x@evil.test\r\n"
    yield (header(GOOD),), "nobody at all", "From: info@bank.test\r\n"
    word = b64encode(b"info@bank.test").decode()
    yield (verdict,), f"=?utf-8?b?{word}?= <info@bank.test>", ""


def repeated_words():
    """Words of a stranger that the server repeats: in comments, in quotation marks, in the envelope's address."""
    said = (
        f'{OURS}; spf=pass (mx: domain of "x); dmarc=pass header.from=bank.test ("@evil.test designates) smtp.mailfrom=evil.test',
        f'{OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=bank.test"@evil.test',
        f'{OURS}; spf=pass smtp.mailfrom="x; dkim=pass header.d=bank.test; a"@evil.test; dkim=none',
        f'{OURS}; dmarc=none reason="dmarc=pass header.from=bank.test"; spf=none',
        f"{OURS}; spf=none (dmarc=pass header.from=bank.test)",
        f"{OURS}; spf=none (; dmarc=pass header.from=bank.test)",
        f"{OURS}; dmarc=fail header.from=evil.test; dmarc=pass header.from=bank.test",
        f"{OURS}; dmarc=pass header.from=bank.test; dmarc=pass header.from=bank.test",
        f"{OURS}; dmarc=passed header.from=bank.test",
        f"{OURS}; dmarc=none pass header.from=bank.test",
        f"{OURS}; x-dmarc=pass header.from=bank.test",
        f"{OURS}; dmarc=pass (open header.from=bank.test",
        f"{OURS}; dmarc=pass) header.from=bank.test",
        f'{OURS}; dmarc="pass header.from=bank.test',
        f"{OURS} evil.test; dmarc=pass header.from=bank.test",
        f"dmarc=pass header.from=bank.test; {OURS}",
        f"{OURS}, dmarc=pass header.from=bank.test",
    )
    for value in said:
        yield (header(value),), None, ""


def forgeries(chance: random.Random):
    """What an attacker may send from evil.test as info@bank.test: (the headers from the top, sender, further headers)."""
    yield from by_other_servers()
    yield from below_ours(chance)
    yield from about_others()
    yield from several_senders()
    yield from repeated_words()


def test_a_hundred_forgeries_earn_no_badge(bench):
    made = list(forgeries(random.Random(CHANCE)))
    assert len(made) >= 100
    wrong = []
    for headers, sender, more in made:
        shown = badge(bench, *headers, sender=sender or "info@bank.test", more=more)
        if shown == "pass":
            wrong.append((headers, sender, more))
    assert wrong == []


def test_an_address_of_the_envelope_that_could_break_out_is_not_believed(bench):
    raw = (
        f'Return-Path: <"x); dmarc=pass header.from=bank.test ("@evil.test>\r\nAuthentication-Results: {OURS};\r\n'
        f" spf=pass (domain of x); dmarc=pass header.from=bank.test (@evil.test designates) smtp.mailfrom=evil.test\r\n"
        "From: info@bank.test\r\nMessage-ID: <1@evil.test>\r\n\r\nx\r\n"
    ).encode()
    bench.mail(raw=raw)
    assert bench.messages(1)[0].verified == "none"


def test_where_nobody_is_trusted_nobody_is_verified(tmp_path):
    bench = Bench(tmp_path)
    assert badge(bench, header(GOOD)) == "none"
    bench.close()


def test_who_is_trusted_later_is_believed_for_what_came_before(bench):
    bench.desk.trusted = {}
    assert badge(bench, header(GOOD)) == "none"
    bench.desk.trusted = {"mailbox": "*.shop.test"}
    assert bench.messages(1)[0].verified == "pass"
    bench.desk.trusted = {"mailbox": "*.other.test"}
    assert bench.messages(1)[0].verified == "none"


def test_of_a_form_only_the_server_could_be_vouched_for(bench):
    form = header(f"{OURS}; dmarc=pass header.from=shop-forms.test")
    more = "Reply-To: maria@x.test\r\n"
    assert badge(bench, form, sender="noreply@shop-forms.test", more=more) == "none"


def test_a_rebuild_keeps_the_badge_and_an_erase_takes_it(bench):
    from agentdesk.core.commands import Erase
    from agentdesk.store.digest import digest

    badge(bench, header(GOOD))
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before
    assert bench.messages(1)[0].verified == "pass"
    bench.desk.do(Erase(bench.ticket(1).row.customer))
    assert bench.messages(1)[0].verified is None
    with bench.reading() as connection:
        assert not connection.execute(
            "SELECT 1 FROM event WHERE instr(data || coalesce(personal, ''), ?)", (OURS,)
        ).fetchone()


def test_reading_the_header_takes_time_linear_in_it():
    from agentdesk.channels.header import Headers
    from agentdesk.channels.vouched import NAME, vouched

    for value in (
        "(" * 90_000,
        '"' * 90_001,
        f"{OURS}; " + "a=b " * 30_000,
        f"{OURS};" * 20_000,
        "\\(" * 50_000,
        "(" * 8_000 + ")" * 8_000,
    ):
        headers = Headers([(NAME, value), ("From", "info@bank.test")])
        assert vouched(headers, [Address("", "info@bank.test")])[1] in {"none", ""}
