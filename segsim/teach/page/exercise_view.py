"""An exercise as a page shows it: what is decided, the guess, and what is told when it has been seen."""

from collections.abc import Callable
from html import escape

from nicegui import ui

from segsim.teach.page.controls import Changed, is_shown, show_control
from segsim.teach.page.drawing_setup import ANSWERS
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words


def show_exercise(
    settings: Settings, words: Words, guess: str, changed: Changed, guessed: Callable[[str], None]
) -> None:
    """Put what may be decided and guessed on the page.

    Parameters
    ----------
    settings : Settings
    words : Words
        Of the page's language.
    guess : str
        What has been guessed, "" if nothing has.
    changed : callable
        Takes changes of settings.
    guessed : callable
        Takes a guess.
    """
    for key in ("decision", "amount"):
        if is_shown(key, settings):
            show_control(key, settings, words, changed)
    name = f"decision.{settings.decision}"
    if words.has(f"{name}_is"):
        ui.label(words(f"{name}_is")).classes("small")
    question = words(f"question.{settings.preset}")
    ui.html(escape(question), sanitize=False, tag="p").classes("question")
    options = {answer: words(f"answer.{answer}") for answer in ANSWERS}
    ui.radio(options, value=guess or None, on_change=lambda event: guessed(event.value)).props(
        f'inline aria-label="{question}" data-setting=guess'
    )
    if not guess:
        ui.label(words("exercise.guess_first")).classes("small")


def answer_html(settings: Settings, words: Words) -> str:
    """Return what is told of an exercise once the years are over; the browser shows it when they are."""
    parts = "".join(
        f"<h3>{escape(words(f'exercise.{part}'))}</h3><p>{escape(words(key))}</p>"
        for part, key in (("why", f"why.{settings.decision}"), ("research", f"research.{settings.preset}"))
    )
    title = escape(words("exercise.answer"))
    verdict = '<p id="verdict" role="status"></p>'
    return f'<div id="answer" class="card answer" hidden><h2>{title}</h2>{verdict}{parts}</div>'
