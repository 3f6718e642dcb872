"""The small file of tastes that a scenario reads."""

from pathlib import Path

from segsim.comparison.levels.newton import Held
from segsim.errors import ResultsError, tell_reason
from segsim.runs.store.store import write_whole


def write_tastes(held: Held, path: Path) -> None:
    """Write the tastes of a calibration, with their intervals and what they hold as comments.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    try:
        write_whole(path, format_tastes(held).encode())
    except OSError as error:
        reason = tell_reason(error)
        raise ResultsError(
            f"{path}: cannot be written ({reason}); name another file with --out",
            f"{path}: går inte att skriva ({reason:sv}); ange en annan fil med --out",
        ) from error


def format_tastes(held: Held) -> str:
    """Return the text of the file: YAML with `preferences` and nothing else."""
    name, years = held.recipe.name, held.years
    lines = [
        f"# Tastes that keep {name} as it is for {years} years when nothing is done.",
        f"# Found on seeds {', '.join(map(str, held.seeds))}; judge them on others: segsim verify {name}",
        f"# A scenario reads them by the line   tastes: {name}_tastes.yaml",
        "#",
        f"# what is to stay: at the start, change in {years} years before and now (95 % over seeds)",
    ]
    for row in held.figures.itertuples():
        verdict = "held" if row.held else f"NOT held within {row.tolerance:g}"
        lines.append(
            f"#   {row.series}: {row.start:.3f}, {row.before:+.4f}, {row.change:+.4f} "
            f"({row.low:+.4f} to {row.high:+.4f}), {verdict}"
        )
    sections: dict[str, list[str]] = {}
    for row in held.values.itertuples():
        _, section, key = str(row.key).split(".")
        bound = "; at its bound" if row.at_bound else ""
        line = f"    {key}: {row.value:g}  # {row.low:.3g} to {row.high:.3g}, was {row.before:g}{bound}"
        sections.setdefault(section, []).append(line)
    lines.append("preferences:")
    for section, members in sections.items():
        lines += [f"  {section}:", *members]
    return "\n".join(lines) + "\n"
