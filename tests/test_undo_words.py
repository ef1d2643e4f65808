"""Every act that can be taken back has a name that an agent says, for where it cannot."""

from agentdesk import present, undone
from agentdesk.core.undo import ACTS


def test_no_act_shows_the_name_that_only_code_has():
    assert set(undone.ACTS) >= ACTS
    assert present.refusal("changed_since", {"what": "SenderJudged"}).endswith("(who writes).")
