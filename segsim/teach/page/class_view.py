"""A class plays pupils: what the teacher's page shows of it, and the page of each pupil."""

import json
from collections.abc import Callable, MutableMapping
from html import escape

from nicegui import ui

from segsim.teach.scenes.admission import Mechanism
from segsim.teach.scenes.class_choice import MOST_LETTERS, SCHOOLS, ClassChoice, open_class
from segsim.words.words import Words

LOOK = 1.0
"""Time between looks whether somebody else has changed something, s."""


class ClassView:
    """The teacher's card: opens the lesson to the class, tells who has sent a list, gives the seats.

    Parameters
    ----------
    words : Words
    classes : dict of str to ClassChoice
        Classes that are open on this server, by their codes.
    mechanism : callable
        Returns the rule of admission that is chosen now.
    """

    def __init__(
        self, words: Words, classes: dict[str, ClassChoice], mechanism: Callable[[], Mechanism]
    ) -> None:
        self.words, self.classes, self.mechanism = words, classes, mechanism
        self.choice: ClassChoice | None = None
        self._shown = -1
        with ui.element("section").classes("card"):
            ui.html(escape(words("class.title")), sanitize=False, tag="h2")
            self.room = ui.element("div").classes("class")
        self.show()
        ui.timer(LOOK, self.look)

    def take(self, choice: ClassChoice | None) -> None:
        """Go on with a class that is open already, such as in the other language."""
        self.choice = choice if choice is not None and not choice.is_over else None
        self.show()

    def open(self) -> None:
        """Let the class in."""
        self.choice = open_class(self.classes)
        self.show()

    def end(self) -> None:
        """Let the class go, if there is one."""
        if self.choice is not None:
            self.choice.is_over = True
            self.classes.pop(self.choice.code, None)
            self.choice = None

    def close(self) -> None:
        """Let the class go, and say that another may come."""
        self.end()
        self.show()

    def admit(self) -> None:
        """Give the seats by the rule that is chosen."""
        if self.choice is not None:
            self.choice.admit(self.mechanism())
            self.show()

    def look(self) -> None:
        """Show what has changed."""
        if self.choice is not None and self.choice.version != self._shown:
            self.show()

    def show(self) -> None:
        """Show how far the class has come."""
        words, choice = self.words, self.choice
        self.room.clear()
        with self.room:
            if choice is None:
                ui.label(words("class.explain")).classes("small")
                ui.button(words("class.open"), icon="group_add", on_click=self.open).props(
                    "outline no-caps data-key=class-open"
                )
                return
            self._shown = choice.version
            code = f'<b class="code" id="class-code">{choice.code}</b>'
            ui.html(f"{escape(words('class.code'))} {code}", sanitize=False, tag="p")
            ui.html('<p id="class-address" class="small"></p>', sanitize=False)
            ui.run_javascript(
                f"segsim.tellAddress({json.dumps([words('class.address'), words('class.closed')])})"
            )
            sent = words("class.sent", n=len(choice.lists), of=len(choice.names))
            ui.html(f'<span id="class-sent">{escape(sent)}</span>', sanitize=False, tag="p")
            with ui.element("div").classes("line"):
                button = ui.button(words("class.admit"), on_click=self.admit)
                button.props("unelevated no-caps data-key=class-admit").set_enabled(bool(choice.lists))
                ui.button(words("class.close"), on_click=self.close).props(
                    "flat no-caps data-key=class-close"
                )
            if choice.places:
                ui.html(results_html(choice, words), sanitize=False)


