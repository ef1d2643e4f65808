"""A connector from outside: the sample installs from its own folder, is found by its name, and keeps the contract."""

import asyncio
import importlib
import shutil
import subprocess
import sys
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from agentdesk.channels import Accepted, Account, Opening
from agentdesk.config import Account as Configured
from agentdesk.config import Home, SecretPlace
from agentdesk.engine.start import connector
from channels import contract
from desks import MONDAY

SAMPLE = Path(__file__).parents[2] / "examples" / "channel"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The sample, built and installed by pip as anybody's package, on the path of this process."""
    folder, source = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("source") / "channel"
    shutil.copytree(SAMPLE, source)
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "install", *quiet, "--target", str(folder), str(source)]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield next(iter(entry_points(group="agentdesk.channels", name="dropbox"))).load()
    sys.path.remove(str(folder))


class DropboxHarness:
    """The sample's folder, which only grows."""

    kind = "dropbox"
    deaths = 2

    def __init__(self, folder: Path, made) -> None:
        self.made, self.folder, self.count = made, folder / "box", 0
        for name in ("in", "out"):
            (self.folder / name).mkdir(parents=True)
        self.opening = Opening(MONDAY - timedelta(days=1), 14)
        options = {"folder": str(self.folder)}
        self.account = Account("box", "bústia", "@box", lambda: "no secret", folder, options=options)
        self.grow(130)

    def make(self):
        return self.made(self.account, clock=lambda: MONDAY, between=0.05)

    def grow(self, count: int = 3) -> None:
        for _ in range(count):
            self.count += 1
            (self.folder / "in" / f"maria{self.count // 4}.{self.count}.txt").write_text(f"Hola {self.count}")


@pytest.fixture
def harness(installed, tmp_path):
    return DropboxHarness(tmp_path, installed)


def test_the_sample_is_short():
    assert len((SAMPLE / "agentdesk_dropbox.py").read_text("utf-8").splitlines()) <= 80


def test_it_is_found_by_the_name_that_its_package_gives(installed, tmp_path):
    home = Home.under(tmp_path / "home")
    account = Configured(
        "1", "bústia", "dropbox", options={"folder": str(tmp_path)}, secret=SecretPlace("env", "X")
    )
    assert isinstance(connector(home, account), installed)


def test_from_every_committed_cursor_comes_the_rest_and_only_the_rest(harness):
    batches = asyncio.run(contract.some(harness, None))
    whole = contract.places(batches)
    assert len(batches) > 1
    assert len(whole) == len(set(whole)) == 130
    for number, batch in enumerate(batches, 1):
        rest = whole[len(contract.places(batches[:number])) :]
        assert contract.places(asyncio.run(contract.some(harness, batch.cursor))) == rest


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_consumer_that_dies_at_any_batch_ends_with_the_same_rows(harness, tmp_path, after_commit):
    straight = contract.Taker(tmp_path / "straight", harness)
    assert asyncio.run(straight.take())
    wanted = straight.rows()
    assert sum(len(messages) for _, _, messages in wanted) == 130
    for dies_at in (1, 2):
        taker = contract.Taker(tmp_path / f"dies at {dies_at}", harness)
        asyncio.run(taker.take(dies_at, after_commit=after_commit))
        assert asyncio.run(taker.take())
        assert taker.rows() == wanted
        taker.close()
    straight.close()


def test_what_is_answered_lies_there_once(harness):
    channel = harness.make()
    out = contract.a_letter(1, "maria1", "", MONDAY)
    results = [
        contract.asked(
            channel, lambda: channel.send(channel.compose(out), contract.envelope(out), lambda: None)
        )
        for _ in range(2)
    ]
    assert all(isinstance(each, Accepted) for each in results)
    assert len(list((harness.folder / "out").iterdir())) == 1
    assert contract.asked(channel, lambda: channel.find_sent(out.message_id))
