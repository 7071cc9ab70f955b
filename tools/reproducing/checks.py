"""What was found in the paper's code and lists, each beside our own measurement or the reason why there is none."""

from dataclasses import dataclass

from tools.blocks import table
from tools.reproducing.measured import (
    Measure,
    all_users_counted,
    beyond_accuracy,
    by_ablation,
    fitted_weights,
    leaks,
    looking_ahead,
    reranking_helps,
    rewarded_precision,
    stopped_on_valid,
    unanswered,
)
from tools.reproducing.ours import Ours

HEAD = ["what", "in the paper's code and lists", "ours", "shown by"]


@dataclass(frozen=True)
class Check:
    """One finding, theirs in words, how ours is read from metrics, and what to run to see it."""

    what: str
    theirs: str
    ours: Measure
    shown_by: str


def check_table(argument: str) -> str:
    """Every finding for "DATASET SPLIT"."""
    dataset, split = argument.split()
    found = [[one.what, one.theirs, one.ours(Ours(dataset), split), one.shown_by] for one in CHECKS]
    return f"{table(HEAD, found, words=len(HEAD))}\n"


def by_test(what: str) -> Measure:
    """A finding that holds by construction."""
    return lambda ours, split: what


CHECKS = (
    Check(
        "Reranking is worse than the graph that it reranks (NDCG@10, full protocol)",
        "graph .424; 80:20 scores .357–.369, batches .313, BST .294; random .318, perfect .691",
        reranking_helps,
        "`e2ep run` with all strategies, below",
    ),
    Check(
        "The judge's fitted share",
        "0–.2, against the .8 that is used",
        fitted_weights,
        "`rerank.fit_weight=true`",
    ),
    Check(
        "Stopping on the training loss, without validation (NDCG@10 against the released lists)",
        "at most 300 epochs, patience 15, no validation rows",
        stopped_on_valid,
        "`e2ep run --set models=[gat,unified]`; ours stop on valid and are refitted",
    ),
    Check(
        "Random folds look into the future (NDCG@10, full protocol)",
        "97 % of u1.test is older than the same user's last training rating",
        looking_ahead,
        "`e2ep run --set splits=[fold-1,temporal]`; the report's Data section has the share",
    ),
    Check(
        "The profiles' texts",
        "by a language model; the released ones can be had",
        by_ablation("published"),
        "`e2ep ablate published --dataset ml-100k`",
    ),
    Check(
        "What precision on condensed lists rewards (precision@10)",
        "GAT .751 stands above NGCF .716, whose NDCG is higher",
        rewarded_precision,
        "the tables above",
    ),
    Check(
        "Users without a list are dropped", "silently", all_users_counted, "`users` in summary.json"
    ),
    Check(
        "Popularity and coverage",
        "computed from the test set",
        beyond_accuracy,
        "`coverage@10` in summary.json",
    ),
    Check(
        "User profiles of one fold know the others' test ratings",
        "the released profiles are of u1 alone",
        leaks,
        "`leak_rate` in explanations.json; `pytest tests/profile/test_published.py`",
    ),
    Check(
        "Profiles are cut at 256 word pieces, *Dislikes* first",
        "a tenth of the films' profiles, 99 % of the users'",
        by_ablation("truncated"),
        "`e2ep ablate truncated --dataset ml-100k`; the stage `embed` counts the ones that are cut",
    ),
    Check(
        "Batches with an overlap of 1 or 3 never judge the last films",
        "so in the code",
        by_test("every film of the pool is judged, whatever the order of the answers"),
        "`pytest tests/rerank/test_contract.py`",
    ),
    Check(
        "A cache keyed on sorted ids takes two orders for one",
        "so in the code",
        by_test("the key is the whole question, order and all"),
        "`pytest tests/llm/store/test_cache.py`",
    ),
    Check(
        "Failed batches become the lowest score",
        "silently",
        unanswered,
        "`questions` in rerank.json",
    ),
)
