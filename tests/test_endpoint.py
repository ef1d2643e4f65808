"""Servers as people write them down."""

import pytest

from agentdesk import config


@pytest.mark.parametrize(
    ("written_as", "imap", "smtp"),
    [
        ("mail.shop.cat", (993, "tls"), (465, "tls")),
        (" mail.shop.cat ", (993, "tls"), (465, "tls")),
        ("mail.shop.cat:993", (993, "tls"), None),
        ("mail.shop.cat:143", (143, "starttls"), None),
        ("mail.shop.cat:465", None, (465, "tls")),
        ("mail.shop.cat:587", None, (587, "starttls")),
        ("mail.shop.cat:25", None, None),
        ("mail.shop.cat:1993", None, None),
        ("mail.shop.cat:imap", None, None),
        ("", None, None),
    ],
)
def test_a_bare_host_is_what_its_port_is_for_and_never_without_encryption(written_as, imap, smtp):
    for protocol, meant in (("imap", imap), ("smtp", smtp)):
        if meant is None:
            with pytest.raises(ValueError, match=f"{protocol}s://|host or the port"):
                config.endpoint(written_as, protocol, "me")
            continue
        found = config.endpoint(written_as, protocol, "me")
        assert (found.host, found.port, found.security, found.user) == ("mail.shop.cat", *meant, "me")
        url = config.with_scheme(written_as, protocol)
        assert config.endpoint(url, protocol, "me") == found
        assert "://" in url
