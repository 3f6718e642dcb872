"""From claim files to claims put to a city, with their scenarios laid over it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from segsim.errors import ScenarioError, did_you_mean, list_names
from segsim.national import HOUSING_STARTS_OF_STOCK_2024
from segsim.scenario.experiment.checks import strip_origin
from segsim.scenario.experiment.claim import Claim, ClaimTest, Variant
from segsim.scenario.experiment.variants import UNTOLD, choose_policies, keep_decided_by
from segsim.scenario.files.paths import expand_path, is_file, is_folder
from segsim.scenario.loading import find_scenario, is_path, load_scenario
from segsim.scenario.messages import note_problem, validate_document
from segsim.scenario.reading import Document, Keys, Problem, read_document, refuse
from segsim.scenario.schema import Scenario
from segsim.words.text import Text


def claim_files() -> dict[str, Path]:
    """Return the claims that can be called by name, and their files: one's own before those of segsim."""
    package = Path(__file__).resolve().parents[2]
    own, source = Path.cwd() / "experiments" / "claims", package.parent / "experiments" / "claims"
    files: dict[str, Path] = {}
    for folder in (own, source, package / "claims"):
        for path in sorted(folder.glob("*.yaml")):
            files.setdefault(path.stem, path)
    return files


def find_claims(names: Sequence[str] = ()) -> list[Path]:
    """Return the files of claims given by name, file or folder; all there are if none is given.

    Raises
    ------
    ScenarioError
        If there is no such claim, with what is near.
    """
    known = claim_files()
    if not names and not known:
        raise ScenarioError(
            "there are no claims here; name a claim file",
            "det finns inga påståenden här; ange en fil med ett påstående",
        )
    return [path for name in names or known for path in find_claim(name, known)]


def find_claim(name: str, known: dict[str, Path]) -> list[Path]:
    """Return the file of a claim, or those of a folder."""
    if name in known:
        return [known[name]]
    path = expand_path(name, Path())
    if is_folder(path):
        files = sorted(path.glob("*.yaml"))
        if not files:
            raise ScenarioError(
                f"{name}: holds no claim file (.yaml)", f"{name}: har ingen fil med ett påstående (.yaml)"
            )
        return files
    if is_file(path):
        return [path]
    names = list_names(known)
    near = did_you_mean(name, known) or Text(f"; known: {names}", f"; det finns {names:sv}")
    raise ScenarioError(
        f'there is no claim {"file " * is_path(name)}"{name}"{near}',
        f'det finns {"ingen fil" if is_path(name) else "inget påstående"} "{name}"{near:sv}',
    )


def load_city(city: str) -> Scenario:
    """Return the city that claims are put to, which grows with its homes unless its file says otherwise.

    Raises
    ------
    ScenarioError
        If it is no city, or one with policies.
    """
    scenario = load_scenario(city)
    if scenario.city.grid is not None:
        raise ScenarioError(
            f"{city} is an abstract board; claims are put to a city, such as sodertalje",
            f"{city} är ett abstrakt bräde; påståenden ställs till en stad, såsom sodertalje",
        )
    if scenario.extends or scenario.policies:
        raise ScenarioError(
            f"{city} has policies or extends another city; claims are put to a city as it is: "
            f"give {scenario.extends or 'one without policies'}",
            f"{city} har åtgärder eller utgår från en annan stad; påståenden ställs till en stad som den "
            f"är: ange {scenario.extends or 'en utan åtgärder'}",
        )
    return scenario.override(choose_growth(scenario))


def choose_growth(city: Scenario) -> dict[str, Any]:
    """Return the settings that let a city grow with the homes built, as far as its file leaves them open.

    In a city whose population is held nothing is built ordinarily, so that a policy on new homes has nothing
    to act on, and homes it adds empty others: what is compared is then vacancies.
    """
    construction, demography = city.rules.housing.construction, city.preferences.demography
    if "demography" not in city.steps or {"population_follows", "growth"} & demography.model_fields_set:
        return {}
    growth: dict[str, Any] = {"preferences.demography.population_follows": "housing"}
    if construction.share_of_stock is None:
        growth["rules.housing.construction.share_of_stock"] = HOUSING_STARTS_OF_STOCK_2024
    return growth


def load_claims(paths: Sequence[Path], city: str) -> list[Claim]:
    """Read claims and lay their scenarios over a city.

    Raises
    ------
    ScenarioError
        With everything that is wrong in all the files, each with file, line, key and remedy.
    """
    claims: list[Claim] = []
    faults: list[Text] = []
    for path in paths:
        try:
            claims.append(load_claim(path, city))
        except ScenarioError as error:
            faults += error.lines
    names = [claim.name for claim in claims]
    twice = {name for name in names if names.count(name) > 1}
    faults += [
        Text(
            f'two claims are called "{name}"; rename a file',
            f'två påståenden heter "{name}"; byt namn på en fil',
        )
        for name in sorted(twice)
    ]
    if faults:
        raise ScenarioError(*("\n".join(texts) for texts in zip(*faults, strict=True)))
    return claims


