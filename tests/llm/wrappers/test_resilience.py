"""Waiting, counting and stopping, by a clock that jumps."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from stages.core.errors import E2epError, ParamError
from stages.core.http import Backoff, Failure
from stages.llm.chat import Reply, Settings, Usage, failed
from stages.llm.concurrently import in_order
from stages.llm.prices.presets import PRESETS, preset
from stages.llm.prices.prices import Price, list_prices, needed_price, price_of
from stages.llm.prices.tokens import estimated
from stages.llm.store.ledger import Ledger
from stages.llm.waiting.cooldown import Cooldown
from stages.llm.waiting.deadline import BudgetError
from stages.llm.waiting.waits import Clockwork, Waits
from stages.llm.wrappers.breaker import Breaker
from stages.llm.wrappers.budgeted import Budgeted, Budgets
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.limited import Limited
from stages.llm.wrappers.recorded import Recorded
from stages.llm.wrappers.retrying import Retrying
from stages.llm.wrappers.wrapper import Wrapper

Make = Callable[..., Any]
GOOD = Reply(
    text='{"label": "a", "score": 1}', model="m", usage=Usage(input_tokens=100, output_tokens=10)
)


def bad(**failure: Any) -> Reply:
    return failed("m", Failure(**{"reason": "HTTP 500", "passing": True} | failure))


class Watched(Wrapper):
    """Counts how many are inside at once, and when each came in."""

    def __init__(self, inner: Any, clock: Any = None) -> None:
        super().__init__(inner)
        self.inside = self.most = 0
        self.clock, self.came = clock, list[float]()

    async def reply(self, task: Any) -> Reply:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.came.append(self.clock.time if self.clock else 0)
        await asyncio.sleep(0.001)
        self.inside -= 1
        return await self.inner.reply(task)


def test_one_workers_retry_after_holds_all_workers_back(says: Make, task: Make, clock: Any) -> None:
    watched = Watched(says(bad(retry_after=30, crowded=True), GOOD), clock)
    cooldown = Cooldown(Waits(clock), 1)
    model = Retrying(Limited(watched, 2, cooldown), Backoff(), cooldown)

    async def run() -> list[Reply]:
        return await asyncio.gather(*(model.reply(task((str(n),))) for n in range(6)))

    assert asyncio.run(run()) == [GOOD] * 6
    assert sorted(watched.came)[:2] == [0, 0]
    assert sorted(watched.came)[2] >= 30


def test_a_lasting_fault_is_not_tried_again(says: Make, task: Make, clock: Any) -> None:
    model = says(bad(passing=False), GOOD)
    retrying = Retrying(model, Backoff(), Cooldown(Waits(clock), 1))
    assert asyncio.run(retrying.reply(task())).outcome == "failed"
    assert (len(model.asked), clock.slept) == (1, [])


def test_an_answer_closes_the_count_of_failures(says: Make, task: Make) -> None:
    scripted = says(bad(), GOOD, bad(), GOOD, bad(), bad())
    model = Breaker(scripted, 2)
    outcomes = [asyncio.run(model.reply(task())).outcome for _ in range(5)]
    assert outcomes == ["failed", "answered", "failed", "answered", "failed"]
    for _ in range(2):
        with pytest.raises(E2epError, match="failed 2 questions in a row"):
            asyncio.run(model.reply(task()))
    assert len(scripted.asked) == 6


def test_no_more_than_the_width_are_under_way(says: Make, task: Make, clock: Any) -> None:
    watched = Watched(says(GOOD))
    model = Limited(watched, 3, Cooldown(Waits(clock), 1))

    async def run() -> None:
        await asyncio.gather(*(model.reply(task((str(n),))) for n in range(12)))

    asyncio.run(run())
    assert watched.most == 3


def budgeted(inner: Any, ledger: Ledger, **limits: Any) -> Budgeted:
    """Its clock is the ledger's."""
    price = Price(input=1000, output=1000)
    recorded, budgets = Recorded(inner, ledger, price, 50), Budgets(**limits)
    waits = Waits(Clockwork(ledger.now), budgets.minutes)
    return Budgeted(recorded, budgets, ledger, price, 50, waits)


