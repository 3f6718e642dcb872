"""Which tastes hold which figures, and between what bounds they are looked for."""

from dataclasses import dataclass

from segsim.runs.series import Series


@dataclass(frozen=True)
class Hold:
    """One figure that is to stay, and the taste that holds it.

    Attributes
    ----------
    key : str
        The scenario key that is set.
    series : Series
        The figure.
    step : float
        By how much the key is moved to see what it does.
    lowest, highest : float
        Bounds of the key.
    tolerance : float
        What of the figure's change matters: the unit in which figures are weighed against each other.
    level : float or None
        What the figure should be; None means what it is at the start.
    """

    key: str
    series: Series
    step: float
    lowest: float
    highest: float
    tolerance: float
    level: float | None = None


HOLDS = (
    Hold("preferences.housing.own_group", Series("D", "background", "area"), 0.7, 0.0, 9.0, 0.005),
    Hold("preferences.housing.income_similarity", Series("D", "income.low", "area"), 0.8, 0.0, 9.0, 0.01),
    Hold(
        "preferences.housing.affluent_similarity", Series("D", "income.high", "area"), 0.8, -0.5, 18.0, 0.01
    ),
    Hold("preferences.work.hear_directly", Series("employed", "", "municipality"), 0.02, 0.01, 0.3, 0.005),
    Hold("preferences.housing.crowding", Series("crowded", "", "municipality"), 0.5, 0.0, 4.0, 0.01),
    Hold("preferences.work.pay_below", Series("share", "income.low", "municipality"), 0.25, 0.2, 1.5, 0.005),
)
"""What `segsim calibrate MUNICIPALITY` sets.

Turnover is not among them: nothing in the area tables tells it, and at the nation's level (10 % of rentals a
year) it is set once for all places by `staying`.
"""