def load_claim(path: str | Path, city: str) -> Claim:
    """Read one claim and lay its scenarios over a city.

    Parameters
    ----------
    path : str or Path
        A YAML file, usually in `experiments/claims/`.
    city : str
        A city as `load_scenario` takes it.
    """
    path = Path(path)
    document = read_document(path)
    if "name" in document.values:
        where = document.origin(("name",))
        raise ScenarioError(
            f'{where}: unknown key "name"; a claim is named by its file',
            f'{where}: okänd nyckel "name"; ett påstående har namn efter sin fil',
        )
    document.values["name"] = path.stem
    claim = validate_document(Claim, document)
    claim._document = document
    refuse(list(find_claim_problems(claim, document)))
    beside, growth = path.resolve().parent, choose_growth(load_scenario(city))
    claim._scenarios = {
        key: lay_over(variant, city, growth, document, ("scenarios", key), beside)
        for key, variant in claim.scenarios.items()
    }
    refuse(list(find_place_problems(claim, document)))
    return claim


def find_claim_problems(claim: Claim, document: Document) -> Iterator[Problem]:
    """Yield scenarios that tests name and the claim does not have, or that no test uses."""
    used = set()
    for i, test in enumerate(claim.tests):
        names = {**dict.fromkeys(test.contrast, "contrast"), **({test.place: "place"} if test.place else {})}
        used |= set(names)
        for name, key in names.items():
            if name not in claim.scenarios:
                there, near = list_names(claim.scenarios), did_you_mean(name, claim.scenarios)
                text = Text(
                    f'there is no scenario "{name}" here; there is {there}{near}',
                    f'det finns inget scenario "{name}" här; det finns {there:sv}{near:sv}',
                )
                yield note_problem(document.origin(("tests", i, key)), ("tests", i, key), text)
        for text in find_place_flaws(test):
            yield note_problem(document.origin(("tests", i, "measure")), ("tests", i, "measure"), text)
    for name in claim.scenarios:
        if name not in used:
            text = Text(
                "no test asks for it, so that it would run for nothing; remove it",
                "inget test frågar efter det, så det skulle köras i onödan; ta bort det",
            )
            yield note_problem(document.origin(("scenarios", name)), ("scenarios", name), text)


def find_place_flaws(test: ClaimTest) -> Iterator[Text]:
    """Yield how a measure and a place do not fit."""
    measure = test.measure.split("/")[0]
    is_of_place = measure.startswith(("people", "place", "change_by_", "gainers_"))
    if is_of_place and not test.place:
        yield Text(
            f"{measure} is about a place; give `place`, the scenario whose areas are meant",
            f"{measure} gäller en plats; ange `place`, scenariot vars områden avses",
        )
    if test.place and not is_of_place:
        yield Text(
            f"{measure} is about the whole city; remove `place`, or take people/... or place/...",
            f"{measure} gäller hela staden; ta bort `place`, eller ta people/... eller place/...",
        )


def find_place_problems(claim: Claim, document: Document) -> Iterator[Problem]:
    """Yield places that are the whole city."""
    for i, test in enumerate(claim.tests):
        if test.place and all(policy.areas.all for policy in claim.alternatives[test.place].policies):
            text = Text(
                f"{test.place} acts in the whole city, which is no place to follow",
                f"{test.place} verkar i hela staden, som inte är någon plats att följa",
            )
            yield note_problem(document.origin(("tests", i, "place")), ("tests", i, "place"), text)


def lay_over(
    variant: Variant, city: str, growth: Mapping[str, Any], document: Document, keys: Keys, beside: Path
) -> Scenario:
    """Return the scenario a claim means, over the city the claim is put to."""
    where = str(document.origin((*keys, "scenario")))
    path = find_scenario(variant.scenario, beside, f"{where}: scenario: ")
    scenario = load_scenario(path, growth, city=city)
    if not scenario.policies:
        raise ScenarioError(
            f"{where}: {variant.scenario} has no policies, so that it differs from no city",
            f"{where}: {variant.scenario} har inga åtgärder och skiljer sig därför inte från någon stad",
        )
    try:
        scenario = choose_policies(scenario, variant.only, variant.without)
        if variant.decided_by is not None:
            scenario = keep_decided_by(scenario, variant.decided_by)
    except ScenarioError as error:
        refuse([Problem(document.origin(keys), strip_origin(line)) for line in error.lines])
    if not scenario.policies:
        raise ScenarioError(
            f"{where}: nothing is left of {variant.scenario}; leave fewer policies out",
            f"{where}: inget finns kvar av {variant.scenario}; utelämna färre åtgärder",
        )
    labels = {key: text for key in ("label_en", "label_sv") if (text := getattr(variant, key))}
    if not variant.is_part:
        return scenario.model_copy(update=labels)
    name = f"{path.stem}_{keys[-1]}"
    return scenario.model_copy(update={"name": name, **UNTOLD, **labels})
