"""Run the replications of published results and print one table: `python -m experiments.replications`."""

import argparse
import sys
import time
from pathlib import Path

from experiments.replications import chains, residence, schools, status, work
from experiments.replications.finding import Finding

REPLICATIONS = (
    residence.REPLICATIONS
    | status.REPLICATIONS
    | chains.REPLICATIONS
    | schools.REPLICATIONS
    | work.REPLICATIONS
)
HEADINGS = ("Target", "Source", "What", "Expected", "Found", "Tolerance", "Verdict", "Seeds")
PREFACE = """# Published and exact results

Each row is a result of the literature and what the scenarios of this project give, with the seeds named.
*Published* is what a paper prints, *recomputed* what its authors' code or data give, *exact* what can be
proved. *Published (abstract)* is what a paper's abstract says in words; its tables were not
at hand, so that there is no number to compare with. `make replicate` makes this table anew.
"""


def main() -> int:
    """Run all replications or those named, print the table, write it; return 1 if any fails."""
    parser = argparse.ArgumentParser(prog="python -m experiments.replications", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"some of {', '.join(REPLICATIONS)}; none runs all")
    parser.add_argument("--output", type=Path, help="Markdown file to write, such as docs/replications.md")
    options = parser.parse_args()
    unknown = [target for target in options.targets if target not in REPLICATIONS]
    if unknown:
        parser.error(f"there is no replication {unknown[0]}; there are {', '.join(REPLICATIONS)}")
    findings: list[Finding] = []
    for target in options.targets or REPLICATIONS:
        began = time.perf_counter()
        new = REPLICATIONS[target]()
        findings += new
        for finding in new:
            print(
                f"{finding.verdict}  {finding.target:4} {finding.what}: {finding.found} ({finding.expected})"
            )
        print(f"      {target} took {time.perf_counter() - began:.0f} s", flush=True)
    table = as_markdown(findings)
    print(f"\n{table}")
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(f"{PREFACE}\n{table}\n", encoding="utf-8")
    return int(any(not finding.agrees for finding in findings))


def as_markdown(findings: list[Finding]) -> str:
    """Return the table of findings in Markdown."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    for f in findings:
        cells = (f.target, f.source, f.what, f.expected, f.found, f.tolerance, f.verdict, f.seeds)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
