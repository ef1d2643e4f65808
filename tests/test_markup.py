"""No parser of markup ever sees a text that somebody wrote, and nothing goes to the terminal by a way of its own.

Textual and Rich read "[bold]" and "[@click=...]" in most places that take a plain string, and fail on "[/x]". Here is a list of
those places; each text there is wrapped (`Content(text)`), has markup switched off, or is a constant without a bracket.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = tuple(sorted((ROOT / "src/agentdesk").rglob("*.py")))

WRAPPERS = {"Content", "Text"}
WIDGETS = {"Input", "OptionList", "Static", "TextArea"}
"""Widgets whose ways to take a text are known here."""
RICH = {"cells", "color", "segment", "style", "text"}
"""Modules of Rich that draw without reading: no Console, no print, no prompt, no markup."""
TITLES = {"border_title", "border_subtitle", "tooltip", "BORDER_TITLE", "BORDER_SUBTITLE"}
PARSERS = {"from_markup", "render_str", "render_markup", "from_text"}
OWN_SEQUENCES = {"cli/output.py", "notices.py", "screens/alert.py", "screens/terminal.py"}
TYPED = "widgets/typed.py"
DRIVER = "screens/terminal.py"
"""What draws: it is told which of the two standard files is the terminal, and guards what goes there."""
BYTES_BY_WISH = {"cli/ticket.py", "engine/decoder.py"}
"""`show --raw` gives exact bytes where no terminal is; the decoder is a process whose output is a pipe to the console."""

WRAP = "wrap it: Content(text)"
ADVICE = {
    "parser": "nothing here is markup; " + WRAP,
    "markup": "say markup=False, or " + WRAP,
    "text": "it may be read as markup; " + WRAP,
    "widget": "see how it takes texts, then name it and its rule in tests/test_markup.py",
    "rich": "it prints or parses; draw lines (widgets/pane.py) or use ctx.out (cli/output.py)",
    "render": "a string from render() is read as markup; return Content",
    "style": "a style is a constant: text in it could be a link or an act",
    "typed": f"what is pasted is made safe by Line and Page ({TYPED})",
    "stream": "write through ctx.out, ctx.say or a Stream (cli/output.py, cli/stream.py)",
    "sequence": "sequences of our own stand where the guards know them: " + ", ".join(sorted(OWN_SEQUENCES)),
}


def last(node: ast.expr) -> str:
    """`c` of `a.b.c`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_wrapped(node: ast.expr | None) -> bool:
    """A text that is never read as markup, or none."""
    if isinstance(node, ast.Call):
        return last(node.func) in WRAPPERS
    if isinstance(node, ast.IfExp):
        return is_wrapped(node.body) and is_wrapped(node.orelse)
    return isinstance(node, ast.Constant) and "[" not in str(node.value)


def is_fixed(node: ast.expr) -> bool:
    """Written here, whole."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.IfExp) and is_fixed(node.body) and is_fixed(node.orelse)
    )


def switched_off(call: ast.Call) -> bool:
    return any(each.arg == "markup" and ast.unparse(each.value) == "False" for each in call.keywords)


def is_mapping(node: ast.expr) -> bool:
    """What a dictionary or a set is updated by."""
    return isinstance(node, ast.Dict | ast.DictComp | ast.Set | ast.SetComp)


class Reader(ast.NodeVisitor):
    """Collects (line, kind) of what is not allowed in one module."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[tuple[int, str]] = []
        self.draws = False

    def add(self, node: ast.AST, kind: str) -> None:
        self.found.append((node.lineno, kind))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module, names = node.module or "", {alias.name for alias in node.names}
        self.draws = self.draws or module.startswith("textual")
        if module == "textual.widgets" and names - WIDGETS:
            self.add(node, "widget")
        if module in {"rich.markup", "textual.markup"}:
            self.add(node, "parser")
        parts = module.split(".")
        if parts[0] == "rich" and (parts[1:2] or [min(names)])[0] not in RICH:
            self.add(node, "rich")

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name.split(".")[0] == "rich" and alias.name.removeprefix("rich.") not in RICH:
                self.add(node, "rich")

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name, given = last(node.func), {each.arg: each.value for each in node.keywords}
        if name in PARSERS:
            self.add(node, "parser")
        if not switched_off(node):
            self._texts(node, name, given)
        self._styles(node, name, given)
        if name in {"Input", "TextArea"} and self.name != TYPED:
            self.add(node, "typed")
        into = last(getattr(node.func, "value", node))
        if name == "print" or (
            name == "write" and into.endswith("driver") and self.name not in OWN_SEQUENCES
        ):
            self.add(node, "stream")

    def _texts(self, node: ast.Call, name: str, given: dict[str | None, ast.expr]) -> None:
        first, final = node.args[:1], node.args[-1:]
        if "markup" in given or name == "notify" or (name == "OptionList" and first):
            self.add(node, "markup")
        named = [given[key] for key in ("content", "prompt", "tooltip") if key in given]
        taken: list[ast.expr] = []
        if name in {"Static", "Option", "with_tooltip"}:
            taken = [*first, *named]
        elif name in {"add_option", "replace_option_prompt"}:
            taken = final
        elif name == "update" and self.draws and not (first and is_mapping(first[0])):
            taken = first
        if not all(map(is_wrapped, taken)):
            self.add(node, "text")

    def _styles(self, node: ast.Call, name: str, given: dict[str | None, ast.expr]) -> None:
        fixed = [given["style"]] if "style" in given and name in WRAPPERS else []
        if name in {"stylize", "stylize_before"} or ast.unparse(node.func) == "Style.parse":
            fixed += node.args[:1]
        if not all(map(is_fixed, fixed)) or (name == "Style" and given.keys() & {"link", "meta"}):
            self.add(node, "style")

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        if any(last(each) in TITLES for each in node.targets) and not is_wrapped(node.value):
            self.add(node, "text")

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.generic_visit(node)
        if (
            self.draws
            and node.name == "render"
            and (node.returns is None or ast.unparse(node.returns) == "str")
        ):
            self.add(node, "render")

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        whole = ast.unparse(node)
        if (
            (whole in {"sys.__stdout__", "sys.__stderr__"} and self.name != DRIVER)
            or whole in {"sys.stdout.write", "sys.stderr.write"}
            or (whole == "sys.stdout.buffer" and self.name not in BYTES_BY_WISH)
        ):
            self.add(node, "stream")

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and "\x1b" in node.value and self.name not in OWN_SEQUENCES:
            self.add(node, "sequence")
        if isinstance(node.value, str) and "[@click" in node.value:
            self.add(node, "parser")


