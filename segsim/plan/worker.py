"""Runs one plan in a process of its own, as `segsim compare` does, and tells how far it has come."""

import json
import sys
from pathlib import Path
from typing import Any

from segsim.errors import SegsimError
from segsim.runs import Progress
from segsim.words.words import Words


def tell(**what: Any) -> None:
    """Write one line for the page's server."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def watch(progress: Progress) -> None:
    """Tell how many runs are done."""
    left = progress.seconds_left
    tell(done=progress.done, total=progress.total, left=left if left == left else None)


def run_job(kind: str, source: str, seeds: int, folder: Path, language: Any) -> Path:
    """Run a scenario file beside its city, or a city as it is; return the report."""
    from segsim import comparison, runs
    from segsim.scenario import load_scenario

    recipe = load_scenario(source)
    if kind == "compare":
        result = comparison.compare([recipe], seeds, out=folder, progress=watch)
        from segsim.report import write_comparison

        tell(writing=True)
        return write_comparison(result, folder, language)
    stored = runs.run([recipe], seeds, out=folder, progress=watch)
    from segsim.report import write_diagnosis

    tell(writing=True)
    return write_diagnosis(stored, folder, language)[0]


def main() -> None:
    """Read the job from standard input, run it, and tell where the report is or what went wrong."""
    job = json.loads(sys.stdin.readline())
    language = job["language"]
    try:
        page = run_job(job["kind"], job["source"], job["seeds"], Path(job["folder"]), language)
    except SegsimError as error:
        tell(problem=format(error, language))
    except MemoryError:
        tell(problem=Words(language, "plan")("plan.run.memory"))
    except Exception as error:
        tell(problem=Words(language, "plan")("plan.run.fault", kind=f"{type(error).__name__}: {error}"))
        raise
    else:
        tell(report=str(page))


if __name__ == "__main__":
    main()