@pytest.mark.parametrize("limits", [{"calls": 3}, {"tokens": 900}, {"dollars": 0.9}])
def test_a_budget_is_never_passed_even_by_many_at_once(
    limits: dict[str, Any], says: Make, task: Make, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", lambda: 0.0)
    model = budgeted(Watched(says(GOOD)), ledger, **limits)

    async def run() -> list[Any]:
        return await asyncio.gather(
            *(model.reply(task((str(n),))) for n in range(12)), return_exceptions=True
        )

    ends = asyncio.run(run())
    spent = ledger.spent(0)
    assert 0 < sum(isinstance(end, Reply) for end in ends) < 12
    assert all(isinstance(end, Reply | BudgetError) for end in ends)
    assert all(getattr(spent, name) <= limit for name, limit in limits.items())
    ledger.close()


def test_two_processes_at_the_same_moment_do_not_pass_a_budget_together(
    says: Make, task: Make, tmp_path: Path
) -> None:
    """The other one comes between this one's look at the budget and its attempt."""
    file, ends = tmp_path / "ledger.sqlite", list[str]()

    def other() -> None:
        ledger = Ledger(file)
        try:
            asyncio.run(budgeted(says(GOOD), ledger, calls=1).reply(task(("other",))))
            ends.append("asked")
        except BudgetError:
            ends.append("refused")
        finally:
            ledger.close()

    class Meanwhile(Wrapper):
        async def reply(self, task: Any) -> Reply:
            process.start()
            process.join(0.5)
            return await self.inner.reply(task)

    process, ledger = threading.Thread(target=other), Ledger(file)
    model = budgeted(says(GOOD), ledger, calls=1)
    model.inner = Meanwhile(model.inner)
    assert asyncio.run(model.reply(task())).outcome == "answered"
    process.join()
    assert (ends, ledger.spent(0).calls) == (["refused"], 1)
    ledger.close()


def test_an_attempt_that_cost_less_than_it_might_have_makes_room_for_another(
    says: Make, task: Make, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite", lambda: 0.0)
    model = budgeted(Watched(says(GOOD)), ledger, tokens=900)
    at_most = estimated(task(), 50)

    async def run() -> list[Any]:
        return await asyncio.gather(
            *(model.reply(task((str(n),))) for n in range(12)), return_exceptions=True
        )

    asyncio.run(run())
    assert ledger.spent(0).tokens + at_most.input_tokens + at_most.output_tokens > 900
    ledger.close()


def test_minutes_count_from_the_start_and_hours_end(says: Make, task: Make, tmp_path: Path) -> None:
    now = [0.0]
    ledger = Ledger(tmp_path / "ledger.sqlite", lambda: now[0])
    limits = {"minutes": 10, "calls": 1, "hours": 0.1}
    asyncio.run(budgeted(says(GOOD), ledger, **limits).reply(task()))
    with pytest.raises(
        BudgetError, match=r"calls is 1: 1 calls are spent or under way in the last 0\.1 hours"
    ):
        asyncio.run(budgeted(says(GOOD), ledger, **limits).reply(task()))
    now[0] = 400
    model = budgeted(says(GOOD), ledger, **limits)
    asyncio.run(model.reply(task()))
    now[0] = 1001
    with pytest.raises(BudgetError, match=r"minutes is 10, which is over; every answer so far is"):
        asyncio.run(model.reply(task()))
    ledger.close()


def test_an_attempt_that_never_ends_is_in_the_ledger_at_the_most_it_may_cost(
    task: Make, tmp_path: Path
) -> None:
    class Killed:
        provider, model = "p", "m"
        settings: ClassVar[Settings] = {}

        async def reply(self, _: object) -> Reply:
            raise KeyboardInterrupt

    ledger = Ledger(tmp_path / "ledger.sqlite")
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(Recorded(Killed(), ledger, None, 50).reply(task()))
    assert (ledger.spent(0).calls, ledger.spent(0).tokens > 250) == (1, True)
    ledger.close()


def test_prices_are_per_million_and_cached_tokens_cost_less() -> None:
    usage = Usage(input_tokens=1_000_000, cached_tokens=400_000, output_tokens=100_000)
    assert list_prices()["gpt-4o-mini"].dollars(usage) == pytest.approx(
        0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6
    )
    assert Price(input=2, output=0).dollars(usage) == 2


def test_tokens_that_the_provider_put_into_its_cache_have_their_own_price() -> None:
    usage = Usage(
        input_tokens=1_000_000, cached_tokens=400_000, cache_write_tokens=500_000, output_tokens=0
    )
    luna = list_prices()["gpt-6-luna"]
    assert luna.dollars(usage) == pytest.approx(0.1 * 0.10 + 0.4 * 0.01 + 0.5 * 0.125)
    assert luna.in_batches().dollars(usage) == pytest.approx(luna.dollars(usage) / 2)
    assert Price(input=2, output=0).dollars(usage) == 2
    read = usage.model_copy(update={"cached_tokens": 10**6})
    assert luna.dollars(read) == pytest.approx(0.01)


def test_an_attempt_is_held_ready_for_at_the_price_of_filling_the_cache(task: Any) -> None:
    most = estimated(task(), 100)
    luna = list_prices()["gpt-6-luna"]
    assert luna.dollars(most) == pytest.approx((most.input_tokens * 0.125 + 100 * 0.50) / 1e6)


def test_every_preset_has_a_dated_price_and_ones_own_comes_first() -> None:
    assert set(PRESETS) == set(list_prices())
    assert all(price.date.startswith("20") for price in list_prices().values())
    own = Price(input=9, output=9)
    assert price_of("gpt-4o-mini", {"gpt-4o-mini": own}) is own


def test_a_budget_in_dollars_needs_a_price() -> None:
    with pytest.raises(ParamError, match=r"needs a price for mine; add it under llm\.prices"):
        needed_price("mine", {})


def test_a_model_of_another_provider_is_refused() -> None:
    with pytest.raises(ParamError, match=r"set llm\.provider to gemini"):
        preset("gemini-3.6-flash", "openai")


@pytest.mark.parametrize("width", [1, 3, 50])
def test_results_come_in_the_order_of_the_rows(width: int) -> None:
    async def work(n: int) -> int:
        await asyncio.sleep(0.002 * (n % 3))
        return n * n

    assert asyncio.run(in_order(work, range(20), width, "squares")) == [n * n for n in range(20)]


def test_after_an_error_rows_under_way_end_none_begins_and_the_missing_are_counted() -> None:
    ended, begun = [], []

    async def work(n: int) -> int:
        begun.append(n)
        await asyncio.sleep(0.01 if n else 0)
        if n == 0:
            raise BudgetError("spent")
        ended.append(n)
        return n

    with pytest.raises(BudgetError, match=r"^user profiles: stopped after 2 of 20; spent$"):
        asyncio.run(in_order(work, range(20), 3, "user profiles"))
    assert (sorted(ended), sorted(begun)) == ([1, 2], [0, 1, 2])


def test_nothing_reports_progress_after_an_error() -> None:
    async def work(_: int) -> None:
        raise BudgetError("spent")

    running = threading.active_count()
    with pytest.raises(BudgetError) as raised:
        asyncio.run(in_order(work, range(20), 3, "user profiles"))
    assert threading.active_count() == running
    assert raised.value.__traceback__ is not None


def test_the_same_question_at_the_same_time_is_asked_once(
    says: Make, task: Make, cached: Make
) -> None:
    watched = Watched(says(GOOD))
    cache: Cached = cached(watched)

    async def run() -> list[Reply]:
        return await asyncio.gather(*(cache.reply(task()) for _ in range(9)))

    assert asyncio.run(run()) == [GOOD] * 9
    assert len(watched.came) == 1
