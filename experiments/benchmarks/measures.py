"""What measuring costs: all yearly measures as a share of the year they measure, in one run.

    python experiments/benchmarks/measures.py [SCENARIO]

The first two years are left out, because they compile; so are years with the costlier profiles.
"""

import statistics
import sys
import time

from segsim.city import City

YEARS, WANTED = 9, 0.08


def main() -> None:
    """Print the median time of a year and of its measures, and their ratio."""
    scenario = sys.argv[1] if len(sys.argv) > 1 else "sodertalje"
    city = City(scenario, seed=1)
    measure, spent = city.measurer.measure, []

    def time_measure(*arguments):
        start = time.perf_counter()
        measure(*arguments)
        spent.append(time.perf_counter() - start)

    city.measurer.measure = time_measure
    years = []
    for _ in range(YEARS):
        start = time.perf_counter()
        city.step()
        years.append(time.perf_counter() - start)
    year, measures = statistics.median(years[2:]), statistics.median(spent[2:])
    share = statistics.median(m / y for m, y in zip(spent[2:], years[2:], strict=True))
    rows = len(city.rows()) // (YEARS + 1)
    print(f"measures of {scenario}: {1000 * measures:.1f} ms of a year of {1000 * year:.0f} ms, {rows} rows")
    print(f"share of the year {share:.1%}, wanted at most {WANTED:.0%}: {'yes' if share <= WANTED else 'no'}")


if __name__ == "__main__":
    main()
