"""Everything of one person in a folder for them: each of their words is in it, and none of anybody else's."""

import json

import pytest

from agentdesk.engine import handout
from agentdesk.errors import UsageError
from engine.plants import ADDRESS, MARKS, Desk, planted

NOT_THEIRS = {
    "borradorsecreto", "valorsecreto", "circularsecreta", "enmiendasecreta", "primeracarta",  # of the agent, and never said
    "cuarentenasecreta", "llegadasecreta", "abiertosecreto",  # read by nobody; a file of the laptop's
    "pedidosecreto",  # of a shop that these settings do not know
    "reglasecreta",  # why a rule of the shop could not act
}  # fmt: skip


def test_each_word_of_the_person_is_in_the_folder_and_nobody_elses(tmp_path):
    desk = Desk(tmp_path / "home")
    planted(desk)
    folder = tmp_path / "out"
    try:
        done = handout.write(desk.bench.desk, desk.home, desk.settings, desk.customer(ADDRESS), folder)
        with pytest.raises(UsageError):
            handout.write(desk.bench.desk, desk.home, desk.settings, desk.customer(ADDRESS), folder)
    finally:
        desk.bench.close()
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    whole = b"".join((*files.values(), *map(str.encode, files))).lower()
    assert [mark for mark in MARKS if mark not in NOT_THEIRS and mark.encode() not in whole] == []
    assert [word for word in (b"pep@y.test", b"de pep", b"hola a todos") if word in whole] == []
    told = json.loads(files["data.json"])
    assert (len(told["tickets"]), done.files) == (done.tickets, 1)
    assert files["files/1-0001-1-facturasecreta.txt"] == b"bytesdeladjunto"
    page = files["index.html"].decode()
    assert "un calabacinmorado" in page
    assert 'href="files/1-0001-1-facturasecreta.txt"' in page


def test_a_page_of_hostile_words_holds_no_markup_of_theirs(tmp_path):
    desk = Desk(tmp_path / "home")
    try:
        desk.bench.mail("</pre><script>x()</script>", sender='"<img src=x>" <m@x.test>', subject="<b>hola")
        handout.write(desk.bench.desk, desk.home, desk.settings, desk.customer("m@x.test"), tmp_path / "out")
        page = (tmp_path / "out" / "index.html").read_text()
        assert not any(word in page for word in ("<script", "<img", "<b>hola"))
        assert "&lt;script&gt;" in page
    finally:
        desk.bench.close()
