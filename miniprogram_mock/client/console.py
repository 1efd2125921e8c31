"""The console 管理台 as a program uses it: signing in, hall decisions, demo register, kiosks."""

from __future__ import annotations

import re

import requests

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


class Console:
    """One operator's browser session."""

    def __init__(self, origin: str) -> None:
        self._origin = origin.rstrip("/")
        self._browser = requests.Session()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in; raises `requests.HTTPError`."""
        self._post(
            "/console/sign-in", page="/console/sign-in", username=username, password=password
        )

    def set_status(self, licence_no: str, status: str) -> None:
        """Change a practice status in the demo register."""
        self._post(
            f"/console/registry/{licence_no}/status", page="/console/registry", status=status
        )

    def add_lawyer(self, *, photo: bytes, **fields: str) -> None:
        """Add a lawyer with a photo (JPEG or PNG) to the demo register."""
        self._post(
            "/console/registry/lawyers",
            page="/console/registry",
            files={"photo": ("photo.jpg", photo, "image/jpeg")},
            **fields,
        )

    def confirm_in_hall(self, hall_code: str) -> None:
        """Confirm the person at the desk."""
        page = f"/console/hall?code={hall_code}"
        self._post("/console/hall/confirm", page=page, hall_code=hall_code, checked="1")

    def people(self) -> list[dict[str, str]]:
        """Return the demo register."""
        answer = self._browser.get(f"{self._origin}/demo/people", timeout=10)
        answer.raise_for_status()
        people: list[dict[str, str]] = answer.json()["people"]
        return people

    def kiosk_code(self, *, gate: bool = False) -> str:
        """Return a fresh enrolment code for the demo place, or for a gate of that court."""
        url = f"{self._origin}/demo/kiosk-enrolment"
        data = {"gate": "1"} if gate else {}
        answer = self._browser.post(url, data=data, allow_redirects=False, timeout=10)
        return answer.headers["Location"].partition("enrol=")[2]

    def _post(
        self,
        path: str,
        *,
        page: str,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        **fields: str,
    ) -> None:
        form = self._browser.get(self._origin + page, timeout=10)
        form.raise_for_status()
        found = TOKEN.search(form.text)
        if found is None:
            raise RuntimeError(f"no form on {page}")
        data = {**fields, "form_token": found[1]}
        answer = self._browser.post(self._origin + path, data=data, files=files, timeout=10)
        answer.raise_for_status()
