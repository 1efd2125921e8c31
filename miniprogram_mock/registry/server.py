"""The stand-in register: the calls of the interface, and a control door to change things.

Control (for tests and demonstrations only; a real register has none of it):

    PUT  /control/lawyers/<licence_no>    the whole record as the interface shows it
    PUT  /control/trainees/<trainee_no>   the same of a trainee
    POST /control/status                  {"licence_no", "status", "status_since"}
    POST /control/weather                 {"down": bool, "delay": seconds}
"""

from __future__ import annotations

import base64
import csv
import hmac
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

FIELDS = (
    "licence_no",
    "name",
    "identity_no",
    "firm_name",
    "firm_uscc",
    "category",
    "status",
    "status_since",
    "photo",
)
TRAINEE_FIELDS = (
    "trainee_no",
    "name",
    "identity_no",
    "firm_name",
    "firm_uscc",
    "status",
    "status_since",
)
TRAINEE_WORDS = {
    "实习中": "training",
    "中止实习": "suspended",
    "实习期满": "completed",
    "取消实习登记": "cancelled",
}
STATUS_WORDS = {
    "正常执业": "practising",
    "停止执业": "suspended",
    "注销": "cancelled",
    "吊销": "revoked",
    "撤销许可": "withdrawn",
    "变更执业机构中": "transferring",
    "年度考核未参加或暂缓": "assessment_pending",
}
CATEGORY_WORDS = {
    "专职律师": "full_time",
    "兼职律师": "part_time",
    "公职律师": "public",
    "公司律师": "company",
    "法律援助律师": "legal_aid",
    "军队律师": "military",
    "香港居民律师": "hong_kong",
    "澳门居民律师": "macao",
    "台湾居民律师": "taiwan",
}


