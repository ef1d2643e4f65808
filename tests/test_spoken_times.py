"""Times within a sentence, as one says them in each language."""

from datetime import UTC, datetime, timedelta

import pytest

from agentdesk import course, dates, i18n
from agentdesk.i18n import tr

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "today", "tuesday", "until"),
    [
        ("en", "promised for 17:30", "promised for Tuesday 17:30", "until 17:30"),
        ("es", "las 17:30", "el martes a las 17:30", "hasta las 17:30"),
        ("ca", "compromès per a les 17:30", "compromès per a dimarts a les 17:30", "fins a les 17:30"),
    ],
)
def test_a_time_in_a_sentence_has_its_article(language, today, tuesday, until):
    at = NOW.replace(hour=17, minute=30)
    i18n.use(language)
    try:
        said = [
            tr("promised for {time}").format(time=dates.spoken(each, NOW))
            for each in (at, at + timedelta(days=1))
        ]
        assert said[0].endswith(today)
        assert said[1].endswith(tuesday)
        assert course.due(at, NOW) == until
    finally:
        i18n.use("en")
