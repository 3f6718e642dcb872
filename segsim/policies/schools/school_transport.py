"""School transport: free transport that makes schools farther away as near as those close by."""

from segsim.policies.city_wide import CityWide
from segsim.policies.evidence import Evidence
from segsim.section import setting
from segsim.words.text import Text


class SchoolTransport(CityWide):
    """Give every pupil free transport for a part of the way to school."""

    TITLE = Text("School transport", "Skolskjuts")
    MECHANISM = Text(
        en="So many kilometres of the way to school are unfelt when guardians rank schools, so that schools "
        "farther away are chosen. Who does not choose goes to the default school as before.",
        sv="Så många kilometer av vägen till skolan känns inte när vårdnadshavare rangordnar skolor, så att "
        "skolor längre bort väljs. Den som inte väljer får den anvisade skolan som förut.",
    )
    EVIDENCE = Evidence(
        Text(
            en="No measured effect of free transport on segregation or results was found; of free bus passes "
            "in Landskrona there is only a local claim of no harm. What follows here is the model's own.",
            sv="Ingen uppmätt effekt av fri skolskjuts på segregation eller resultat har hittats; om fria "
            "busskort i Landskrona finns bara en lokal uppgift om att de inte skadat. Det som följer här är "
            "modellens eget.",
        ),
        "none",
        (),
    )
    DECIDED_BY = "municipality"
    LEGAL = Text(
        en="That the municipality may give more free transport than the law demands is assumed.",
        sv="Att kommunen får ge mer fri skolskjuts än lagen kräver är ett antagande.",
    )
    REACHES = "pupils"
    NEUTRAL = {}
    EXAMPLE = {"transport_km": 5.0}
    SETS = "schools.admission"

    transport_km: float | None = setting(
        "Kilometres to school that free transport makes unfelt. Empty: no change.",
        "Så många kilometer till skolan som fri skolskjuts gör att familjen inte märker av. Tomt: ingen "
        "ändring.",
        None,
        ge=0,
        le=100,
    )
