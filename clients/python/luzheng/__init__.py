"""律证第三方接口 in Python: signs requests, checks answers, verifies events.

client = Client("https://lvz.example.cn", client_id="rp-…", kid="k1", key=SigningKey.read(pem))
print(client.licence_status("11101202010123456").status)
"""

from luzheng.client import Client
from luzheng.errors import ApiError, LuzhengError, Replayed, SignatureInvalid
from luzheng.keys import PlatformKeys, SigningKey
from luzheng.values import (
    ConfirmationItem,
    DeadLetter,
    Event,
    LicenceStatus,
    Page,
    Subscription,
    Verification,
    VerifiedLawyer,
)
from luzheng.webhooks import MemoryNonces, Nonces, WebhookReceiver

__all__ = [
    "ApiError",
    "Client",
    "ConfirmationItem",
    "DeadLetter",
    "Event",
    "LicenceStatus",
    "LuzhengError",
    "MemoryNonces",
    "Nonces",
    "Page",
    "PlatformKeys",
    "Replayed",
    "SignatureInvalid",
    "SigningKey",
    "Subscription",
    "Verification",
    "VerifiedLawyer",
    "WebhookReceiver",
]
