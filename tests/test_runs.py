"""Many runs: the same bytes from everywhere, resumed after anything."""

import errno
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import quick_model
from quick_model import tree
from segsim import load_scenario
from segsim.errors import ResultsError, SegsimError
from segsim.runs import list_seeds, open_runs, plan_scenarios, provenance, run
from segsim.runs.store import upkeep
from segsim.runs.store.compaction import split_part
from segsim.runs.store.store import Store
from tests.patience import wait_until

TOWN = Path(__file__).parent / "scenarios" / "town.yaml"


@pytest.fixture(scope="module")
def town():
    return load_scenario(TOWN)


@pytest.fixture
def two(town):
    """The town, and the town with a stronger taste."""
    other = town.override({"preferences.housing.own_group": 3.5})
    return [town, other.model_copy(update={"name": "other"})]


def quick(scenarios, out=None, seeds=4, **options):
    return run(scenarios, seeds, 3, out=out, model=quick_model.rows, **{"executor": "serial", **options})


def run_files(folder):
    return sorted((Path(folder) / "runs").rglob("*.parquet"))


class TestRows:
    def test_frame__is_tidy_and_in_order(self, two):
        frame = quick(two).frame()
        assert list(frame) == ["scenario", "seed", "year", "measure", "grouping", "level", "unit", "value"]
        assert list(frame["scenario"].unique()) == ["town", "other"]
        assert len(frame) == 2 * 4 * 4 * 4
        assert list(frame["seed"].unique()) == [1, 2, 3, 4]

    def test_frame__keeps_what_is_asked_for(self, two):
        frame = quick(two).frame(measures=("D",), years=(two[0].start + 3,), units=False)
        assert len(frame) == 2 * 4

    def test_plan__interleaves_scenarios_within_seeds(self, two):
        plan = plan_scenarios(two, (1, 2), 3, model=quick_model.rows)
        assert [(job.name, job.seed) for job in plan.jobs()] == [
            ("town", 1),
            ("other", 1),
            ("town", 2),
            ("other", 2),
        ]

    def test_one_file__holds_all_rows(self, two, tmp_path):
        runs = quick(two, tmp_path / "r")
        one = pd.read_parquet(tmp_path / "r" / "runs.parquet")
        keys = ["scenario", "seed", "year", "measure", "unit"]
        pd.testing.assert_frame_equal(
            one.sort_values(keys, ignore_index=True), runs.frame().sort_values(keys, ignore_index=True)
        )

    def test_temporary_results__go_with_the_runs(self, town):
        runs = quick(town)
        folder = runs.folder
        assert folder.exists()
        del runs
        assert not folder.exists()

    @pytest.mark.parametrize("seeds", [0, [], [1, 1], [-1], -3])
    def test_seeds__bad_ones_are_refused(self, seeds):
        with pytest.raises(ValueError, match="seed"):
            list_seeds(seeds)

    def test_scenarios__of_one_name_are_refused(self, town):
        with pytest.raises(SegsimError, match="two scenarios are called town"):
            quick([town, town])


