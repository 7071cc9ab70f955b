"""`e2ep serve`: a trained run behind HTTP, as tools of an assistant, and as a page."""

from typing import Annotated

import typer

from e2ep_cli.options import DatasetOption, RunOption, SetOption
from stages.core.errors import InputError, one_sentence

INSTALL = 'pip install -e ".[serve]" -c constraints.txt'


@one_sentence
def serve_command(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this machine's needs a token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")
    ] = 8765,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that answer; models are shared.")
    ] = 1,
    rate: Annotated[
        float, typer.Option(min=0, help="Requests per second and client; 0 for any number.")
    ] = 100.0,
    as_tools: Annotated[
        bool,
        typer.Option("--stdio", help="Serve the tools of an assistant (MCP) on stdin and stdout."),
    ] = False,
    dataset: DatasetOption = None,
    split: Annotated[
        str | None,
        typer.Option("--split", help="Split whose lists are served; default: those shown."),
    ] = None,
    settings: SetOption = None,
    run: RunOption = None,
) -> None:
    """Serve recommendations and reasons: a page, an HTTP interface, tools for assistants.

    The page is at http://127.0.0.1:8765/, the interface's description at /openapi.json, the tools
    (MCP) at /mcp. A run that is made again is served as soon as it is whole. For another address
    than this machine's, set E2EP_SERVE_TOKEN to a token that clients must send.
    """
    _require_packages()
    from e2ep_cli.reading.choice import choose_ranking
    from e2ep_cli.reading.saying import say_run
    from e2ep_cli.serving.settings import ServeSettings, serve_token

    asked = ServeSettings(
        host=host,
        port=port,
        workers=workers,
        rate=rate,
        dataset=dataset,
        name=run,
        split=split,
        settings=tuple(settings or ()),
    )
    serve_token(asked)
    # What is missing is said here, rather than by a worker.
    choose_ranking(asked.run, split, None, None)
    say_run(asked.run)
    if as_tools:
        from e2ep_cli.serving.stdio import serve_tools

        serve_tools(asked)
        return
    from e2ep_cli.serving.http.process import serve_http

    serve_http(asked, lambda address: typer.echo(f"{address} (Ctrl-C stops)"))


def _require_packages() -> None:
    """Say what to install if a package of the extra is not there."""
    from importlib.util import find_spec

    lacking = [name for name in ("fastapi", "uvicorn", "mcp") if find_spec(name) is None]
    if lacking:
        raise InputError(f"e2ep serve needs {', '.join(lacking)}; run `{INSTALL}`")
