"""Names and domains that look like others, and those that only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentdesk.core.lookalike import (
    domains,
    folded,
    is_homograph,
    is_shared,
    looks_like,
    shown,
    wired,
    within_one_edit,
)

OURS = frozenset({"botiga.cat", "botiga-online.com"})


@pytest.mark.parametrize(
    "domain",
    ["botlga.cat", "b0tiga.cat", "botiga.ca", "botiga.cate", "bottiga.cat", "btiga.cat", "obtiga.cat", "botiqa.cat",
     "botıga.cat", "bοtiga.cat", "bоtiga.cat", "botiga-oniine.com", "botiga-onlinc.com", "botiga.cаt"],
)  # fmt: skip
def test_one_slip_or_a_foreign_letter_makes_a_look_alike(domain):
    assert looks_like(domain, OURS)
    assert looks_like(wired(domain), OURS)


@pytest.mark.parametrize(
    "domain",
    ["botiga.cat", "mail.botiga.cat", "botigues.cat", "tenda.cat", "botiga.example", "gmail.com", "", "a.b"],
)
def test_ours_what_is_below_it_and_what_is_far_from_it_is_none(domain):
    assert not looks_like(domain, OURS)


def test_big_providers_are_no_look_alikes_of_one_another_and_short_names_are_near_by_chance():
    assert not looks_like("ymail.com", frozenset({"gmail.com"}))
    assert looks_like("gmial.com", frozenset({"gmail.com"}))
    assert not looks_like("zib.cat", frozenset({"zia.cat"}))
    assert domains({"a@gmail.com", "b@botiga.cat"}) == {"botiga.cat"}


@pytest.mark.parametrize(
    "domain",
    ["yahoo.com.mx", "hotmail.com.ar", "outlook.cl", "live.com.mx", "yahoo.com.bo", "gmx.ch", "prodigy.net.mx",
     "fibertel.com.ar", "gmail.com", "protonmail.ch", "terra.com.pe"],
)  # fmt: skip
def test_under_a_provider_s_domain_of_any_country_strangers_live_door_to_door(domain):
    assert is_shared(domain)
    assert domains({f"a@{domain}"}) == set()


@pytest.mark.parametrize(
    "domain", ["botiga.cat", "yahoo.evil.test", "live.botiga.cat", "hotmail", "outlook.com.evil.mx"]
)
def test_a_shop_s_domain_is_its_own(domain):
    assert not is_shared(domain)


def test_a_slip_in_a_provider_s_name_looks_like_it_in_any_country():
    assert looks_like("yahoo.co", frozenset({"yahoo.com"}))
    assert not looks_like("hotmail.com.br", frozenset({"hotmail.com.ar"}))


def test_names_are_compared_without_accents_case_and_foreign_letters():
    assert folded("  NÚRIA   Ferrer ") == folded("Nuria ferrer") == "nuria ferrer"
    assert folded("ΝÚRΙΑ Fеrrеr") == "nuria ferrer"
    assert folded('"Núria Ferrer"') == "nuria ferrer"
    assert folded("Núria Ferreres") != "nuria ferrer"


def test_a_domain_is_shown_as_it_reads_and_as_it_travels():
    assert (shown("xn--caas-hqa.test"), wired("cañas.test")) == ("cañas.test", "xn--caas-hqa.test")
    assert (shown("xn--\x00.test"), shown("x.test"), wired("x.test")) == ("xn--\x00.test", "x.test", "x.test")
    assert is_homograph("xn--pple-43d.com")
    assert not any(map(is_homograph, ("cañas.es", "barça.cat", "почта.рф", "apple.com")))


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_one_edit_is_what_a_search_through_all_edits_says(one, other):
    letters = "abc"
    near = {one[:n] + one[n + 1 :] for n in range(len(one))}
    near |= {one[:n] + letter + one[n:] for n in range(len(one) + 1) for letter in letters}
    near |= {one[:n] + letter + one[n + 1 :] for n in range(len(one)) for letter in letters}
    near |= {one[:n] + one[n + 1] + one[n] + one[n + 2 :] for n in range(len(one) - 1)}
    assert within_one_edit(one, other) is (other in near | {one})


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    assert isinstance(folded(text), str)
    assert isinstance(shown(wired(text)), str)
    assert looks_like(text, OURS) in {True, False}
    assert is_homograph(text) in {True, False}