def read(code: str, name: str = "screens/sample.py") -> list[tuple[int, str]]:
    reader = Reader(name)
    reader.visit(ast.parse(code))
    return reader.found


def test_no_text_reaches_a_parser_or_the_terminal_by_a_way_of_its_own():
    found = []
    for path in SOURCE:
        name = path.relative_to(ROOT / "src/agentdesk").as_posix()
        found += [
            f"src/agentdesk/{name}:{line}: {ADVICE[kind]}"
            for line, kind in read(path.read_text("utf-8"), name)
        ]
    assert not found, "\n".join(found)


DRAWS = "from textual.content import Content\n"
WRONG = {
    "Content.from_markup(f'[b]{name}[/b]')": "parser",
    "Text.from_markup(subject)": "parser",
    "from rich.markup import escape": "parser",
    "x = '[@click=app.bell]ring[/]'": "parser",
    "Static(subject, markup=True)": "markup",
    "self.app.notify(f'{name} wrote')": "markup",
    "OptionList(*names)": "markup",
    "Static(subject)": "text",
    "Static(f'#{number} {subject}')": "text",
    "Static('%s wrote' % name)": "text",
    "Static(tr('[Enter] yes'))": "text",
    "Static('[Enter] yes')": "text",
    "Static(content=subject)": "text",
    "Option(choice.title)": "text",
    "self._preview.update(preview)": "text",
    "self._list.add_option(name)": "text",
    "self.pane.border_title = row.subject": "text",
    "self.border_subtitle = f'{n} new'": "text",
    "self.tooltip = address": "text",
    "from textual.widgets import Static, Label": "widget",
    "from textual.widgets import Markdown": "widget",
    "from rich.console import Console": "rich",
    "from rich import print": "rich",
    "import rich.prompt": "rich",
    "class A(Widget):\n    def render(self) -> str:\n        return self.text": "render",
    "class B(Widget):\n    def render(self):\n        return self.text": "render",
    "text.stylize(colour, 0, 3)": "style",
    "Text(subject, style=row.ink)": "style",
    "Style(link=url)": "style",
    "Style.parse(f'link {url}')": "style",
    "self._input = Input(value)": "typed",
    "pad = TextArea(soft_wrap=True)": "typed",
    "print(subject)": "stream",
    "sys.stdout.write(subject)": "stream",
    "sys.stdout.buffer.write(raw)": "stream",
    "file = sys.__stderr__": "stream",
    "self.app._driver.write(title)": "stream",
    "x = '\\x1b]0;' + title": "sequence",
}  # fmt: skip
RIGHT = (
    "Static(Content(subject))", "Static('', markup=False)", "Static(subject, markup=False)", "Static('plain')",
    "self._preview.update(Content(preview if preview else ''))", "self._below.update(Content(a) if a else Content(b))",
    "titles.update({1: 2})", "OptionList(markup=False)", "Option(Content(title))", "self.border_title = Content(subject)",
    "self.border_title = None", "self.app.notify(text, markup=False)", "line.stylize('bold' if here else 'reverse', 0, 3)",
    "from textual.widgets import Input, Static", "from rich.cells import cell_len", "from rich.text import Text",
    "class C(Widget):\n    def render(self) -> Content:\n        return Content(self.text)", "tr('{name} wrote').format(name=name)",
)  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), WRONG.items())
def test_what_would_read_a_customer_s_words_as_markup_is_found(code, kind):
    assert kind in {each for _, each in read(DRAWS + code)}


@pytest.mark.parametrize("code", RIGHT)
def test_what_does_not_is_left_alone(code):
    assert not read(DRAWS + code)
