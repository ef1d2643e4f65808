"""Public mails, broken ones among them, through the whole way in: none lost, none stops another, a second time adds nothing."""

from pathlib import Path

import pytest

from agentdesk.channels import Arrival, Batch
from agentdesk.core.model import Place
from agentdesk.store import queries
from agentdesk.store.digest import digest
from desks import Bench

CORPORA = Path(__file__).parents[3] / "shared/corpora"
FOLDERS = ("mime-*", "bounce-*", "threads-*", "reply-*")
MAILS = (".eml", ".msg", ".txt", ".raw", ".mbox", ".email", "")


def raws() -> list[bytes]:
    """Every file that may be a mail, each once, the largest left to the tests of large ones."""
    found = {}
    for folder in FOLDERS:
        for path in sorted(CORPORA.glob(f"{folder}/**/*")):
            if path.is_file() and path.suffix in MAILS and 0 < path.stat().st_size < 5_000_000:
                found.setdefault(path.read_bytes())
    return list(found)


@pytest.mark.corpora
@pytest.mark.slow
def test_every_public_mail_is_kept_and_a_second_sync_adds_nothing(tmp_path):
    if not CORPORA.is_dir():
        pytest.skip("the public mails lie in ../shared/corpora, which is not here")
    mails, bench = raws(), Bench(tmp_path)
    assert len(mails) > 450

    def sync(validity: int) -> tuple[int, int, int]:
        came = [0, 0, 0]
        for start in range(0, len(mails), 100):
            some = tuple(
                Arrival(Place("mailbox", "INBOX", validity, start + n + 1), bench.clock.at, raw, len(raw))
                for n, raw in enumerate(mails[start : start + 100])
            )
            tally = bench.intake.take(Batch(f"{validity}:{start}", some))
            came = [
                a + b
                for a, b in zip(came, (tally.received, tally.duplicates, tally.quarantined), strict=True)
            ]
        return came[0], came[1], came[2]

    received, duplicates, quarantined = sync(1)
    assert received + duplicates + quarantined == len(mails), "lost"
    assert received > 400
    with bench.reading() as connection:
        stored = bench.store.connection.execute("SELECT count(*) FROM place").fetchone()[0]
        assert stored == len(mails)
        kept = list(queries.quarantine(connection))
        assert len(kept) == quarantined
        assert all(row.reason and bench.store.blobs.get(connection, row.raw) in mails for row in kept)
    assert sync(2)[0] == 0, "the same mails under another UIDVALIDITY are known"
    before = digest(bench.store.connection)
    bench.store.rebuild()
    assert digest(bench.store.connection) == before
    bench.close()
