"""Why a check failed, as a sentence."""

from __future__ import annotations

from typing import Final

from credential.errors import CredentialError

SENTENCES: Final = {
    "credential.malformed": "文件内容无法识别，可能被改动。",
    "ledger.proof_invalid": "存证证明与账本不符。",
    "ledger.checkpoint_untrusted": "检查点的签名无效，或见证签名不足。",
    "ledger.commitment_broken": "内容与账本记录不一致，可能被改动。",
    "credential.bad_signature": "签名无效，内容可能被改动。",
}


class CheckFailed(Exception):
    """A check failed; the message is a Chinese sentence for the user."""


def sentence(error: CredentialError) -> str:
    """Return what to tell about an error of the library."""
    return SENTENCES.get(error.code, SENTENCES["credential.malformed"])
