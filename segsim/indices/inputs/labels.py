"""Labels of units and groups: what is given together is matched by them, and results carry them."""

from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

Labelled = pd.Series | pd.DataFrame
Values: TypeAlias = Any
"""An array; or a Series or DataFrame with the labels of the one that was given."""


def match_units(**given: Any) -> list[Any]:
    """Return what was given with the units of all in the order of the first that has labels.

    What has none, such as a list, is taken to be in order already. Labels that differ, or that repeat and
    stand in another order, are a `ValueError`.
    """
    labelled = {name: values for name, values in given.items() if isinstance(values, Labelled)}
    if len(labelled) > 1:
        (first, values), *others = labelled.items()
        for name, other in others:
            if not values.index.equals(other.index):
                check_same_labels(values.index, other.index, first, name)
                given[name] = other.reindex(values.index)
    return list(given.values())


def match_columns(**given: Any) -> list[Any]:
    """Return two frames with the columns in the order of the first; what is no frame stays as it is."""
    frames = {name: values for name, values in given.items() if isinstance(values, pd.DataFrame)}
    if len(frames) > 1:
        (first, values), *others = frames.items()
        for name, other in others:
            if not values.columns.equals(other.columns):
                check_same_labels(values.columns, other.columns, first, name)
                given[name] = other[values.columns]
    return list(given.values())


def check_same_labels(first: pd.Index, second: pd.Index, first_name: str, second_name: str) -> None:
    """Raise unless two indexes hold the same labels, each once, in whatever order."""
    refuse_repeated(first, first_name)
    refuse_repeated(second, second_name)
    for only, other, here, there in (
        (first, second, first_name, second_name),
        (second, first, second_name, first_name),
    ):
        extra = only[~only.isin(other)]
        if len(extra):
            raise ValueError(
                f"{first_name} and {second_name} have different labels: {say_label(extra[0])} of {here} is "
                f"not in {there}; {say_remedy(first, second)}"
            )


def refuse_repeated(labels: pd.Index, name: str) -> None:
    """Raise if a label stands there twice."""
    if not labels.is_unique:
        repeated = labels[labels.duplicated()][0]
        raise ValueError(
            f"{name} has the label {say_label(repeated)} twice, so that it cannot be matched by its labels; "
            "add up what belongs together, as with groupby, or give arrays in the same order"
        )


def check_meeting(first: pd.Index, second: pd.Index, what: str) -> None:
    """Raise if two indexes that are not empty have no label in common."""
    if len(first) and len(second) and not first.isin(second).any():
        raise ValueError(
            f"before and after have no {what} in common: {say_label(first[0])} against "
            f"{say_label(second[0])}; {say_remedy(first, second)}"
        )


def say_remedy(first: pd.Index, second: pd.Index) -> str:
    """Return what to do about labels that do not meet."""
    if set(first.map(str)) == set(second.map(str)) or first.map(str).isin(second.map(str)).all():
        return "one has numbers and the other text: write both alike, as with index.astype(str)"
    return "give both the same, or arrays (to_numpy()) if they stand in the same order"


def say_label(label: Any) -> str:
    """Return a label as its owner would write it."""
    return repr(label.item() if isinstance(label, np.generic) else label)


def name_cell(given: Any, where: tuple[int, ...]) -> str:
    """Return the place of a value in brackets, by its labels where it has some, else counted from 0."""
    if isinstance(given, pd.DataFrame) and len(where) == 2:
        places = [say_label(given.index[where[0]]), say_label(given.columns[where[1]])]
    elif isinstance(given, pd.Series) and len(where) == 1:
        places = [say_label(given.index[where[0]])]
    else:
        places = [str(int(i)) for i in where]
    return f"[{', '.join(places)}]"


def as_labels(labels: Any, n: int, name: str) -> tuple[npt.NDArray[np.int64], list[Any]]:
    """Return one code per row and the distinct labels, in sorted order."""
    values = np.asarray(labels)
    if values.shape != (n,):
        raise ValueError(f"{name} must hold one label per row: {n} are needed, its shape is {values.shape}")
    is_missing = _find_missing(labels, values)
    if is_missing is not None and is_missing.any():
        at = int(np.argmax(is_missing))
        raise ValueError(f"{name}{name_cell(labels, (at,))} is missing; leave that row out, or name it")
    if values.dtype.kind == "O" or (values.dtype.kind == "U" and not isinstance(labels, np.ndarray)):
        _refuse_mixed(values if values.dtype.kind == "O" else labels, name)
    distinct, codes = np.unique(values, return_inverse=True)
    return codes.astype(np.int64), distinct.tolist()


def first_labelled(*given: Any) -> Any:
    """Return the first Series or frame, whose labels a result takes; None if there is none."""
    return next((values for values in given if isinstance(values, Labelled)), None)


def label_units(values: Any, like: Any) -> Any:
    """Return one value per unit with the labels of a Series or frame, if it is one."""
    return pd.Series(values, like.index) if isinstance(like, Labelled) else values


def label_groups(values: Any, like: Any) -> Any:
    """Return one value per group with the columns of a frame, if it is one."""
    return pd.Series(values, like.columns) if isinstance(like, pd.DataFrame) else values


def label_pairs(values: Any, like: Any) -> Any:
    """Return one value per pair of groups, labelled with both, if `like` is a frame."""
    if not isinstance(like, pd.DataFrame):
        return values
    pairs = pd.MultiIndex.from_tuples(list(combinations(like.columns, 2)), names=["a", "b"])
    return pd.Series(values, pairs)


def label_matrix(values: Any, like: Any) -> Any:
    """Return groups x groups with the columns of a frame on both sides, if it is one."""
    return pd.DataFrame(values, like.columns, like.columns) if isinstance(like, pd.DataFrame) else values


def _find_missing(labels: Any, values: npt.NDArray[Any]) -> npt.NDArray[np.bool_] | None:
    """Return which labels are missing; None for kinds that cannot be."""
    if isinstance(labels, np.ma.MaskedArray):
        return np.asarray(np.ma.getmaskarray(labels))
    return None if values.dtype.kind in "iubUS" else np.asarray(pd.isna(values))


def _refuse_mixed(labels: Any, name: str) -> None:
    """Raise if labels are numbers and text together: 1 and "1" would be one label or two by accident."""
    are_text = {isinstance(label, str) for label in labels}
    if len(are_text) > 1:
        raise ValueError(f"{name} mixes numbers and text; write all labels alike, as with map(str, ...)")
