"""Progress in a notebook: a line that is kept up to date, and nothing anywhere else."""

import sys
from types import SimpleNamespace

import pytest

from segsim.runs.execution.execution import Progress, ignore_progress
from segsim.runs.execution.notebook import NotebookLine, find_watcher, tell_progress


class Screen:
    """What a notebook shows, in the manner of IPython's display handles."""

    def __init__(self):
        self.shown = []

    def display(self, data, *, raw, display_id):
        assert raw
        assert display_id
        self.shown.append(data["text/plain"])
        return SimpleNamespace(update=lambda data, raw: self.shown.append(data["text/plain"]))


def play(*steps, total=100, reused=0):
    screen = Screen()
    watch = NotebookLine(screen.display)
    for done, seconds in steps:
        watch(Progress(done, total, reused, seconds, "town, seed 1"))
    return screen.shown


def test_line__tells_runs_and_time_left_and_at_last_the_time_taken():
    assert play((0, 0.0), (10, 2.0), (50, 100.0), (100, 4000.0)) == [
        "10 of 100 runs, about 18 s left",
        "50 of 100 runs, about 1 min 40 s left",
        "100 of 100 runs in 1 h 6 min",
    ]


def test_line__is_not_shown_for_quick_work_nor_for_every_run():
    assert play((0, 0.0), (60, 0.5), (100, 0.9)) == []
    assert play((0, 0.0), (100, 1.4)) == []
    assert len(play((10, 2.0), (11, 2.1), (12, 2.2), (13, 2.3), (14, 2.4))) == 2


def test_stored_runs__are_told_and_do_not_shorten_the_time():
    text = tell_progress(Progress(60, 100, 50, 20.0))
    assert text == "60 of 100 runs (50 of them stored before), about 1 min 20 s left"
    assert tell_progress(Progress(50, 100, 50, 1.0)) == "50 of 100 runs (50 of them stored before)"


@pytest.mark.parametrize(
    ("shell", "shows"), [(None, False), (SimpleNamespace(), False), (SimpleNamespace(kernel=1), True)]
)
def test_watcher__is_a_line_only_where_there_is_a_notebook(monkeypatch, shell, shows):
    screen = Screen()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=screen.display))
    watcher = find_watcher()
    watcher(Progress(1, 2, 0, 5.0))
    assert (screen.shown == ["1 of 2 runs, about 5 s left"]) == shows
    assert (watcher is ignore_progress) != shows


def test_watcher__is_none_where_nobody_uses_ipython(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert find_watcher() is ignore_progress
