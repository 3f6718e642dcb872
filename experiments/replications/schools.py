"""Published and exact results on schools: choice, admission, league tables."""

import numpy as np

from experiments.replications.finding import Finding, mean_and_sd, number, pattern
from segsim import indices
from segsim.city import City
from segsim.kernels.matching import (
    deferred_acceptance,
    immediate_acceptance,
    serial_dictatorship,
    top_trading_cycles,
)
from segsim.kernels.schools.league_tables import begin, tick

SCHOOLS = "preferences.schools.one_at_a_time."
HOUSING = "preferences.housing.one_at_a_time."


def school_d(name: str, seed: int, **overrides: object) -> float:
    """Run a scenario to its end and return D over schools."""
    city = City(name, seed=seed, **{"measures.names": ["D"], **overrides})
    while city.running:
        city.step()
    return float(indices.dissimilarity(city.simulation.schooling.composition()))


def choice_of_the_unhappy() -> list[Finding]:
    """T1: ruloweb's published runs."""
    findings = []
    cells = {
        (0.2, 1.0, False): (0.5434, "p .2, r 1, lottery off (100 runs)"),
        (0.3, 1.0, True): (0.288, "p .3, r 1, lottery on (24 of 100 runs)"),
        (0.3, 0.2, True): (0.352, "p .3, r .2, lottery on (25 of 100 runs)"),
    }
    for (red, share, lottery), (expected, what) in cells.items():
        change = {
            "city.grid.shares": {"red": red, "blue": 1 - red},
            SCHOOLS + "considered.share": share,
            SCHOOLS + "admission": "lottery" if lottery else "in_turn",
        }
        mean, sd = mean_and_sd([school_d("ruloweb", seed, **change) for seed in range(1, 21)])
        findings.append(
            number("T1", "published run files", f"school D, {what}", expected, mean, 0.012, "1-20", 4)
        )
        if not lottery:
            findings.append(number("T1", "published run files", "SD over runs", 0.0156, sd, 0.008, "1-20", 4))
    return findings


def tolerance() -> list[Finding]:
    """T5 and T9: Sage and Flache."""
    runs = {}
    for case, (alpha, rounds) in {"a": (0.2, 0), "b": (0.2, 34), "c": (1.0, 0)}.items():
        for tolerant in (0, 50):
            change = {
                SCHOOLS + "distance.composition_weight": alpha,
                SCHOOLS + "tastes.tolerant.share": (tolerant + 1) / 100,
                HOUSING + "last_step": rounds,
                "years": rounds + 140,
            }
            runs[case, tolerant] = [school_d("sage_flache", seed, **change) for seed in range(1, 21)]
    mean, sd = mean_and_sd(runs["a", 0])
    findings = [
        number("T5", "recomputed", "school D, FM 0, T 0, alpha .2", 0.697, mean, 0.04, "1-20"),
        number("T5", "recomputed", "SD over runs", 0.048, sd, 0.03, "1-20"),
    ]
    effects = {}
    for case, (expected, what) in {
        "a": (-0.52, "alpha .2, FM 0"),
        "b": (-0.37, "alpha .2, FM 34 simple"),
        "c": (-0.24, "alpha 1, FM 0"),
    }.items():
        effects[case] = float(np.mean(runs[case, 50]) - np.mean(runs[case, 0]))
        what = f"effect on school D of T 0 to 50, {what}"
        findings.append(
            number("T9", "published claim, recomputed", what, expected, effects[case], 0.05, "1-20")
        )
    ordered = effects["a"] < effects["b"] < effects["c"]
    findings.append(
        pattern(
            "T9",
            "published claim",
            "the sweet spot: order of the three effects",
            "strict",
            str(ordered),
            ordered,
            "1-20",
        )
    )
    return findings


def nearness_against_likeness() -> list[Finding]:
    """T11: the limits of Michailidis and others."""
    findings = []
    city = City(
        "michailidis", seed=1, **{SCHOOLS + "distance.composition_weight": 0.0, "measures.names": ["D"]}
    )
    while city.running:
        city.step()
    tables = city.tables
    area = tables.cells.area[tables.dwellings.cell[tables.households.home]]
    quadrants = np.zeros((4, 2), int)
    np.add.at(quadrants, (area, tables.households.group), 1)
    residential = float(indices.dissimilarity(quadrants))
    schools = float(indices.dissimilarity(city.simulation.schooling.composition()))
    findings.append(
        number(
            "T11",
            "recomputed",
            "school D with c = 0 is residential D of the quadrants",
            residential,
            schools,
            1e-9,
            "1",
            4,
        )
    )
    for weight in (0.8, 0.9, 1.0):
        values = [
            school_d("michailidis", seed, **{SCHOOLS + "distance.composition_weight": weight})
            for seed in range(1, 11)
        ]
        findings.append(
            number(
                "T11",
                "recomputed",
                f"school D with c = {weight:g}",
                1.0,
                float(np.mean(values)),
                0.0005,
                "1-10",
            )
        )
    return findings


