"""The page of the hindcast of schools: what was done, how near it came, and every municipality."""

import pandas as pd
from matplotlib.figure import Figure

from experiments.hindcast.judgement import correlate
from experiments.hindcast.school_judgement import (
    INDICES,
    KEPT,
    MODEL,
    STILL,
    TREND,
    count_ways,
    judge,
)
from experiments.hindcast.school_records import FIRST, LAST, LATER
from experiments.hindcast.schools import MOVED
from experiments.judge_sweden import LARGE
from segsim.figures.style import GREY, SCENARIOS, house_style, sheet
from segsim.sweden.municipalities import find_municipality

ENOUGH = 20
"""Seeds of each municipality that the hindcast is meant to have."""

PREFACE = f"""# Schools from {FIRST} to {LAST}, lived through again

The model begins in the autumn of {FIRST} and lives until {LAST} with the schools that opened, closed and
grew as they did. What its schools then are is held against Skolverket's figures of every school, and
against three forecasts that need no model. The figures come from a table that is not shipped; who has it
makes this page anew by:

    python -m experiments.hindcast.school_years PANEL landskrona
    python -m experiments.hindcast.school_years PANEL --seeds 20 --page docs/hindcast_schools.md

**What is given to the model.** The schools of autumn {FIRST} with their pupils and shares of foreign
background and of post-secondary parents, which the first enrolment meets as well as families' homes let
it; the schools that opened and closed, and the size of each as a part of all, year by year (a
`school_plan`); residents of the municipality by year; the share of foreign background of {LATER[0]} and
{LAST}, by which the pupils' odds changed. Independent schools do nothing by themselves. Tastes are those
that come with segsim, found on the tables of 2022; nothing was fitted to any of these years. Seeds are
101 and up.

**What is assumed of homes.** Who lived where in {FIRST} is not published by area. The areas are those of
2022, residents of all scaled by one number, and the odds of foreign background in all by one number,
that by which the pupils' changed from {FIRST} to 2022. So homes begin with the pattern they had ten
years later. Ages, education and incomes are of 2022: where there were fewer children in {FIRST}, the
model has too many from the start. The pattern of homes and the tastes are thus of 2022, which no forecast
of 2012 could know: what is tried is the change that schools, sizes and newcomers make, no foresight.

**What is a school here.** Codes of units change when schools are split or merged, so that units of one
name are one school ("7-9" and "F-6" together), and so is one that goes when another comes under the same
code. A school teaches 0-6, 7-9 or 0-9; a stage it takes up later is a school beside it in the model,
told together, and a stage it gives up is not seen. Where the register knows no place, the school stands
where its pupils' like live. All forecasts are judged over these schools, so that D is a little lower
than over units.

**The forecasts.** *{STILL[0].upper()}{STILL[1:]}*: D and every school as in {FIRST}.
*{TREND[0].upper()}{TREND[1:]}*: D goes on as from 2009 to {FIRST}. *{KEPT[0].upper()}{KEPT[1:]}*: the
schools and sizes there came to be, each with its odds of {FIRST}, all multiplied alike to the share
there came to be, so that it knows what the model is told. *Its change*: the change in the model laid on
the real start, which leaves out how far the first enrolment was off.
"""


def format_page(compared: pd.DataFrame) -> str:
    """Return the page."""
    judged = compared[~compared["calibrates"]]
    parts = [PREFACE]
    run = compared.drop_duplicates("code")
    left = [find_municipality(code).name for code in sorted(LARGE) if code not in set(run["code"])]
    fewest, most = int(run["seeds"].min()), int(run["seeds"].max())
    seeds = f"{fewest} to {most} seeds" if fewest < most else f"{most} seed{'s' * (most > 1)}"
    others = compared[compared["calibrates"]]["name"].unique()
    parts.append(
        f"## How near it came\n\n{judged['code'].nunique()} municipalities judge, of 22 that should, with "
        f"{seeds} each{' of the twenty that were meant' if most < ENOUGH else ''}; the SD over seeds "
        "tells how much chance weighs.\n"
    )
    if len(others):
        parts.append(
            f"Run too, of the third that is set aside for calibrating: {', '.join(others)}; nothing was.\n"
        )
    if left:
        parts.append(f"Not run of the 33: {', '.join(left)}.\n")
    parts += [
        say_verdict(judged),
        "Mean absolute errors over the judged municipalities:\n",
        tabulate(judge(judged)),
    ]
    parts += [
        "",
        f"Which way D went, of those where it moved over {MOVED:g}:\n",
        tabulate(count_ways(judged)),
    ]
    parts += [
        "",
        "![D over schools as it was and in the model](pictures/hindcast_schools.png)\n",
        "## Every municipality\n",
    ]
    for name in INDICES:
        own = compared[compared["measure"] == name]
        columns = [
            "name",
            "year",
            "seeds",
            "start",
            "happened",
            STILL,
            TREND,
            KEPT,
            "model at start",
            MODEL,
            "SD",
        ]
        parts += [f"{name} of foreign background over schools:\n", tabulate(own[columns]), ""]
    own = compared[compared["measure"] == "pupils' share"]
    columns = ["name", "year", "start", "happened", "model at start", MODEL]
    parts += ["Share of the pupils of foreign background:\n", tabulate(own[columns]), ""]
    own = compared[compared["measure"] == "share of a school"]
    parts += [
        "How far a school's share is off, on average over pupils, of the schools that the model has too:\n",
        tabulate(own[["name", "year", STILL, KEPT, MODEL]]),
    ]
    return "\n".join(parts).rstrip() + "\n"


