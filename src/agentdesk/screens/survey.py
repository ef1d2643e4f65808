"""Asking the customer at hand how it was, and asking them no more: what goes out is shown before it goes."""

from agentdesk.core.surveyed import WantSurveys
from agentdesk.core.text import safe_line
from agentdesk.core.views import leaves_by
from agentdesk.engine import survey
from agentdesk.i18n import tr
from agentdesk.screens.acts import act
from agentdesk.screens.dialogs import Confirm
from agentdesk.screens.front import Front


async def ask(home: Front) -> None:
    """Sends the survey now, whatever the hour; the law says whom not."""
    row = home.row
    if row is None:
        return
    _, name = leaves_by(home.sight.window.to_whom(row.id), row)
    account = home.settings.account(name)
    texts: list[str] = []
    may = await home.doing.did(lambda: texts.append(survey.worded(home.desk, home.settings, home.place, row)))
    if account is None or not may:
        return
    if not await home.doing.ask(
        Confirm(
            tr("Ask {name} how it was?").format(name=safe_line(row.customer_name) or row.identity), texts[0]
        )
    ):
        return

    def send() -> None:
        survey.ask(home.desk, home.settings, home.place, home.connect(home.place, account), row)

    if await home.doing.did(send):
        home.tell(tr("#{number}: the survey is in the outbox.").format(number=row.number))
        home.paths.refresh_ticket()


async def toggle(home: Front) -> None:
    """Whether the customer is asked at all; both by the same key."""
    card = home.sight.feed.card(home.row.customer) if home.row else None
    if card is None:
        return
    name = safe_line(card.name) or tr("(no name)")
    said = (
        tr("{name} is asked again how it was.")
        if card.no_surveys_at
        else tr("{name} is asked no more how it was.")
    )
    if await act(home, WantSurveys(card.id, wanted=bool(card.no_surveys_at)), said.format(name=name)):
        home.paths.refresh_ticket()
