"""The command that tells how a city moves when nothing is done."""

from typing import Annotated

import typer

from segsim.cli.options import Cluster, Jobs, Language, Out, Tongue, load_recipes
from segsim.cli.showing import console_table, progress_bar, show
from segsim.words.text import Text

_FIRST_SEED = 101  # no taste that comes with segsim was found on these


def verify(
    scenario: Annotated[str, typer.Argument(help="A municipality or scenario; its policies are left out.")],
    seeds: Annotated[int, typer.Option("--seeds", min=2, help="Seeds, from 101.")] = 10,
    years: Annotated[int, typer.Option("--years", min=1, help="Years to follow.")] = 10,
    jobs: Jobs = None,
    out: Out = None,
    cluster: Cluster = None,
    language: Tongue = Language.en,
) -> None:
    """Tell how everything a planner reads moves without policy, with intervals over seeds.

    Every effect is a difference from this. With --out the runs are kept, and the table as drift.csv.
    """
    from segsim import runs
    from segsim.comparison.levels.drift import COLUMNS, format_drift, tabulate_drift
    from segsim.runs.store.store import write_whole
    from segsim.scenario.files.csv_text import write_csv

    recipe = load_recipes([scenario], years, None)[0].baseline()
    with progress_bar() as watcher:
        stored = runs.run(
            recipe,
            range(_FIRST_SEED, _FIRST_SEED + seeds),
            years,
            jobs=jobs,
            cluster=cluster,
            out=out,
            progress=watcher,
        )
    table = tabulate_drift(stored, sorted({min(5, years), years}))
    shown = console_table(*(heading.in_language(language.value) for heading in COLUMNS))
    for row in format_drift(table, language.value):
        shown.add_row(*row)
    show(shown)
    print(format(summarise(list(table["verdict"][table["years"] == years]), years), language.value))
    if out is not None:
        write_whole(out / "drift.csv", write_csv(table))
        print(out / "drift.csv")


def summarise(verdicts: list[str], years: int) -> Text:
    """Return how many figures stay."""
    still, moves = verdicts.count("still"), verdicts.count("moves")
    unclear = len(verdicts) - still - moves
    return Text(
        f"{still} of {len(verdicts)} figures stay within their tolerance for {years} years, {moves} move, "
        f"{unclear} are unclear at this number of seeds; read effects as differences from this, never the "
        "level of a later year as a forecast",
        f"{still} av {len(verdicts)} mått håller sig inom sin tolerans i {years} år, {moves} rör sig, "
        f"{unclear} är oklara med så många frön; läs effekter som skillnader mot detta, aldrig nivån ett "
        "senare år som en prognos",
    )
