"""A phone 手机 without a screen: signs in, binds, passes the face check, shows the code."""

from __future__ import annotations

import base64
import hashlib
import struct
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from credential import short_code
from credential.keys import SoftwareSigner
from credential.presentation import present, present_reference, to_text
from miniprogram_mock.client.encoding import b64u, new_key, proof, un_b64u
from miniprogram_mock.client.transport import Reply, Transport, call

FRAME_MS = 100
BATCH = 5

Scan = dict[str, Any]  # a request as the phone shows it: the interface's ScanOut


class Camera(Protocol):
    """Whatever answers the prompts: the demo head, a film, or an attack."""

    def frame(self, *, liveness: dict[str, Any] | None, elapsed_ms: int) -> bytes:
        """Return a JPEG, `elapsed_ms` after the present step was shown."""
        ...


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a lawyer types."""

    licence_no: str
    name: str
    identity_no: str


class Phone:
    """One phone with its own device key and its own WeChat user."""

    def __init__(
        self,
        transport: Transport,
        *,
        wx_login: Callable[[], str],
        key: SoftwareSigner | None = None,
    ) -> None:
        self._transport = transport
        self._wx_login = wx_login
        self.key = key or new_key()
        self.public = b64u(self.key.public.compressed())
        self._token = ""
        self._last_iat = 0
        self.credential: dict[str, Any] = {}
        self.device_id = ""

    def sign_in(self) -> dict[str, Any]:
        """Sign in with a fresh code of wx.login; return Me."""
        body = {"code": self._wx_login()}
        answer = call(self._transport, "POST", "/api/v1/sessions", body=body).json()
        self._token = answer["token"]
        me: dict[str, Any] = answer["me"]
        return me

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Call the product as this phone; raises `Refusal`."""
        bearer = {"Authorization": f"Bearer {self._token}", **headers}
        return call(self._transport, method, f"/api/v1{path}", body=body, headers=bearer)

    def me(self) -> dict[str, Any]:
        """Return Me and remember the device id."""
        me = self.call("GET", "/me").json()
        if me["device"] is not None:
            self.device_id = me["device"]["id"]
        return me

    def apply(self, person: Person, *, way: str = "face") -> dict[str, Any]:
        """Apply to bind; raises `Refusal`."""
        consent = None
        if way == "face":
            text = self.call("GET", "/consents/face").json()
            consent = {"version": text["version"], "sha256": text["sha256"]}
        return self.call("POST", "/bindings", self.application(person, way, consent)).json()

    def application(
        self, person: Person, way: str, consent: Mapping[str, str] | None
    ) -> dict[str, Any]:
        """Return the body of an application, with this phone's proof of possession."""
        iat = int(time.time())
        return {
            **vars(person),
            "way": way,
            "consent": consent,
            "device": {
                "public_key": self.public,
                "assurance": 0,
                "iat": iat,
                "signature": proof(self.key, "bind", self.public, iat),
            },
        }

    def pass_face_check(
        self,
        binding_id: str | None,
        camera: Camera,
        *,
        on_step: Callable[[dict[str, Any]], None] | None = None,
        patience: float = 150,
    ) -> dict[str, Any]:
        """Film with the camera until the check ends; return the final Liveness."""
        view = self.call("POST", "/liveness", {"binding_id": binding_id}).json()
        film = Film(self, view, camera)
        give_up = time.monotonic() + patience
        shown = None
        while view["state"] == "collecting" and time.monotonic() < give_up:
            if on_step is not None and view["step"] is not None and view["step"]["no"] != shown:
                shown = view["step"]["no"]
                on_step(view)
            view = film.send_batch(view)
        while view["state"] in ("collecting", "deciding") and time.monotonic() < give_up:
            time.sleep(0.2)
            view = self.call("GET", f"/liveness/{view['id']}").json()
        return view

    def renew(self) -> dict[str, Any]:
        """Be issued a credential; raises `Refusal`."""
        if not self.device_id:
            self.me()
        self._last_iat = iat = max(int(time.time()), self._last_iat + 1)
        body = {
            "device_id": self.device_id,
            "iat": iat,
            "signature": proof(self.key, "issue", self.device_id, iat),
        }
        self.credential = self.call("POST", "/credentials", body).json()
        return self.credential

    def show(
        self,
        form: str = "LVZ1",
        *,
        audience: str = "cn.court",
        nonce: bytes | None = None,
        at: int | None = None,
    ) -> str:
        """亮证: return the text of the code as the screen would draw it now."""
        now = int(time.time()) if at is None else at
        if form == "LVZ3":
            code = self.credential["short_code"]
            digits = short_code.totp_at(seed_b32=code["seed"], at=now)
            return short_code.make_text(handle=code["handle"], totp=digits)
        if form == "LVZ2":
            cti = un_b64u(self.credential["cti"])
            data = present_reference(cti, self.key, audience=audience, at=now, nonce=nonce)
        else:
            raw = un_b64u(self.credential["credential"])
            data = present(raw, self.key, audience=audience, at=now, nonce=nonce)
        return to_text(form, data)

    # --- 扫一扫 ----------------------------------------------------------------------------------

    def scan(self, text: str, *, scene: int | None = None, source: str = "camera") -> Scan:
        """扫一扫: take a request up; raises `Refusal`."""
        body = {"text": text, "source": source, "scene": scene}
        return self.call("POST", "/scans", body).json()

    def scan_view(self, scan_id: str) -> Scan:
        """Return how a request stands; raises `Refusal`."""
        return self.call("GET", f"/scans/{scan_id}").json()

    def approve(self, view: Scan, granted: Sequence[str] | None = None) -> Scan:
        """Agree to everything shown, or to what is named; raises `Refusal`, `ValueError`."""
        if granted is None:
            granted = [item["code"] for item in view["attributes"]]
        iat = int(time.time())
        body = {
            "granted": list(granted),
            "iat": iat,
            "signature": b64u(self.key.sign(consent_text(view, granted, iat).encode())),
        }
        return self.call("POST", f"/scans/{view['id']}/approve", body).json()

    def decline(self, view: Scan, reason: str = "no") -> Scan:
        """Say no, or "not_mine"; raises `Refusal`."""
        return self.call("POST", f"/scans/{view['id']}/decline", {"reason": reason}).json()

    def grants(self) -> list[dict[str, Any]]:
        """Return the newest grants."""
        items: list[dict[str, Any]] = self.call("GET", "/me/grants").json()["items"]
        return items

    def receipt(self, grant_id: str) -> dict[str, Any]:
        """Return a grant's receipt; raises `Refusal`."""
        return self.call("GET", f"/me/grants/{grant_id}/receipt").json()

    def end_grant(self, grant_id: str) -> None:
        """Withdraw a grant; raises `Refusal`."""
        self.call("POST", f"/me/grants/{grant_id}/end", {})