def say_verdict(judged: pd.DataFrame) -> str:
    """Say whether the model beats the best forecast without one, and where it fails."""
    table, ways = judge(judged), count_ways(judged).set_index("year")
    lines = []
    for year in LATER:
        row = table[(table["year"] == year) & (table["measure"] == "D")].iloc[0]
        best = min((STILL, TREND, KEPT), key=lambda name: row[name])
        better = _compare(row[MODEL], row[best])
        lines.append(
            f"- {year}: D in the model is off by {row[MODEL]:.3f}, {better} the best forecast without a "
            f"model ({best}, {row[best]:.3f}); its change on the real start by {row['its change']:.3f}. Of "
            f"{ways.loc[year, 'moved']} municipalities where D moved, it tells the way of "
            f"{ways.loc[year, MODEL]}."
        )
    own = judged[(judged["measure"] == "D") & (judged["year"] == LAST)]
    change = own["happened"] - own["start"]
    lines.append(
        f"- In {LAST} D had changed by {change.mean():+.3f} on average, in the model by "
        f"{(own[MODEL] - own['model at start']).mean():+.3f}. Where it changed most is another matter: over "
        f"municipalities the change in the model goes with what happened by a correlation of "
        f"{correlate(change, own[MODEL] - own['model at start']):.2f}, that of every school keeping its odds "
        f"by {correlate(change, own[KEPT] - own['start']):.2f}."
    )
    off = (own[MODEL] - own["happened"]).set_axis(own["name"])
    worst = off[off.abs().sort_values(ascending=False).index[:5]]
    farthest = ", ".join(f"{name} {error:+.3f}" for name, error in worst.items())
    lines.append(f"- Farthest off in {LAST}: {farthest}.")
    share = table[(table["year"] == LAST) & (table["measure"] == "share of a school")].iloc[0]
    better = "nearer" if share[MODEL] < share[KEPT] else "farther off"
    lines.append(
        f"- Shares of schools in {LAST} are off by {share[MODEL]:.3f} in the model, {better} than if every "
        f"school keeps its odds ({share[KEPT]:.3f})."
    )
    return "\n".join(lines) + "\n"


def _compare(error: float, other: float) -> str:
    """Return whether an error is smaller than another, differences of a twentieth left aside."""
    if abs(error - other) <= 0.05 * other:
        return "as much as"
    return "less than" if error < other else "more than"


def tabulate(table: pd.DataFrame) -> str:
    """Return a table in Markdown, numbers to three decimals, nothing where there is none."""

    def write(value: object) -> str:
        """Write one cell."""
        if isinstance(value, float):
            return "" if value != value else f"{value:.3f}"
        return str(value)

    rows = [list(table.columns), ["---"] * table.shape[1]]
    rows += [[write(value) for value in row] for row in table.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def draw_figure(compared: pd.DataFrame) -> Figure:
    """Draw, for each municipality, D as it went, in the model and where every school keeps its share."""
    own = compared[compared["measure"] == "D"]
    names = own.sort_values("start")["name"].unique()
    with house_style():
        figure = sheet(7.0, 1.1 + 0.42 * len(names))
        axes = figure.subplots()
        for y, name in enumerate(names):
            rows = own[own["name"] == name].set_index("year")
            for shift, values, color in (
                (0.18, [rows["start"].iloc[0], *rows["happened"]], GREY),
                (-0.18, [rows["model at start"].iloc[0], *rows[MODEL]], SCENARIOS[0]),
            ):
                axes.plot(values, [y + shift] * 3, color=color, linewidth=1.2)
                axes.scatter(values[:2], [y + shift] * 2, color=color, s=10, facecolors=["white", color])
                axes.scatter(
                    values[2:], [y + shift], color=color, s=28, marker=">" if values[2] > values[0] else "<"
                )
            axes.scatter(rows[KEPT].iloc[-1], y + 0.18, color=SCENARIOS[1], marker="|", s=60)
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.set_xlabel(
            f"D of foreign background over schools: {FIRST} (ring), {LATER[0]} (dot), {LAST} (arrow)"
        )
        handles = [
            axes.plot([], [], color=color, marker=mark, linestyle=style, label=label)[0]
            for color, mark, style, label in (
                (GREY, "", "-", "as it was"),
                (SCENARIOS[0], "", "-", "in the model"),
                (SCENARIOS[1], "|", "", f"{LAST} if every school keeps its share"),
            )
        ]
        figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False)
    return figure
