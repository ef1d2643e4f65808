"""A mailbox that can be found by its address: its domain stands in a small internet, its mail lies in a real Dovecot, and a
fake takes what it sends."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from agentdesk.engine import mailbox
from channels.setups import PATH, config
from servers.dovecot import Dovecot
from servers.internet import AUTHORITY, Internet, World, certified
from servers.smtp import Smtp


@dataclass(frozen=True)
class Newcomer:
    """`ca_file` is whom to trust for all of it."""

    address: str
    ca_file: Path
    internet: Internet
    smtp: Smtp
    imap_url: str
    smtp_url: str


@contextmanager
def newcomer(dovecot: Dovecot, folder: Path, monkeypatch) -> Iterator[Newcomer]:
    """The program asks that internet as long as this lasts."""
    address = dovecot.user()
    smtp = Smtp(("AUTH PLAIN XOAUTH2",), tls=certified("127.0.0.1"), implicit=True)
    file = config(f"127.0.0.1:{dovecot.tls_port} SSL", f"127.0.0.1:{smtp.port} SSL")
    ca_file = folder / "authorities.pem"
    ca_file.write_bytes(AUTHORITY + dovecot.ca_file.read_bytes())
    user = address.replace("@", "%40")
    with Internet(World(address, files={f"https://autoconfig.shop.test/{PATH}": file})) as internet:
        trusted = ssl.create_default_context(cafile=str(ca_file))
        monkeypatch.setattr(mailbox, "NET", replace(internet.net, trusted=trusted))
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
        try:
            yield Newcomer(
                address,
                ca_file,
                internet,
                smtp,
                f"imaps://{user}@127.0.0.1:{dovecot.tls_port}",
                f"smtps://{user}@127.0.0.1:{smtp.port}",
            )
        finally:
            smtp.stop()
