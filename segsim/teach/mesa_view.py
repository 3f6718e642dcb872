"""City in Mesa's own page: a Solara component for `SolaraViz` (needs the extra `solara`)."""

from base64 import b64encode
from typing import Any

import solara
from mesa.visualization.utils import update_counter

from segsim.teach.scenes.images import city_image, encode_png

WIDTH = 480
"""Points along the wider side of the picture, about."""


@solara.component
def CityView(model: Any) -> None:  # noqa: N802
    """Draw a city: the groups on a board, or the shares of foreign background of a municipality.

    Parameters
    ----------
    model : City
        The model of the page.

    Examples
    --------
    In a file `app.py` that is run with ``solara run app.py``. Mesa's page asks for every parameter of the
    model by name, so a model of one's own names those that are to have a slider::

        from mesa.visualization import Slider, SolaraViz
        from segsim import City
        from segsim.teach.mesa_view import CityView

        class Schelling(City):
            def __init__(self, wanted=0.4, rng=None):
                key = "preferences.housing.one_at_a_time.utility.threshold"
                super().__init__("mesa_schelling", rng=rng, **{key: wanted})

        sliders = {"wanted": Slider("Similar wanted", 0.4, 0.0, 1.0, 0.05), "rng": 1}
        page = SolaraViz(Schelling(rng=1), components=[CityView], model_params=sliders)
    """
    update_counter.get()
    picture = city_image(model)
    rows, columns = picture.squares.shape
    data = b64encode(encode_png(picture, max(1, WIDTH // max(rows, columns)))).decode()
    solara.HTML(
        tag="img",
        attributes={
            "src": f"data:image/png;base64,{data}",
            "alt": f"{model.recipe.label_en or model.recipe.name}, {model.year}",
            "style": f"width: 100%; max-width: {WIDTH}px; image-rendering: pixelated",
        },
    )
