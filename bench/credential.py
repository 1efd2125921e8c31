"""Figures of the credential library: speed against bare ES256 and two peers, sizes, scans.

Every speed is CPU time on one core. In each round ours and theirs run one after the other over
the same number of different codes; the ratio is taken per round, and its median counts.
"""

from __future__ import annotations

import importlib
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from credential import (
    Credential,
    CredentialCache,
    Issuer,
    KeyRecord,
    LawyerClaims,
    Policy,
    PracticeType,
    SoftwareSigner,
    StatusList,
    TrustList,
    Verifier,
    make_text,
    present,
    present_reference,
    to_text,
)
from credential.cose import parse_sign1

Figure = dict[str, Any]
Work = Callable[[], None]

ROUNDS = 9
CODES = 64
REPEATS = 6
FRAMES = 500
AT = 1_764_000_000
ES256 = ec.ECDSA(hashes.SHA256())


def run() -> list[Figure]:
    """Return the figures of the group `credential`."""
    with one_core():
        people = [person() for _ in range(CODES)]
        return [
            *bare_figures(people),
            *peer_figures(people),
            *size_figures(),
            *scan_figures(people[0]),
        ]


@dataclass(frozen=True)
class Person:
    """A phone with a credential and a code it shows."""

    phone: SoftwareSigner
    credential: Credential
    text: str


ISSUER = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
TRUST = TrustList([KeyRecord(ISSUER.kid, ISSUER.public, AT - 10, AT + 10_000_000)])
POLICY = Policy(frozenset({"cn.court"}))


def lawyer() -> LawyerClaims:
    """A lawyer with a name of four characters."""
    return LawyerClaims(11101201810123456, "欧阳建国", PracticeType.FULL_TIME, 512_345)


def person() -> Person:
    """A new phone with a credential and its code of this second."""
    phone = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    made = Issuer(ISSUER).issue(lawyer=lawyer(), holder_key=phone.public, cti=os.urandom(8), at=AT)
    token = present(made.raw, phone, audience="cn.court", at=AT)
    return Person(phone, made, to_text("LVZ1", token))


# --- against bare signatures ---------------------------------------------------------------


def bare_figures(people: list[Person]) -> list[Figure]:
    """Offline verification against the signatures alone, with and without an issuer cache."""
    plain, cached = Verifier(TRUST), Verifier(TRUST, cache=CredentialCache())
    ours = verify_all(plain, people)
    warm = verify_all(cached, people)
    warm()
    issuer, device = bare_checks(people)
    both = faster(ours, one_after_the_other(issuer, device))
    one = faster(warm, device)
    return [
        speed("offline_verify", both, "two bare ES256 verifications"),
        speed("offline_verify_cached_issuer", one, "one bare ES256 verification"),
    ]


def one_after_the_other(first: Work, second: Work) -> Work:
    """Both, as one piece of work."""

    def work() -> None:
        first()
        second()

    return work


def verify_all(verifier: Verifier, people: list[Person]) -> Work:
    """Verify every person's text, from characters to a value."""
    texts = [one.text for one in people]

    def work() -> None:
        for text in texts:
            verifier.verify(text, policy=POLICY, at=AT)

    return work


def bare_checks(people: list[Person]) -> tuple[Work, Work]:
    """The two signatures of every code with nothing around them: keys loaded, DER ready."""
    issuer_key = public(ISSUER)
    issuer, device = [], []
    for one in people:
        inner = parse_sign1(one.credential.raw)
        token = present(one.credential.raw, one.phone, audience="cn.court", at=AT)
        outer = parse_sign1(token)
        issuer.append((issuer_key, der(inner.signature), inner.signed))
        device.append((public(one.phone), der(outer.signature), outer.signed))
    return check_all(issuer), check_all(device)


def check_all(checks: list[tuple[ec.EllipticCurvePublicKey, bytes, bytes]]) -> Work:
    """Verify every bare signature."""

    def work() -> None:
        for key, signature, message in checks:
            key.verify(signature, message, ES256)

    return work


