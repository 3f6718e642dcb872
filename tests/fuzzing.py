"""Files spoilt at random: every shipped scenario, experiment and claim, and the tables and maps of the tests.

`python -m tests.fuzzing 10000` spoils so many and says how they were answered (`make fuzz`).
"""

import re
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from segsim.errors import DataError, ScenarioError
from segsim.scenario import load_scenario
from segsim.scenario.experiment.claim_loading import load_claim
from segsim.scenario.experiment.loading import load_experiment
from segsim.synthesis import collect_notes

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "tests" / "fixtures"
TABLES = (
    "deso_example.csv",
    "schools_example.csv",
    "school_places_example.csv",
    "plans_example.csv",
    "school_plans_example.csv",
    "boundaries_example.geojson",
)
CITY = """\
city:
  areas: deso_example.csv
  municipality: "0099"
  boundaries: boundaries_example.geojson
  schools: schools_example.csv
  school_coordinates: school_places_example.csv
policies:
  - named_plans: {plans: plans_example.csv}
  - school_plan: {changes: school_plans_example.csv}
"""
JUNK = (
    *("", "null", "~", "true", "-1", "0", "1e308", "1e999", ".nan", "5%", "0,5", "1 000", "0181", "[]", "{}"),
    *("- ", "!!python/name:os.system x", "!mine 5", "&a [*a]", "*b", "'", '"', "a: b", "{a: 1}", "[a, b]"),
    *("Håbo", "\u2028", "\ufeff", "\x00", "../..", "/", "~nobody/x", "a" * 300, "9" * 400, "=1+1", "<b>"),
)
"""What is put in the place of a value, a cell or a piece of text."""
WORD = "zqxj"
"""Begins every key and column that is put in the place of one there is; no name is like it."""
TURNS = 6
"""How often each table comes in a round, in which each scenario and experiment comes once."""
PATIENCE = 10.0
"""Seconds of processor time after which a file counts as hanging."""


class Answer(NamedTuple):
    """How a spoilt file was answered.

    `kind` is refused, accepted, or a fault: "unread" where a new key or column went unmentioned, "no place"
    where a refusal does not name the file, "not Swedish" where its Swedish does not either or holds
    English words, "crash" and "slow".
    """

    kind: str
    said: str
    seconds: float