class TestExecutors:
    @pytest.mark.parametrize("executor", ["threads", "processes"])
    def test_executor__gives_the_bytes_of_serial(self, two, tmp_path, executor):
        quick(two, tmp_path / "serial")
        quick(two, tmp_path / executor, executor=executor, jobs=2)
        assert tree(tmp_path / "serial") == tree(tmp_path / executor)

    def test_executor_of_the_caller__is_used_and_left_open(self, two, tmp_path):
        quick(two, tmp_path / "serial")
        with ThreadPoolExecutor(2) as pool:
            quick(two, tmp_path / "own", executor=pool)
            assert pool.submit(int, 3).result() == 3
        assert tree(tmp_path / "serial") == tree(tmp_path / "own")

    def test_unknown_executor__is_refused(self, town):
        with pytest.raises(ValueError, match="serial, threads, processes, dask"):
            quick(town, executor="cloud")

    def test_processes__need_no_guarded_main_module(self, tmp_path):
        script = (
            "import sys; sys.path.insert(0, sys.argv[1])\n"
            "import quick_model; from segsim import load_scenario; from segsim.runs import run\n"
            "town = load_scenario(sys.argv[2])\n"
            "print(len(run(town, 3, 1, executor='processes', jobs=2, model=quick_model.rows).frame()))\n"
        )
        command = [sys.executable, "-", str(Path(__file__).parent), str(TOWN)]
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(3 * 2 * 4)

    def test_killed_worker__its_run_is_done_again(self, two, tmp_path, monkeypatch):
        quick(two, tmp_path / "calm", seeds=8)
        (tmp_path / "deaths").mkdir()
        for seed in (2, 5, 6):
            (tmp_path / "deaths" / str(seed)).touch()
        monkeypatch.setenv("QUICK_DEATHS", str(tmp_path / "deaths"))
        quick(two, tmp_path / "killed", seeds=8, executor="processes", jobs=2)
        assert not list((tmp_path / "deaths").iterdir())
        assert tree(tmp_path / "calm") == tree(tmp_path / "killed")

    def test_run_that_always_kills_its_worker__is_named(self, town, monkeypatch):
        monkeypatch.setattr("segsim.runs.execution.engine.MOST_LOSSES", 2)
        with pytest.raises(ResultsError, match="town, seed 2: 2 workers died"):
            run(town, 3, 1, executor="processes", jobs=2, model=quick_model.deadly_rows)

    @pytest.mark.parametrize("executor", ["serial", "processes"])
    def test_failing_run__is_named_and_the_others_kept(self, town, tmp_path, executor):
        with pytest.raises(ResultsError, match="town, seed 3: the run failed: ArithmeticError: no such city"):
            run(town, 5, 1, executor=executor, jobs=2, out=tmp_path, model=quick_model.failing_rows)
        assert len(run_files(tmp_path)) == 4

    def test_rows_without_a_column__are_refused(self, town):
        with pytest.raises(ResultsError, match="lack the columns value"):
            run(town, 1, 1, executor="serial", model=quick_model.shapeless_rows)

    def test_first_failures__stop_the_rest(self, town, monkeypatch):
        monkeypatch.setattr("segsim.runs.execution.engine.MOST_FAILURES", 2)
        seen = []
        with pytest.raises(ResultsError, match="and 1 more run"):
            run(town, 50, 1, executor="serial", model=quick_model.shapeless_rows, progress=seen.append)
        assert seen[-1].done == 0

    def test_progress__counts_to_the_total(self, two):
        seen = []
        quick(two, progress=seen.append)
        assert [p.done for p in seen] == list(range(9))
        assert seen[-1].latest == "other, seed 4"
        assert {p.total for p in seen} == {8}


