"""Where private PostgreSQL and Valkey live, and as whom they run.

As root both drop to the user `nobody` (no account is made). That user must be able to walk to the
data and to the binaries; from a clone under /root it cannot, and then both are kept in /var/tmp.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOBODY = 65534
SHARED_TEMPORARY = Path("/var/tmp")  # noqa: S108 - survives a restart; ownership is checked below
LONGEST_SOCKET_PATH = 100  # the kernel allows 107 bytes


class PlaceRefused(Exception):
    """A folder that we would use belongs to somebody else."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder for servers' data, one for their sockets, and who the servers are."""

    data: Path
    sockets: Path
    user: int | None

    def identity(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that drop to the servers' user."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": []}

    def own(self, folder: Path) -> Path:
        """Make a folder that only the servers' user may enter."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.user is not None:
            os.chown(folder, self.user, self.user)
        folder.chmod(stat.S_IRWXU)
        return folder


def choose_place(data_dir: Path) -> Place:
    """Choose the folders for a DATA_DIR; raise `PlaceRefused` when /var/tmp holds a stranger's."""
    user = NOBODY if os.geteuid() == 0 else None
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    data, sockets = data_dir, data_dir / "sockets"
    if user is not None and not reachable(data_dir):
        data = _in_shared_temporary(data_dir)
        sockets = data / "sockets"
    if len(str(sockets)) > LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432.lock"):
        sockets = _in_shared_temporary(data_dir) / "sockets"
    return Place(data=data, sockets=sockets, user=user)


def reachable(path: Path) -> bool:
    """Tell whether any user may walk to `path`, which exists."""
    walked = [path, *path.parents]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in walked)


def readable_site(site: Path, *, folders: Sequence[str], name: str) -> Path:
    """Return the package folder `site`, or a copy of some of it which every user can reach.

    Their places relative to each other stay, because programs look for their libraries there.
    """
    if os.geteuid() != 0 or reachable(site.resolve()):
        return site
    target = SHARED_TEMPORARY / f"luzheng-{name}"
    if target.exists():
        _must_be_ours(target)
        return target
    fresh = Path(tempfile.mkdtemp(prefix=f"luzheng-{name}-", dir=SHARED_TEMPORARY))
    for folder in folders:
        if (site / folder).exists():
            shutil.copytree(site / folder, fresh / folder, ignore=shutil.ignore_patterns("include"))
    fresh.chmod(0o755)
    try:
        fresh.rename(target)
    except OSError:  # another process was quicker; its copy is as good
        shutil.rmtree(fresh)
        _must_be_ours(target)
    return target


def _in_shared_temporary(data_dir: Path) -> Path:
    digest = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    folder = SHARED_TEMPORARY / f"luzheng-{digest}"
    folder.mkdir(mode=0o755, exist_ok=True)
    _must_be_ours(folder)
    folder.chmod(0o755)
    return folder


def _must_be_ours(folder: Path) -> None:
    status = folder.lstat()
    if status.st_uid != os.geteuid() or not stat.S_ISDIR(status.st_mode):
        raise PlaceRefused(f"{folder} belongs to another user; set DATA_DIR to a folder of yours")
