"""The screen that tests read shows what a terminal would, wherever what is drawn happens to be cut."""

from servers.screen import Screen

DRAWN = "\x1b[2;3Hcap \x1b[1mavís\x07\x1b]9;agentdesk: 4 new tickets\x07 de\x1bPtmux;x\x1b\\\x1b]52;c;YQ==\x07 res\x1b[1;1Hà"


def test_a_notice_in_the_midst_of_a_text_stands_nowhere() -> None:
    for at in range(len(DRAWN)):
        screen = Screen(20, 3)
        screen.write(DRAWN[:at])
        screen.write(DRAWN[at:])
        assert screen.text == "à\n  cap avís de res\n", at
