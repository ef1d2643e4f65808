"""Everything of one person in a folder for them: each of their words is in it, and none of anybody else's."""

import json
from html import escape
from zoneinfo import ZoneInfo

import pytest

from agentdesk import dates, handpage, i18n
from agentdesk.core.commands import SetLanguage, Tag
from agentdesk.core.instant import moment
from agentdesk.engine import handout
from agentdesk.errors import UsageError
from engine.plants import ADDRESS, MARKS, Desk, planted

NOT_THEIRS = {
    "borradorsecreto", "valorsecreto", "circularsecreta", "enmiendasecreta", "primeracarta",  # of the agent, and never said
    "cuarentenasecreta", "llegadasecreta", "abiertosecreto",  # read by nobody; a file of the laptop's
    "pedidosecreto",  # of a shop that these settings do not know
    "reglasecreta",  # why a rule of the shop could not act
}  # fmt: skip


def handed(desk, who, folder):
    page = handpage.maker(desk.settings.desk.tzinfo, "en")
    return handout.write(desk.bench.desk, desk.home, desk.settings, desk.customer(who), folder, page)


def test_each_word_of_the_person_is_in_the_folder_and_nobody_elses(tmp_path):
    desk = Desk(tmp_path / "home")
    planted(desk)
    folder = tmp_path / "out"
    try:
        done = handed(desk, ADDRESS, folder)
        with pytest.raises(UsageError):
            handed(desk, ADDRESS, folder)
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
        handed(desk, "m@x.test", tmp_path / "out")
        page = (tmp_path / "out" / "index.html").read_text()
        assert not any(word in page for word in ("<script", "<img", "<b>hola"))
        assert "&lt;script&gt;" in page
    finally:
        desk.bench.close()


def test_the_page_says_what_the_data_says_in_the_customers_language_and_the_shops_time(tmp_path):
    desk = Desk(tmp_path / "home")
    planted(desk)
    desk.bench.desk.do(Tag(desk.bench.id(1), add=("garantia",)))
    desk.bench.desk.do(SetLanguage(desk.bench.id(1), "es"))
    try:
        handed(desk, ADDRESS, tmp_path / "out")
        assert i18n.tr("Figures") == "Figures"
    finally:
        desk.bench.close()
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    told = json.loads((tmp_path / "out" / "data.json").read_text("utf-8"))
    assert '<html lang="es">' in page
    for words in (
        "correo: ",
        "WhatsApp: ",
        "idioma: español",
        "etiquetas: garantia",
        "estado: ",
        "valorado con 5 de 5",
    ):
        assert words in page, words
    (promise, *_) = (each for ticket in told["tickets"] for each in ticket.get("promises", ()))
    assert f"prometido para el {told_at(promise['due_at'])}: " in page
    assert "lunes, 23 de noviembre de 2026, 10:00" in page  # 9:00 UTC, in Madrid
    assert "Z · " not in page
    texts = (
        text
        for ticket in told["tickets"]
        for each in ticket["messages"]
        for text in (each["text"], each["subject"])
    )
    assert [text for text in texts if text and escape(text) not in page] == []


def told_at(stamp):
    i18n.use("es")
    try:
        at = moment(stamp).astimezone(ZoneInfo("Europe/Madrid"))
        return dates.named(at, at.replace(year=2000))
    finally:
        i18n.use("en")
