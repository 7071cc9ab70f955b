"""Posters by item: one thread asks TMDB, and what it gave is kept on disk."""

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

from e2ep_cli.serving.http.observing import server_log
from e2ep_cli.serving.posters.finding import PosterTmdb, PosterWanted, poster_path
from e2ep_cli.serving.posters.picture import (
    Picture,
    PictureError,
    fetched_picture,
    picture_address,
    picture_of,
)
from stages.core.cache import cache_folder
from stages.core.errors import E2epError
from stages.core.files import write_whole
from stages.enrich.params import TmdbParams
from stages.enrich.tmdb.cache import TmdbCache
from stages.enrich.tmdb.pace import Clock, Pace
from stages.enrich.tmdb.web import Web

_REST = 30.0
"""Seconds without a question after one that failed."""
_MOST_WAITING = 200
_DAY = 86_400


class Posters:
    """Gives posters one after the other, so that no list waits for TMDB.

    Whoever asks while TMDB does not answer, or behind many others, gets none.
    """

    def __init__(self, params: TmdbParams, key: str) -> None:
        self.params = params.model_copy(update={"attempts": 1, "timeout": min(5.0, params.timeout)})
        self._key = SecretStr(key)
        self._thread = ThreadPoolExecutor(1, "posters")
        self._waiting, self._rest_until = 0, 0.0
        self._without: set[str] = set()

    async def picture(self, wanted: PosterWanted) -> Picture | None:
        """The item's poster, None where there is none or it cannot be had now."""
        if self._waiting >= _MOST_WAITING or wanted.item_id in self._without:
            return None
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._thread.submit(self._picture, wanted))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Ask no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _tmdb(self) -> PosterTmdb:
        """Opened by the thread that uses it, since a database has one."""
        pace = Pace(self.params.calls, self.params.seconds, Clock())
        cache = TmdbCache(cache_folder() / "tmdb.sqlite", self.params.keep_days)
        return PosterTmdb(Web(self.params, self._key, pace), cache)

    def _picture(self, wanted: PosterWanted) -> Picture | None:
        if time.monotonic() < self._rest_until:
            return None
        try:
            path = poster_path(wanted, self._tmdb, self.params.threshold)
            if path is not None:
                return self._kept(path)
        except PictureError as error:
            server_log(f"the poster of item {wanted.item_id} is not served: {error}")
        except (E2epError, OSError) as error:
            self._rest_until = time.monotonic() + _REST
            server_log(f"no posters for {_REST:.0f} seconds: {error}")
            return None
        self._without.add(wanted.item_id)
        return None

    def _kept(self, path: str) -> Picture:
        """From the disk if it is there and not too old, which TMDB's terms limit."""
        file = cache_folder() / "posters" / Path(path).name
        try:
            if time.time() - file.stat().st_mtime < _DAY * self.params.keep_days:
                return picture_of(file.read_bytes())
        except (OSError, PictureError):
            pass
        address = picture_address(self.params.base_url, path)
        picture = fetched_picture(address, self.params.timeout)
        write_whole(file, lambda partial: partial.write_bytes(picture.content))
        return picture


def posters_of(params: TmdbParams) -> Posters | None:
    """Posters, if the environment has the key of the section `enrich.tmdb`."""
    key = os.environ.get(params.key_variable, "").strip()
    return Posters(params, key) if key else None