def consent_text(view: Scan, granted: Sequence[str], iat: int) -> str:
    """Return the words of what is shown; raises `ValueError` when the server meant others."""
    lines = statement(view)
    if lines != view["statement"] or not all(map(_is_visible, lines)):
        raise ValueError("what is shown is not what is to be signed")
    return "\n".join([*lines, f"granted:{','.join(sorted(granted))}", f"iat:{iat}"])


def statement(view: Scan) -> list[str]:
    """Build the fixed lines of the consent text from the fields that the screen shows."""
    who, act = view["requester"], view["act"]
    offered = [f"{a['code']}!" if a["required"] else a["code"] for a in view["attributes"]]
    return [
        "lvz-consent:v1",
        f"ticket:{view['id']}",
        f"who:{who['name']} {who['uscc']}",
        f"domain:{who['domain']}",
        f"kind:{view['kind']}",
        *([] if act is None else [f"act:{act['code']} {act['text']}"]),
        f"offered:{','.join(offered)}",
        f"purpose:{view['purpose']['text']}",
        f"retention:{view['retention']}",
        f"place:{view['place']}",
        f"acr:{view['acr']}",
    ]


def _is_visible(line: str) -> bool:
    """Tell whether a line has no break and no character that hides or turns the text."""
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") for char in line)


class Film:
    """Frames of one session, chained and signed."""

    def __init__(self, phone: Phone, view: Mapping[str, Any], camera: Camera) -> None:
        self._phone = phone
        self._camera = camera
        self._id = str(view["id"])
        self._link = hashlib.sha256(f"lvz-frames:v1:{self._id}:{view['nonce']}".encode()).digest()
        self._seq = 0
        self._started = time.monotonic()
        self._step_no = 0
        self._step_at = 0.0

    def send_batch(self, view: dict[str, Any]) -> dict[str, Any]:
        """Film half a second and send it; return the new Liveness."""
        frames = [self._frame(view) for _ in range(BATCH)]
        chain = b64u(self._link)
        message = f"lvz-frames:v1:{self._id}:{self._seq}:{chain}".encode()
        body = {
            "seq": self._seq,
            "frames": frames,
            "chain": chain,
            "signature": b64u(self._phone.key.sign(message)),
        }
        self._seq += 1
        return self._phone.call("POST", f"/liveness/{self._id}/frames", body).json()

    def _frame(self, view: dict[str, Any]) -> dict[str, Any]:
        step = view["step"] or {"no": 0, "kind": "front", "colours": [], "colour_ms": 0}
        now = time.monotonic()
        if step["no"] != self._step_no:
            self._step_no, self._step_at = step["no"], now
        elapsed = int((now - self._step_at) * 1000)
        shown = -1
        if step["colours"]:  # the code is shown again until the step changes
            shown = elapsed // step["colour_ms"] % len(step["colours"])
        jpeg = self._camera.frame(liveness=view, elapsed_ms=elapsed)
        t = int((now - self._started) * 1000)
        digest = hashlib.sha256(jpeg).digest()
        self._link = hashlib.sha256(self._link + digest + struct.pack(">Ib", t, shown)).digest()
        time.sleep(max(0.0, FRAME_MS / 1000 - (time.monotonic() - now)))
        return {"t": t, "shown": shown, "jpeg": base64.b64encode(jpeg).decode()}
