"""How a server is started, as its workers are told of it."""

import os
from ipaddress import ip_address
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from e2ep_cli.reading.choice import shown_run
from e2ep_cli.runs.run import Run
from stages.core.errors import InputError

TOKEN = "E2EP_SERVE_TOKEN"
"""The variable that holds the token."""
SETTINGS = "E2EP_SERVE"
"""The variable by which workers get these settings."""
_SHORTEST_TOKEN = 16


class ServeSettings(BaseModel):
    """Where to listen, which run to serve, and what a client may do.

    rate: requests per second and client, 0 for any number. every: seconds between two looks for a
    newer run. body: bytes of a request. slow: seconds in which a request must have arrived.
    """

    model_config = ConfigDict(frozen=True)
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8765
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    rate: Annotated[float, Field(ge=0)] = 100.0
    dataset: str | None = None
    name: str | None = None
    split: str | None = None
    settings: tuple[str, ...] = ()
    every: float = 2.0
    body: int = 64 * 1024
    slow: float = 10.0

    @property
    def run(self) -> Run:
        """The run that is served."""
        return shown_run(self.dataset, self.name, list(self.settings))

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches it."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def serve_token(settings: ServeSettings) -> str | None:
    """The token that clients must send; an InputError where one is needed and there is none."""
    token = os.environ.get(TOKEN, "").strip()
    if token and len(token) < _SHORTEST_TOKEN:
        raise InputError(
            f"the token in {TOKEN} has {len(token)} characters; take {_SHORTEST_TOKEN} or more, "
            "such as those of `python -c 'import secrets; print(secrets.token_urlsafe())'`"
        )
    if not token and not settings.is_local:
        raise InputError(
            f"--host {settings.host} is reachable from other machines; set {TOKEN} to a token "
            f"that clients must send, of {_SHORTEST_TOKEN} characters or more"
        )
    return token or None


def serve_settings() -> ServeSettings:
    """The settings that the environment holds for a worker."""
    return ServeSettings.model_validate_json(os.environ[SETTINGS])