def public(signer: SoftwareSigner) -> ec.EllipticCurvePublicKey:
    """The key as the cryptography package holds it."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), signer.public.compressed())


def der(signature: bytes) -> bytes:
    """The signature in the form that the cryptography package verifies."""
    return encode_dss_signature(
        int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    )


# --- against peers -------------------------------------------------------------------------

NONCE = "01234567"
CLAIMS = {
    "iss": "https://lvz.example",
    "licence_no": "11101201810123456",
    "name": "欧阳建国",
    "practice_type": 1,
}
DISCLOSED = ("licence_no", "name", "practice_type")


def peer_figures(people: list[Person]) -> list[Figure]:
    """The same work as SD-JWT VC with key binding, by two other libraries."""
    figures = []
    verify = verify_all(Verifier(TRUST), people)
    if openvc := available("openvc.proof.sd_jwt", "openvc-core"):
        issue_peer, verify_peer = openvc_work(openvc)
        note = "SD-JWT VC, three disclosed claims, key binding"
        figures.append(speed("verify_vs_openvc", faster(verify, verify_peer), "openvc-core", note))
        figures.append(
            speed("issue_vs_openvc", faster(issue_all(people), issue_peer), "openvc-core")
        )
    if available("sd_jwt.verifier", "sd-jwt"):
        figures.append(
            speed("verify_vs_sdjwt", faster(verify, sd_jwt_work()), "sd-jwt, the reference library")
        )
    return figures


def available(module: str, package: str) -> Any:  # noqa: ANN401 - a module, or None
    """Import a bench-only peer, or say why its figures are left out."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        print(f"    figures against {package} left out: {error}")
        return None


def issue_all(people: list[Person]) -> Work:
    """Issue a credential to every person, with a fresh random `cti`."""
    issuer, who = Issuer(ISSUER), lawyer()
    keys = [one.phone.public for one in people]

    def work() -> None:
        for key in keys:
            issuer.issue(lawyer=who, holder_key=key, cti=os.urandom(8), at=AT)

    return work


def openvc_work(module: Any) -> tuple[Work, Work]:  # noqa: ANN401
    """Issuing and verifying as many credentials with openvc-core."""
    keys = importlib.import_module("openvc.keys")
    suite = module.SdJwtVcProofSuite()
    issuer, holder = keys.P256SigningKey.generate("i"), keys.P256SigningKey.generate("h")
    jwk, holder_jwk = issuer.public_jwk(), holder.public_jwk()

    def issue_one() -> Any:  # noqa: ANN401
        return suite.issue(
            CLAIMS,
            signing_key=issuer,
            disclosable=DISCLOSED,
            holder_jwk=holder_jwk,
            vct="lvz",
            expires_in_s=86_400,
        )

    shown = [
        suite.create_presentation(issue_one(), holder_key=holder, audience="cn.court", nonce=NONCE)
        for _ in range(CODES)
    ]

    def issue() -> None:
        for _ in range(CODES):
            issue_one()

    def verify() -> None:
        for text in shown:
            suite.verify(
                text,
                public_key_jwk=jwk,
                audience="cn.court",
                nonce=NONCE,
                require_key_binding=True,
                kb_max_age_s=3600,
            )

    return issue, verify


def sd_jwt_work() -> Work:
    """Verifying as many presentations with sd-jwt."""
    jwk = importlib.import_module("jwcrypto.jwk").JWK
    common = importlib.import_module("sd_jwt.common")
    issuer_of = importlib.import_module("sd_jwt.issuer").SDJWTIssuer
    holder_of = importlib.import_module("sd_jwt.holder").SDJWTHolder
    verifier_of = importlib.import_module("sd_jwt.verifier").SDJWTVerifier
    issuer, holder = (jwk.generate(kty="EC", crv="P-256") for _ in range(2))
    public_part = jwk.from_json(issuer.export_public())
    claims = {k if k == "iss" else common.SDObj(k): v for k, v in CLAIMS.items()}
    shown = []
    for _ in range(CODES):
        made = issuer_of(claims, issuer, holder)
        wallet = holder_of(made.sd_jwt_issuance)
        wallet.create_presentation(dict.fromkeys(DISCLOSED, True), NONCE, "cn.court", holder)
        shown.append(wallet.sd_jwt_presentation)

    def work() -> None:
        for text in shown:
            verifier_of(text, lambda *_: public_part, "cn.court", NONCE).get_verified_payload()

    return work


