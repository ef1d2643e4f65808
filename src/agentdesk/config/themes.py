"""The names of the themes, ours first; whether each is dark. The console brings their colours (`screens.theme`).

Promises: the command line and the check of config.toml know every name without loading the toolkit; a test compares them.
"""

from collections.abc import Mapping

from agentdesk.config.words import hint
from agentdesk.i18n import tr

OURS = ("agentdesk", "agentdesk-clear")
THEMES: Mapping[str, bool] = {
    "agentdesk": True,
    "agentdesk-clear": True,
    "ansi-dark": True,
    "ansi-light": False,
    "atom-one-dark": True,
    "atom-one-light": False,
    "catppuccin-frappe": True,
    "catppuccin-latte": False,
    "catppuccin-macchiato": True,
    "catppuccin-mocha": True,
    "dracula": True,
    "flexoki": True,
    "gruvbox": True,
    "monokai": True,
    "nord": True,
    "rose-pine": True,
    "rose-pine-dawn": False,
    "rose-pine-moon": True,
    "solarized-dark": True,
    "solarized-light": False,
    "textual-dark": True,
    "textual-light": False,
    "tokyo-night": True,
}


def theme(text: str) -> str:
    """The name of a theme; raises ValueError with the nearest one."""
    if text not in THEMES:
        raise ValueError(tr("{value} is not known{hint}").format(value=text, hint=hint(text, list(THEMES))))
    return text


def about(name: str) -> str:
    """What kind of theme it is, in words."""
    if name == "agentdesk-clear":
        return tr("dark; for eyes that tell few colours apart")
    shade = tr("dark") if THEMES[name] else tr("light")
    return (
        tr("{shade}; the terminal's own colours").format(shade=shade) if name.startswith("ansi-") else shade
    )
