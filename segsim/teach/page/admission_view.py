"""The lesson on admission as a page shows it: wishes, lists, priorities, rounds, and who gains by lying."""

from html import escape

from nicegui import ui

from segsim.teach.scenes.admission import (
    PRIORITY,
    WISHES,
    Event,
    Lists,
    Mechanism,
    envies,
    gains,
    outcome,
    parse_list,
    rounds,
)
from segsim.teach.scenes.settings import Settings
from segsim.words.words import Words


class AdmissionView:
    """Tables of the textbook example, its rounds shown one after another.

    Parameters
    ----------
    settings : Settings
        Mechanism and lists.
    words : Words
        Of the page's language.
    """

    def __init__(self, settings: Settings, words: Words) -> None:
        self.settings, self.words = settings, words
        self.shown = 0
        self.tables = ui.element("div")
        self.story: ui.element | None = None
        self.timer = ui.timer(1.2, self.step, active=False)
        self.show()

    @property
    def mechanism(self) -> Mechanism:
        """The rule of admission."""
        mechanism: Mechanism = self.settings.mechanism  # type: ignore[assignment]
        return mechanism

    @property
    def lists(self) -> Lists:
        """What the pupils list."""
        return tuple(parse_list(getattr(self.settings, f"list_{i}")) for i in (1, 2, 3))

    @property
    def events(self) -> list[Event]:
        """What happens."""
        return rounds(self.mechanism, self.lists)

    @property
    def n_rounds(self) -> int:
        """Rounds until everybody has a school."""
        return max(event.round for event in self.events)

    def take(self, settings: Settings) -> None:
        """Show other lists or another rule from the first round."""
        self.settings = settings
        self.reset()

    def play(self) -> None:
        """Show the rounds one after another, from the first if all are shown."""
        if self.shown >= self.n_rounds:
            self.shown = 0
        self.step()
        self.timer.active = self.shown < self.n_rounds

    def step(self) -> None:
        """Show one round more."""
        self.shown = min(self.shown + 1, self.n_rounds)
        if self.shown >= self.n_rounds:
            self.timer.active = False
        self.show()

    def reset(self) -> None:
        """Show no round."""
        self.shown = 0
        self.timer.active = False
        self.show()

    def show_rounds_here(self) -> None:
        """Put the verdicts where the page has room for them."""
        self.story = ui.element("div")
        self.show()

    def show(self) -> None:
        """Show the tables as far as the rounds have gone."""
        is_over = self.shown >= self.n_rounds
        self.tables.clear()
        with self.tables:
            ui.html(self.wishes_html(is_over), sanitize=False)
            ui.html(self.priorities_html(), sanitize=False).style("margin-top: 20px")
            ui.html(self.rounds_html(), sanitize=False).style("margin-top: 20px")
        if self.story is not None:
            self.story.clear()
            with self.story:
                ui.html(self.verdicts_html(is_over), sanitize=False)

    def wishes_html(self, is_over: bool) -> str:
        """Return who wants and lists what, and gets what once the rounds are over."""
        words, got = self.words, outcome(self.mechanism, self.lists)
        heads = ("pupil", "true", "listed", "gets", "choice")
        head = "".join(f'<th scope="col">{escape(words(f"admission.{key}"))}</th>' for key in heads)
        body = ""
        for pupil, wishes in enumerate(WISHES):
            school = got[pupil]
            real = chips(wishes, school if is_over else None)
            gets = f'<span class="chip got">{school + 1}</span>' if is_over else "–"
            choice = words(f"admission.choice_{wishes.index(school) + 1}") if is_over else "–"
            body += (
                f'<tr><th scope="row">{self.pupil(pupil)}</th><td>{real}</td>'
                f"<td>{chips(self.lists[pupil], None)}</td>"
                f'<td class="got">{gets}</td><td>{escape(choice)}</td></tr>'
            )
        title = escape(words("admission.wishes"))
        return table_html(title, head, body)

    def priorities_html(self) -> str:
        """Return who comes first at each school."""
        words = self.words
        head = f"<th scope='col'>{escape(words('admission.school'))}</th>"
        head += f"<th scope='col'>{escape(words('admission.priority'))}</th>"
        body = "".join(
            f'<tr><th scope="row"><span class="chip">{school + 1}</span></th>'
            f"<td>{' – '.join(self.pupil(p) for p in order)}</td></tr>"
            for school, order in enumerate(PRIORITY)
        )
        title = escape(words("admission.priorities"))
        return table_html(title, head, body)

    def rounds_html(self) -> str:
        """Return the rounds shown so far."""
        words, parts = self.words, ""
        for number in range(1, self.shown + 1):
            lines = "".join(
                f"<p>{self.describe_event(event)}</p>" for event in self.events if event.round == number
            )
            parts += f"<section><h3>{escape(words('admission.round', n=number))}</h3>{lines}</section>"
        title = escape(words("admission.rounds"))
        return f'<h2>{title}</h2><div class="rounds" aria-live="polite">{parts or "–"}</div>'

    def verdicts_html(self, is_over: bool) -> str:
        """Return who could gain by lying, and whose priority is not kept."""
        words = self.words
        gain = [
            words(
                "admission.gain",
                pupil=words(f"admission.pupil_{g.pupil + 1}"),
                school=self.school(g.school),
                list=" – ".join(str(s + 1) for s in g.listed),
            )
            for g in gains(self.mechanism, self.lists)
        ]
        envy = [
            words(
                "admission.has_envy",
                pupil=words(f"admission.pupil_{e.pupil + 1}"),
                school=self.school(e.school),
                other=words(f"admission.pupil_{e.other + 1}"),
            )
            for e in envies(self.mechanism, self.lists)
        ]
        out = ""
        for key, none, lines_of in (("lie", "no_gain", gain), ("envy", "no_envy", envy)):
            lines = (lines_of or [words(f"admission.{none}")]) if is_over else ["–"]
            text = "".join(f'<p class="verdict">{escape(line)}</p>' for line in lines)
            out += f'<section class="card"><h2>{escape(words(f"admission.{key}"))}</h2>{text}</section>'
        return out

    def describe_event(self, event: Event) -> str:
        """Return an event in words."""
        name = self.words(f"admission.pupil_{event.pupil + 1}")
        return escape(self.words(f"admission.{event.what}", pupil=name, school=self.school(event.school)))

    def pupil(self, pupil: int) -> str:
        """Return the name of a pupil."""
        return escape(self.words(f"admission.pupil_{pupil + 1}"))

    def school(self, school: int) -> str:
        """Return the name of a school within a sentence."""
        return self.words("admission.school_n", n=school + 1)


def table_html(title: str, head: str, body: str) -> str:
    """Return a table under a title."""
    rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<h2>{title}</h2><table class="plain">{rows}</table>'


def chips(schools: tuple[int, ...], got: int | None) -> str:
    """Return schools in order as little signs, the one got marked."""
    return "".join(
        f'<span class="chip{" got" if school == got else ""}">{school + 1}</span>' for school in schools
    )
