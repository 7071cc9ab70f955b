"""The names of splits, in families, and the sections `further:` and `shown:` of params.yaml."""

from typing import Any

from pydantic import Field

from stages.core.errors import InputError, ParamError
from stages.core.params import Section, check_section
from stages.core.spelling import likeliest

FIFTHS = range(1, 6)
FAMILIES = ("fold", "cold-users", "cold-items", "new-users")
"""Families of five splits."""
ALONE = ("temporal", "global", "last", "given")
"""Splits that are a family of their own."""
NAMES = (*(f"{family}-{n}" for family in FAMILIES for n in FIFTHS), *ALONE)
NEXT = "next"
"""Fitted on all ratings and not measured, for the lists that people get."""
_KNOWN_NAMES = ", ".join(f"{family}-1 … 5" for family in FAMILIES) + (
    f", {', '.join(ALONE[:-1])} or {ALONE[-1]}"
)
_NO_REFIT = "/no-refit"
LAST_LOOKS_AHEAD = (
    "last: other users’ later $rows are in training, so a model knows what became popular after "
    "the $row that it has to predict"
)
"""The sentence that stands wherever numbers of the split `last` are shown; see `worded`."""


def place_of(split: str, refit: bool) -> str:
    """The name under which a split's numbers stand: with a suffix if no model was refitted."""
    return split if refit else split + _NO_REFIT


def refits(params: dict[str, Any]) -> bool:
    """Whether models are fitted again on train + valid; params: those of params.yaml."""
    common = (params.get("train") or {}).get("common") or {}
    return bool(common.get("refit", True))


def split_of(place: str) -> str:
    """The split or family whose numbers stand under a name of `place_of`."""
    return place.removesuffix(_NO_REFIT)


def family_of(place: str) -> str:
    """`fold` for `fold-3`, with its suffix; a split without a number is its own family."""
    split = split_of(place)
    name, _, number = split.rpartition("-")
    family = name if name and number.isdigit() else split
    return family + place.removeprefix(split)


class Further(Section):
    """Splits on which models are trained and measured, but nothing is reranked or explained."""

    splits: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Shown(Section):
    """The lists that people get: of the bases, fitted on all ratings and not measured."""

    splits: tuple[str, ...] = ()
    """`next`, or none: lists then come from the first of `splits` above."""

    strategies: tuple[str, ...] = Field(("none",), min_length=1)
    """The strategies that rerank them, each with reasons."""


def checked_names(splits: object, key: str = "splits") -> list[str]:
    """`splits`, or a ParamError where the list is empty or a name is unknown or repeated."""
    if not isinstance(splits, list) or not splits:
        raise ParamError(
            f"{key} in params.yaml is {splits!r}; list at least one of {_KNOWN_NAMES}, "
            f"such as {key}=[fold-1]"
        )
    if NEXT in splits:
        raise ParamError(
            f"{key} in params.yaml names {NEXT!r}, which has no test rows to measure on; list it "
            f"under shown: shown.splits=[{NEXT}]"
        )
    unknown = [name for name in splits if name not in NAMES]
    if unknown:
        raise ParamError(
            f"{key} in params.yaml names {unknown[0]!r}, which is not known; {_meant(unknown[0])}"
        )
    if len(set(splits)) < len(splits):
        raise ParamError(f"{key} in params.yaml names a split twice: {', '.join(splits)}")
    return splits


def known_split(name: str) -> str:
    """`name`, if it is a split's; otherwise an InputError with the one likely meant."""
    if name not in (*NAMES, NEXT):
        raise InputError(f"there is no split {name!r}; {_meant(name)}")
    return name


def _meant(name: str) -> str:
    meant = likeliest(str(name), NAMES)
    return f"did you mean {meant}?" if meant else f"use {_KNOWN_NAMES}"


def further(params: dict[str, Any]) -> Further:
    """The section `further:`; a ParamError if its lists clash with each other or with `splits`."""
    section = check_section("further", params.get("further") or {}, Further)
    if section.splits:
        checked_names(list(section.splits), "further.splits")
    twice = [name for name in section.splits if name in (params.get("splits") or ())]
    if twice:
        raise ParamError(
            f"further.splits in params.yaml names {twice[0]!r}, which is already in splits; "
            "remove one of them"
        )
    if bool(section.splits) != bool(section.models):
        filled, empty = ("splits", "models") if section.splits else ("models", "splits")
        raise ParamError(
            f"further.{empty} in params.yaml is empty while further.{filled} is not; "
            "fill both or neither"
        )
    return section


def shown(params: dict[str, Any]) -> Shown:
    """The section `shown:`; a ParamError if it names another split, or no strategy."""
    section = check_section("shown", params.get("shown") or {}, Shown)
    if section.splits not in ((), (NEXT,)):
        raise ParamError(
            f"shown.splits in params.yaml is {list(section.splits)}; write shown.splits=[{NEXT}], "
            "or shown.splits=[] for lists that are fitted on the first of splits"
        )
    return section


def every_split(params: dict[str, Any]) -> list[str]:
    """`splits`, then those of the sections `further:` and `shown:`: all that are cut."""
    return [*checked_names(params.get("splits")), *further(params).splits, *shown(params).splits]
