"""MetricLimits by pattern, and the file that the project ships."""

from pathlib import Path

import pytest

from e2ep_cli.gating.limits import LIMITS_FILE, Limit, MetricLimits, load_limits
from stages.core.errors import ParamError

ROOT = Path(__file__).parents[3]


def test_each_field_comes_from_the_first_pattern_that_has_it() -> None:
    limits = MetricLimits({"*/gini": Limit(absolute=0.1), "a/*": Limit(absolute=0.2, relative=0.3)})
    assert limits.of("a/b/gini") == Limit(absolute=0.1, relative=0.3)
    assert limits.of("b/gini") == Limit(absolute=0.1)
    assert limits.of("b/other") == Limit()


def test_the_wider_of_both_limits_counts() -> None:
    limit = Limit(absolute=0.01, relative=0.1)
    assert limit.allowed(0.05) == 0.01
    assert limit.allowed(-5) == 0.5


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('"*": {absolut: 1}', "absolut"),
        ('"*": {direction: up}', "'up'"),
        ('"*": {absolute: -1}', "-1"),
        ('"*": 3', "3"),
    ],
)
def test_a_wrong_limit_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "gate.yaml").write_text(text)
    with pytest.raises(ParamError, match=named) as refused:
        load_limits(tmp_path / "gate.yaml")
    assert "gate.yaml" in str(refused.value)


@pytest.mark.parametrize(
    ("key", "direction", "at_half"),
    [
        ("summary.json/models/e2ep/fold-1/full/ndcg@10", "higher", 0.002),
        ("curves.csv/e2ep/fold-1/full/10/ndcg", "higher", 0.002),
        ("summary.json/models/e2ep/fold-1/full/gini@10", "lower", 0.01),
        ("summary.json/models/e2ep/fold-1/full/popularity@10", "lower", 0.005),
        ("summary.json/models/e2ep/fold-1/full/users", "equal", 0),
        ("summary.json/models/e2ep/fold-1/full/train<10/users", "equal", 0),
        ("summary.json/models/e2ep/fold-1/full/train<10/ndcg@10", "higher", 0.05),
        ("summary.json/models/e2ep+shuffle/fold-1/full/ndcg@10", "equal", 0.002),
        ("explanations.json/fold-1/e2ep/scored/users", "equal", 0),
        ("explanations.json/fold-1/e2ep/scored/citation_validity", "higher", 0.01),
        ("intervals.json/splits/fold-1/precision@10/e2ep/to_base/low", "equal", 0.005),
        ("intervals.json/splits/fold-1/ndcg@10/e2ep/to_base/p_holm", "equal", 0.05),
        ("headline.json/ndcg/e2ep", "ignore", 0.002),
        ("code.json", "ignore", 0.002),
        ("as-released/code.json/train-gat", "ignore", 0.002),
    ],
)
def test_the_projects_own_limits(key: str, direction: str, at_half: float) -> None:
    limit = load_limits(ROOT / LIMITS_FILE).of(key)
    assert limit.direction == direction
    assert limit.allowed(0.5) == at_half
