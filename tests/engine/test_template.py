"""Approved templates: chosen in the customer's language, filled whole, and known without a line."""

import pytest

from agentdesk.channels import Approved
from agentdesk.config import Account, Home
from agentdesk.config.model import SecretPlace
from agentdesk.core.model import Template
from agentdesk.core.window import has_templates
from agentdesk.engine import template
from agentdesk.errors import ChannelError, NotFoundError, UsageError
from servers import free_port

NEWS = Approved("news", "es", "Hola {{1}}, tu pedido {{2}} sale hoy", ("1", "2"))
NOTICIES = Approved("news", "ca_ES", "Hola {{1}}, la comanda {{2}} surt avui", ("1", "2"))
OTHER = Approved("hello", "en", "Hello")
ALL = (NEWS, NOTICIES, OTHER)


@pytest.mark.parametrize(
    ("word", "language", "found"),
    [
        ("news", "ca", NOTICIES),
        ("news", "en", NEWS),
        ("news", None, NEWS),
        ("news:ca_ES", "es", NOTICIES),
        ("hello", "ca", OTHER),
    ],
)
def test_a_template_is_taken_in_the_customers_language(word, language, found):
    assert template.named(ALL, word, language) == found


@pytest.mark.parametrize("word", ["nothing", "news:fr", ""])
def test_what_is_not_approved_is_not_there(word):
    with pytest.raises(NotFoundError):
        template.named(ALL, word, "es")


def test_it_is_filled_whole_or_not_at_all():
    wish = template.filled(NEWS, ("{{2}}", "VM-7"))
    assert wish.text == "Hola {{2}}, tu pedido VM-7 sale hoy", "a value is no place"
    assert wish.template == Template("news", "es", ("{{2}}", "VM-7"))
    for values in (("Maria",), ("Maria", " "), ("Maria", "7", "x")):
        with pytest.raises(UsageError) as refused:
            template.filled(NEWS, values)
        assert "{{2}}" in refused.value.values["reason"]


def home_in(folder):
    home = Home.under(folder)
    home.make()
    return home


def test_the_list_of_last_time_serves_without_a_line(tmp_path, monkeypatch):
    home = home_in(tmp_path)
    online = Account("demo", "vimet", "demo", "hola@vimet.example")
    first = template.listed(home, online)
    assert (first.trouble, {each.name for each in first.templates}) == (None, {"order_news"})
    monkeypatch.setenv(
        "SECRET", '{"access_token": "access-0815", "app_secret": "app-0815", "relay": "relay-0815"}'
    )
    nowhere = f"http://127.0.0.1:{free_port()}"
    gone = {"way": "cloud", "relay": nowhere, "base_url": nowhere, "business_id": "1", "phone_id": "2"}
    offline = Account(
        "demo", "vimet", "whatsapp", "+34900", secret=SecretPlace("env", "SECRET"), options=gone
    )
    later = template.listed(home, offline)
    assert later.templates == first.templates
    assert isinstance(later.trouble, ChannelError)


def test_only_a_channel_that_closes_for_free_texts_has_templates():
    assert [name for name in ("whatsapp", "messenger", "telegram", "email") if has_templates(name)] == [
        "whatsapp"
    ]


def test_an_account_without_templates_says_so(tmp_path):
    account = Account("shop", "tienda", "telegram", "@vimet_bot", secret=SecretPlace("env", "SECRET"))
    with pytest.raises(NotFoundError) as refused:
        template.listed(home_in(tmp_path), account)
    assert refused.value.values["name"] == "tienda"
