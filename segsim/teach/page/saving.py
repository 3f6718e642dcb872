"""The buttons that save the curves and the board."""

from collections.abc import Callable

from nicegui import ui

from segsim.words.words import Words


def show_saving(words: Words, run: Callable[[str], None]) -> None:
    """Put the buttons on the page; `run` runs JavaScript in the browser, which does the saving."""
    for what in ("curves", "board"):
        with ui.element("div").classes("line saving"):
            ui.label(words(f"save.{what}")).classes("small")
            for kind in ("csv", "png", "svg"):
                script = f"segsimSaving.save('{what}', '{kind}')"
                name = f"{words(f'save.{what}')} {kind.upper()}"
                button = ui.button(kind.upper(), on_click=lambda script=script: run(script))
                button.props(f'flat dense no-caps data-key=save-{what}-{kind} aria-label="{name}"')
