"""League tables that mislead: two schools whose results say more of their pupils than of the schools.

After Kinkead's classroom model: a school's impact changes what its pupils achieve, but a mean that is
published draws the able to the school that has the higher one, whatever its impact.
"""

import numpy as np

from segsim.kernels.compile import lean
from segsim.kernels.draws import Stream, bits, nth
from segsim.tables import Array

_LEAGUE = int(Stream.LEAGUE)
GAIN = 0.2  # share by which achievement changes in a tick at impact 1
TURNOVER = 0.2  # probability that a pupil leaves in a tick


@lean
def begin(achievement: Array, school: Array, n_schools: int, key: np.uint64) -> None:
    """Fill achievements with uniforms on [0, 1) and spread pupils over the schools in turn."""
    base = bits(key, _LEAGUE, 0, 0, 0)
    for p in range(achievement.size):
        achievement[p] = nth(base, p)
        school[p] = p % n_schools


@lean
def tick(
    achievement: Array,
    school: Array,
    impact: Array,
    selection: float,
    key: np.uint64,
    step: int,
    means: Array,
) -> None:
    """Let pupils learn, publish the schools' means, and replace those who leave.

    Parameters
    ----------
    achievement : float64 per pupil
        From 0 to 1; becomes min(1, a (1 + GAIN impact)).
    school : int64 per pupil
    impact : float64 per school
    selection : float
        Probability that a newcomer goes by the league table: to the school of the highest mean if it
        achieves more than .5, else to that of the lowest. Otherwise it takes the place of who left.
    key, step : uint64, int
        The run's key and the number of the tick.
    means : float64 per school
        Filled with the mean achievement after learning, before anybody leaves; NaN if empty.
    """
    for p in range(achievement.size):
        achievement[p] = min(1.0, achievement[p] * (1.0 + GAIN * impact[school[p]]))
    highest, lowest = publish(achievement, school, means)
    # three numbers a pupil, used or not, so that one pupil's draws do not shift another's
    base = bits(key, _LEAGUE, step, 0, 0)
    for p in range(achievement.size):
        if nth(base, 3 * p) < TURNOVER:
            talent = nth(base, 3 * p + 1)
            achievement[p] = talent
            if nth(base, 3 * p + 2) < selection:
                school[p] = highest if talent > 0.5 else lowest


@lean
def publish(achievement: Array, school: Array, means: Array) -> tuple[int, int]:
    """Fill the schools' means; return the schools of the highest and of the lowest."""
    highest = lowest = -1
    for s in range(means.size):
        total, n = 0.0, 0
        for p in range(achievement.size):
            if school[p] == s:
                total += achievement[p]
                n += 1
        means[s] = total / n if n > 0 else np.nan
        if n > 0 and (highest < 0 or means[s] > means[highest]):
            highest = s
        if n > 0 and (lowest < 0 or means[s] < means[lowest]):
            lowest = s
    return highest, lowest
