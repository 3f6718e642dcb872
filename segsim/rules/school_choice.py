"""How guardians rank schools, and who looks for another."""

from typing import Annotated, Literal

from pydantic import Field

from segsim.section import Section, Share

EducationLevel = Literal["lower_secondary", "upper_secondary", "short_post_secondary", "long_post_secondary"]
NoiseSD = Annotated[float, Field(ge=0, le=20)]


class ChoiceWeights(Section):
    """How much each property of a school counts for a guardian, in logit units."""

    composition: float = Field(
        2.0, ge=-50, le=50, description="Weight of the single-peaked value of the own share among pupils (C)."
    )
    distance: float = Field(
        0.8, ge=-50, le=50, description="Weight of a kilometre (linear shape) or of the whole sigmoid (C)."
    )
    merit: float = Field(
        0.3, ge=-50, le=50, description="Weight of `merit_unit` points of published merit value (C)."
    )
    education: float = Field(
        0.0,
        ge=-50,
        le=50,
        description="Weight of the single-peaked value of the share of pupils whose parents are like the "
        "own: with post-secondary education, or without; beside `composition` (C).",
    )
    provider: float = Field(
        0.0, ge=-50, le=50, description="What an independent school has above a municipal one (C)."
    )
    sibling: float = Field(
        0.0, ge=-50, le=50, description="What a school that a sibling attends has above others (C)."
    )


class SchoolChoice(Section):
    """How guardians rank schools: scale * utility + a keyed Gumbel taste per pupil and school."""

    form: Literal["linear", "cobb_douglas"] = Field(
        "linear",
        description="linear: composition * V - distance * D + merit * z. cobb_douglas: V^a * P^(1 - a) + "
        "merit * z, with a = composition / (composition + distance) and P nearness from 1 to 0 at far_km.",
    )
    rule: Literal["logit", "best", "threshold", "heuristic"] = Field(
        "logit",
        description="How schools are put in order. logit: by utility and taste. best: by utility alone. "
        "threshold: schools with a composition worth at least `threshold` first, the nearest of them before "
        "others; the rest by utility. heuristic: by composition, where two differ by a `noticeable` step, "
        "else by merit likewise, else the nearest; what has weight 0 is passed over.",
    )
    threshold: Share = Field(
        0.5, description="Value of a school's composition, V, that is good enough under threshold (C)."
    )
    noticeable: float = Field(
        0.1,
        ge=0.01,
        le=1,
        description="Least difference in V, and in merit by `merit_unit`, that heuristic heeds (C).",
    )
    information_noise: tuple[NoiseSD, NoiseSD, NoiseSD, NoiseSD] = Field(
        (0.0, 0.0, 0.0, 0.0),
        description="How wrong guardians are about a school's merit value, SD in `merit_unit`, by parental "
        "education from lower secondary to long post-secondary; each errs alike every year (C).",
    )
    scale: float = Field(1.0, ge=0, le=1000, description="Scale of the utility against the taste (beta).")
    weights: ChoiceWeights = ChoiceWeights()
    group_weights: dict[str, ChoiceWeights] = Field(
        {}, description="Weights of origin groups that differ from the others, by group name."
    )
    education_weights: dict[EducationLevel, ChoiceWeights] = Field(
        {},
        description="Weights of guardians by parental education, where their group has none of its own.",
    )
    composition: Literal["background", "education"] = Field(
        "background",
        description="What x in V(x) is: pupils of the own background, or, for all guardians, mean parental "
        "education as a share of the highest.",
    )
    peak: float = Field(0.8, gt=0, le=1, description="f: the share where V is highest (C).")
    value_at_one: Share = Field(0.8, description="M: V where all pupils are of the own kind (C).")
    distance_shape: Literal["linear", "sigmoid"] = Field(
        "linear",
        description="Felt distance: kilometres, or 1 / (1 + exp(-(km - sigmoid_km) / sigmoid_width)).",
    )
    sigmoid_km: float = Field(2.0, ge=0, le=100, description="Where the sigmoid is one half (C).")
    sigmoid_width: float = Field(0.5, gt=0, le=100, description="Width of the sigmoid, km (C).")
    far_km: float = Field(10.0, gt=0, le=1000, description="Where nearness in cobb_douglas is 0 (C).")
    nearest: int = Field(
        5, ge=1, le=50, description="Schools with the grade that are considered, nearest first (C)."
    )
    independent_km: float = Field(
        8.0, ge=0, le=1000, description="Independent schools within this distance are considered too (C)."
    )
    merit_unit: float = Field(
        25.0,
        gt=0,
        le=340,
        description="Points of published merit value that the weights of merit count as one (A, rounded: "
        "national SD between schools 25.3 in 2024/25).",
    )
    appeal_km: float = Field(
        1.25,
        ge=0,
        le=1000,
        description="Kilometres of way that a unit of a school's appeal is worth to those who go by default: "
        "it stands for catchments and blocks nobody tells (C, one over the weight of a kilometre).",
    )
    list_length: int = Field(6, ge=1, le=50, description="Schools ranked in an application at most (C).")
    queue_education: float = Field(
        0.3,
        ge=0,
        le=10,
        description="How much sooner educated guardians queue: of the years possible, a share with mean "
        "(1 + q e) / (2 + q e), e parental education from 0 to 3 (C).",
    )
    reconsider_at_7: Share = Field(
        0.1, description="Active guardians who look again at grade 7 though the school goes on (C)."
    )
    switching: Share = Field(0.01, description="Active guardians a year who look for another school (C).")
    moved_far_km: float = Field(
        3.0,
        ge=0,
        le=1000,
        description="Distance to school from which a family that has moved looks anew (C).",
    )
    moved_far: Share = Field(0.5, description="Share of those families that look for a nearer school (C).")
    inertia: float = Field(
        1.0, ge=0, le=50, description="Utility a pupil's present school has above others, logit units (C)."
    )
