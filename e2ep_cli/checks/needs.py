"""What a run needs of time and memory, from counts and constants that were measured.

Measured on a shared virtual machine, AMD EPYC, torch 2.13 with one thread, in processor seconds while other work ran;
"100K" and "1M" are 80 % of the ratings of MovieLens 100K and 1M. A quiet machine is up to twice as fast.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stages.data.dataset import Counts

STAGE_START = 2.0
"""Seconds to start Python and import for one stage, DVC's own part in it: 1.1 s without torch, 4 s for embed."""

PROCESS = 3e8
"""Bytes of a stage that has imported torch and read 100K: .25 GB."""

TEXTS_PER_SECOND = 65.0
"""Texts a core embeds: 60 to 72 on 180 sections of the sample's film profiles, longest first, 32 a batch."""

TEXTS = 3
"""Texts a film or user has: overview, attributes, description."""

EMBED_MEMORY = 7e8
"""Bytes at the peak of the same run: .70 GB."""

RULES_FILM = 0.0045
"""Seconds a film of the offline rules: its profile, 1.3 s for 300."""

RULES_USER = 0.01
"""Seconds a user: profile, prompt, scored and three explanations, 4.1 s for 400, answers stored as they come."""

E2EP_RATING, E2EP_PAIR = 1e-7, 3.9e-8
"""Seconds an epoch for a rating and layer and for a user × film of the softmax, 128 channels, and member: .97 s an epoch on
1M, .074 s on 100K (one layer), 1.17 and .07 s (three)."""

E2EP_LINEAR_CUBE, E2EP_LINEAR_ITEMS = 1.4e-10, 10_000
"""Seconds for films³ of the linear part: 7.4 s for 3,883 films, .7 to .9 s for 1,682; and the films beyond which there is
none."""

E2EP_PAIR_MEMORY, E2EP_STEP = 45.0, 2**25
"""Bytes for a user × film, and how many of these a step holds at most: 1M peaks at 1.30 GB, 100K at .64 GB."""

PAPER_RATING = 8e-6
"""Seconds an epoch for a rating: .64 s on 100K, layers of 4, 4 and 1 heads of 64 channels; linear in the edges."""

PAPER_RATING_MEMORY = 4.2e3
"""Bytes for a rating: 100K peaks at .63 GB."""

EASE_CUBE = 1e-10
"""Seconds for films³ of one fit: .50 s for 1,682 films, 5.3 s for 3,883."""

EASE_SQUARE_MEMORY = 40.0
"""Bytes for films²: 3,883 films peak .5 GB above the data."""

KNN_PAIR = 1.5e-7
"""Seconds for a user × film: .26 s on 100K."""

IALS_RATING = 4e-7
"""Seconds a round for a rating, 64 channels: .39 s for 15 rounds on 100K."""

RIDGE_PAIR = 1.1e-7
"""Seconds for a user × film: .18 s on 100K."""

BPR_STEP_RATING = 1.6e-7
"""Seconds a mini-batch for a rating and layer, 64 channels: .50 s an epoch of 20 on 100K for three layers of LightGCN,
.66 s for NGCF, .47 s for two layers of XSimGCL. An epoch costs the square of the ratings, unless `batch` grows too."""

BPR_RATING_MEMORY = 1.5e3
"""Bytes for a rating: 100K peaks .11 GB above the data."""

LIKED = 0.55
"""Share of ratings that are likes, on MovieLens."""

FITS = 2
"""A model is fitted on train, then again on train + valid."""


@dataclass(frozen=True)
class Need:
    """Seconds, and bytes at the peak."""

    seconds: float
    memory: float


def popularity(counts: "Counts", settings: dict[str, Any]) -> Need:
    """Counting: nothing worth naming."""
    return Need(0.0, PROCESS)


def ease(counts: "Counts", settings: dict[str, Any]) -> Need:
    """The inversion of a matrix films × films."""
    return Need(
        FITS * EASE_CUBE * counts.movies**3, PROCESS + EASE_SQUARE_MEMORY * counts.movies**2
    )


def e2ep(counts: "Counts", settings: dict[str, Any]) -> Need:
    """Messages over the ratings and a softmax over users × films, an epoch, and a matrix films × films once; all epochs,
    though it may stop sooner."""
    pairs, wider = (
        counts.users * counts.movies,
        settings.get("members", 3) * settings.get("channels", 128) / 128,
    )
    linear = counts.movies if counts.movies <= E2EP_LINEAR_ITEMS else 0
    epoch = wider * (E2EP_RATING * settings.get("layers", 1) * counts.ratings + E2EP_PAIR * pairs)
    seconds = FITS * (settings.get("epochs", 100) * epoch + E2EP_LINEAR_CUBE * linear**3)
    return Need(
        seconds, PROCESS + E2EP_PAIR_MEMORY * min(pairs, E2EP_STEP) + EASE_SQUARE_MEMORY * linear**2
    )


def paper(counts: "Counts", settings: dict[str, Any]) -> Need:
    """Four heads of messages over the ratings, an epoch; all epochs, though it may stop sooner."""
    epoch = PAPER_RATING * counts.ratings
    return Need(
        FITS * settings.get("epochs", 300) * epoch, PROCESS + PAPER_RATING_MEMORY * counts.ratings
    )


def itemknn(counts: "Counts", settings: dict[str, Any]) -> Need:
    """One sparse product."""
    return Need(FITS * KNN_PAIR * counts.users * counts.movies, PROCESS)


def ials(counts: "Counts", settings: dict[str, Any]) -> Need:
    """A small system for each user and film, a round."""
    rounds = settings.get("iterations", 15) * settings.get("channels", 64) / 64
    return Need(FITS * IALS_RATING * rounds * counts.ratings, PROCESS)


def ridge(counts: "Counts", settings: dict[str, Any]) -> Need:
    """One system for all users."""
    return Need(FITS * RIDGE_PAIR * counts.users * counts.movies, PROCESS)


def pairwise(counts: "Counts", settings: dict[str, Any]) -> Need:
    """Messages over all ratings for each mini-batch of likes; all epochs, though it may stop sooner."""
    steps = LIKED * counts.ratings / settings.get("batch", 2048)
    wider = settings.get("layers", 3) * settings.get("channels", 64) / 64
    seconds = settings.get("epochs", 200) * steps * wider * BPR_STEP_RATING * counts.ratings
    return Need(FITS * seconds, PROCESS + BPR_RATING_MEMORY * counts.ratings)


MODELS: dict[str, Callable[["Counts", dict[str, Any]], Need]] = {
    "popularity": popularity,
    "itemknn": itemknn,
    "ease": ease,
    "easebinary": ease,
    "ials": ials,
    "cosine": popularity,
    "ridge": ridge,
    "lightgcn": pairwise,
    "ngcf": pairwise,
    "xsimgcl": pairwise,
    "e2ep": e2ep,
    "e2epfacts": e2ep,
    "e2epraw": e2ep,
    "gat": paper,
    "integrated": paper,
    "unified": paper,
}


def embedding(counts: "Counts", splits: int, cores: int) -> Need:
    """Films once, users once a split."""
    texts = TEXTS * (counts.movies + splits * counts.users)
    return Need(texts / (TEXTS_PER_SECOND * cores), EMBED_MEMORY)


def rules(counts: "Counts", splits: int, bases: int) -> Need:
    """Profiles, judgements and reasons by the offline rules."""
    return Need(RULES_FILM * counts.movies + RULES_USER * counts.users * splits * bases, PROCESS)
