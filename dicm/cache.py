"""The cache in Valkey, and in this process's memory while Valkey is away.

Limits on attempts are counted in it (allauth): without it nobody could sign in. Counted in memory they hold for
each process by itself, which is looser by the number of processes and far better than none.
"""

import logging
import time
from functools import cache

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)
# While Valkey is away, nobody waits for it again before these are over.
AWAY_SECONDS = 5
ASKED = (
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear",
)  # fmt: skip


@cache
def client(server: str) -> RedisCacheClient:
    """One for all threads of the process; a request that has a thread of its own needs no connection of its own."""
    seconds = settings.VALKEY_SECONDS
    return RedisCacheClient(
        [server], socket_timeout=seconds, socket_connect_timeout=seconds, retry=Retry(NoBackoff(), 1)
    )


class Cache(RedisCache):
    """Django's, with `memory` to fall back on; what was counted there is forgotten when Valkey is back."""

    # Of the whole process: Django makes a cache for each thread.
    away_until = 0.0

    def __init__(self, server, params):
        super().__init__(server, params)
        self.server = server
        self.memory = LocMemCache(f"while away: {server}", params)

    @property
    def _cache(self):
        return client(self.server)

    def either(self, name: str, *args, **kwargs):
        if time.monotonic() >= Cache.away_until:
            try:
                answer = getattr(super(), name)(*args, **kwargs)
            except RedisError as away:
                self._say(away)
            else:
                self._back()
                return answer
        return getattr(self.memory, name)(*args, **kwargs)

    def _say(self, away: RedisError) -> None:
        if not Cache.away_until:
            logger.warning(
                "Valkey is away (%s): limits on attempts are counted in this process's memory.", away
            )
        Cache.away_until = time.monotonic() + AWAY_SECONDS

    def _back(self) -> None:
        if Cache.away_until:
            logger.warning("Valkey is back.")
            Cache.away_until = 0.0
            self.memory.clear()


def _asked(name: str):
    def ask(self, *args, **kwargs):
        return self.either(name, *args, **kwargs)

    ask.__name__ = name
    return ask


for _name in ASKED:
    setattr(Cache, _name, _asked(_name))
