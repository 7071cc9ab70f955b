"""What a server says of its run: how the lists were made, who and what there is."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from e2ep_cli.reading.choice import RankingChoice
from e2ep_cli.serving.answers.run_shapes import AboutAnswer, ShownRanking
from e2ep_cli.serving.answers.shapes import FoundItem, ItemsAnswer, ShownPerson, UsersAnswer
from e2ep_cli.serving.answers.what_ranks import what_ranks
from e2ep_cli.serving.held.loaded import LoadedRun
from stages.contracts.metrics.files import read_summary
from stages.contracts.splits import place_of, refits
from stages.core.errors import E2epError


def about_run(loaded: LoadedRun) -> AboutAnswer:
    """The run that is served."""
    card, words, years = loaded.card, loaded.first.words, _years(loaded)
    numbers = _numbers(loaded)
    return AboutAnswer(
        dataset=loaded.first.dataset,
        description=card.description,
        simulated=card.simulated,
        run=loaded.run.name,
        made=loaded.made_at,
        version=e2ep_version(),
        item_word=words.item,
        items_word=words.items,
        liked_word=words.liked,
        users=card.users,
        items=len(loaded.catalogue),
        ratings=card.ratings,
        genres=sorted({genre for item in loaded.catalogue for genre in item.genres}),
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        genders=sorted({user["gender"] for user in loaded.users if user["gender"]}),
        usual=_shown(loaded, loaded.first, numbers),
        why=loaded.first.why,
        rankings=[_shown(loaded, choice, numbers) for choice in loaded.rankings.values()],
        newcomers=list(loaded.newcomers),
        facts=_facts(loaded),
    )


def e2ep_version() -> str:
    """The version of this package."""
    try:
        return version("e2ep")
    except PackageNotFoundError:
        return "unknown"


def items_like(loaded: LoadedRun, typed: str, limit: int, ids: Sequence[str] = ()) -> ItemsAnswer:
    """Items that somebody looks for; ids: those of these ids, as far as there are any."""
    known = [loaded.row_of[item_id] for item_id in ids if item_id in loaded.row_of]
    items = []
    for row in known if ids else loaded.search.rows(typed, limit):
        item = loaded.catalogue[row]
        items.append(
            FoundItem(
                item_id=item.item_id,
                name=item.name,
                title=item.title,
                year=item.year,
                genres=list(item.genres),
                creators=list(item.creators),
                people=list(item.credited),
                ratings=int(loaded.counts[row]),
            )
        )
    return ItemsAnswer(items=items)


def users_like(loaded: LoadedRun, typed: str, limit: int, offset: int) -> UsersAnswer:
    """Users whose id begins so, in the order of the data set."""
    rows = [row for row, user in enumerate(loaded.users) if user["user_id"].startswith(typed)]
    return UsersAnswer(
        total=len(rows),
        users=[
            ShownPerson(
                user_id=loaded.users[row]["user_id"], ratings=int(loaded.counts_of_users[row])
            )
            for row in rows[offset : offset + limit]
        ],
    )


def _years(loaded: LoadedRun) -> list[int]:
    return [item.year for item in loaded.catalogue if item.year]


def _shown(
    loaded: LoadedRun, choice: RankingChoice, numbers: dict[str, dict[str, float]]
) -> ShownRanking:
    name = choice.base if choice.strategy == "none" else f"{choice.base}+{choice.strategy}"
    return ShownRanking(
        split=choice.split,
        model=choice.base,
        strategy=choice.strategy,
        about=what_ranks(choice.base, choice.strategy),
        explained=(choice.split, choice.base, choice.strategy) in loaded.explained,
        ndcg=numbers.get(choice.split, {}).get(name),
    )


def _numbers(loaded: LoadedRun) -> dict[str, dict[str, float]]:
    """Split → ranking → NDCG@10 on test, full protocol, as far as it was measured."""
    path = loaded.first.path("evaluate").parent / "summary.json"
    try:
        summary = read_summary(path)
    except (E2epError, OSError):
        return {}
    numbers: dict[str, dict[str, float]] = {}
    for ranking, splits in summary.models.items():
        for split in {choice.split for choice in loaded.rankings.values()}:
            place = splits.get(place_of(split, refits(loaded.params)), {})
            value = place.get("full", {}).get("ndcg@10")
            if value is not None:
                numbers.setdefault(split, {})[ranking] = value
    return numbers


def _facts(loaded: LoadedRun) -> dict[str, str]:
    """How the lists were made, in words."""
    card, choice, words = loaded.card, loaded.first, loaded.first.words
    least, most = card.scale
    liked = (
        f"what somebody {words.done}"
        if card.implicit
        else f"a rating of {card.positive_at:g} or more, on a scale of {least:g} to {most:g}"
    )
    return {
        "Data": f"{card.description}",
        "Fitted on": loaded.fitted[choice.split].partition(";")[0].removeprefix("fitted on "),
        "Liked means": liked,
        "Newcomers": "never in training: their list is computed from what they name",
        "Reasons": "each claim is checked: the attribute is in both profiles, and what is cited "
        "was liked and has it too",
        "Measured": "on ratings held out of training: every item not yet rated is ranked, and one "
        "that was never rated counts as a miss (NDCG@10, full protocol)",
        "Seed": str(loaded.params.get("seed", "")),
    }
