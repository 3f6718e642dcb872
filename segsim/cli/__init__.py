"""The command line; the only part that prints."""

from typing import Annotated

import typer

from segsim.cli.checking import check
from segsim.cli.claiming import claims
from segsim.cli.faults.faults import Commands
from segsim.cli.help import BilingualCommand
from segsim.cli.importing import import_
from segsim.cli.listing import list_
from segsim.cli.planning import plan
from segsim.cli.results import archive, cite, reproduce, results
from segsim.cli.running import calibrate, compare, report, run, sweep
from segsim.cli.teaching import teach
from segsim.cli.verifying import verify

app = typer.Typer(
    cls=Commands,
    help="Segregation in housing, schools and work: simulate a city, and compare policies with it as it is.",
    epilog="Start with: segsim compare scenarios/mixed_tenure.yaml. På svenska: segsim --help --language sv",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    run,
    compare,
    claims,
    sweep,
    calibrate,
    verify,
    report,
    reproduce,
    archive,
    cite,
    check,
    plan,
    teach,
):
    app.command(cls=BilingualCommand)(command)
app.command(name="list", cls=BilingualCommand)(list_)
app.command(name="import", cls=BilingualCommand)(import_)
app.add_typer(results, name="results")


@app.callback(invoke_without_command=True)
def segsim(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Hold the options of the program itself."""
    if version:
        from segsim import __version__

        print(f"segsim {__version__}")
        raise typer.Exit(0)


def main() -> None:
    """Run the command line."""
    app()