# --- sizes and scans -----------------------------------------------------------------------


def size_figures() -> list[Figure]:
    """Bytes and characters of the three forms, and of the whole profession's status list."""
    one = person()
    raw = one.credential.raw
    reference = present_reference(one.credential.cti, one.phone, audience="cn.court", at=AT)
    chance = random.Random(20_260_101)
    bad = chance.sample(range(830_000), 8_300)
    statuses = {index: chance.choice((1, 2, 3)) for index in bad}
    uri = "https://lvz.example/.well-known/lvz/status/1"
    token = StatusList.build(statuses, 830_000).encode(ISSUER, uri=uri, at=AT)
    full = present(raw, one.phone, audience="cn.court", at=AT)
    short = make_text(handle="A" * 16, totp="0" * 8)
    return [
        size("lvz1_bytes", len(full), f"credential {len(raw)} B, text {len(one.text)} characters"),
        size("lvz2_bytes", len(reference), f"text {len(to_text('LVZ2', reference))} characters"),
        size("lvz3_chars", len(short), "handle of 80 bits and 8 digits", "characters"),
        size("status_list_bytes_830k_1pct", len(token), "signed CWT, 8,300 of 830,000 not valid"),
    ]


def size(figure: str, value: int, note: str, unit: str = "B") -> Figure:
    """A figure that counts by its value."""
    return {"figure": figure, "value": value, "unit": unit, "n": 1, "note": note}


def scan_figures(one: Person) -> list[Figure]:
    """The share of simulated camera frames that a kiosk's decoder reads, symbol 320 px wide."""
    zxing = available("zxingcpp", "zxing-cpp")
    camera = available("bench._camera", "opencv-python-headless and qrcode")
    if not zxing or not camera:
        return []
    reference = present_reference(one.credential.cti, one.phone, audience="cn.court", at=AT)
    texts = {"scan_lvz1_320px": one.text, "scan_lvz2_320px": to_text("LVZ2", reference)}
    return [scan(zxing, camera, name, text) for name, text in texts.items()]


def scan(zxing: Any, camera: Any, name: str, text: str) -> Figure:  # noqa: ANN401
    """Decode frames of one symbol, with a fixed seed."""
    numpy = importlib.import_module("numpy")
    rng, modules = numpy.random.default_rng(20_260_101), camera.symbol(text)
    read = 0
    for _ in range(FRAMES):
        found = zxing.read_barcodes(
            camera.frame(modules, 320, rng), formats=zxing.BarcodeFormat.QRCode
        )
        read += any(code.text == text for code in found)
    return {
        "figure": name,
        "value": read / FRAMES,
        "unit": "share",
        "n": FRAMES,
        "note": f"{modules.shape[0] - 8} modules, {zxing.__name__}, simulated camera",
    }


# --- measuring -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Race:
    """Operations per CPU second, and the ratio ours ÷ theirs of every round."""

    rate: float
    ratios: list[float]


def faster(ours: Work, theirs: Work) -> Race:
    """Let both run in turns; each call handles `CODES` codes."""
    ours()
    theirs()
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        mine = other = 0.0
        for _ in range(REPEATS):
            mine += cpu(ours)
            other += cpu(theirs)
        times.append((mine, other))
    rate = CODES * REPEATS / statistics.median(mine for mine, _ in times)
    return Race(rate, sorted(other / mine for mine, other in times))


def cpu(work: Work) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def speed(figure: str, race: Race, against: str, note: str = "") -> Figure:
    """A figure that counts by its ratio."""
    low, high = race.ratios[0], race.ratios[-1]
    spread = f"ratio {low:.2f}–{high:.2f} over {ROUNDS} rounds, {CODES} codes, CPU time, one core"
    return {
        "figure": figure,
        "value": round(race.rate),
        "unit": "1/s",
        "against": against,
        "ratio": round(statistics.median(race.ratios), 3),
        "n": ROUNDS * REPEATS * CODES,
        "note": f"{note}; {spread}" if note else spread,
    }


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process on one core while it measures, where the system allows it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