class TestStore:
    def test_second_time__makes_nothing_again(self, two, tmp_path, monkeypatch):
        calls = tmp_path / "calls"
        calls.mkdir()
        monkeypatch.setenv("QUICK_CALLS", str(calls))
        for _ in range(2):
            run(two, 3, 1, executor="serial", out=tmp_path / "r", model=quick_model.counted_rows)
        assert len(list(calls.iterdir())) == 6

    def test_more_seeds__reuse_the_first_ones(self, two, tmp_path):
        seen = []
        quick(two, tmp_path, seeds=3)
        quick(two, tmp_path, seeds=5, progress=seen.append)
        assert (seen[0].done, seen[0].reused, seen[-1].total) == (6, 6, 10)

    def test_other_years__are_set_aside_not_mixed_in(self, two, tmp_path):
        quick(two, tmp_path, seeds=3)
        run(two, 3, 2, out=tmp_path, executor="serial", model=quick_model.rows)
        assert len(run_files(tmp_path)) == 6
        assert len(list((tmp_path / "superseded").iterdir())) == 6
        assert upkeep.verify(tmp_path).is_good

    @pytest.mark.parametrize("damage", ["truncated", "flipped", "emptied", "gone"])
    def test_damaged_file__is_found_named_and_made_again(self, two, tmp_path, damage):
        quick(two, tmp_path)
        before = tree(tmp_path)
        path = run_files(tmp_path)[3]
        data = bytearray(path.read_bytes())
        if damage == "gone":
            path.unlink()
        else:
            data[len(data) // 3] ^= 4
            path.write_bytes({"truncated": data[:-20], "flipped": data, "emptied": b""}[damage])
        found = upkeep.verify(tmp_path)
        assert not found.is_good
        assert len(found.missing) == 1
        assert found.damaged == (() if damage == "gone" else (path,))
        upkeep.repair(tmp_path, executor="serial")
        after = tree(tmp_path)
        assert {name: after[name] for name in before} == before
        assert upkeep.verify(tmp_path).is_good

    def test_file_beside_the_folders__is_found_and_set_aside(self, two, tmp_path):
        made = quick(two, tmp_path)
        first = run_files(tmp_path)[0]
        before = made.frame()
        (tmp_path / "runs" / "foo.parquet").write_bytes(b"junk")
        (tmp_path / "runs" / first.name).write_bytes(first.read_bytes())
        pd.testing.assert_frame_equal(made.frame(), before)
        pd.testing.assert_frame_equal(quick(two, tmp_path).frame(), before)
        assert not list((tmp_path / "runs").glob("*.parquet"))

    def test_damaged_runs_parquet__is_found_and_written_again(self, two, tmp_path):
        quick(two, tmp_path)
        before = tree(tmp_path)
        path = tmp_path / "runs.parquet"
        path.write_bytes(path.read_bytes()[:-30])
        assert upkeep.verify(tmp_path).damaged == (path,)
        upkeep.repair(tmp_path, executor="serial")
        assert tree(tmp_path) == before

    def test_every_byte__counts(self, town, tmp_path):
        quick(town, tmp_path, seeds=1)
        path = run_files(tmp_path)[0]
        whole = path.read_bytes()
        for position in range(0, len(whole), 97):
            data = bytearray(whole)
            data[position] ^= 1
            path.write_bytes(data)
            assert upkeep.verify(tmp_path).damaged == (path,), position

    def test_full_disk__stops_with_a_remedy_and_keeps_the_rest(self, two, tmp_path, monkeypatch):
        written = []
        real = Path.write_bytes

        def full(path, data):
            written.append(path)
            if len(written) > 6:
                real(path, data[:50])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(path, data)

        monkeypatch.setattr(Path, "write_bytes", full)
        with pytest.raises(ResultsError, match=r"no space left on device.*--resume"):
            quick(two, tmp_path / "r")
        monkeypatch.undo()
        assert not list((tmp_path / "r").rglob("*.tmp"))
        seen = []
        quick(two, tmp_path / "r", progress=seen.append)
        assert seen[0].reused > 0
        quick(two, tmp_path / "calm")
        assert tree(tmp_path / "r") == tree(tmp_path / "calm")

    def test_folder_that_cannot_be_written__is_told_before_any_run(self, town, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(ResultsError, match="cannot be written"):
            quick(town, tmp_path / "file" / "r")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
    def test_read_only_folder__is_told(self, town, tmp_path):
        tmp_path.chmod(0o500)
        with pytest.raises(ResultsError, match="permission denied"):
            quick(town, tmp_path / "r")

    def test_second_writer__is_refused(self, town, tmp_path):
        with Store(tmp_path / "runs").lock(), pytest.raises(ResultsError, match="another segsim"):
            quick(town, tmp_path)

    def test_provenance__is_inside_and_holds_no_time_or_machine(self, two, tmp_path):
        quick(two, tmp_path)
        about = json.loads(pq.read_schema(run_files(tmp_path)[0]).metadata[b"segsim"])
        assert {"scenario", "scenario_hash", "seed", "years", "versions", "code", "key", "schema"} <= set(
            about
        )
        text = json.dumps(about)
        assert os.uname().nodename not in text
        assert re.search(r"\d{4}-\d\d-\d\d[T ]\d\d:", text) is None
        volatile = json.loads((tmp_path / "provenance.json").read_text())
        assert {"made", "machine", "command", "versions"} <= set(volatile)

    def test_run_is_remade_from_its_folder_alone(self, two, tmp_path):
        quick(two, tmp_path)
        before = tree(tmp_path)
        for path in run_files(tmp_path):
            path.unlink()
        upkeep.repair(tmp_path, executor="serial")
        assert tree(tmp_path) == before

    def test_opened__reads_what_was_made(self, two, tmp_path):
        made = quick(two, tmp_path)
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), made.frame())
        run_files(tmp_path)[0].unlink()
        with pytest.raises(ResultsError, match="1 of 8 runs are missing"):
            open_runs(tmp_path)

    def test_results_of_an_older_model__can_still_be_read(self, two, tmp_path, monkeypatch):
        made = quick(two, tmp_path).frame()
        for module in ("plan", "store.upkeep", "execution.job", "execution.engine"):
            monkeypatch.setattr(f"segsim.runs.{module}.code_hash", lambda: "newer")
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), made)
        assert upkeep.verify(tmp_path).is_good
        assert not upkeep.read_contents(tmp_path).is_current
        upkeep.repair(tmp_path, executor="serial")
        assert upkeep.read_contents(tmp_path).is_current
        assert len(list((tmp_path / "superseded").iterdir())) == 8
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), made)

    def test_code_hash__covers_every_module_a_run_loads(self):
        """A change anywhere in them makes stored runs those of another version; texts and errors do not."""
        show = (
            "import sys, segsim.simulation; print(*(name for name in sys.modules if name[:7] == 'segsim.'))"
        )
        done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
        parts = {name.split(".")[1] for name in done.stdout.split()}
        assert parts - {"errors", "words"} <= {name.removesuffix(".py") for name in provenance.MODEL_PARTS}

    @pytest.mark.parametrize(
        ("part", "path"),
        [
            ("model", "segsim.runs.recipe:city_rows"),  # where it was before runs had folders
            ("recipe", "segsim.scenario.schema:OldScenario"),
        ],
    )
    def test_plan_of_another_version__says_what_it_lacks_and_is_made_again(self, two, tmp_path, part, path):
        made = quick(two, tmp_path).frame()
        facts = json.loads((tmp_path / "plan.json").read_text())
        (tmp_path / "plan.json").write_text(json.dumps(facts | {part: path}))
        for read in (open_runs, upkeep.verify):
            with pytest.raises(ResultsError, match=rf"plan\.json: was made with {path}, .* run the same"):
                read(tmp_path)
        (listed,) = upkeep.list_folders(tmp_path)
        assert listed.planned == 8
        pd.testing.assert_frame_equal(quick(two, tmp_path).frame(), made)

    def test_plan_that_is_no_plan__is_told(self, tmp_path):
        with pytest.raises(ResultsError, match=r"holds no plan\.json"):
            upkeep.verify(tmp_path)
        (tmp_path / "plan.json").write_text("{")
        with pytest.raises(ResultsError, match="cannot be read"):
            upkeep.verify(tmp_path)

    def test_list__shows_folders_below(self, two, tmp_path):
        quick(two, tmp_path / "a" / "b")
        (found,) = upkeep.list_folders(tmp_path)
        assert (found.scenarios, found.seeds, found.planned, found.files) == (2, 4, 8, 8)
        assert found.is_current
        with pytest.raises(ResultsError, match="no such folder"):
            upkeep.list_folders(tmp_path / "nowhere")


