"""An answer that speaks of a file."""

import pytest

from agentdesk.core.forgotten import speaks_of_file


@pytest.mark.parametrize(
    "text",
    [
        "Te adjunto la factura.", "La encontrarás en el documento adjunto.", "Le enviamos la etiqueta adjunta.",
        "Us adjuntem l'etiqueta de devolució.", "T'adjunto la factura.", "L'etiqueta va adjunta.",
        "Please find attached the invoice.", "I am attaching the label.", "The invoice is enclosed.",
        "You will find it in the attachment.",
    ],
)  # fmt: skip
def test_what_goes_along_is_heard(text):
    assert speaks_of_file(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Gracias por tu paciencia.", "¿Puedes adjuntar una foto?", "Adjúntanos una foto, por favor.",
        "Ens pots adjuntar una foto?", "Could you attach a photo?", "Please attach a photo of the label.",
    ],
)  # fmt: skip
def test_asking_the_customer_for_one_is_not_meant(text):
    assert speaks_of_file(text) == ""
