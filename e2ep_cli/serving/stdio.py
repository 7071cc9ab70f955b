"""The tools of an assistant that starts the server itself, on stdin and stdout."""

from e2ep_cli.serving.held.load import load_run
from e2ep_cli.serving.held.reload import ServedRun
from e2ep_cli.serving.http.process import plain_stderr
from e2ep_cli.serving.settings import ServeSettings
from e2ep_cli.serving.tools import tools


def serve_tools(settings: ServeSettings) -> None:
    """Serve until stdin is closed."""
    plain_stderr()
    run = settings.run
    served = ServedRun(lambda: load_run(run, settings.split), settings.every)
    served.start()
    try:
        tools(served).run("stdio")
    finally:
        served.stop()