class TestCompact:
    def test_parts__hold_all_runs_and_can_be_taken_apart(self, two, tmp_path):
        runs = quick(two, tmp_path)
        before = runs.frame()
        files = {path.name: path.read_bytes() for path in run_files(tmp_path)}
        assert upkeep.compact(tmp_path) == 8
        (part,) = Store(tmp_path / "runs").entries()
        apart = {key: data for key, data in split_part(part)}
        assert {name.split("-")[0]: data for name, data in files.items()} == apart
        assert upkeep.verify(tmp_path).is_good
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), before)

    def test_after_compacting__more_seeds_and_fewer_go_on(self, two, tmp_path):
        quick(two, tmp_path)
        upkeep.compact(tmp_path)
        quick(two, tmp_path, seeds=6)
        assert upkeep.verify(tmp_path).whole == 12
        quick(two, tmp_path, seeds=2)
        assert upkeep.verify(tmp_path).is_good
        quick(two, tmp_path / "fresh", seeds=2)
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), open_runs(tmp_path / "fresh").frame())

    def test_killed_while_compacting__counts_nothing_twice(self, two, tmp_path, monkeypatch):
        before = quick(two, tmp_path).frame()
        unlinked = []

        def die(path, missing_ok=False):
            unlinked.append(path)
            if len(unlinked) == 3:
                raise KeyboardInterrupt

        monkeypatch.setattr(Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            upkeep.compact(tmp_path)
        monkeypatch.undo()
        assert upkeep.verify(tmp_path).repeated
        upkeep.compact(tmp_path)
        assert upkeep.verify(tmp_path).is_good
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), before)

    def test_damaged_part__is_made_again(self, two, tmp_path):
        before = quick(two, tmp_path).frame()
        upkeep.compact(tmp_path)
        (part,) = Store(tmp_path / "runs").entries()
        part.path.write_bytes(part.path.read_bytes()[:-9])
        upkeep.repair(tmp_path, executor="serial")
        pd.testing.assert_frame_equal(open_runs(tmp_path).frame(), before)


