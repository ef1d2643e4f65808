"""A desk on a mailbox of a real Dovecot; nothing that it sends arrives anywhere."""

from dataclasses import replace

from agentdesk.config import Account, Home, SecretPlace
from agentdesk.config import load as load_settings
from agentdesk.core.model import Endpoint
from agentdesk.engine.start import open_desk
from agentdesk.engine.sync import sync_once
from servers.dovecot import Dovecot


class Boxed:
    """Open from construction on, with a user of its own on that server."""

    def __init__(self, folder, server: Dovecot) -> None:
        self.folder = folder
        self.server = server
        self.user = server.user()
        self.home = Home.under(folder / "home")
        self.home.make()
        self.account = Account(
            "box", "soporte", "email", self.user,
            imap=Endpoint("127.0.0.1", server.port, "plain", self.user),
            smtp=Endpoint("127.0.0.1", 1, "plain", self.user),
            secret=SecretPlace("env", "BOX_PASSWORD"),
        )  # fmt: skip
        self.settings = replace(load_settings(self.home), accounts=(self.account,))
        self.open()

    def open(self) -> None:
        self.desk = open_desk(self.home, self.settings, "Joan")

    def sync(self):
        (done,) = sync_once(self.desk, self.home, (self.account,))
        return done
