"""Published and exact results on residence: Schelling and those who came after."""

from math import comb, exp

import numpy as np

from experiments.replications.finding import Finding, number, pattern
from segsim import indices
from segsim.city import City

ONE = "preferences.housing.one_at_a_time."


def run_until_settled(name: str, seed: int, **overrides: object) -> City:
    """Run a scenario until it stops."""
    city = City(name, seed=seed, **{"measures.names": ["D"], **overrides})
    while city.running:
        city.step()
    return city


def netlogo_segregation() -> list[Finding]:
    """R1: NetLogo Segregation."""
    seeds = range(1, 101)
    alike, ticks, same = [], [], True
    for seed in seeds:
        city = run_until_settled("netlogo_segregation", seed)
        around = city.simulation.relocation.surroundings()
        alike.append(100 * around.like_pairs / around.pairs)
        ticks.append(city.year)
        other = run_until_settled("netlogo_segregation", seed, **{ONE + "utility.threshold": 0.33})
        same &= np.array_equal(city.simulation.relocation.squares(), other.simulation.relocation.squares())
    source = "recomputed from NetLogo 6"
    return [
        number("R1", source, "% similar at want 30", 75.0, float(np.mean(alike)), 0.8, "1-100", 2),
        number("R1", source, "median ticks at want 30", 17, float(np.median(ticks)), 3, "1-100", 1),
        pattern(
            "R1",
            "exact",
            "want 33 gives the run of want 30",
            "identical",
            "identical" if same else "differs",
            same,
            "1-100",
        ),
    ]


def schelling_board() -> list[Finding]:
    """R3: Schelling's board of 1971."""
    findings = []
    expected = {0.5: (0.778, 0.39), 1 / 3: (0.572, 0.135)}
    for demand, (like, alone) in expected.items():
        for order in ("random", "reading", "centre_outward"):
            shares, only_like = [], []
            for seed in range(1, 201):
                change = {ONE + "utility.threshold": demand, ONE + "activation.order": order}
                around = run_until_settled("schelling", seed, **change).simulation.relocation.surroundings()
                shares.append(around.like_pairs / around.pairs)
                only_like.append(around.only_like / around.households)
            name = f"demand {demand:.2g}, order {order}"
            source = "published (Fig. 9: .80), recomputed"
            findings.append(
                number("R3", source, f"like-share, {name}", like, float(np.mean(shares)), 0.01, "1-200")
            )
            findings.append(
                number(
                    "R3",
                    source,
                    f"no unlike neighbour, {name}",
                    alone,
                    float(np.mean(only_like)),
                    0.02,
                    "1-200",
                )
            )
    return findings


def bounded_neighbourhood() -> list[Finding]:
    """R4: Schelling's bounded neighbourhood."""
    findings = []
    for most_tolerant in (4.0, 5.0, 8.0):
        inside = [inside_at_end(most_tolerant, seed, 100, 100) for seed in range(1, 11)]
        expected = 100 * (1 - 1 / most_tolerant)
        low = float(np.mean([min(pair) for pair in inside]))
        high = float(np.mean([max(pair) for pair in inside]))
        findings.append(
            pattern(
                "R4",
                "exact",
                f"stable mix at R0 = {most_tolerant:g}, all starting inside",
                f"{expected:.0f} and {expected:.0f} (±1)",
                f"{low:.1f} and {high:.1f}",
                max(abs(low - expected), abs(high - expected)) <= 1,
                "1-10",
            )
        )
    inside = [inside_at_end(2.0, seed, 50, 50) for seed in range(1, 11)]
    one_colour = sum(min(pair) == 0 for pair in inside)
    findings.append(
        pattern(
            "R4",
            "exact",
            "R0 = 2, started at the unstable 50 and 50",
            "one colour in 10 of 10",
            f"one colour in {one_colour} of 10",
            one_colour == 10,
            "1-10",
        )
    )
    return findings


def inside_at_end(most_tolerant: float, seed: int, whites: int, blacks: int) -> tuple[int, int]:
    """Return how many of each group live in the bounded neighbourhood at the end."""
    rows = ["w" * whites + "b" * blacks, "w" * (100 - whites) + "b" * (100 - blacks)]
    city = City(
        "schelling_bounded",
        seed=seed,
        **{
            ONE + "utility.individual.most_tolerant": most_tolerant,
            "city.grid.numbers": {},
            "city.grid.placement": "pattern",
            "city.grid.pattern": [row.ljust(200, ".") for row in rows],
            "city.grid.signs": {"w": "white", "b": "black"},
            "measures.names": ["D"],
        },
    )
    for _ in range(200):
        city.step()
    squares = city.simulation.relocation.squares()[0]
    return int((squares == 1).sum()), int((squares == 2).sum())


