"""The page of one client: header, lesson, board, curves and controls, in either language."""

import json
from html import escape
from typing import Any

from nicegui import background_tasks, ui

from segsim.teach.many_seeds import STEPS, Spread
from segsim.teach.page.admission_view import AdmissionView
from segsim.teach.page.charts import STRIP, curve_chart, line_chart, spread_chart
from segsim.teach.page.class_view import ClassView
from segsim.teach.page.controls import SECTIONS, apply_changes, is_shown, show_control
from segsim.teach.page.drawing_setup import ANSWERS, TWO_CITIES, YEARLY, build_setup, utility_curve
from segsim.teach.page.exercise_view import answer_html, show_exercise
from segsim.teach.page.legends import chart_html, legend_html
from segsim.teach.page.player import Player
from segsim.teach.page.saving import show_saving
from segsim.teach.scenes.admission import Mechanism
from segsim.teach.scenes.class_choice import ClassChoice
from segsim.teach.scenes.lessons import PRESETS
from segsim.teach.scenes.scenario_from_settings import SCENARIO_SCENES, scenario_yaml
from segsim.teach.scenes.settings import SPEEDS, Settings, write_link
from segsim.teach.scenes.world import Reading
from segsim.words.text import Language
from segsim.words.words import Words


class Page:
    """What one client sees.

    Parameters
    ----------
    player : Player
        Plays the client's lesson.
    language : {"en", "sv"}
    stream : str
        Path of the web socket that draws.
    classes : dict of str to ClassChoice
        Classes that are open on this server, by their codes.
    """

    def __init__(
        self, player: Player, language: Language, stream: str, classes: dict[str, ClassChoice]
    ) -> None:
        self.player, self.language, self.stream = player, language, stream
        self.spread: Spread | None = None
        self.client = ui.context.client
        player.on_rest = self.show_playing
        self.admission: AdmissionView | None = None
        self.class_view: ClassView | None = None
        self.classes, self.guess = classes, ""
        self.curve: ui.echart | None = None
        self.spread_chart: ui.echart | None = None

    @property
    def settings(self) -> Settings:
        """What is on screen."""
        return self.player.settings

    @property
    def words(self) -> Words:
        """The texts of the language."""
        return Words(self.language, "classroom")

    def build(self, problems: list[str]) -> None:
        """Put everything on the page."""
        ui.colors(primary="#0b5c8f", accent="#0b5c8f")
        self.header = ui.element("header").classes("top")
        ui.html('<div id="notice" role="alert" hidden></div>', sanitize=False)
        with ui.element("div").classes("page"):
            self.task = ui.element("section").classes("card task")
            self.left = ui.element("div").classes("column left")
            with ui.element("div").classes("column middle"):
                self.about = ui.element("div").classes("card")
                with ui.element("div").classes("card"):
                    with ui.element("div") as self.board:
                        ui.html(
                            '<div class="frame"><canvas id="board" role="img"></canvas></div>', sanitize=False
                        )
                    self.table = ui.element("div")
                    self.transport = ui.element("div").classes("transport")
                    self.legend = ui.element("div")
                self.answer = ui.element("div").classes("told")
            self.right = ui.element("div").classes("column right")
        ui.html('<div id="spoken" class="spoken" aria-live="polite"></div>', sanitize=False)
        self.show()
        if problems:
            text = self.words("link_problem", keys=", ".join(problems[:5]))
            self.run(f"segsim.notice({json.dumps(text)}, 'link')")

    def run(self, script: str) -> None:
        """Run JavaScript in the client's browser."""
        self.client.run_javascript(script)

    def show(self) -> None:
        """Show the lesson anew, in the language there is."""
        self.show_header()
        self.show_about()
        self.show_controls()
        is_table = self.settings.scene == "admission"
        self.board.set_visibility(not is_table)
        self.table.clear()
        self.admission = None
        if is_table:
            with self.table:
                self.admission = AdmissionView(self.settings, self.words)
        self.show_transport()
        self.show_legend()
        self.show_charts()
        self.tell_drawing()

    def tell_drawing(self) -> None:
        """Tell the drawing of the lesson, and the address bar of the settings."""
        setup = build_setup(self.settings, self.words, self.stream)
        if setup["exercise"]:
            setup["exercise"]["guess"] = self.guess
        self.run(f"segsim.begin({json.dumps(setup)})")
        if self.curve is not None:
            self.curve.options.update(self.curve_options())
            self.curve.update()
        self.tell_link()

    def tell_link(self) -> None:
        """Put the link to what is on screen into the address bar."""
        self.run(f"segsim.link({json.dumps(write_link(self.settings, PRESETS, self.language))})")

    # what is shown

    def show_header(self) -> None:
        """Show the title, the lessons, the languages and what can be taken along."""
        words = self.words
        self.header.clear()
        with self.header:
            ui.html(escape(words("title")), sanitize=False, tag="h1")
            lessons = {name: words(f"preset.{name}.title") for name in PRESETS}
            ui.select(
                lessons,
                value=self.settings.preset,
                label=words("lesson"),
                on_change=lambda e: self.take_lesson(e.value),
            ).classes("lesson").props("outlined dense options-dense data-setting=lesson")
            ui.element("div").classes("grow")
            for icon, key, name, action in (
                ("link", "copy_link", words("copy_link"), self.copy_link),
                ("keyboard", "keys", words("keys.button"), self.show_keys),
            ):
                ui.button(name, icon=icon, on_click=action).props(
                    f'flat no-caps color=white data-key={key} aria-label="{name}"'
                )
            download = ui.button(words("download"), icon="download", on_click=self.download)
            download.props(f'flat no-caps color=white data-key=download aria-label="{words("download")}"')
            if self.settings.scene not in SCENARIO_SCENES:
                download.disable()
                download.tooltip(words("no_download"))
            other: Language = "sv" if self.language == "en" else "en"
            ui.button({"en": "English", "sv": "Svenska"}[other], on_click=self.switch_language).props(
                f"outline no-caps color=white data-key=language lang={other}"
            )
            for number, name in enumerate(list(PRESETS)[:10], start=1):  # as many as there are digits
                ui.button(on_click=lambda name=name: self.take_lesson(name)).props(
                    f"data-key=lesson-{number % 10} tabindex=-1 aria-hidden=true"
                ).classes("hidden")

    def show_about(self) -> None:
        """Show what the lesson is about."""
        self.about.clear()
        with self.about:
            ui.html(escape(self.words(f"preset.{self.settings.preset}.title")), sanitize=False, tag="h2")
            text = escape(self.words(f"preset.{self.settings.preset}.summary"))
            ui.html(text, sanitize=False, tag="p").classes("summary").style("margin-bottom: 0")
        self.task.clear()
        with self.task:
            ui.html(escape(self.words("section.task")), sanitize=False, tag="h2")
            task = escape(self.words(f"preset.{self.settings.preset}.task"))
            ui.html(task, sanitize=False, tag="p")
            self.exercise = ui.element("div").classes("exercise")
        self.show_exercise()

    def show_exercise(self) -> None:
        """Show what may be decided and guessed, if the lesson is an exercise."""
        self.exercise.clear()
        self.answer.clear()
        if self.settings.scene == "policy":
            with self.exercise:
                show_exercise(self.settings, self.words, self.guess, self.take, self.take_guess)
            with self.answer:
                ui.html(answer_html(self.settings, self.words), sanitize=False)

    def show_controls(self) -> None:
        """Show the controls that mean something now."""
        self.left.clear()
        self.curve = None
        with self.left:
            for section, keys in SECTIONS[self.settings.scene]:
                with ui.element("section").classes("card"):
                    ui.html(escape(self.words(f"section.{section}")), sanitize=False, tag="h2")
                    for key in keys:
                        if is_shown(key, self.settings):
                            show_control(key, self.settings, self.words, self.take)
                    if section == "people":
                        self.show_curve()

    def show_curve(self) -> None:
        """Show V(x)."""
        title = escape(self.words("curve.title"))
        ui.html(title, sanitize=False, tag="p").classes("small").style("margin-top: 14px")
        self.curve = ui.echart(self.curve_options()).classes("curve").props(f'role=img aria-label="{title}"')

    def curve_options(self) -> dict[str, Any]:
        """Return how V(x) is drawn."""
        return curve_chart(utility_curve(self.settings), self.words)

    def show_transport(self) -> None:
        """Show play, step, start again, another start and speed."""
        words, settings = self.words, self.settings
        self.transport.clear()
        with self.transport:
            self.play_button = ui.button(on_click=self.toggle).props("unelevated no-caps data-key=play")
            self.play_button.set_enabled(not self.awaits_guess)
            self.show_playing()
            for icon, key, name, action in (
                ("skip_next", "step", "step", self.step),
                ("replay", "reset", "reset", self.reset),
                ("casino", "another", "another", self.another),
            ):
                if key == "another" and settings.scene == "admission":
                    continue
                button = ui.button(icon=icon, on_click=action)
                button.props(f'outline data-key={key} aria-label="{words(name)}"').tooltip(words(name))
                button.set_enabled(key != "step" or not self.awaits_guess)
            if settings.scene != "admission":
                with ui.element("div").classes("speed"):
                    self.show_speed()
                preparing = escape(words("status.preparing"))
                ui.html(f'<b id="step"></b><span id="state">{preparing}</span>', sanitize=False).classes(
                    "state"
                )

    def show_speed(self) -> None:
        """Show the slider of speed."""
        words = self.words
        label = ui.label(self.pace_text()).classes("small")

        def take_speed(event: Any) -> None:
            self.player.change(apply_changes(self.settings, {"speed": int(event.value)}))
            label.set_text(self.pace_text())
            slider.props(f'aria-valuetext="{self.pace_text()}"')
            self.tell_link()

        slider = ui.slider(
            min=0, max=len(SPEEDS) - 1, step=1, value=self.settings.speed, on_change=take_speed
        )
        slider.props(
            f'aria-label="{words("speed.name")}" aria-valuetext="{self.pace_text()}" data-setting=speed'
        )

    def pace_text(self) -> str:
        """Return the speed in words."""
        pace = SPEEDS[self.settings.speed]
        if not pace:
            return f"{self.words('speed.name')}: {self.words('speed.as_fast')}"
        unit = "speed.unit_year" if self.settings.scene in YEARLY else "speed.unit"
        return f"{self.words('speed.name')}: {self.words(unit, n=self.words.number(pace, 0))}"

    def show_playing(self) -> None:
        """Let the play button say what it does now."""
        playing = self.player.is_playing
        name = self.words("pause" if playing else "play")
        self.play_button.set_text(name)
        self.play_button.props(f'icon={"pause" if playing else "play_arrow"} aria-label="{name}"')

    def show_legend(self) -> None:
        """Show what the colours mean."""
        self.legend.clear()
        if self.settings.scene != "admission":
            with self.legend:
                ui.html(legend_html(self.settings, self.words), sanitize=False).classes("legend")

    def show_charts(self) -> None:
        """Show the curves, and the spread over seeds."""
        self.right.clear()
        charts = self.charts
        with self.right:
            if charts:
                with ui.element("section").classes("card"):
                    for i, chart in enumerate(charts):
                        with ui.element("div").classes("chart"):
                            ui.html(chart_html(i, chart), sanitize=False)
                            name = f'role=img aria-label="{escape(chart["title"])}"'
                            ui.echart(line_chart(chart, self.words)).props(f"{name} data-chart={i}")
                    show_saving(self.words, self.run)
            if self.settings.scene in STEPS:
                self.show_many()
            elif self.admission is not None:
                self.admission.show_rounds_here()
                choice = self.class_view.choice if self.class_view is not None else None
                self.class_view = ClassView(self.words, self.classes, self.choose_mechanism)
                self.class_view.take(choice)

    @property
    def charts(self) -> list[dict[str, Any]]:
        """The charts of the lesson."""
        charts: list[dict[str, Any]] = build_setup(self.settings, self.words, self.stream)["charts"]
        return charts

    def show_many(self) -> None:
        """Show the button that runs many seeds, and the room for what they give."""
        words, settings = self.words, self.settings
        spread = Spread(settings, lambda _: None)
        key = "many.explain_year" if settings.scene in TWO_CITIES else "many.explain"
        with ui.element("section").classes("card"):
            ui.html(escape(words("many.title")), sanitize=False, tag="h2")
            with ui.element("div").classes("state"):
                many = ui.button(
                    words("many.button", n=spread.total), icon="scatter_plot", on_click=self.run_many
                ).props("outline no-caps data-key=many")
                many.set_enabled(not self.awaits_guess)
                self.progress = ui.label("")
            self.many_text = ui.label(words("many.empty")).classes("small").style("margin-top: 8px")
            self.many_done = words(key, steps=STEPS[settings.scene])
            self.spread_room, self.spread_chart = ui.element("div").classes("spread"), None

    def show_keys(self) -> None:
        """Show the keyboard."""
        words = self.words
        with ui.dialog().props(f'aria-label="{words("keys.title")}"') as dialog, ui.card():
            ui.html(escape(words("keys.title")), sanitize=False, tag="h2")
            for key in ("space", "step", "reset", "many", "lesson", "language", "sliders"):
                ui.label(words(f"keys.{key}"))
            ui.button(words("close"), on_click=dialog.close).props("flat no-caps")
        dialog.on("hide", dialog.delete)
        dialog.open()

    @property
    def awaits_guess(self) -> bool:
        """Whether nothing is shown before it has been guessed."""
        return self.settings.scene == "policy" and not self.guess

    def choose_mechanism(self) -> Mechanism:
        """Return the rule of admission that is chosen."""
        mechanism: Mechanism = self.settings.mechanism  # type: ignore[assignment]
        return mechanism

    # what is done

    def take_guess(self, guess: str) -> None:
        """Take a guess; now it may be seen."""
        if guess in ANSWERS:
            self.guess = guess
            self.show_exercise()
            self.show_transport()
            self.show_charts()
            self.tell_drawing()

    def take(self, **changes: Any) -> None:
        """Take changes of settings from the controls."""
        before = self.settings
        after = apply_changes(before, changes)
        if after == before:
            return
        self.player.change(after)
        self.show_playing()
        self.forget_many()
        if {"decision", "amount"} & changes.keys():
            self.begin_exercise(forget=after.decision != before.decision)
        if "household" in changes:
            self.show_charts()
        shown_anew = {"utility", "rule", "mechanism", "home_steps", "household", "map"}
        if shown_anew & changes.keys() or len(after.shares) != len(before.shares):
            self.show_controls()
            self.show_legend()
        if self.admission is not None:
            self.player.play(False)
            self.show_playing()
            self.admission.take(after)
        self.tell_drawing()

    def begin_exercise(self, forget: bool) -> None:
        """Begin an exercise anew; where something else is decided, what was guessed is forgotten."""
        self.player.play(False)
        if forget:
            self.guess = ""
            self.show_exercise()
            self.show_charts()
        self.show_transport()

    def take_lesson(self, name: str) -> None:
        """Show another lesson from its beginning."""
        if name not in PRESETS:
            return
        self.run("segsim.leave()")
        self.forget_many()
        if self.class_view is not None:
            self.class_view.end()
        self.guess, self.class_view = "", None
        self.player.play(False)
        self.player.change(PRESETS[name])
        self.player.remake()
        self.show()

    def switch_language(self) -> None:
        """Show the page in the other language; the board goes on."""
        self.language = "sv" if self.language == "en" else "en"
        self.show()

    def toggle(self) -> None:
        """Play or pause."""
        if self.admission is not None:
            self.admission.play()
            return
        self.player.play(not self.player.is_playing)
        self.show_playing()

    def step(self) -> None:
        """Take one step."""
        if self.admission is not None:
            self.admission.step()
            return
        self.player.step_once()
        self.show_playing()

    def reset(self) -> None:
        """Start again from the same random start."""
        if self.admission is not None:
            self.admission.reset()
            return
        self.player.remake()
        self.show_playing()

    def another(self) -> None:
        """Start from another random start."""
        self.player.change(self.settings.with_(seed=self.settings.seed % 9999 + 1))
        self.tell_link()

    def copy_link(self) -> None:
        """Copy the link to what is on screen."""
        self.run("segsim.copyLink()")
        ui.notify(self.words("link_copied"), type="positive")

    def download(self) -> None:
        """Hand out the scenario file of what is on screen."""
        ui.download(
            scenario_yaml(self.settings).encode(), f"{self.settings.preset}_classroom.yaml", "text/yaml"
        )

    def run_many(self) -> None:
        """Run many seeds of what is on screen, or stop doing so."""
        if self.spread is not None and not self.spread.is_over:
            self.stop_many()
            return
        self.spread = Spread(self.settings, self.show_spread)
        self.progress.set_text(f"0 / {self.spread.total}")
        self.many_text.set_text(self.many_done)
        background_tasks.create(self.spread.run(), name="spread")

    def show_spread(self, readings: list[Reading]) -> None:
        """Show what has been found so far."""
        if self.spread is None or self.spread.is_over:
            return
        self.progress.set_text(f"{len(readings)} / {self.spread.total}")
        options = spread_chart(self.charts, [clean(reading) for reading in readings], self.words)
        if self.spread_chart is None:
            with self.spread_room:
                self.spread_chart = ui.echart(options).style(f"height: {STRIP * len(options['grid'])}px")
                self.spread_chart.props(f'role=img aria-label="{escape(self.words("many.title"))}"')
            return
        self.spread_chart.options.update(options)
        self.spread_chart.update()

    def stop_many(self) -> None:
        """Stop running seeds."""
        if self.spread is not None:
            self.spread.stop()

    def forget_many(self) -> None:
        """Take away what other settings gave."""
        if self.spread is not None:
            self.spread.stop()
            self.spread = None
            self.progress.set_text("")
            self.many_text.set_text(self.words("many.empty"))
            self.spread_room.clear()
            self.spread_chart = None

    def close(self) -> None:
        """Let go of everything; the client has left."""
        self.stop_many()
        if self.class_view is not None:
            self.class_view.end()
        self.player.close()


def clean(reading: Reading) -> Reading:
    """Return a reading without what is undefined, rounded."""
    return {key: round(value, 5) for key, value in reading.items() if value == value}
