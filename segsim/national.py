"""Figures of the nation, each stated once with its source, that scenarios start from and indices refer to."""

INDEX_MEAN_2022 = 9.40
"""Unweighted mean of the socio-economic index over Sweden's 3 363 RegSO 2022, percent (grade A: computed from
SCB's tables, with V2 for ages 25-64 and V3 the registered unemployed of 16-64; reproduces 95.9 % of the
official types)."""

INDEX_SD_2022 = 5.70
"""SD of the index over Sweden's 3 363 RegSO 2022, percentage points (grade A, as `INDEX_MEAN_2022`)."""

MERIT_MEAN_2024 = 228.6
"""Mean merit value of grade 9 over 17 subjects, points, school year 2024/25 (grade A: mean over the pupils of
Skolverket's table of 1 582 schools with a published value, 123 118 pupils)."""

RESIDENTS_IN_NEED_2022 = 1_413_863
"""Residents of areas of official types 1 and 2 in Sweden, 31 December 2022 (grade A: sum over DeSO of SCB's
tables 000005FE and 000005QX)."""

HOUSING_STARTS_OF_STOCK_2024 = 0.0055
"""Dwellings begun a year in Sweden 2023-24 over the stock (grade A: SCB, housing starts and stock)."""