class RegistryServer:
    """The register's memory. `now` gives aware UTC; `token` is the only bearer it accepts."""

    def __init__(self, *, token: str, now: Callable[[], datetime] | None = None) -> None:
        self.token = token
        self.now = now or (lambda: datetime.now(UTC))
        self.down = False
        self.delay = 0.0
        self._lock = threading.Lock()
        self._lawyers: dict[str, dict[str, Any]] = {}
        self._trainees: dict[str, dict[str, Any]] = {}

    def put(self, lawyer: dict[str, Any]) -> None:
        """Add or replace one lawyer; every field of the interface must be there."""
        with self._lock:
            self._lawyers[lawyer["licence_no"]] = {name: lawyer[name] for name in FIELDS}

    def put_trainee(self, trainee: dict[str, Any]) -> None:
        """Add or replace one trainee."""
        with self._lock:
            number = trainee["trainee_no"]
            self._trainees[number] = {name: trainee[name] for name in TRAINEE_FIELDS}

    def trainee(self, trainee_no: str) -> dict[str, Any] | None:
        """One trainee as they are now."""
        with self._lock:
            trainee = self._trainees.get(trainee_no)
            return None if trainee is None else dict(trainee)

    def get(self, licence_no: str) -> dict[str, Any] | None:
        """One lawyer as they are now."""
        with self._lock:
            lawyer = self._lawyers.get(licence_no)
            return None if lawyer is None else dict(lawyer)

    def set_status(self, *, licence_no: str, status: str, status_since: str) -> bool:
        """Change one lawyer's status; False when the register has no such lawyer."""
        with self._lock:
            if licence_no not in self._lawyers:
                return False
            self._lawyers[licence_no] |= {"status": status, "status_since": status_since}
            return True

    def load_folder(self, folder: Path) -> int:
        """Copy a register kept as a folder; return how many lawyers."""
        self._load_trainees(folder / "trainees.csv")
        with (folder / "lawyers.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            photo = folder / "photos" / f"{row['执业证号']}.jpg"
            self.put(
                {
                    "licence_no": row["执业证号"],
                    "name": row["姓名"],
                    "identity_no": row["公民身份号码"],
                    "firm_name": row["执业机构"],
                    "firm_uscc": row["统一社会信用代码"],
                    "category": CATEGORY_WORDS[row["执业类别"]],
                    "status": STATUS_WORDS[row["执业状态"]],
                    "status_since": row["状态日期"],
                    "photo": base64.b64encode(photo.read_bytes()).decode()
                    if photo.exists()
                    else None,
                }
            )
        return len(rows)

    def _load_trainees(self, file: Path) -> None:
        if not file.exists():
            return
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                self.put_trainee(
                    {
                        "trainee_no": row["实习证号"],
                        "name": row["姓名"],
                        "identity_no": row["公民身份号码"],
                        "firm_name": row["实习机构"],
                        "firm_uscc": row["统一社会信用代码"] or None,
                        "status": TRAINEE_WORDS[row["实习状态"]],
                        "status_since": row["状态日期"],
                    }
                )


def create_application(server: RegistryServer) -> Flask:
    """The interface and its control door over one register."""
    app = Flask("miniprogram_mock.registry", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    @app.before_request
    def guard() -> tuple[Response, int] | None:
        if request.path.startswith("/control/"):
            return None
        if server.delay:
            time.sleep(server.delay)
        if server.down:
            return jsonify(code="maintenance"), HTTPStatus.SERVICE_UNAVAILABLE
        offered = request.headers.get("Authorization", "")
        if not hmac.compare_digest(offered.encode(), f"Bearer {server.token}".encode()):
            return jsonify(code="token_not_accepted"), HTTPStatus.UNAUTHORIZED
        return None

    _add_interface(app, server)
    _add_control(app, server)
    return app


def _add_interface(app: Flask, server: RegistryServer) -> None:
    @app.get("/lawyers/<licence_no>")
    def lawyer(licence_no: str) -> tuple[Response, int]:
        found = server.get(licence_no)
        if found is None:
            return jsonify(code="licence_not_found"), HTTPStatus.NOT_FOUND
        return jsonify(found), HTTPStatus.OK

    @app.get("/lawyers/<licence_no>/status")
    def status(licence_no: str) -> tuple[Response, int]:
        found = server.get(licence_no)
        if found is None:
            return jsonify(code="licence_not_found"), HTTPStatus.NOT_FOUND
        told = {name: found[name] for name in ("status", "firm_name", "firm_uscc")}
        as_of = server.now().isoformat()
        return jsonify(licence_no=licence_no, as_of=as_of, **told), HTTPStatus.OK

    @app.get("/trainees/<trainee_no>")
    def trainee(trainee_no: str) -> tuple[Response, int]:
        found = server.trainee(trainee_no)
        if found is None:
            return jsonify(code="trainee_not_found"), HTTPStatus.NOT_FOUND
        return jsonify(found), HTTPStatus.OK


def _add_control(app: Flask, server: RegistryServer) -> None:
    @app.put("/control/lawyers/<licence_no>")
    def put(licence_no: str) -> tuple[Response, int]:
        lawyer = request.get_json()
        if lawyer.get("licence_no") != licence_no or set(FIELDS) - set(lawyer):
            return jsonify(code="record_incomplete"), HTTPStatus.UNPROCESSABLE_ENTITY
        server.put(lawyer)
        return jsonify(lawyer), HTTPStatus.OK

    @app.put("/control/trainees/<trainee_no>")
    def put_trainee(trainee_no: str) -> tuple[Response, int]:
        trainee = request.get_json()
        if trainee.get("trainee_no") != trainee_no or set(TRAINEE_FIELDS) - set(trainee):
            return jsonify(code="record_incomplete"), HTTPStatus.UNPROCESSABLE_ENTITY
        server.put_trainee(trainee)
        return jsonify(trainee), HTTPStatus.OK

    @app.post("/control/status")
    def set_status() -> tuple[Response, int]:
        body = request.get_json()
        known = body["status"] in STATUS_WORDS.values() and server.set_status(
            licence_no=body["licence_no"],
            status=body["status"],
            status_since=body["status_since"],
        )
        return jsonify(known=known), HTTPStatus.OK if known else HTTPStatus.NOT_FOUND

    @app.post("/control/weather")
    def weather() -> tuple[Response, int]:
        body = request.get_json()
        server.down = bool(body.get("down", False))
        server.delay = float(body.get("delay", 0.0))
        return jsonify(down=server.down, delay=server.delay), HTTPStatus.OK
