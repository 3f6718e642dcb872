"""A page of Mesa's own, as a user of Mesa would write it; run with `solara run`."""

from mesa.visualization import Slider, SolaraViz

from segsim.city import City
from segsim.teach.mesa_view import CityView

WANTED = "preferences.housing.one_at_a_time.utility.threshold"


class Schelling(City):
    """Mesa's example, with the share wanted as a parameter."""

    def __init__(self, wanted: float = 0.4, rng: int | None = None) -> None:
        super().__init__("mesa_schelling", rng=rng, **{WANTED: wanted})


page = SolaraViz(
    Schelling(rng=1),
    components=[CityView],
    model_params={"wanted": Slider("Similar wanted", 0.4, 0.0, 1.0, 0.05), "rng": 1},
    name="segsim",
)