def results_html(choice: ClassChoice, words: Words) -> str:
    """Return who got what: by school, and how many got their first wish, and could have gained."""
    body = ""
    for school, seats in enumerate(choice.seats()):
        first = sum(listed[0] == school for listed in choice.lists.values())
        admitted = ", ".join(
            escape(choice.names[pupil]) for pupil, place in choice.places.items() if place == school
        )
        cells = "".join(f"<td>{cell}</td>" for cell in (seats, first, admitted))
        body += f'<tr><th scope="row">{"ABC"[school]}</th>{cells}</tr>'
    heads = "".join(
        f'<th scope="col">{escape(words(f"class.{key}"))}</th>'
        for key in ("school", "seats", "first", "admitted")
    )
    n = len(choice.lists)
    first = sum(choice.rank_got(pupil) == 1 for pupil in choice.places)
    gained = len(choice.find_gainers())
    lines = (words("class.got_first", n=first, of=n), words("class.could_gain", n=gained, of=n))
    told = "".join(f"<p>{escape(line)}</p>" for line in (words(f"mechanism.{choice.mechanism}"), *lines))
    return (
        f'<div id="class-results" role="status">{told}<table class="plain"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


class PupilPage:
    """The page of one pupil: name and code, then a list of schools, then the school.

    Parameters
    ----------
    pupil : str
        The client's id.
    words : Words
    classes : mapping of str to ClassChoice
    code : str
        From the link, if it had one.
    """

    def __init__(
        self, pupil: str, words: Words, classes: MutableMapping[str, ClassChoice], code: str
    ) -> None:
        self.pupil, self.words, self.classes = pupil, words, classes
        self.choice: ClassChoice | None = None
        self._shown: tuple[object, ...] = ()
        ui.colors(primary="#0b5c8f")
        with ui.element("div").classes("pupil"):
            ui.html(escape(words("class.title")), sanitize=False, tag="h1")
            self.room = ui.element("div").classes("card")
        with self.room:
            self.code = ui.input(words("class.code_field"), value=code[:4]).props(
                "outlined inputmode=numeric data-key=code"
            )
            self.name = ui.input(words("class.name")).props(
                f"outlined maxlength={MOST_LETTERS} autocomplete=off data-key=name"
            )
            self.problem = ui.html('<p role="alert"></p>', sanitize=False)
            ui.button(words("class.join"), on_click=self.join).props("unelevated no-caps data-key=join")
        ui.timer(LOOK, self.look)

    def join(self) -> None:
        """Come into the class whose code was written."""
        choice = self.classes.get(str(self.code.value).strip())
        if choice is None or not choice.welcome(self.pupil, str(self.name.value or "")):
            key = "class.no_such" if choice is None else "class.no_room"
            self.problem.set_content(f'<p role="alert">{escape(self.words(key))}</p>')
            return
        self.choice = choice
        self.show(choice)

    def look(self) -> None:
        """Show what has changed for this pupil; what others send leaves the own list alone."""
        choice = self.choice
        if choice is not None and self._shown != self._state(choice):
            self.show(choice)

    def _state(self, choice: ClassChoice) -> tuple[object, ...]:
        """Return what of the class concerns this pupil."""
        return choice.is_over, choice.lists.get(self.pupil), choice.places.get(self.pupil)

    def leave(self) -> None:
        """Leave the class; the browser is gone."""
        if self.choice is not None:
            self.choice.leave(self.pupil)

    def send(self, listed: tuple[int, ...]) -> None:
        """Send a list."""
        if self.choice is not None:
            self.choice.ask(self.pupil, listed)
            self.show(self.choice)

    def show(self, choice: ClassChoice) -> None:
        """Show the list that may be sent, and what came of it."""
        words = self.words
        self._shown = self._state(choice)
        self.room.clear()
        with self.room:
            if choice.is_over:
                ui.label(words("class.over"))
                return
            near = "ABC"[choice.near(self.pupil)]
            ui.label(words("class.near", name=choice.names[self.pupil], school=near))
            listed = choice.lists.get(self.pupil, tuple(range(SCHOOLS)))
            fields = [
                ui.select(
                    {school: words("class.school_n", n="ABC"[school]) for school in range(SCHOOLS)},
                    value=listed[k],
                    label=words(f"admission.choice_{k + 1}"),
                ).props(f"outlined data-key=wish-{k + 1}")
                for k in range(SCHOOLS)
            ]
            told = ui.html('<p role="alert"></p>', sanitize=False)

            def send() -> None:
                wishes = tuple(int(field.value) for field in fields)
                if len(set(wishes)) < SCHOOLS:
                    told.set_content(f'<p role="alert">{escape(words("class.each_once"))}</p>')
                else:
                    self.send(wishes)

            ui.button(words("class.send"), on_click=send).props("unelevated no-caps data-key=send")
            if self.pupil in choice.places:
                rank = words(f"admission.choice_{choice.rank_got(self.pupil)}")
                got = words("class.you_got", school="ABC"[choice.places[self.pupil]], rank=rank)
                ui.html(f'<p id="got" class="got" role="status">{escape(got)}</p>', sanitize=False)
            elif self.pupil in choice.lists:
                ui.html(f'<p role="status">{escape(words("class.wait"))}</p>', sanitize=False)