class TestReaders:
    """The folder is read by others without segsim."""

    @pytest.mark.parametrize("compacted", [False, True])
    def test_pandas_polars_duckdb__see_the_same(self, two, tmp_path, compacted):
        expected = quick(two, tmp_path).frame()
        if compacted:
            upkeep.compact(tmp_path)
        runs = tmp_path / "runs"
        assert len(pd.read_parquet(runs)) == len(expected)
        assert pd.read_parquet(runs)["value"].sum() == pytest.approx(expected["value"].sum())
        polars = pytest.importorskip("polars")
        assert polars.scan_parquet(runs / "**/*.parquet").collect().height == len(expected)
        duckdb = pytest.importorskip("duckdb")
        query = f"select count(*) from read_parquet('{runs}/**/*.parquet')"
        assert duckdb.sql(query).fetchall()[0][0] == len(expected)


def test_kill_9_of_main_process__loses_and_repeats_nothing(two, tmp_path):
    """Kill the main process at spread moments, resume each time: the folder ends as if never disturbed."""
    quick(two, tmp_path / "calm", seeds=20)
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import quick_model; from segsim import load_scenario; from segsim.runs import run\n"
        "town = load_scenario(sys.argv[2])\n"
        "other = town.override({'preferences.housing.own_group': 3.5})\n"
        "other = other.model_copy(update={'name': 'other'})\n"
        "run([town, other], 20, 3, executor='processes', jobs=2, out=sys.argv[3], model=quick_model.rows)\n"
    )
    out = tmp_path / "killed"
    command = [sys.executable, "-c", script, str(Path(__file__).parent), str(TOWN), str(out)]
    slow = {**os.environ, "QUICK_PAUSE": "0.05"}
    for kill in range(5):
        process = subprocess.Popen(command, env=slow, stderr=subprocess.DEVNULL)
        _wait_for_files(out, process, more_than=len(run_files(out)) + kill % 3)
        process.kill()
        process.wait()
    subprocess.run(command, check=True)
    assert tree(out) == tree(tmp_path / "calm")


def _wait_for_files(out, process, more_than):
    """Wait until a sweep has stored a few more runs, or has ended."""
    while process.poll() is None and len(run_files(out)) <= more_than:
        time.sleep(0.01)


def test_workers__leave_when_the_main_process_is_killed(tmp_path):
    script = (
        "import sys, os, time; from segsim.runs.execution.workers import Processes\n"
        "pool = Processes(2); [f.result() for f in [pool.submit(os.getpid) for _ in range(8)]]\n"
        "print(*pool.pids(), flush=True); pool.submit(time.sleep, 6000); time.sleep(6000)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in process.stdout.readline().split()]
    assert pids
    process.kill()
    process.wait()
    process.stdout.close()
    wait_until(lambda: not any(_is_alive(pid) for pid in pids))


def _is_alive(pid):
    """Tell whether a process runs; one that has ended but is not yet buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
