"""The colours of every day: calm grounds, one accent, and red only for what is late. Any theme of the toolkit can take its place."""

from textual.theme import Theme

THEME = Theme(
    name="agentdesk",
    primary="#6ea8d8",
    secondary="#8a9bb0",
    accent="#d8a657",
    foreground="#d6d9de",
    background="#14171b",
    surface="#1b1f25",
    panel="#232931",
    success="#8fbf7f",
    warning="#d8a657",
    error="#e2777a",
    dark=True,
    variables={
        "block-cursor-background": "#2f4f6f",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#262d36",
        "block-cursor-blurred-foreground": "#d6d9de",
    },
)
