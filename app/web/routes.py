"""The shell: start page, kiosk page, health, metrics, the catalogue of failures."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from app.http.catalogue import CATALOGUE
from app.http.problems import problem
from app.http.request_id import metrics as prometheus
from app.kernel.unit_of_work import DatabaseUnavailable, unit_of_work
from config import Config

shell = Blueprint("web_shell", __name__)
health = Blueprint("web_health", __name__)


def settings() -> Config:
    """Return the settings that bootstrap keeps with the application."""
    config: Config = current_app.extensions["config"]
    return config


@shell.get("/")
def start() -> str:
    """Show the doors, the demo people, and what to click first."""
    desk = current_app.extensions["registry_desk"]
    people = [] if desk is None or settings().production else desk.list()
    return render_template(
        "start.html",
        production=settings().production,
        people=people,
        operators=current_app.extensions["demo_accounts"],
    )


@shell.get("/kiosk/")
@shell.get("/kiosk/<path:name>")
def kiosk(name: str = "index.html") -> Response:
    """Serve the kiosk page as it was built."""
    return _built("kiosk", name)


@shell.get("/kiosk")
def kiosk_slash() -> BaseResponse:
    """Lead to the kiosk page with what was asked for."""
    query = request.query_string.decode()
    return redirect("/kiosk/" + (f"?{query}" if query else ""))


@shell.get("/vendor/<path:name>")
def vendor(name: str) -> Response:
    """Serve third-party scripts installed at set-up."""
    return _built("vendor", name)


@shell.get("/problems/<code>")
def problem_page(code: str) -> Response | str:
    """Explain one permanent code."""
    if code not in CATALOGUE:
        return problem("request.not_found")
    status, title = CATALOGUE[code]
    body = {"code": code, "title": title, "status": int(status), "request_id": ""}
    return render_template("problem.html", problem=body)


@health.get("/healthz")
def healthz() -> Response:
    """Say that the process lives."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Say whether requests can be served: the database answers."""
    try:
        with unit_of_work() as tx:
            tx.execute(text("SELECT 1"))
    except DatabaseUnavailable:
        return jsonify(status="unavailable", database="down"), 503
    return jsonify(status="ok", database="up"), 200


@health.get("/metrics")
def metrics() -> Response:
    """Answer Prometheus."""
    return prometheus()


def _built(folder: str, name: str) -> Response:
    response = send_from_directory(settings().assets_dir / folder, name, conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
