"""Forgetting a person at a real Dovecot: what lies there is said, deleted by choice and for good, and does not come back."""

import pytest

from agentdesk.engine import forgetting
from agentdesk.engine.start import open_desk
from agentdesk.engine.window import Window
from engine.boxed import Boxed
from servers.dovecot import Dovecot
from servers.inbox import letter

pytestmark = pytest.mark.servers
ANA, PEP = "Ana <ana@cliente.test>", "Pep <pep@cliente.test>"


class Shop(Boxed):
    """A desk on a mailbox of that server: Ana wrote three mails and was answered twice, Pep wrote one."""

    def __init__(self, folder, server: Dovecot) -> None:
        super().__init__(folder, server)
        self.comes("p1", PEP, subject="De Pep")
        self.comes("a1", ANA, subject="Zanahoria")
        self.comes("a2", ANA, subject="Remolatxa")
        self.comes("a3", ANA, subject="Junts", to=f"{self.user}, pep@cliente.test")
        self.comes("s1", self.user, folder="Sent", to="ana@cliente.test", subject="Re: Zanahoria")
        self.comes(
            "s2", self.user, folder="Sent", to="ana@cliente.test, pep@cliente.test", subject="A tots dos"
        )
        assert self.sync().tally.received == 6

    def comes(self, name: str, sender: str, *, folder: str = "INBOX", **more) -> None:
        self.server.append(self.user, letter(name, sender=sender, **{"to": self.user, **more}), folder=folder)

    def sync(self):
        done = super().sync()
        assert done.errors == []
        return done

    def customer(self, word: str = "ana@cliente.test") -> str:
        with Window(self.desk) as window:
            return window.customer(word)

    def subjects(self) -> list[str]:
        with Window(self.desk) as window:
            return sorted(row.subject for row in window.queue("all", limit=100) if row.subject)

    def there(self) -> dict[str, list[str]]:
        """By folder the mails on the server."""
        found = {}
        with self.server.client(self.user) as client:
            for folder in ("INBOX", "Sent", "Trash"):
                client.select_folder(folder, readonly=True)
                heads = client.fetch(client.search("ALL"), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
                names = [str(each[b"BODY[HEADER.FIELDS (MESSAGE-ID)]"]) for each in heads.values()]
                found[folder] = sorted(name.partition("<")[2].partition("@")[0] for name in names)
        return found


@pytest.fixture
def shop(tmp_path, dovecot, monkeypatch):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    made = Shop(tmp_path, dovecot)
    yield made
    made.desk.close()


def test_what_stays_at_the_provider_is_said_and_not_deleted_by_itself_and_does_not_come_back(shop):
    """The folder is even numbered anew; only a new mail is work, of a new customer."""
    old = shop.customer()
    stays = forgetting.foreseen(shop.desk, old).staying
    assert [(each.folder, each.mails, each.deletable) for each in stays.folders] == [
        ("INBOX", 3, 2),
        ("Sent", 2, 1),
    ]
    forgetting.erase(shop.desk, shop.home, old)
    shop.server.new_validity(shop.user, 77)
    shop.comes("a9", ANA, subject="De nou", answers="a1")
    assert shop.sync().tally.received == 1
    assert shop.there()["INBOX"] == ["a1", "a2", "a3", "a9", "p1"]
    assert shop.customer() != old
    assert shop.subjects() == ["De Pep", "De nou"]


def test_by_choice_the_persons_own_mails_go_wherever_they_turn_up_and_those_that_others_share_stay(shop):
    """The program ends and the folder is numbered anew before it is done; somebody else's mark is not expunged along; and a
    copy comes up later."""
    with shop.server.client(shop.user) as client:
        client.add_flags(client.search(["HEADER", "Message-ID", "<p1@cliente.test>"]), ["\\Deleted"])
    assert forgetting.erase(shop.desk, shop.home, shop.customer(), mailbox=True).asked == 3
    assert sum(each.mails for each in forgetting.undeleted(shop.desk)) == 3
    shop.desk.close()
    shop.desk = open_desk(shop.home, shop.settings, "Joan")
    shop.server.new_validity(shop.user, 77)
    assert shop.sync().tally.received == 0
    assert shop.there() == {"INBOX": ["a3", "p1"], "Sent": ["s2"], "Trash": []}
    assert forgetting.undeleted(shop.desk) == ()
    shop.comes("a1", ANA, subject="Zanahoria")
    assert shop.sync().tally.received == 0
    assert shop.there()["INBOX"] == ["a3", "p1"]
    assert shop.subjects() == ["De Pep"]


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (
            "IMAP4rev1 LITERAL+ NAMESPACE SPECIAL-USE MOVE",
            {"INBOX": ["a3", "p1"], "Trash": ["a1", "a2", "s1"]},
        ),
        (
            "IMAP4rev1 LITERAL+ NAMESPACE SPECIAL-USE MOVE UIDPLUS X-GM-EXT-1",
            {"INBOX": ["a3", "p1"], "Trash": []},
        ),
        ("IMAP4rev1 LITERAL+ NAMESPACE SPECIAL-USE", {"INBOX": ["a1", "a2", "a3", "p1"], "Trash": []}),
    ],
)
def test_servers_that_know_less_delete_by_their_bin_or_say_that_they_cannot(
    tmp_path, dovecot, monkeypatch, words, where
):
    monkeypatch.setenv("BOX_PASSWORD", "secreto")
    server = Dovecot(capability=words)
    shop = Shop(tmp_path, server)
    try:
        forgetting.erase(shop.desk, shop.home, shop.customer(), mailbox=True)
        shop.sync()
        there = shop.there()
        assert {name: there[name] for name in where} == where
        left = forgetting.undeleted(shop.desk)
        assert [each.tries for each in left] == ([1, 1] if where["INBOX"][0] == "a1" else [])
    finally:
        shop.desk.close()
        server.remove()
