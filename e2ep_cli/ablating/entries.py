"""experiments/ablations.yaml: named sets of overrides, and the rankings that each one moves."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from stages.contracts.rankings import Ranking
from stages.core.errors import InputError, ParamError
from stages.core.params import Section, check_section, load_params
from stages.core.spelling import likeliest

ABLATIONS_FILE = Path("experiments/ablations.yaml")
BASE = "base"
"""The run without overrides, with which all others are compared."""

Value = bool | int | float | str | None
Name = Annotated[str, StringConstraints(pattern=r"[a-z0-9][a-z0-9-]*")]


class Entry(Section):
    """One ablation, as the file states it."""

    asks: str = Field(min_length=1)
    """The question, in one line."""

    set: dict[str, Value | list[Value]] = Field(default_factory=dict)
    """Dotted parameter → value; empty if another ranking of the base run is the answer."""

    compare: dict[str, str] = Field(min_length=1)
    """Ranking with these overrides → the base run's ranking that it is compared with."""

    paid: bool = False
    """Whether it needs a key, a server or files that some people lack; it runs only if named."""


class Ablation(Section):
    """An entry and its name."""

    name: Name
    entry: Entry

    @property
    def rankings(self) -> tuple[Ranking, ...]:
        """What its experiment must produce."""
        return tuple(Ranking(name) for name in self.entry.compare)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that are fitted."""
        return tuple(dict.fromkeys(ranking.base for ranking in self.rankings))

    @property
    def bases(self) -> tuple[str, ...]:
        """Those of them that are reranked."""
        return tuple(dict.fromkeys(ranking.base for ranking in self.rankings if ranking.steps))

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies that rerank them."""
        return tuple(dict.fromkeys(ranking.steps[0] for ranking in self.rankings if ranking.steps))


def load(folder: Path) -> list[Ablation]:
    """Every ablation of the file, in its order; what it gets wrong is a ParamError."""
    return [
        _ablation(str(name), values)
        for name, values in load_params(folder / ABLATIONS_FILE).items()
    ]


def chosen(ablations: Iterable[Ablation], names: list[str]) -> list[Ablation]:
    """The named ones, or all that are free; an unknown name raises an InputError."""
    by_name = {ablation.name: ablation for ablation in ablations}
    for name in names:
        if name not in by_name:
            meant = likeliest(name, by_name)
            hint = f"did you mean {meant}?" if meant else "`e2ep ablate --list` shows all"
            raise InputError(f"{ABLATIONS_FILE} has no ablation {name!r}; {hint}")
    taken = names or [name for name, ablation in by_name.items() if not ablation.entry.paid]
    return [by_name[name] for name in dict.fromkeys(taken)]


def base_of(ablations: Iterable[Ablation]) -> Ablation:
    """The run without overrides, with every ranking that these are compared with."""
    rankings = dict.fromkeys(
        name for ablation in ablations for name in ablation.entry.compare.values()
    )
    compare = {ranking: ranking for ranking in rankings}
    return Ablation(name=BASE, entry=Entry(asks="What all are compared with.", compare=compare))


def _ablation(name: str, values: object) -> Ablation:
    if name == BASE:
        raise ParamError(
            f"{ABLATIONS_FILE} names an ablation {BASE}, which is the run without overrides; "
            "give it another name"
        )
    if not isinstance(values, dict):
        raise ParamError(f"{name} in {ABLATIONS_FILE} is {values!r}; give asks, set and compare")
    entry = check_section(name, values, Entry, ABLATIONS_FILE)
    rankings = [Ranking(name) for pair in entry.compare.items() for name in pair]
    if controls := [ranking.name for ranking in rankings if not ranking.real]:
        raise ParamError(
            f"{name} in {ABLATIONS_FILE} compares {controls[0]}, which is a control; "
            "name a model or base+strategy"
        )
    return check_section(name, {"name": name, "entry": entry}, Ablation, ABLATIONS_FILE)
