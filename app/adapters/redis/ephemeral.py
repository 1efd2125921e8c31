"""Short-lived values in Redis or Valkey, shared by all processes."""

from __future__ import annotations

from typing import cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.ports.ephemeral import EphemeralUnavailable

_TIMEOUT = 0.3

# One step on the server: a count without an expiry cannot be left behind by a crash in between.
_INCR = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class RedisEphemeral:
    """The production store. `prefix` keeps our keys apart from a neighbour's.

    No command is ever retried: a retried SET NX whose first answer was lost would tell the
    winner that the key is taken. When the server is away a call fails within about 0.3 s.
    """

    def __init__(self, *, url: str, prefix: str = "lvz:") -> None:
        self._prefix = prefix
        self._redis = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=30,
        )
        self._incr = self._redis.register_script(_INCR)

    def put(self, *, key: str, value: str, ttl: float) -> None:
        """Store `value` for `ttl` > 0 seconds, replacing what was there."""
        life = _milliseconds(ttl)
        try:
            self._redis.set(self._prefix + key, value, px=life)
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem

    def claim(self, *, key: str, value: str, ttl: float) -> bool:
        """Store only if the key is free; True for the one caller who got it. Never retried.

        Every signed request comes by here, so the command goes straight to a connection: the
        client's layers for retrying and measuring cost as much as the answer.
        """
        command = ("SET", self._prefix + key, value, "PX", _milliseconds(ttl), "NX")
        try:
            connection = self._redis.connection_pool.get_connection()
            try:
                connection.send_command(*command)  # type: ignore[no-untyped-call]
                return connection.read_response() is not None
            except BaseException:
                # A late answer must not meet the next command.
                connection.disconnect()  # type: ignore[no-untyped-call]
                raise
            finally:
                self._redis.connection_pool.release(connection)
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem

    def get(self, key: str) -> str | None:
        """The value, or None when absent or expired."""
        try:
            return cast("str | None", self._redis.get(self._prefix + key))
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem

    def delete(self, key: str) -> None:
        """Forget the key; no error when it is absent."""
        try:
            self._redis.delete(self._prefix + key)
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem

    def take(self, key: str) -> str | None:
        """Read and delete in one step: of many callers at most one gets the value."""
        try:
            return cast("str | None", self._redis.getdel(self._prefix + key))
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem

    def incr(self, *, key: str, ttl: float) -> int:
        """Add one and return the count; raises ValueError when the key holds no count."""
        life = _milliseconds(ttl)
        try:
            return int(cast("int", self._incr(keys=[self._prefix + key], args=[life])))
        except redis.ResponseError as problem:
            if "not an integer" in str(problem):
                message = "the key holds no count"
                raise ValueError(message) from problem
            raise _unavailable(problem) from problem
        except redis.RedisError as problem:
            raise _unavailable(problem) from problem


def _milliseconds(ttl: float) -> int:
    if ttl <= 0:
        message = "ttl must be positive"
        raise ValueError(message)
    return max(1, round(ttl * 1000))


def _unavailable(problem: redis.RedisError) -> EphemeralUnavailable:
    return EphemeralUnavailable(type(problem).__name__)
