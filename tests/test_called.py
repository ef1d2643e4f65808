"""What people type when they look for an act, and the act that they mean."""

import re

import pytest

from agentdesk import i18n
from agentdesk.actions import ACTIONS, BY_ID
from agentdesk.actions.called import ALSO, Called
from agentdesk.i18n import tr

SAID = {
    "es": """
        cerrar ticket.resolve | terminar ticket.resolve | archivar ticket.resolve | resuelto ticket.reopen | aplazar snooze.until
        posponer snooze.until | recordatorio snooze.until | eliminar customer.erase | borrar cliente customer.erase
        exportar customer.export | reenviar ticket.forward | proveedor ticket.forward | fusionar ticket.merge | unir ticket.merge
        dividir reading.split | separar reading.split | urgente ticket.priority | asignar ticket.assign | compañero ticket.assign
        macro ticket.quick | plantilla ticket.template | llamar call.note | telefono call.note | informe go.figures
        estadisticas go.figures | sonido program.notices | notificaciones program.notices | ajustes account.add
        configuracion account.add | sincronizar sync.now | actualizar sync.now | traducir ticket.language | notas ticket.note
        comentario ticket.note | cancelar act.undo | ordenar queue.sort | seleccionar queue.mark | seleccionar todo queue.everything
        atajos help.keys | teclas help.keys | imprimir reading.save | foto reading.look | audio reading.play | leido ticket.seen
        traspaso program.who | turno program.who | usuario program.who | cambiar agente program.who | promesa ticket.promise
        plazo ticket.promise | vencidos go.overdue | automatico rules.show | respuesta automatica rules.show | pausa program.blank
        resumen go.morning | bloquear customer.mute | silenciar customer.mute | boletin sender.machine | spam ticket.rescue
        oscuro program.theme | salir program.quit | correo nuevo ticket.new | historial ticket.life | encuesta survey.ask
        pendientes outbox.show | pedido customer.lookup | incidencia ticket.cause | duplicado customer.link | proximo queue.next_due
        lector de pantalla program.reader | buscar find.search | programar compose.later | adjuntar compose.attach
        la semana que viene snooze.monday | rgpd customer.export | queja ticket.describe | portapapeles copy.text""",
    "ca": """
        tancar ticket.resolve | acabar ticket.resolve | arxivar ticket.resolve | ajornar snooze.until | posposar snooze.until
        recordatori snooze.until | eliminar customer.erase | exportar customer.export | reenviar ticket.forward | fusionar ticket.merge
        dividir reading.split | urgent ticket.priority | assignar ticket.assign | macro ticket.quick | trucar call.note
        informe go.figures | estadistiques go.figures | so program.notices | notificacions program.notices | ajustos account.add
        sincronitzar sync.now | traduir ticket.language | comentari ticket.note | cancel·lar act.undo | ordenar queue.sort
        seleccionar queue.mark | dreceres help.keys | imprimir reading.save | foto reading.look | audio reading.play | llegit ticket.seen
        traspas program.who | usuari program.who | promesa ticket.promise | termini ticket.promise | automatic rules.show
        resum go.morning | bloquejar customer.mute | silenciar customer.mute | fosc program.theme | sortir program.quit
        correu nou ticket.new | historial ticket.life | enquesta survey.ask | comanda customer.lookup | seguent queue.next_due""",
    "en": """
        close ticket.resolve | archive ticket.resolve | finish ticket.resolve | postpone snooze.until | remind me snooze.until
        delete customer.erase | export customer.export | forward ticket.forward | merge ticket.merge | split reading.split
        separate reading.split | urgent ticket.priority | macro ticket.quick | call call.note | report go.figures
        statistics go.figures | sound program.notices | notifications program.notices | settings account.add | sync sync.now
        refresh sync.now | translate ticket.language | cancel act.undo | order queue.sort | select queue.mark
        select all queue.everything | shortcuts help.keys | print reading.save | photo reading.look | audio reading.play
        user program.who | handover program.who | reminder ticket.promise | deadline ticket.promise | automatic rules.show
        pause program.blank | summary go.morning | block customer.mute | dark program.theme | exit program.quit
        history ticket.life | survey survey.ask | schedule compose.later | label ticket.tag | unsubscribe sender.machine
        theme program.theme | resolve ticket.resolve | next queue.next_due""",
}
WITHIN = 4


def ids(typed: str) -> list[str]:
    called = Called((tr(each.title), tr(ALSO.get(each.id, "")), tr(each.help), each.id) for each in ACTIONS)
    return [ACTIONS[place].id for place in called.meant(typed)]


@pytest.fixture
def language(request):
    i18n.use(request.param)
    yield request.param
    i18n.use("en")


@pytest.mark.parametrize("language", SAID, indirect=True)
def test_what_people_type_finds_what_they_mean_among_the_first(language):
    meant = re.findall(r"([^|.\n]+?) (\w+\.\w+)", SAID[language])
    missed = [
        (typed.strip(), act, ids(typed)[:WITHIN]) for typed, act in meant if act not in ids(typed)[:WITHIN]
    ]
    assert len(meant) > 40
    assert len(missed) <= len(meant) // 20, missed


@pytest.mark.parametrize("language", SAID, indirect=True)
def test_each_act_is_first_by_its_own_name_or_beside_another_of_that_name(language):
    for each in ACTIONS:
        title = tr(each.title)
        first = [BY_ID[name] for name in ids(title)]
        named = [tr(other.title) for other in first[: first.index(each) + 1]]
        assert set(named) == {title}, each.id


@pytest.mark.parametrize("language", ["es"], indirect=True)
def test_words_come_in_any_order_without_accents_and_with_other_endings(language):
    assert ids("linea siguiente") == ids("siguiente linea")
    assert "ticket.next_due" not in ids("xyzzy") == []
    assert ids("ESTADÍSTICAS")[0] == ids("estadistica")[0] == "go.figures"
    assert "ticket.resolve" in ids("cerrando"), "where nothing holds the word, its beginning counts"


def test_other_names_are_those_of_acts_that_there_are():
    assert set(ALSO) <= set(BY_ID)


@pytest.mark.parametrize(
    ("language", "words"),
    [("es", "cerrar enviar ayuda nota"), ("ca", "tancar enviar ajuda nota"), ("en", "close send help note")],
    indirect=["language"],
)
def test_the_commonest_words_find_what_they_mean_first(language, words):
    assert [ids(each)[0] for each in words.split()] == [
        "ticket.resolve",
        "compose.send",
        "help.keys",
        "ticket.note",
    ]
