"""A mailbox without a password: a login in a browser or by a code, and tokens that are renewed by themselves."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest

from agentdesk import secret
from agentdesk.channels import oauth
from agentdesk.config import Account, SecretPlace
from agentdesk.engine import token
from agentdesk.errors import LoginError, UnreachableError
from servers.authority import CLIENT, SECRET, Authority, browses
from servers.web import Answer

OURS = oauth.Grant("google", CLIENT, SECRET, "")


@pytest.fixture
def authority():
    made = Authority()
    yield made
    made.stop()


def test_whoever_logs_in_by_the_browser_gets_a_grant_that_renews(authority):
    provider = authority.provider()
    first = oauth.by_browser(provider, OURS, "a@x.test", browses)
    assert (first.text, first.seconds, first.grant.refresh_token) == ("token", 3600.0, "refresh-1")
    again = oauth.renewed(first.grant, provider)
    assert again.grant.refresh_token == "refresh-2"
    with pytest.raises(LoginError):
        oauth.renewed(first.grant, provider)  # spent
    assert oauth.read(again.grant.sealed()) == again.grant


def test_a_code_that_comes_without_our_state_or_the_proof_is_worth_nothing(authority):
    provider = authority.provider()

    def attacked(url: str) -> None:
        here = httpx.URL(url).params["redirect_uri"]
        assert httpx.get(here, params={"code": "stolen", "state": "guessed"}).status_code == 400
        assert httpx.get(here, params={"code": "stolen"}).status_code == 400
        browses(url)

    assert oauth.by_browser(provider, OURS, "a@x.test", attacked).text == "token"
    (asked,) = authority.said("/authorize")
    here = asked.query["redirect_uri"]
    authority.challenges["seen"] = (asked.query["code_challenge"], here)
    fields = {
        "grant_type": "authorization_code",
        "code": "seen",
        "redirect_uri": here,
        "code_verifier": "another",
    }
    answer = httpx.post(provider.token, data={**fields, "client_id": CLIENT, "client_secret": SECRET})
    assert answer.status_code == 400  # whoever saw the code lacks what it was made with


def test_a_no_in_the_browser_and_nobody_at_all_are_said(authority):
    def refuses(url: str) -> None:
        params = httpx.URL(url).params
        httpx.get(params["redirect_uri"], params={"error": "access_denied", "state": params["state"]})

    with pytest.raises(LoginError) as error:
        oauth.by_browser(authority.provider(), OURS, "a@x.test", refuses)
    assert error.value.values["reason"] == "access_denied"
    with pytest.raises(LoginError) as error:
        oauth.by_browser(authority.provider(), OURS, "a@x.test", lambda _: None, within=0.05)
    assert error.value.values["reason"] == "nobody logged in"


def test_a_device_waits_as_long_as_it_is_told_and_slower_where_it_asks_too_often(authority):
    shown, waits = [], []
    authority.pending, authority.too_fast = 2, 1
    got = oauth.by_code(authority.provider("microsoft"), OURS, lambda *told: shown.append(told), waits.append)
    assert shown == [("https://x.test/device", "ABCD-1234")]
    assert waits == [5, 5, 5, 10]
    assert got.grant == oauth.Grant("microsoft", CLIENT, SECRET, "refresh-1")


@pytest.mark.parametrize("ends", ["access_denied", "expired_token"])
def test_a_device_that_is_refused_says_so_without_a_secret(authority, ends):
    authority.ends = ends
    with pytest.raises(LoginError) as error:
        oauth.by_code(authority.provider("microsoft"), OURS, lambda *_: None, lambda _: None)
    assert ends in error.value.values["reason"]
    assert SECRET not in str(error.value.values)


def test_a_code_that_nobody_types_ends(authority):
    authority.pending, waits = 1000, []
    with pytest.raises(LoginError):
        oauth.by_code(authority.provider("microsoft"), OURS, lambda *_: None, waits.append)
    assert sum(waits) == 30


def test_a_token_is_used_again_and_a_new_grant_takes_the_place_of_the_former(
    authority, tmp_path, monkeypatch
):
    monkeypatch.setenv("AGENTDESK_PASSPHRASE", "open sesame")
    place = SecretPlace("file", str(tmp_path / "secret.json"))
    account = Account("one", "tienda", "email", "a@x.test", secret=place, auth="xoauth2")
    grant = oauth.by_browser(authority.provider(), OURS, "a@x.test", browses).grant
    calls: list[oauth.Grant] = []

    def renew(given: oauth.Grant) -> oauth.Token:
        calls.append(given)
        return oauth.renewed(given, authority.provider())

    kept = grant.sealed()
    assert [token.current(account, kept, renew) for _ in range(3)] == ["token"] * 3
    assert calls == [grant]
    assert json.loads(secret.read(account))["refresh_token"] == "refresh-2"
    other = replace(account, id="two")
    assert token.current(other, "a token of a program") == "a token of a program"


def test_a_grant_that_its_place_cannot_keep_lives_on_in_this_process_and_is_said(
    authority, monkeypatch, caplog
):
    account = Account("v", "tienda", "email", "a@x.test", secret=SecretPlace("env", "SHOP"), auth="xoauth2")
    first = oauth.by_browser(authority.provider(), OURS, "a@x.test", browses).grant
    monkeypatch.setattr(token, "_passing", {})
    asked: list[str] = []

    def renew(given: oauth.Grant) -> oauth.Token:
        asked.append(given.refresh_token)
        return oauth.renewed(given, authority.provider())._replace(seconds=0)

    assert not token.is_passing(account)
    for _ in range(3):
        assert token.current(account, first.sealed(), renew) == "token"
    assert asked == ["refresh-1", "refresh-2", "refresh-3"]
    assert token.is_passing(account)
    assert [each.message.partition(":")[0] for each in caplog.records] == ["tienda"]
    assert "refresh" not in caplog.text
    kept = replace(account, id="w", secret=SecretPlace("keyring"))
    assert not token.is_passing(kept)


def test_a_variable_that_holds_a_grant_is_known_before_it_is_used(monkeypatch):
    account = Account("u", "tienda", "email", "a@x.test", secret=SecretPlace("env", "SHOP"), auth="xoauth2")
    monkeypatch.setenv("SHOP", "a token of a program")
    assert not token.is_passing(account)
    monkeypatch.setenv("SHOP", replace(OURS, refresh_token="x").sealed())
    assert token.is_passing(account)
    assert not token.is_passing(replace(account, auth="password"))


def test_an_account_waits_for_its_own_provider_alone():
    one, other = (Account(each, each, "email", "a@x.test", auth="xoauth2") for each in ("slow", "quick"))
    grant = replace(OURS, refresh_token="x")
    asked, answered = threading.Event(), threading.Event()

    def slow(given: oauth.Grant) -> oauth.Token:
        asked.set()
        assert answered.wait(5), "the other account waits for this one's provider"
        return oauth.Token("slow", 0, given)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(token.current, one, grant.sealed(), slow)
        assert asked.wait(5)
        with ThreadPoolExecutor(1) as beside:
            told = beside.submit(
                token.current, other, grant.sealed(), lambda given: oauth.Token("quick", 0, given)
            )
            assert told.result(5) == "quick"
        answered.set()
        assert waiting.result() == "slow"


def test_no_proxy_of_the_environment_reads_along(authority, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    authority.exchange = lambda _said: Answer({"access_token": "token"})
    assert oauth.renewed(replace(OURS, refresh_token="x"), authority.provider()).text == "token"


def test_without_a_network_the_provider_is_unreachable_and_strange_answers_are_a_no(authority):
    nowhere = replace(authority.provider(), token="http://127.0.0.1:1/token")
    with pytest.raises(UnreachableError):
        oauth.renewed(replace(OURS, refresh_token="x"), nowhere)
    for body in ([], {}, {"access_token": ""}, {"error": "\x1b]0;x\x07"}):
        authority.exchange = lambda _said, body=body: Answer(body)
        with pytest.raises(LoginError) as error:
            oauth.renewed(replace(OURS, refresh_token="x"), authority.provider())
        assert "\x1b" not in str(error.value.values["reason"])
