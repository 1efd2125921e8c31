"""The stores of one DATA_DIR: private servers, or the ones that the environment names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.cli.places import choose_place
from app.cli.postgres import Postgres
from app.cli.valkey import Valkey


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the stores are."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        """Return the settings that point to the stores."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


class Services:
    """Starts what the environment does not name; both start and stop may be repeated."""

    def __init__(
        self, data_dir: Path, *, environ: Mapping[str, str] | None = None, durable: bool = True
    ) -> None:
        given = environ or {}
        self._database_url = given.get("DATABASE_URL", "").strip()
        self._redis_url = given.get("REDIS_URL", "").strip()
        self._data_dir = data_dir
        self._durable = durable

    @cached_property
    def postgres(self) -> Postgres:
        """The private PostgreSQL; its folder is chosen only when it is asked for."""
        return Postgres(choose_place(self._data_dir), durable=self._durable)

    @cached_property
    def valkey(self) -> Valkey:
        """The private Valkey, likewise."""
        return Valkey(choose_place(self._data_dir))

    def start(self) -> Addresses:
        """Start the private servers that are needed; raise `PostgresFailed`, `ValkeyFailed`."""
        if not self._database_url:
            self.postgres.start()
        if not self._redis_url:
            self.valkey.start()
        return self.addresses()

    def addresses(self) -> Addresses:
        """Return where the stores are, running or not."""
        return Addresses(
            database_url=self._database_url or self.postgres.url(),
            redis_url=self._redis_url or self.valkey.url(),
        )

    def healthy(self) -> bool:
        """Tell whether the private servers that are needed are alive."""
        return (bool(self._database_url) or self.postgres.running()) and (
            bool(self._redis_url) or self.valkey.running()
        )

    def stop(self) -> None:
        """Stop the private servers that were needed."""
        if not self._redis_url:
            self.valkey.stop()
        if not self._database_url:
            self.postgres.stop()
