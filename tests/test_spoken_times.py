"""Times within a sentence, as one says them in each language."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import course, dates, i18n
from agentdesk.i18n import tr

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "today", "tuesday", "until", "at_one"),
    [
        ("en", "promised for 17:30", "promised for Tuesday 17:30", "until 17:30", "until 01:05"),
        ("es", "para las 17:30", "para el martes a las 17:30", "hasta las 17:30", "hasta la 01:05"),
        ("ca", "per a les 17:30", "per al dimarts a les 17:30", "fins a les 17:30", "fins a la 01:05"),
    ],
)
def test_a_time_in_a_sentence_has_its_article(language, today, tuesday, until, at_one):
    at = NOW.replace(hour=17)
    i18n.use(language)
    try:
        said = [
            tr("promised {time}").format(time=dates.by(each, NOW)) for each in (at, at + timedelta(days=1))
        ]
        assert said[0].endswith(today)
        assert said[1].endswith(tuesday)
        assert course.due(at, NOW) == until
        assert course.due(NOW.replace(hour=1, minute=5), NOW) == at_one
    finally:
        i18n.use("en")
