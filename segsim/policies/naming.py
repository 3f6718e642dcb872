"""What policies are called within a scenario, so that two of a kind are told apart in every table."""

from collections.abc import Sequence

from segsim.policies.policy import Policy


def unique_names(names: Sequence[str], fixed: Sequence[bool] = ()) -> list[str]:
    """Return the names, those that stand again numbered from 2 on; fixed ones stay as they are.

    Examples
    --------
    >>> unique_names(["new_construction", "admission_rule", "new_construction"])
    ['new_construction', 'admission_rule', 'new_construction_2']
    """
    is_fixed = fixed or [False] * len(names)
    taken = {name for name, stays in zip(names, is_fixed, strict=True) if stays}
    unique = []
    for name, stays in zip(names, is_fixed, strict=True):
        number, new = 1, name
        while new in taken and not stays:
            number += 1
            new = f"{name}_{number}"
        taken.add(new)
        unique.append(new)
    return unique


def name_policies(policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Return the policies each with a name of its own: the one given, else its kind, numbered if need be."""
    given = ["name" in policy.model_fields_set for policy in policies]
    names = unique_names([policy.name for policy in policies], given)
    return tuple(
        policy if policy.name == name else policy.model_copy(update={"name": name})
        for policy, name in zip(policies, names, strict=True)
    )


def default_names(policies: Sequence[Policy]) -> list[str]:
    """Return what the policies would be called if none were given a name."""
    return unique_names([policy.kind for policy in policies])


def find_duplicate_name(policies: Sequence[Policy]) -> int | None:
    """Return the number of the first policy whose name an earlier one has; None if there is none."""
    names = [policy.name for policy in policies]
    return next((i for i, name in enumerate(names) if name in names[:i]), None)
