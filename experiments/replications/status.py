"""Published and exact results where two gain together, and where homes have prices and people status."""

from itertools import pairwise
from math import comb, exp

import numpy as np

from experiments.replications.finding import Finding, number, pattern
from segsim import indices
from segsim.city import City
from segsim.tables import NONE, Array

ONE = "preferences.housing.one_at_a_time."
ABSTRACT = "published (abstract)"
EACH = 9  # households of a block, and of a colour
BETA = 4.0


def swaps() -> list[Finding]:
    """R17: Zhang's swaps, two blocks that are full."""
    findings, source = [], "exact"
    for at_all in (0.0, 0.5):
        weights = [comb(EACH, k) ** 2 * exp(BETA * at_all / 4 * k * (k - EACH)) for k in range(EACH + 1)]
        expected = np.array(weights) / sum(weights)
        paths = [count_reds(peak, at_all, steps=200_000) for peak in (0.6, 1.0)]
        counts = np.bincount(paths[1], minlength=EACH + 1) / paths[1].size
        case = f"one colour only worth {at_all:g}"
        apart = float(expected[[0, 1, -2, -1]].sum())
        found = float(counts[[0, 1, -2, -1]].sum())
        variation = 0.5 * float(np.abs(counts - expected).sum())
        findings += [
            number("R17", source, f"P(at most one of the other colour), {case}", apart, found, 0.01, "1", 4),
            number(
                "R17",
                source,
                f"total variation, {case}",
                0.0,
                variation,
                0.01,
                "1",
                4,
            ),
            pattern(
                "R17",
                source,
                f"how well half and half is liked does not matter, {case}",
                "the same path",
                "the same path" if np.array_equal(*paths) else "another",
                np.array_equal(*paths),
                "1",
            ),
        ]
    return findings


def count_reds(peak: float, at_all: float, steps: int) -> Array:
    """Return the reds in the first block after each step, half and half being worth `peak`."""
    changes = {
        "city.grid.rows": 2,
        "city.grid.columns": EACH,
        "city.grid.torus": False,
        "city.grid.blocks": {"height": 1, "width": EACH},
        ONE + "neighbourhood": {"shape": "areas"},
        ONE + "utility.points": ((0, 0), (0.5, peak), (1, at_all)),
        ONE + "activation.number": 10,
        ONE + "rule.beta": BETA,
        "measures.names": ["D"],
    }
    relocation = City("zhang", seed=1, **changes).simulation.relocation
    board, out = relocation.board, np.empty(steps, np.int64)
    for step in range(steps):
        relocation.step(step + 1)
        out[step] = board.near[0]
    return out


def prices() -> list[Finding]:
    """R18: a price that rises with the households around, two blocks half full."""
    cells, households, price, beta = 10, 10, 1.0, 5.0

    def sum_prices(n: int) -> float:
        return price * sum(k - 1 for k in range(1, n + 1)) / (cells - 1)

    first = np.arange(households + 1)
    weights = [
        comb(cells, n) * comb(cells, households - n)
        * exp(-beta * (sum_prices(n) + sum_prices(households - n)))
        for n in first
    ]  # fmt: skip
    expected = np.array(weights) / sum(weights)
    changes = {
        ONE + "utility": {"shape": "linear", "weight": 0.0},
        ONE + "market": {"price": {"occupied": price}, "worth": {"price": 1.0}},
        ONE + "rule.beta": beta,
        "measures.names": ["D"],
    }
    relocation = City("grauwin", seed=1, **changes).simulation.relocation
    counts = np.zeros(households + 1)
    for step in range(1, 200_001):
        relocation.step(step)
        counts[relocation.board.near[0]] += 1
    counts /= counts.sum()
    gap = np.abs(2 * first - households) / households
    variation = 0.5 * float(np.abs(counts - expected).sum())
    return [
        number(
            "R18", "exact", "P(5 in each block), price by occupancy", float(expected[5]), float(counts[5]),
            0.01, "1", 4,
        ),
        number(
            "R18", "exact", "E|n1 - n2| / N, price by occupancy", float(expected @ gap), float(counts @ gap),
            0.005, "1", 4,
        ),
        number("R18", "exact", "total variation, price by occupancy", 0.0, variation, 0.01, "1", 4),
    ]  # fmt: skip


