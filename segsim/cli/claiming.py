"""The command that puts claims to a city."""

from pathlib import Path
from typing import Annotated

import typer

from segsim.cli.options import Cluster, Jobs, Language, Out, Seeds, Tongue, Years, check_folder
from segsim.cli.running import print_paths
from segsim.cli.showing import console_table, progress_bar, show


def claims(
    city: Annotated[
        str, typer.Argument(help="A municipality by name or code, or the scenario file of a city.")
    ] = "sodertalje",
    claim: Annotated[
        list[str] | None,
        typer.Option("--claim", help="Only this claim, by name, file or folder; may be repeated."),
    ] = None,
    seeds: Seeds = 20,
    years: Years = None,
    jobs: Jobs = None,
    out: Out = None,
    language: Tongue = Language.en,
    cluster: Cluster = None,
) -> None:
    """Put what is said of segregation policy to a city: yes, no or not settled, and what that rests on."""
    from segsim.comparison.claims import run_claims
    from segsim.scenario.experiment.claim_loading import load_city
    from segsim.words.words import Words

    folder = check_folder(out or Path("results") / f"claims-{load_city(city).name}", [])
    with progress_bar() as watcher:
        study = run_claims(
            city, claim or (), seeds, years, jobs=jobs, cluster=cluster, out=folder, progress=watcher
        )
    from segsim.report import write_claims  # late, so that the runs need not wait for it

    page = write_claims(study, folder, language.value)
    words = Words(language.value)
    table = console_table(words("claims.kicker"), "")
    for answer in study.answers:
        table.add_row(words(f"claims.answer.{answer.answer}"), answer.claim.text("claim", language.value))
    show(table)
    print_paths([page])
