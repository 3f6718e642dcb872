"""Who takes part in the labour force: the share by group, sex, education and age."""

import numpy as np

from segsim.rules.origins import by_age
from segsim.state import CityState
from segsim.tables import Array, Sex


def participation(state: CityState) -> Array:
    """Return the share that takes part in the labour force (groups x sexes x educations x ages).

    odds = level * odds by age * factor by origin and sex * factor by education * the place's own factor;
    share = odds / (1 + odds).
    """
    preferences = state.preferences.work
    by_group = np.empty((len(state.groups), len(Sex)))
    by_group[:, Sex.WOMAN] = preferences.participation_women.per_group(state.groups)
    by_group[:, Sex.MAN] = preferences.participation_men.per_group(state.groups)
    by_education = np.array(preferences.participation_education)
    odds = preferences.participation_level * by_age(preferences.participation_age)
    odds = by_group[:, :, None, None] * by_education[:, None] * odds
    odds = odds * np.exp(state.economy.participation)[..., None]
    return np.asarray(odds / (1.0 + odds))
