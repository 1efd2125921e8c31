"""The command line: `python -m app.cli COMMAND`."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli import prepared
from app.cli.places import PlaceRefused
from app.cli.postgres import PostgresFailed
from app.cli.run import RunRefused, lock_path, only_one
from app.cli.run import run as run_everything
from app.cli.services import Services
from app.cli.settings import settings_page
from app.cli.valkey import ValkeyFailed
from config import Config, ConfigError

if TYPE_CHECKING:
    from flask import Flask

STOP_SECONDS = 10.0


@click.group()
def cli() -> None:
    """律证: run it, look after its stores and its schema."""


@cli.command()
def run() -> None:
    """Start everything and serve until Ctrl-C."""
    sys.exit(run_everything(Config.from_env(os.environ)))


@cli.command()
def stop() -> None:
    """End a running server of this DATA_DIR, and its private stores."""
    config = Config.from_env(os.environ)
    if lock_path(config.data_dir).exists():
        with only_one(config.data_dir, "") as other:
            if other is not None:
                os.kill(other.pid, signal.SIGTERM)
                _wait_for_end(other.pid)
    Services(config.data_dir).stop()


@cli.group()
def services() -> None:
    """Start or stop private PostgreSQL and Valkey alone."""


@services.command("start")
def services_start() -> None:
    """Start them and print the settings that point to them."""
    addresses = _services().start()
    for name, value in addresses.environment().items():
        click.echo(f"{name}={value}")


@services.command("stop")
def services_stop() -> None:
    """Stop them."""
    _services().stop()


@services.command("status")
def services_status() -> None:
    """Say whether they are alive."""
    stores = _services()
    click.echo(f"PostgreSQL: {_state(stores.postgres.pid())}")
    click.echo(f"Valkey: {_state(stores.valkey.pid())}")


@cli.command()
def prepare() -> None:
    """Bring the schema up to date and, outside production, fill an empty database."""
    from app.cli import database, seed  # noqa: PLC0415 - these load the whole product

    addresses = _services().start()
    config = Config.from_env({**os.environ, **addresses.environment()})
    application = _application(config)
    database.upgrade(application)
    if not config.production:
        seed.seed(application)
    prepared.remember(config.data_dir, addresses.database_url)


@cli.group()
def db() -> None:
    """Change the schema."""


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Migrate up."""
    from app.cli import database  # noqa: PLC0415 - loads the whole product

    database.upgrade(_application(_config_with_stores()), revision=revision)


@db.command()
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Migrate down; "base" drops every table."""
    from app.cli import database  # noqa: PLC0415 - loads the whole product

    database.downgrade(_application(_config_with_stores()), revision=revision)


@db.command()
@click.argument("number")
@click.argument("message")
def revise(number: str, message: str) -> None:
    """Write migration NUMBER from what the models have and the tables lack."""
    from app.cli import database  # noqa: PLC0415 - loads the whole product

    application = _application(_config_with_stores())
    database.revise(application, message=message, number=number)


@cli.group()
def ledger() -> None:
    """Look after the ledger."""


@ledger.command("audit")
def ledger_audit() -> None:
    """Compute everything the ledger stores again; exit code 1 when something differs."""
    from app.cli import ledger as book  # noqa: PLC0415 - loads the whole product

    _tell(book.audit(_application(_config_with_stores())))


@cli.group()
def courts() -> None:
    """Load the courts and what they can do online."""


@courts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def courts_import(file: Path) -> None:
    """Load a table of courts: all of it, or nothing and exit code 1 when a row is bad."""
    from app.cli import courts as table  # noqa: PLC0415 - loads the whole product

    _tell(table.load_courts(_application(_config_with_stores()), file))


@courts.command("functions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def courts_functions(file: Path) -> None:
    """Load a table of courts' functions, likewise."""
    from app.cli import courts as table  # noqa: PLC0415 - loads the whole product

    _tell(table.load_functions(_application(_config_with_stores()), file))


@cli.command()
def settings() -> None:
    """Print docs/settings.md."""
    click.echo(settings_page(), nl=False)


@cli.command()
def worker() -> None:
    """Run one worker against the same stores as the server."""
    environment = {**os.environ, **_services().start().environment()}
    os.execve(sys.executable, [sys.executable, "-m", "app.worker"], environment)  # noqa: S606


def _services() -> Services:
    return Services(Config.from_env(os.environ).data_dir, environ=os.environ)


def _config_with_stores() -> Config:
    return Config.from_env({**os.environ, **_services().start().environment()})


def _application(config: Config) -> Flask:
    from app import create_app  # noqa: PLC0415 - loads the whole product

    return create_app(config)


def _tell(outcome: tuple[bool, str]) -> None:
    good, text = outcome
    click.echo(text, err=not good)
    sys.exit(0 if good else 1)


def _state(pid: int | None) -> str:
    return "stopped" if pid is None else f"running (process {pid})"


def _wait_for_end(pid: int) -> None:
    give_up = time.monotonic() + STOP_SECONDS
    while time.monotonic() < give_up:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)


def main() -> None:
    """Run, and turn what a person can mend into one line."""
    try:
        cli()
    except (ConfigError, PlaceRefused, PostgresFailed, RunRefused, ValkeyFailed) as error:
        click.echo(f"luzheng: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