def nearby_schools() -> list[Finding]:
    """TQ1 and TQ2: Stoica and Flache, with the dynamics of Sage and Flache and one taste for all."""
    peaks, seeds = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9), range(1, 6)
    mean: dict[tuple[float, float], float] = {}
    for weight in (1.0, 0.2):
        for peak in peaks:
            taste = {"shape": "single_peaked", "peak": peak, "at_all": 0.6}
            change = {
                SCHOOLS + "tastes": {},
                SCHOOLS + "utility": taste,
                SCHOOLS + "distance.composition_weight": weight,
                "years": 140,
            }
            mean[weight, peak] = float(np.mean([school_d("sage_flache", seed, **change) for seed in seeds]))
    lower = all(mean[0.2, peak] < mean[1.0, peak] for peak in peaks if mean[1.0, peak] > 0.3)
    shown = ", ".join(f"f {peak:g}: {mean[1.0, peak]:.2f} to {mean[0.2, peak]:.2f}" for peak in peaks)
    survives = {w: sum(mean[w, peak] < 0.3 for peak in peaks) for w in (1.0, 0.2)}
    return [
        pattern(
            "TQ1",
            "published",
            "a preference for nearby schools (weight .8) lowers school D, M = .6",
            "lower wherever schools segregate",
            shown,
            lower,
            "1-5",
        ),
        pattern(
            "TQ2",
            "published",
            "and keeps an integrated start (D < .3) at more peaks f",
            "at more",
            f"{survives[1.0]} without, {survives[0.2]} with, of {len(peaks)}",
            survives[0.2] > survives[1.0],
            "1-5",
        ),
    ]


def textbook_admission() -> list[Finding]:
    """T12: example 1 of Abdulkadiroglu and Sonmez 2003; i1, i2, i3 go to s1, s2, s3."""
    choices = np.array([[1, 0, 2], [0, 1, 2], [0, 1, 2]], np.int32)
    order = [[0, 2, 1], [1, 0, 2], [1, 0, 2]]  # students at each school, first before last
    priority = np.array([[-float(order[s].index(i)) for s in choices[i]] for i in range(3)])
    tie, seats = np.arange(3), np.ones(3, np.int32)
    findings = []
    for name, run, expected in (
        ("deferred acceptance", deferred_acceptance, [0, 1, 2]),
        ("top trading cycles", top_trading_cycles, [1, 0, 2]),
        ("Boston", immediate_acceptance, [1, 2, 0]),
    ):
        places = run(choices, priority, tie, seats).tolist()
        findings.append(
            pattern(
                "T12",
                "exact",
                name,
                write_matching(expected),
                write_matching(places),
                places == expected,
                "none",
            )
        )
    return findings


def write_matching(places: list[int]) -> str:
    """Write a matching."""
    return " ".join(f"i{i + 1}-s{s + 1}" for i, s in enumerate(places))


def serial_dictators() -> list[Finding]:
    """T13: mean rank under serial dictatorship with uniform preferences."""
    n, ranks = 200, []
    for seed in range(1, 101):
        rng = np.random.default_rng(seed)
        choices = np.array([rng.permutation(n) for _ in range(n)], np.int32)
        place = serial_dictatorship(choices, rng.random(n), np.arange(n), np.ones(n, np.int32))
        ranks.append(1 + (choices == place[:, None]).argmax(1).mean())
    exact = (n + 1) / n * (sum(1 / k for k in range(1, n + 2)) - 1)
    return [
        number(
            "T13", "exact", "mean rank, 200 students and seats", exact, float(np.mean(ranks)), 0.1, "1-100", 4
        )
    ]


def chance_alone() -> list[Finding]:
    """T14: expected D of a random allocation."""
    findings = []
    for size, expected in ((192, 0.0576), (22.5, 0.1682)):
        units = 100
        table = np.full((units, 2), size / 2)
        if size % 2:
            table[:, 0], table[:, 1] = np.resize([11, 12], units), np.resize([11, 11], units)
            table[: units // 2] = table[: units // 2, ::-1]
        value = indices.expected_dissimilarity(table.astype(int))
        what = f"E[D] of equal groups, {size:g} per unit"
        findings.append(number("T14", "exact", what, expected, value, 0.05 * expected, "none", 4))
    return findings


def league() -> list[Finding]:
    """T16: Kinkead's league tables."""
    findings = []
    for impact, selection, expected in (
        (-0.5, 0.0, (0.3214, 0.3214)),
        (-0.25, 0.0, (0.3958, 0.3958)),
        (0.0, 0.5, (0.625, 0.375)),
    ):
        highs, lows = [], []
        for seed in range(1, 11):
            achievement, school, means = np.empty(1000), np.empty(1000, np.int64), np.empty(2)
            key, trail = np.uint64(seed), []
            begin(achievement, school, 2, key)
            for step in range(1, 301):
                tick(achievement, school, np.full(2, impact), selection, key, step, means)
                if step > 100:
                    trail.append(means.copy())
            mean = np.mean(trail, axis=0)
            highs.append(mean.max())
            lows.append(mean.min())
        case = f"impact {impact:g}, selection {selection:g}"
        findings += [
            number(
                "T16", "exact", f"higher mean, {case}", expected[0], float(np.mean(highs)), 0.01, "1-10", 4
            ),
            number("T16", "exact", f"lower mean, {case}", expected[1], float(np.mean(lows)), 0.01, "1-10", 4),
        ]
    return findings


def share_of_residence() -> list[Finding]:
    """T20: the share of school segregation that residence explains."""
    return [number("T20", "printed", "model D .40 of actual D .62", 0.6435, 0.40 / 0.62, 0.002, "none", 4)]


REPLICATIONS = {
    "T1": choice_of_the_unhappy,
    "T5": tolerance,
    "T11": nearness_against_likeness,
    "T12": textbook_admission,
    "T13": serial_dictators,
    "T14": chance_alone,
    "T16": league,
    "T20": share_of_residence,
    "TQ1": nearby_schools,
}
