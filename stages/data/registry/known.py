"""The MovieLens sets that can be added by name: where they come from and how they are recognised.

Checksums are facts about GroupLens's files; none of their rows stands here.
"""

from dataclasses import dataclass, field

from stages.core.errors import InputError
from stages.data.dataset import Kind

SITE = "https://files.grouplens.org/datasets/movielens"
COMPANIONS = ("README", "README.txt", "metadata.csv", "item_profiles.csv", "user_profiles_u1.csv")


@dataclass(frozen=True)
class Counts:
    """How much a data set holds."""

    users: int
    movies: int
    ratings: int

    def __str__(self) -> str:
        return f"{self.ratings:,} ratings, {self.users:,} users and {self.movies:,} movies"


@dataclass(frozen=True)
class Known:
    """A published data set; `md5` is its archive's and `sha256` its files', as far as they are fixed and known."""

    name: Kind
    description: str
    url: str
    files: tuple[str, ...]
    companions: tuple[str, ...] = COMPANIONS
    md5: str | None = None
    counts: Counts | None = None
    sha256: dict[str, str] = field(default_factory=dict)


FOLD_FILES = tuple(f"u{fold}.{part}" for fold in range(1, 6) for part in ("base", "test"))

ML_100K = Known(
    name="ml-100k",
    description="MovieLens 100K, 1997-98, with the official five folds",
    url=f"{SITE}/ml-100k.zip",
    files=("u.data", "u.item", "u.user", "u.genre", "u.occupation", "u.info", *FOLD_FILES),
    md5="0e33842e24a9c977be4e0107933c0723",
    counts=Counts(943, 1_682, 100_000),
    sha256={
        "u.data": "06416e597f82b7342361e41163890c81036900f418ad91315590814211dca490",
        "u.item": "553841ebc7de3a0fd0d6b62a204ea30c1e651aacfb2814c7a6584ac52f2c5701",
        "u.user": "f120e114da2e8cf314fd28f99417c94ae9ddf1cb6db8ce0e4b5995d40e90e62c",
        "u.genre": "9757e0d3e6b298159a80dd48eaf938114690e911e39af97a76949ef1663610bb",
        "u.occupation": "cd5fbec9afe345d993a62fc7817df1a4a9079c4feb267b3118763b8fd942137d",
        "u.info": "5b0a40b2e47a729ee6203063f6dcf8790c2e63f5a18663e6ee318a72c5f3c27b",
        "u1.base": "ce253ec86c448b44fb3ba9a30d12dcfc2e9210cbde71efada3730c22e9ac212a",
        "u1.test": "18c6014a4b2c7324f250a63f8904a7b16b2b19f911129e346141507b0cbac950",
        "u2.base": "6c06f0b5df4b256da1a994f3ac66edc8da4d3f09bc9282df6b14d893366d703e",
        "u2.test": "4de658d1e04ed9104629509a2e2528fce833ac8e048280183f1df167632038c3",
        "u3.base": "afdc155c291c6edc41c0407e39d7462eb98d341e064f0b0a12175b80b3c4af5d",
        "u3.test": "0f548b51c78327de4c156461d3e430b7e5579fe2b5681586a59416e48fd35f6d",
        "u4.base": "219f0f4d40dfe9c5141d425f53fa91ee23ed275f14e280bbf1b50117afb064ca",
        "u4.test": "7c02ad0a1e7ab1083c8b9d4b627203a051dd7b5eab46d99fa44de33470de8db9",
        "u5.base": "a9574e59ce961eec2121627760b6e9b0974ce1637b3fe69ac32cb14a4bfab485",
        "u5.test": "351cc52e0d15b6c721466276fc24671d40936899e3d01fadeaf312915b8c5634",
    },
)
ML_1M = Known(
    name="ml-1m",
    description="MovieLens 1M, 2000-03",
    url=f"{SITE}/ml-1m.zip",
    files=("movies.dat", "ratings.dat", "users.dat"),
    md5="c4d9eecfca2ab87c1945afe126590906",
    counts=Counts(6_040, 3_883, 1_000_209),
    sha256={
        "movies.dat": "0140fc2356357c1a851d0f52e893a1e4d3696df632c4141cea8d5bc3d621f0b9",
        "users.dat": "1dc3a95300cb19f7c10e027daf29b8cdf1d908dab65b5edfb45950aa389a10a3",
    },
)
ML_LATEST_SMALL = Known(
    name="ml-latest-small",
    description="MovieLens latest, small, issued anew from time to time",
    url=f"{SITE}/ml-latest-small.zip",
    files=("ratings.csv", "movies.csv"),
    companions=("links.csv", "tags.csv", *COMPANIONS),
)

OFFICIAL: dict[str, Known] = {known.name: known for known in (ML_100K, ML_1M, ML_LATEST_SMALL)}
SAMPLE = "sample"


def find_known(name: str, catalogue: dict[str, Known] = OFFICIAL) -> Known:
    """The published set of that name."""
    if name == SAMPLE:
        raise InputError("the sample comes with the project; get it with `dvc pull data.dvc`")
    if name not in catalogue:
        names = ", ".join(catalogue)
        raise InputError(
            f"{name!r} is not one of {names}; for data of your own use `e2ep data import {name}`"
        )
    return catalogue[name]