def prepare(folder: Path) -> list[Path]:
    """Copy everything that is to be spoilt into a folder, and return the files."""
    for part in ("scenarios", "experiments"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name in TABLES:
        shutil.copy(FIXTURES / name, folder / name)
    (folder / "town.yaml").write_text(CITY, "utf-8")
    spoilt = (*folder.glob("*/*.yaml"), *folder.glob("experiments/claims/*.yaml"))
    return [*sorted(spoilt), *([folder / name for name in TABLES] * TURNS)]


def spoil(file: Path, rng: np.random.Generator) -> tuple[bytes, str]:
    """Return what a file holds after one to three mutations, and the new key or column among them."""
    text = file.read_text("utf-8")
    ways = SPOIL_YAML if file.suffix == ".yaml" else SPOIL_JSON if file.suffix == ".geojson" else SPOIL_TABLE
    if rng.random() < 0.25:
        return rename(file, text, rng)
    for _ in range(rng.integers(1, 4)):
        text = ways[rng.integers(len(ways))](text, rng)
    content = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.1 and content:
        spoilt = bytearray(content)
        for place in rng.integers(len(spoilt), size=3):
            spoilt[place] = rng.integers(256)
        content = bytes(spoilt[: rng.integers(1, len(spoilt) + 1)] if rng.random() < 0.3 else spoilt)
    return content, ""


def rename(file: Path, text: str, rng: np.random.Generator) -> tuple[bytes, str]:
    """Give one key or column a name that nothing knows."""
    new = f"{WORD}{rng.integers(1000)}"
    lines = text.split("\n")
    if file.suffix == ".csv":
        header = lines[0].split(",")
        header[rng.integers(len(header))] = new
        return "\n".join([",".join(header), *lines[1:]]).encode(), new
    keys = [
        i for i, line in enumerate(lines) if line.strip(" -").split(":")[0].isidentifier() and ":" in line
    ]
    if file.suffix != ".yaml" or not keys:
        return text.replace('"properties"', f'"{new}"', 1).encode(), ""
    i = keys[rng.integers(len(keys))]
    key = lines[i].strip(" -").split(":")[0]
    lines[i] = lines[i].replace(key, new, 1)
    return "\n".join(lines).encode(), new


def pick_line(text: str, rng: np.random.Generator, change: Callable[[list[str], int], None]) -> str:
    """Change one line of a text."""
    lines = text.split("\n")
    change(lines, int(rng.integers(len(lines))))
    return "\n".join(lines)


def choose_junk(rng: np.random.Generator) -> str:
    """Return one piece of junk."""
    return JUNK[rng.integers(len(JUNK))]


def drop_line(text: str, rng: np.random.Generator) -> str:
    """Leave one line out."""
    return pick_line(text, rng, lambda lines, i: lines.pop(i) and None)


def double_line(text: str, rng: np.random.Generator) -> str:
    """Write one line twice."""
    return pick_line(text, rng, lambda lines, i: lines.insert(i, lines[i]))


def move_line(text: str, rng: np.random.Generator) -> str:
    """Put one line elsewhere."""
    lines = text.split("\n")
    lines.insert(int(rng.integers(len(lines))), lines.pop(int(rng.integers(len(lines)))))
    return "\n".join(lines)


def indent_line(text: str, rng: np.random.Generator) -> str:
    """Indent one line further, or less, or by a tab."""
    by = ("  ", " ", "\t", "    ")[rng.integers(4)]

    def change(lines: list[str], i: int) -> None:
        lines[i] = by + lines[i] if rng.random() < 0.6 else lines[i].removeprefix("  ")

    return pick_line(text, rng, change)


def replace_value(text: str, rng: np.random.Generator) -> str:
    """Put junk in the place of what follows a key."""
    junk = choose_junk(rng)

    def change(lines: list[str], i: int) -> None:
        key, colon, _ = lines[i].partition(":")
        lines[i] = f"{key}: {junk}" if colon else junk

    return pick_line(text, rng, change)


def insert_junk(text: str, rng: np.random.Generator) -> str:
    """Put junk somewhere."""
    place = int(rng.integers(len(text) + 1))
    return text[:place] + choose_junk(rng) + text[place + int(rng.integers(4)) :]


def replace_cell(text: str, rng: np.random.Generator) -> str:
    """Put junk, or a number far off, in the place of one cell."""
    numbers = ("0", "-5", "99999999", "0.5", "..", "1e9", "12,5", "N/A")
    new = numbers[rng.integers(len(numbers))] if rng.random() < 0.5 else choose_junk(rng)

    def change(lines: list[str], i: int) -> None:
        cells = lines[i].split(",")
        cells[rng.integers(len(cells))] = new
        lines[i] = ",".join(cells)

    return pick_line(text, rng, change)


def exchange_columns(text: str, rng: np.random.Generator) -> str:
    """Exchange the headers of two columns."""
    head, _, rest = text.partition("\n")
    header = head.split(",")
    i, j = rng.integers(len(header), size=2)
    header[i], header[j] = header[j], header[i]
    return ",".join(header) + "\n" + rest


def drop_column(text: str, rng: np.random.Generator) -> str:
    """Leave one column out."""
    rows = [line.split(",") for line in text.split("\n")]
    at = int(rng.integers(len(rows[0])))
    return "\n".join(",".join(cells[:at] + cells[at + 1 :]) for cells in rows)


def part_otherwise(text: str, rng: np.random.Generator) -> str:
    """Part the columns by another sign."""
    return text.replace(",", ";\t|"[rng.integers(3)])


SPOIL_YAML = (drop_line, double_line, move_line, indent_line, replace_value, replace_value, insert_junk)
SPOIL_TABLE = (
    *(replace_cell, replace_cell, replace_cell, drop_line, double_line, exchange_columns, drop_column),
    *(part_otherwise, insert_junk),
)
SPOIL_JSON = (insert_junk, insert_junk, drop_line)


def read(file: Path) -> str:
    """Read a file as a user would, and return everything that was taken from it or said of it."""
    if file.suffix != ".yaml":
        scenario = load_scenario(file.with_name("town.yaml"))
        return " ".join(note.text("en") for note in collect_notes(scenario))
    if file.parent.name == "claims":
        return load_claim(file, "sodertalje").model_dump_json()
    if file.parent.name == "experiments":
        return load_experiment(file).model_dump_json()
    return load_scenario(file).model_dump_json()


def find_english(text: str) -> list[str]:
    """Return the English words of a Swedish message that are not what the user wrote."""
    bare = re.sub(r'"[^"]*"|`[^`]*`|\([^)]*\)|\S*[./_]\S*', "", text)
    return re.findall(r"\b(?:the|is|are|of|and|not|must|there|with|has|have|found|known|here)\b", bare)


def answer(file: Path, new: str) -> Answer:
    """Read a spoilt file and judge the answer."""
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            said, kind = read(file), "accepted"
        if new and new not in said:
            kind = "unread"
    except (ScenarioError, DataError) as error:
        said, kind = str(error), "refused"
        if file.name not in said or "\x00" in said or len(said) > 100_000:
            kind = "no place"
        elif find_english(f"{error:sv}") or file.name not in f"{error:sv}":
            kind = "not Swedish"
    except Exception as error:
        said, kind = f"{type(error).__name__}: {error}", "crash"
    seconds = time.process_time() - start
    return Answer("slow" if seconds > PATIENCE else kind, said, seconds)


def fuzz(files: list[Path], numbers: range) -> list[tuple[Path, int, Answer]]:
    """Spoil files in turn, one for each number, which is the seed; leave each as it was."""
    out = []
    for number in numbers:
        file = files[number % len(files)]
        whole = file.read_bytes()
        content, new = spoil(file, np.random.default_rng([20221231, number]))
        file.write_bytes(content)
        out.append((file, number, answer(file, new)))
        file.write_bytes(whole)
    return out


def main() -> None:
    """Spoil as many files as the command line says, and print how they were answered."""
    n = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        answers = fuzz(prepare(Path(name)), range(n))
    counts = Counter(found.kind for _, _, found in answers)
    slowest = max(found.seconds for _, _, found in answers)
    print(f"{n} files: {dict(counts.most_common())}; slowest {slowest:.1f} s of processor time")
    faults = [one for one in answers if one[2].kind not in ("refused", "accepted")]
    for file, number, found in faults[:50]:
        print(f"{number} {file.name}: {found.kind}: {found.said[:300]}")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
