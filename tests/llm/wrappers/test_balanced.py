"""Several real servers of one model: who is asked, who is left out, what it costs, what is kept."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import E2epError, InputError, ParamError
from stages.core.params import check_section
from stages.llm.answers.structured import ask
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.servers.ready import require_ready
from stages.llm.wrappers.breaker import OpenCircuitError
from tests.llm.server import Act, Asked, Server, chat, nowhere
from tests.patience import patient

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'


def params(*urls: str, **more: Any) -> LlmParams:
    fields = {"provider": "openai", "model": "mine", "base_url": list(urls), "timeout": 30.0}
    return LlmParams(**fields | more)


def urls(*servers: Server) -> list[str]:
    return [f"{server.url}/v1" for server in servers]


def all_asked(setting: LlmParams, tasks: list[Any], clock: Any = None) -> list[Any]:
    """Ask everything together; an answer or an error each."""

    async def run() -> list[Any]:
        async with connected(setting, clock) as model:
            return await asyncio.gather(
                *(ask(model, task) for task in tasks), return_exceptions=True
            )

    return asyncio.run(run())


def rows(tmp_path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        return database.execute("SELECT outcome, input_tokens FROM attempts ORDER BY id").fetchall()


@pytest.fixture
def doomed() -> Iterator[tuple[str, Callable[[], None]]]:
    """A server in a process of its own that answers nobody, and what kills it."""
    code = (
        "import time; from tests.llm.server import Act, Server; "
        "print(Server([Act(delay=600.0)]).url, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        yield f"{run.stdout.readline().strip()}/v1", run.kill
        run.kill()


def test_the_least_busy_server_is_asked(serve: Make, task: Make) -> None:
    """One server keeps its first question until the other has answered all the rest."""
    rest = threading.Event()

    def quickly(_: Asked) -> Act:
        if len(quick.asked) == 9:
            rest.set()
        return chat(GOOD)

    def slowly(_: Asked) -> Act:
        assert rest.wait(patient(10))
        return chat(GOOD)

    slow, quick = serve(slowly), serve(quickly)
    setting = params(*urls(slow, quick), concurrency=2)
    answers = all_asked(setting, [task((str(n),)) for n in range(10)])
    assert [answer.outcome for answer in answers] == ["answered"] * 10
    assert (len(slow.asked), len(quick.asked)) == (1, 9)


def test_equally_busy_servers_take_turns(serve: Make, task: Make) -> None:
    servers = [serve(chat(GOOD)) for _ in range(3)]
    all_asked(params(*urls(*servers), concurrency=1), [task((str(n),)) for n in range(9)])
    assert [len(server.asked) for server in servers] == [3, 3, 3]


def test_a_server_that_is_killed_in_the_middle_costs_nothing(
    doomed: Any, serve: Make, task: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, kill = doomed

    def kills(_: Asked) -> Act:
        if len(healthy.asked) == 2:
            kill()
        return chat(GOOD)

    healthy = serve(kills)
    setting = params(url, *urls(healthy), concurrency=4)
    answers = all_asked(setting, [task((str(n),)) for n in range(12)])
    assert [answer.outcome for answer in answers] == ["answered"] * 12
    assert len(healthy.asked) == 12
    assert rows(tmp_path) == [("answered", 100)] * 12
    said = capsys.readouterr().err
    assert said.count("is left out for a while") == 1
    assert f"{url} is left out for a while (" in said


def test_a_server_that_failed_is_asked_again_after_a_rest(
    serve: Make, task: Make, clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ill, well = serve(Act({}, 500), Act({}, 500), chat(GOOD)), serve(chat(GOOD))

    async def run() -> list[int]:
        asked = []
        async with connected(params(*urls(ill, well)), clock) as model:
            for moment in (0.0, 4.9, 5.1, 15.0, 15.2, 15.3):
                clock.time = moment
                assert (await ask(model, task((str(moment),)))).outcome == "answered"
                asked.append(len(ill.asked))
        return asked

    # Left out for 5 s, then for 10 s; then it answers, and is the one asked least so far.
    assert asyncio.run(run()) == [1, 1, 2, 2, 3, 4]
    said = [line for line in capsys.readouterr().err.splitlines() if ill.url in line]
    assert said == [
        f"{ill.url}/v1 is left out for a while (HTTP 500)",
        f"{ill.url}/v1 answers again",
    ]
    assert clock.slept == []


def test_a_server_that_asks_for_a_wait_is_left_alone_so_long(
    serve: Make, task: Make, clock: Any
) -> None:
    full, free = serve(Act({}, 429, {"retry-after": "60"}), chat(GOOD)), serve(chat(GOOD))

    async def run() -> None:
        async with connected(params(*urls(full, free)), clock) as model:
            for moment, count in ((0.0, 1), (59.0, 1), (61.0, 2)):
                clock.time = moment
                await ask(model, task((str(moment),)))
                assert len(full.asked) == count

    asyncio.run(run())
    assert clock.slept == []


def test_a_question_that_took_all_its_time_goes_to_another_server(
    serve: Make, task: Make, clock: Any, tmp_path: Path
) -> None:
    """As with one server, such an attempt counts at the most that it may cost."""
    answered = threading.Event()

    def mutely(_: Asked) -> Act:
        answered.wait(patient(60))
        return chat(GOOD)

    def well_said(_: Asked) -> Act:
        answered.set()
        return chat(GOOD)

    mute, well = serve(mutely), serve(well_said)
    setting = params(*urls(mute, well), timeout=patient(2))
    (answer,) = all_asked(setting, [task()], clock)
    assert answer.outcome == "answered"
    assert [outcome for outcome, _ in rows(tmp_path)] == ["failed", "answered"]


def test_if_none_answers_one_sentence_names_them(task: Make, clock: Any) -> None:
    first, second = nowhere(), nowhere()
    (error,) = all_asked(params(first, second), [task()], clock)
    assert isinstance(error, OpenCircuitError)
    assert str(error) == (
        f"no server at {first} (connection refused) and no server at {second} (connection "
        "refused); every answer so far is kept, so start that server or check llm.base_url and "
        "the network, then run the same command again, or set llm.provider to offline and "
        "llm.model to null"
    )
    with pytest.raises(InputError, match=r"^no server at .* and no server at .*; start that"):
        require_ready(params(first, second))


def test_beforehand_one_server_is_enough_and_the_missing_one_is_noted(serve: Make) -> None:
    there, missing = serve(chat(GOOD)), nowhere()
    assert require_ready(params(missing, *urls(there))) == [
        f"no server at {missing} (connection refused); its questions go to the others"
    ]
    assert [len(there.greeted), len(there.asked)] == [1, 0]


def test_a_mistake_that_waiting_does_not_mend_names_its_server(serve: Make, task: Make) -> None:
    well, other = serve(chat(GOOD)), serve(Act({"error": {}}, 404))
    errors = [
        one
        for one in all_asked(params(*urls(other, well)), [task((str(n),)) for n in range(2)])
        if isinstance(one, E2epError)
    ]
    assert errors
    assert str(errors[0]).startswith(f"{other.url}/v1: the server does not know the model mine")


def test_an_answer_is_kept_whichever_server_gave_it(serve: Make, task: Make) -> None:
    """What one address was asked is known to a list with or without it."""
    one, two, three = (serve(chat(GOOD)) for _ in range(3))
    tasks = [task((str(n),)) for n in range(4)]
    all_asked(LlmParams(provider="openai", model="mine", base_url=urls(one)[0]), tasks)  # type: ignore[arg-type]
    all_asked(params(*urls(two, three)), tasks)
    assert [len(server.asked) for server in (one, two, three)] == [4, 0, 0]


def test_the_budget_is_one_for_all_servers(serve: Make, task: Make) -> None:
    servers = [serve(chat(GOOD)) for _ in range(2)]
    setting = params(*urls(*servers), budgets={"calls": 3})
    answers = all_asked(setting, [task((str(n),)) for n in range(8)])
    assert sum(len(server.asked) for server in servers) == 3
    assert sum(isinstance(answer, E2epError) for answer in answers) == 5


def test_each_server_gets_the_key_of_its_section_and_is_masked(
    serve: Make, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "own-key-5b1c77"
    monkeypatch.setenv("E2EP_API_KEY", key)
    servers = [serve(chat(f'{{"label": "{key}", "score": 1}}')) for _ in range(2)]
    answers = all_asked(
        params(*urls(*servers), concurrency=1), [task((str(n), key)) for n in range(2)]
    )
    assert [server.asked[0].headers["authorization"] for server in servers] == [f"Bearer {key}"] * 2
    assert [answer.value.label for answer in answers] == ["[key]"] * 2


def test_the_reranker_may_be_a_list_too(serve: Make) -> None:
    there, missing = serve(chat(GOOD)), nowhere()
    judge = {"model": "reranker", "base_url": [missing, *urls(there)]}
    judging = LlmParams(judge=judge).judging  # type: ignore[arg-type]
    assert [one.address for one in judging.by_server] == [missing, *urls(there)]
    assert len(require_ready(judging)) == 1


HERE = "http://127.0.0.1:1/v1"
AWAY = "https://8.8.8.8/v1"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"base_url": [HERE, "http://me:pass-word@gpu:8000/v1"]}, "files would keep the password"),
        ({"base_url": [HERE, "gpu:8000"]}, "llm.base_url in params.yaml is 'gpu:8000': "),
        ({"base_url": []}, "llm.base_url in params.yaml is []: "),
        ({"base_url": [HERE, 5]}, "llm.base_url in params.yaml is 5: "),
        (
            {"base_url": [HERE, HERE[:-1]], "mode": "batch"},
            "llm.base_url lists 2 servers, but llm.mode is batch",
        ),
        (
            {"users": {"provider": "openai", "model": "m", "base_url": [HERE, AWAY]}},
            f"but {AWAY} is not local",
        ),
        (
            {"users": "offline", "judge": {"model": "m", "base_url": [HERE, AWAY]}},
            f"llm.judge.base_url {AWAY} is not local",
        ),
        (
            {"provider": "offline", "base_url": [HERE, AWAY]},
            f"llm.base_url=[{HERE}, {AWAY}] are set, but llm.provider is offline",
        ),
    ],
)
def test_every_address_of_a_list_is_held_to_what_one_is(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ParamError) as raised:
        check_section("llm", {"provider": "openai", "model": "m"} | values, LlmParams)
    assert said in str(raised.value)
    assert "pass-word" not in str(raised.value)


def test_one_address_is_a_list_of_one_and_each_counts_once() -> None:
    one = LlmParams(provider="openai", model="m", base_url=HERE)  # type: ignore[arg-type]
    assert one == params(HERE, HERE, model="m", timeout=120.0)
    assert one.by_server == (one,)
    with pytest.raises(InputError, match=f"E2EP_API_KEY is not set; put the key of {AWAY} there"):
        require_ready(params(HERE, AWAY))
