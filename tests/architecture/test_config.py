"""Settings are checked together, and production takes nothing that is for demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigError
from tests.architecture.test_urls import production_settings

NEEDED = (
    "DATABASE_URL",
    "REDIS_URL",
    "WECHAT_URL",
    "FIELD_KEY",
    "ISSUER_KEY_FILE",
    "ROOT_KEY_FILE",
    "LEDGER_KEY_FILE",
    "PUBLIC_URL",
    "MATERIALS_DIR",
)

DEMONSTRATED = (
    "REGISTRY",
    "SECRET_KEY",
    "WECHAT_SECRET",
    "WECHAT_TEMPLATES",
    "MAIL_URL",
    "MAIL_FROM",
)


def test_production_names_everything_that_is_missing_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"ENV": "production"})
    for name in (*NEEDED, *DEMONSTRATED, "VIRUS_SCAN"):
        assert name in str(refused.value), name


def test_production_with_everything_set(tmp_path: Path) -> None:
    config = Config.from_env(production_settings("postgresql://x/y", "redis://z", tmp_path))
    assert config.production
    assert config.database_url == "postgresql+psycopg://x/y"


@pytest.mark.parametrize("name", [*NEEDED, *DEMONSTRATED])
def test_production_refuses_each_default(tmp_path: Path, name: str) -> None:
    settings = production_settings("postgresql://x/y", "redis://z", tmp_path)
    with pytest.raises(ConfigError, match=name):
        Config.from_env({**settings, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("REGISTRY", "ldap"),
        ("MAIL_URL", "pigeon://loft"),
        ("MAIL_URL", "smtps://"),
        ("REGISTRY", "http"),
        ("LIVENESS_ACTIONS", "blink"),
        ("LIVENESS_ACTIONS", "blink,wink"),
        ("FIELD_KEY", "AAAA"),
        ("FIELD_KEY", "not base64!"),
        ("FACE_WORKERS", "0"),
        ("FACE_WORKERS", "many"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigError):
        Config.from_env({name: value})


def test_both_matchers_off_is_refused() -> None:
    with pytest.raises(ConfigError, match="FACE_DLIB"):
        Config.from_env({"FACE_DLIB": "0", "FACE_SFACE": "0"})


def test_several_problems_are_told_together() -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"ENV": "staging", "PORT": "many", "FIELD_KEY": "!", "FACE_WORKERS": "x"})
    for name in ("ENV", "PORT", "FIELD_KEY", "FACE_WORKERS"):
        assert name in str(refused.value), name
