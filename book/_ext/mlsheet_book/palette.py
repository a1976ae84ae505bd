"""The house colours as CSS variables, from the one place where they are named."""

from mlsheet.notebook.style import CSS_NAMES, DARK


def palette_css() -> str:
    """Return the CSS that names each house colour, for the light and the dark page.

    Paper is light whatever the screen shows.
    """
    light = "".join(f"  --mlsheet-{name}: {colour};\n" for colour, name in CSS_NAMES.items())
    dark = "".join(f"  --mlsheet-{name}: {DARK[colour]};\n" for colour, name in CSS_NAMES.items())
    return f':root {{\n{light}}}\n\n@media screen {{\nhtml[data-theme="dark"] {{\n{dark}}}\n}}\n'
