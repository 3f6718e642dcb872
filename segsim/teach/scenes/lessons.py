"""The lessons of the page, in the order in which a teacher may take them."""

from segsim.teach.scenes.settings import Settings

PRESETS: dict[str, Settings] = {
    settings.preset: settings
    for settings in (
        Settings(preset="schelling", rows=50, columns=50, density=0.9, wanted=0.34),
        Settings(
            preset="schelling_1971",
            rows=13,
            columns=16,
            density=0.6635,  # 70 of 208 squares vacant, as in the paper
            torus="no",
            wanted=0.5,
            candidates="nearest",
            speed=1,
        ),
        Settings(
            preset="tolerance_paradox",
            rows=60,
            columns=60,
            density=0.92,
            utility="single_peaked",
            wanted=0.5,
            at_all=0.6,
            content=0.9,
            rule="best_response",
            candidates="some",
        ),
        Settings(
            preset="beta_debate",
            rows=50,
            columns=50,
            density=0.85,
            utility="linear",
            content=0.6,
            radius=2,
            rule="logit",
            beta=2.0,
            candidates="all",
            speed=3,
        ),
        Settings(preset="vacancy", rows=60, columns=60, density=0.97, wanted=0.55),
        Settings(preset="unequal_groups", rows=60, columns=60, density=0.9, shares=(80, 20), wanted=0.4),
        Settings(
            preset="wish_for_a_mix",
            rows=40,
            columns=40,
            density=0.85,
            start="sorted",
            utility="single_peaked",
            wanted=0.5,
            at_all=0.5,
            content=0.3,
        ),
        Settings(
            preset="schools",
            scene="schools",
            rows=60,
            columns=60,
            density=0.9,
            utility="single_peaked",
            wanted=0.8,
            at_all=0.6,
            content=0.9,
            beta=12.0,
            rule="logit",
            candidates="some",
            radius=3,
            composition_weight=1.0,
            speed=3,
        ),
        Settings(preset="admission", scene="admission", mechanism="immediate", speed=0),
        Settings(preset="league_tables", scene="league", speed=2),
        Settings(preset="whole_city", scene="city", speed=1),
        Settings(preset="wish_or_rule", scene="policy", decision="no_wish", speed=1),
        Settings(preset="build_or_sell", scene="policy", decision="rentals_sold", map="tenure", speed=1),
        Settings(preset="home_or_choice", scene="policy", decision="everybody_chooses", speed=1),
        Settings(preset="place_or_people", scene="policy", decision="three_years", speed=1),
    )
}
"""Lessons by name."""
