"""Causes on the command line: opened, offered, put, waited for, answered and closed."""

import json

from cli.test_circular import three  # noqa: F401 - a fixture


def test_a_cause_goes_from_its_first_ticket_to_the_last_answer(three, run):  # noqa: F811
    def told(*words):
        status, out, err = run(*words, "--json")
        assert status == 0, err
        return json.loads(out)

    assert told("cause", "list") == []
    opened = told("cause", "open", "Vaga SEUR", "--words", "comanda, pedido", "--words", "huelga")
    assert (opened["name"], opened["words"]) == ("vaga-seur", ["comanda", "pedido", "huelga"])
    assert [told("show", str(n))["looks_like"] for n in (1, 2, 3)] == ["vaga-seur", "vaga-seur", None]
    assert told("cause", "put", "1", "vaga-seur")["cause"] == "vaga-seur"
    told("cause", "put", "2", "vaga-seur")
    assert [row["number"] for row in told("queue", "--filter", "cause:vaga-seur")] == [1, 2]
    assert told("cause", "wait", "vaga-seur")["changed"] == [1, 2]
    assert told("show", "2")["status"] == "waiting_third_party"
    sent = told("quick", "send", "vaga", "--filter", "cause:vaga-seur", "--var", "day=24/11", "--dry-run")
    assert [each["ticket"] for each in sent["answers"]] == [2, 1]
    told("resolve", "1")
    status, out, err = run("cause", "close", "vaga-seur")
    assert (status, out) == (0, "vaga-seur is closed.\n")
    assert "1 ticket is still open" in err
    assert "--filter cause:vaga-seur" in err
    assert told("cause", "list") == []
    assert [each["open"] for each in told("cause", "list", "--closed")] == [[2]]
    assert run("cause", "put", "3", "vaga-seur")[0] == 1
    assert run("cause", "put", "3", "flood")[0] == 3
    told("undo")
    assert told("cause", "list")[0]["open"] == [2]
    assert told("cause", "put", "2", "-")["cause"] is None
