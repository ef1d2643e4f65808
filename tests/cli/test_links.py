"""Where links lead, on the command line."""

import json

from desks import Bench


def test_links_are_told_with_where_they_lead_and_nothing_else_is_asked_of_them(tmp_path, run):
    bench = Bench(tmp_path / "home")
    bench.mail("Hola, mire yourbank.es <https://evil.example/login>", sender="maria@x.test")
    bench.mail("Sense enllaços", sender="pep@y.test")
    bench.close()
    status, out, _ = run("links", "1", "--json")
    (link,) = json.loads(out)
    assert (status, link["host"], link["address"]) == (0, "evil.example", "https://evil.example/login")
    assert link["doubts"] == ["A link says yourbank.es but leads to evil.example."]
    assert "! evil.example" in run("links", "1")[1]
    assert "! A link says yourbank.es but leads to evil.example." in run("show", "1")[1]
    assert run("links", "2")[1].strip() == "There is no link in this ticket."
    assert run("links", "1", "--message", "7")[0] == 3
    assert run("links", "9")[0] == 3


def test_the_files_of_a_ticket_are_saved_under_safe_names(tmp_path, run):
    bench = Bench(tmp_path / "home")
    head = "MIME-Version: 1.0\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=../factura.pdf\r\n"
    bench.mail("%PDF", sender="maria@x.test", extra=head)
    bench.mail("Hola", sender="pep@y.test")
    bench.close()
    into = tmp_path / "into"
    into.mkdir()
    status, out, _ = run("save", "1", "--to", str(into), "--json")
    (path,) = json.loads(out)
    assert (status, [each.name for each in into.iterdir()]) == (0, [path.rpartition("/")[2]])
    assert "factura.pdf" in path
    assert "no file" in run("save", "2", "--to", str(into))[1]
    assert run("save", "1", "--to", str(tmp_path / "nowhere"))[0] == 1