def ring() -> list[Finding]:
    """R6: Pancs and Vriend's ring."""
    utilities = {
        "flat": {"shape": "threshold", "threshold": 0.5},
        "p50": {"shape": "single_peaked", "peak": 0.5, "at_all": 0.5},
        "p100": {"shape": "linear"},
    }
    findings = []
    for name, utility in utilities.items():
        segregated = 0
        for seed in range(1, 51):
            city = City("pancs_vriend", seed=seed, **{ONE + "utility": utility, "measures.names": ["D"]})
            while clusters(city) > 2 and city.running:
                city.step()
            for _ in range(200):
                city.step()
            segregated += clusters(city) == 2
        findings.append(
            pattern(
                "R6",
                "published",
                f"complete segregation of the ring, {name}",
                "2 clusters in 50 of 50",
                f"2 clusters in {segregated} of 50",
                segregated == 50,
                "1-50",
            )
        )
    return findings


def clusters(city: City) -> int:
    """Return the number of runs of like households on a ring."""
    line = city.simulation.relocation.squares()[0]
    return int((line != np.roll(line, 1)).sum())


def two_blocks() -> list[Finding]:
    """R10: Grauwin's two blocks."""
    findings = []
    for altruism, balanced, gap, utility in ((0.0, 0.4566, 0.1479, 0.9012), (0.25, 0.8484, 0.0326, 0.9774)):
        exact = stationary(10, 10, 0.5, 0.2, altruism)
        counts = sample_first_block(altruism, 1_000_000, seed=1)
        variation = 0.5 * float(np.abs(counts - exact).sum())
        n = np.arange(11)
        case = f"alpha {altruism:g}"
        findings += [
            number("R10", "exact", f"P(5 in each block), {case}", balanced, float(counts[5]), 0.005, "1", 4),
            number(
                "R10",
                "exact",
                f"E|n1 - n2| / N, {case}",
                gap,
                float((counts * abs(2 * n - 10)).sum() / 10),
                0.003,
                "1",
                4,
            ),
            number("R10", "exact", f"mean utility, {case}", utility, mean_utility(counts), 0.003, "1", 4),
            number("R10", "exact", f"total variation from P(n1), {case}", 0.0, variation, 0.005, "1", 4),
        ]
    return findings


def stationary(cells: int, households: int, at_all: float, temperature: float, altruism: float) -> np.ndarray:
    """Return Grauwin's exact distribution of the number of households in the first block."""

    def u(density: float) -> float:
        return 2 * density if density <= 0.5 else at_all + 2 * (1 - at_all) * (1 - density)

    weights = []
    for first in range(households + 1):
        blocks = (first, households - first)
        total = sum(n * u(n / cells) for n in blocks)
        links = sum(u(k / cells) for n in blocks for k in range(1, n + 1))
        potential = altruism * total + (1 - altruism) * links
        weights.append(comb(cells, blocks[0]) * comb(cells, blocks[1]) * exp(potential / temperature))
    return np.array(weights) / sum(weights)


def sample_first_block(altruism: float, steps: int, seed: int) -> np.ndarray:
    """Return how often each number of households lived in the first block, one step being ten proposals."""
    city = City("grauwin", seed=seed, **{ONE + "rule.altruism": altruism, "measures.names": ["D"]})
    relocation, counts = city.simulation.relocation, np.zeros(11)
    for step in range(1, steps + 1):
        relocation.step(step)
        counts[relocation.board.near[0]] += 1
    return counts / steps


def mean_utility(counts: np.ndarray) -> float:
    """Return the mean utility of households over a distribution of the number in the first block."""

    def u(density: float) -> float:
        return 2 * density if density <= 0.5 else 0.5 + (1 - density)

    return float(sum(p * (n * u(n / 10) + (10 - n) * u(1 - n / 10)) / 10 for n, p in enumerate(counts)))


def beyond_the_dichotomy() -> list[Finding]:
    """R14: Hatna and Benenson's transition."""
    findings = []
    bounds = {4: (-1, 0.1), 5: (-1, 0.1), 6: (0.55, 1), 8: (0.55, 1), 10: (0.9, 1), 12: (0.9, 1)}
    for wanted, (low, high) in bounds.items():
        moran = []
        for seed in range(1, 21):
            city = City(
                "hatna_benenson", seed=seed, **{ONE + "utility.peak": wanted / 24, "measures.names": ["D"]}
            )
            for _ in range(400):
                city.step()
            squares = city.simulation.relocation.squares().astype(float)
            moran.append(indices.morans_i(np.where(squares == 0, np.nan, squares), "rook"))
        mean = float(np.mean(moran))
        limit = f"< {high}" if low < 0 else f"> {low}"
        findings.append(
            pattern(
                "R14",
                "published (shape)",
                f"Moran's I (rook) after 400 steps at F = {wanted}/24",
                limit,
                f"{mean:.3f}",
                low < mean < high,
                "1-20",
            )
        )
    return findings


REPLICATIONS = {
    "R1": netlogo_segregation,
    "R3": schelling_board,
    "R4": bounded_neighbourhood,
    "R6": ring,
    "R10": two_blocks,
    "R14": beyond_the_dichotomy,
}
