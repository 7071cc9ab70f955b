"""The splits that were prepared, which can be read before anything is trained on them."""

from dataclasses import dataclass
from pathlib import Path

from e2ep_cli.project.places import output, params_for
from stages.core.errors import InputError


@dataclass(frozen=True)
class PreparedSplit:
    """A split of a data set, and the folder that prepare wrote."""

    folder: Path
    dataset: str
    name: str


def prepared_split(dataset: str | None, split: str | None) -> PreparedSplit:
    """The split of these names, by default that of params.yaml; an InputError if it is missing."""
    params = params_for(dataset, split)
    name, folder = params["dataset"], output("prepare", dataset=params["dataset"])
    made = sorted(path.name for path in (folder / "splits").glob("*") if path.is_dir())
    if not made:
        raise InputError(
            f"nothing was made for data set {name!r} yet; run `e2ep run --dataset {name}`, "
            "or give files of ratings with --test and --train"
        )
    wanted = params["splits"][0]
    if wanted not in made:
        raise InputError(
            f"split {wanted!r} was not made for {name}; choose from {', '.join(made)}, or list it "
            "under splits of params.yaml and run `e2ep run`"
        )
    return PreparedSplit(folder, name, wanted)
