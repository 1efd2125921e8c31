"""`make demo`: the main job against the running server, over real HTTP, with a real face.

Every step prints what it made; the last part shows what is refused, and why.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import requests

from credential.claims import LawyerClaims, PracticeType
from credential.issuer import Issuer
from credential.keys import Algorithm, PublicKey
from credential.policy import Policy
from credential.presentation import present, to_text
from credential.status import StatusList
from credential.trust import TrustList
from credential.verifier import Verified, Verifier
from miniprogram_mock.client.console import Console
from miniprogram_mock.client.encoding import new_key, un_b64u
from miniprogram_mock.client.kiosk import Kiosk
from miniprogram_mock.client.phone import Person, Phone
from miniprogram_mock.client.transport import HttpTransport, Refusal
from miniprogram_mock.rig.head import Performer

SCREENSHOT_AGE = 31


class Demo:
    """Walks through the main job; `run` returns the exit code."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.transport = HttpTransport(origin)
        self.console = Console(origin)
        self.failures = 0
        self.number = 0

    def run(self) -> int:
        """Do everything and say how it went."""
        person = self._choose()
        phone = self._bind(person)
        screenshot, taken = self._issue(phone), time.monotonic()
        kiosk = self._enrol()
        accepted = self._present(phone, kiosk)
        self._offline(phone, kiosk)
        self._refusals(phone, kiosk, accepted)
        self._screenshot(kiosk, screenshot, taken)
        self._suspension(person, phone, kiosk)
        self._seen_by_lawyer(phone)
        print(f"\n{'全部符合预期' if not self.failures else f'{self.failures} 项与预期不符'}。")
        return 1 if self.failures else 0

    def step(self, title: str) -> None:
        """Begin a numbered step."""
        self.number += 1
        print(f"\n{self.number}. {title}")

    def check(self, what: str, fine: object, *facts: object) -> None:
        """Print one outcome and remember a wrong one."""
        self.failures += not fine
        print(f"   {'✓' if fine else '✗'} {what}", *facts)

    def refused(self, what: str, code: str, act: Callable[[], object]) -> None:
        """Expect a refusal with this permanent code."""
        try:
            act()
        except Refusal as refusal:
            self.check(what, refusal.code == code, f"→ {refusal.reply.status} {refusal.code}")
            print(f"     {refusal.title}")
        else:
            self.check(what, None, "→ 被接受了")

    def _choose(self) -> Person:
        self.step("登记系统里的演示律师")
        self.console.sign_in("bureau", "bureau-demo-2026")
        people = self.console.people()
        first = next(p for p in people if p["practice_status"] == "practising")
        print(f"   共 {len(people)} 人；选用 {first['name']}，执业证号 {first['licence_no']}")
        return Person(
            licence_no=first["licence_no"], name=first["name"], identity_no=first["identity_no"]
        )

    def _bind(self, person: Person) -> Phone:
        self.step("手机登录、绑定、人脸核验")
        user = f"demo-{time.time_ns()}"
        phone = Phone(self.transport, wx_login=lambda: self._wx_login(user))
        print(f"   微信登录：账号状态 {phone.sign_in()['state']}")
        wrong = Person(**{**vars(person), "name": "张冠李"})
        self.refused(
            "姓名填错被拒绝，且不提示错在哪里", "identity.no_match", lambda: phone.apply(wrong)
        )
        binding = phone.apply(person)
        begun = time.monotonic()
        view = phone.pass_face_check(binding["binding_id"], Performer(), on_step=self._say_step)
        result = view["result"] or {}
        self.check(
            "活体与人脸比对",
            view["state"] == "passed",
            f"{result.get('code')}，{view['analysed']} 帧，{time.monotonic() - begun:.1f} 秒",
        )
        me = phone.me()
        self.check("已绑定", me["state"] == "bound", me["lawyer"] and me["lawyer"]["firm_name"])
        return phone

    def _wx_login(self, user: str) -> str:
        answer = requests.post(f"{self.origin}/mp/wechat/login", json={"user": user}, timeout=5)
        return str(answer.json()["code"])

    @staticmethod
    def _say_step(view: dict[str, Any]) -> None:
        step = view["step"]
        print(f"   · 第 {step['no']}/{step['total']} 步：{step['prompt']}")

    def _issue(self, phone: Phone) -> str:
        self.step("签发律证码")
        issued = phone.renew()
        raw = un_b64u(issued["credential"])
        print(f"   凭证 {len(raw)} 字节，cti {issued['cti']}，有效至 {issued['expires_at']}")
        text = phone.show()
        print(f"   出示 {len(text)} 字符：{text[:64]}…")
        print(f"   数字码 {phone.show('LVZ3')}")
        return text

    def _enrol(self) -> Kiosk:
        self.step("登记一台鉴证终端")
        kiosk = Kiosk(self.transport)
        identity = kiosk.enrol(self.console.kiosk_code())
        print(f"   {identity['court_name']}{identity['place']}，编号 {identity['kiosk_id']}")
        return kiosk

    def _present(self, phone: Phone, kiosk: Kiosk) -> str:
        self.step("亮证，终端联网核验三种形式")
        accepted = ""
        for form in ("LVZ1", "LVZ2", "LVZ3"):
            _next_second()
            text = phone.show(form)
            begun = time.perf_counter()
            answer = kiosk.verify(text)
            lawyer = answer["lawyer"]
            self.check(
                f"{form} {len(text)} 字符",
                answer["outcome"] == "accepted",
                f"{lawyer['name']} {lawyer['category_label']} {lawyer['status_label']}",
                f"{(time.perf_counter() - begun) * 1000:.0f} 毫秒",
            )
            if form == "LVZ1":
                accepted = text
                photo = kiosk.photo(answer["verification_id"])
                self.check("登记照片", photo[:2] == b"\xff\xd8", f"{len(photo)} 字节")
        nonce = os.urandom(8)
        audience = kiosk.identity["audiences"][1]
        _next_second()
        text = phone.show("LVZ1", audience=audience, nonce=nonce)
        self.check("一次一码", kiosk.verify(text, nonce=nonce)["outcome"] == "accepted", audience)
        return accepted

    def _offline(self, phone: Phone, kiosk: Kiosk) -> None:
        self.step("断网核验：只用公布的公钥和状态名单")
        now = int(time.time())
        root = PublicKey.from_compressed(Algorithm.ES256, un_b64u(kiosk.identity["root_key"]))
        key_set = requests.get(f"{self.origin}/.well-known/lvz/keys", timeout=5).content
        trust = TrustList.decode(key_set, root=root, at=now)
        token = requests.get(f"{self.origin}/.well-known/lvz/status/1", timeout=5).content
        status = StatusList.decode(token, trust=trust, at=now)
        policy = Policy(audiences=frozenset(kiosk.identity["audiences"]))
        verified: Verified = Verifier(trust).verify(
            phone.show(), policy=policy, at=int(time.time()), status=status
        )
        lawyer = verified.credential.lawyer
        print(f"   公钥 {len(trust.records)} 把，状态名单 {len(token)} 字节")
        print(f"   解码：{lawyer.name} {lawyer.licence_no} {lawyer.practice_type.name}")
        self.check("签发签名、手机签名、时效、状态", verified.confirmed, verified.status)

    def _refusals(self, phone: Phone, kiosk: Kiosk, accepted: str) -> None:
        self.step("应当拒绝的")
        self.refused("同一个码再出示一次", "credential.replayed", lambda: kiosk.verify(accepted))
        forged = _forge(phone)
        self.refused("伪造的签发", "credential.unknown_issuer", lambda: kiosk.verify(forged))
        swapped = _other_phone(phone)
        self.refused(
            "凭证被拷到别的手机", "credential.bad_device_signature", lambda: kiosk.verify(swapped)
        )
        stranger = Kiosk(self.transport)
        self.refused(
            "未登记的终端", "verification.unknown_kiosk", lambda: stranger.verify(phone.show())
        )

    def _screenshot(self, kiosk: Kiosk, text: str, taken: float) -> None:
        wait = SCREENSHOT_AGE - (time.monotonic() - taken)
        if wait > 0:
            print(f"   … 等待 {wait:.0f} 秒，让截屏过时")
            time.sleep(wait)
        self.refused("截屏 30 秒后再用", "credential.stale", lambda: kiosk.verify(text))

    def _suspension(self, person: Person, phone: Phone, kiosk: Kiosk) -> None:
        self.step("登记系统停止执业，一秒内生效")
        _next_second()
        self.console.set_status(person.licence_no, "suspended")
        changed = time.monotonic()
        try:
            self.refused("停止执业", "credential.suspended", lambda: kiosk.verify(phone.show()))
            took = time.monotonic() - changed
            self.check("一秒之内", took <= 1, f"{took * 1000:.0f} 毫秒")
        finally:
            self.console.set_status(person.licence_no, "practising")
        _next_second()
        self.check("恢复后通过", kiosk.verify(phone.show())["outcome"] == "accepted")

    def _seen_by_lawyer(self, phone: Phone) -> None:
        self.step("律师看到谁在何时核验了自己")
        items = phone.call("GET", "/me/verifications").json()["items"]
        for item in items[:6]:
            mark = "通过" if item["outcome"] == "accepted" else "拒绝"
            print(
                f"   {item['at'][:19]} {item['court_name']}{item['place']} {mark} {item['reason']}"
            )
        self.check("记录在案", len(items) >= 8, f"{len(items)} 条")


def _forge(phone: Phone) -> str:
    """Sign the same facts with an issuer key that nobody trusts."""
    now = int(time.time())
    credential = Issuer(new_key()).issue(
        lawyer=LawyerClaims(
            licence_no=11101201110900001,
            name="伪造者",
            practice_type=PracticeType.FULL_TIME,
            status_index=7,
        ),
        holder_key=phone.key.public,
        cti=os.urandom(8),
        at=now,
    )
    return to_text("LVZ1", present(credential.raw, phone.key, audience="cn.court", at=now))


def _other_phone(phone: Phone) -> str:
    raw = un_b64u(phone.credential["credential"])
    return to_text("LVZ1", present(raw, new_key(), audience="cn.court", at=int(time.time())))


def _next_second() -> None:
    """A phone makes one code a second at most: (cti, iat) is what is accepted once."""
    time.sleep(1.01 - time.time() % 1)


def main() -> int:
    """Run against HOST and PORT, or the origin given."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    origin = sys.argv[1] if len(sys.argv) > 1 else f"http://{host}:{port}"
    try:
        return Demo(origin).run()
    except requests.ConnectionError:
        print(f"{origin} 没有应答。请先在另一个终端运行 make run。", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