def status_and_wealth() -> list[Finding]:
    """R19: Benard and Willer's two factors."""
    seeds = range(1, 11)
    found = {
        (e, r): float(np.mean([find_status_segregation(e, r, seed) for seed in seeds]))
        for e in (0.0, 0.5, 1.0)
        for r in (0.0, 0.5, 1.0)
    }
    source, what = ABSTRACT, "Moran's I of status"

    def told(keys: list[tuple[float, float]]) -> str:
        return ", ".join(f"{found[key]:.2f}" for key in keys)

    def rises(keys: list[tuple[float, float]]) -> bool:
        values = [found[key] for key in keys]
        return all(a + 0.05 < b for a, b in pairwise(values))

    none = [(0.0, r) for r in (0.0, 0.5, 1.0)]
    by_correlation, by_price = [(1.0, r) for r in (0.0, 0.5, 1.0)], [(e, 1.0) for e in (0.0, 0.5, 1.0)]
    together = found[1.0, 1.0] - found[0.0, 1.0] > found[1.0, 0.5] - found[0.0, 0.5] + 0.05
    return [
        pattern(
            "R19", source, f"{what} where prices do not follow wealth, correlation 0, .5, 1",
            "none (below .05)", told(none), all(abs(found[key]) < 0.05 for key in none), "1-10",
        ),
        pattern(
            "R19", source, f"{what} where they do, correlation of status and wealth 0, .5, 1",
            "rises", told(by_correlation), rises(by_correlation), "1-10",
        ),
        pattern(
            "R19", source, f"{what}, correlation 1, prices following wealth by 0, .5, 1",
            "rises", told(by_price), rises(by_price), "1-10",
        ),
        pattern(
            "R19", source, "the two together do more: effect of prices at correlation .5 and 1",
            "larger at 1",
            f"{found[1.0, 0.5] - found[0.0, 0.5]:.2f} and {found[1.0, 1.0] - found[0.0, 1.0]:.2f}",
            together, "1-10",
        ),
    ]  # fmt: skip


def find_status_segregation(endogeneity: float, correlation: float, seed: int) -> float:
    """Return Moran's I of the status of those who live on the board at the end."""
    city = City(
        "benard_willer",
        seed=seed,
        **{
            "city.grid.status.wealth_correlation": correlation,
            ONE + "market.price.wealth": endogeneity,
            "measures.names": ["D"],
        },
    )
    city.run()
    households, grid = city.tables.households, city.recipe.city.grid
    status = np.full(city.tables.dwellings.id.size, np.nan)
    settled = households.home != NONE
    status[households.home[settled]] = households.standard[settled]
    return float(indices.morans_i(status.reshape(grid.rows, grid.columns), "queen"))


def mild_wishes() -> list[Finding]:
    """R20: Clark and Fossett's three groups."""
    wanted, found, chance = (0.1, 0.2, 0.3, 0.5), [], 0.0
    for share in wanted:
        values = [find_minority_dissimilarity(share, seed) for seed in range(1, 11)]
        found.append(float(np.mean([d for d, _ in values])))
        chance = float(np.mean([expected for _, expected in values]))
    return [
        pattern(
            "R20",
            ABSTRACT,
            f"D of a fifth ({chance:.2f} by chance), all wanting .1, .2, .3, .5 of their own around",
            "rises; over .5 if half is wanted",
            ", ".join(f"{d:.2f}" for d in found),
            found == sorted(found) and found[-1] > 0.5,
            "1-10",
        ),
    ]


def find_minority_dissimilarity(share: float, seed: int) -> tuple[float, float]:
    """Return the D of the third group over blocks at the end, and what chance alone would give."""
    changes = {ONE + "utility.points": ((0, 0), (share, 1), (1, 1)), ONE + "market": None}
    city = City("clark_fossett", seed=seed, **changes)
    city.run()
    rows = city.rows()
    last = rows[(rows["year"] == rows["year"].max()) & (rows["grouping"] == "origin.black")]
    by_measure = last[last["level"] == "area"].set_index("measure")["value"]
    return float(by_measure["D"]), float(by_measure["D_expected"])


REPLICATIONS = {"R17": swaps, "R18": prices, "R19": status_and_wealth, "R20": mild_wishes}
