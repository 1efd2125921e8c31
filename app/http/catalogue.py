"""The published catalogue of failures: permanent code → HTTP status → what the user reads.

A code is never renamed or given another meaning. `tests/architecture/test_problems.py` walks all
error classes and fails if one has no row here, or a row has no class.
"""

from __future__ import annotations

from http import HTTPStatus as H
from typing import Final

CATALOGUE: Final[dict[str, tuple[H, str]]] = {
    # the edge
    "internal": (H.INTERNAL_SERVER_ERROR, "系统出现意外情况，请稍后再试。"),
    "internal.field_unreadable": (H.INTERNAL_SERVER_ERROR, "系统出现意外情况，请稍后再试。"),
    "request.invalid": (H.UNPROCESSABLE_ENTITY, "提交的内容有误，请按提示修改。"),
    "request.malformed": (H.BAD_REQUEST, "请求内容无法识别。"),
    "request.not_found": (H.NOT_FOUND, "没有找到您要的内容。"),
    "request.method_not_allowed": (H.METHOD_NOT_ALLOWED, "不支持这种操作方式。"),
    "request.too_large": (H.REQUEST_ENTITY_TOO_LARGE, "提交的内容太大。"),
    "request.unsupported_type": (H.UNSUPPORTED_MEDIA_TYPE, "不支持这种内容格式。"),
    "request.rejected": (H.BAD_REQUEST, "请求未被接受。"),
    "auth.required": (H.UNAUTHORIZED, "请先登录。"),
    "auth.session_expired": (H.UNAUTHORIZED, "登录已过期，请重新登录。"),
    "auth.signature_invalid": (H.UNAUTHORIZED, "请求签名无效，请检查终端时间与密钥。"),
    "auth.signature_replayed": (H.UNAUTHORIZED, "请求签名已使用过。"),
    "auth.forbidden": (H.FORBIDDEN, "您没有此项操作的权限。"),
    "auth.form_expired": (H.FORBIDDEN, "页面已过期，请刷新后重试。"),
    "auth.rate_limited": (H.TOO_MANY_REQUESTS, "操作过于频繁，请稍后再试。"),
    "idempotency.key_reused": (H.UNPROCESSABLE_ENTITY, "同一请求编号不能用于不同内容。"),
    "idempotency.in_progress": (H.CONFLICT, "上一次提交正在处理，请稍候。"),
    # outside systems
    "database.unavailable": (H.SERVICE_UNAVAILABLE, "系统暂时不可用，请稍后再试。"),
    "port.unavailable": (H.SERVICE_UNAVAILABLE, "外部系统暂时不可用，请稍后再试。"),
    "port.refused": (H.BAD_GATEWAY, "外部系统未接受请求。"),
    "port.not_found": (H.NOT_FOUND, "没有找到您要的内容。"),
    "port.error": (H.BAD_GATEWAY, "外部系统应答异常，请稍后再试。"),
    "ephemeral.unavailable": (H.SERVICE_UNAVAILABLE, "系统繁忙，请稍后再试。"),
    "registry.licence_not_found": (H.NOT_FOUND, "登记系统没有这个执业证号。"),
    "registry.refused": (H.BAD_GATEWAY, "律师登记系统未接受请求。"),
    "registry.record_invalid": (H.UNPROCESSABLE_ENTITY, "登记信息有误，请按提示修改。"),
    "registry.unavailable": (H.SERVICE_UNAVAILABLE, "律师登记系统暂时不可用，请稍后再试。"),
    "wechat.code_invalid": (H.UNAUTHORIZED, "微信登录凭证无效，请重新登录。"),
    "wechat.code_used": (H.UNAUTHORIZED, "微信登录凭证已使用，请重新登录。"),
    "wechat.rate_limited": (H.TOO_MANY_REQUESTS, "登录过于频繁，请稍后再试。"),
    "wechat.unavailable": (H.SERVICE_UNAVAILABLE, "微信服务暂时不可用，请稍后再试。"),
    "wechat.message_refused": (H.CONFLICT, "您没有订阅此类提醒，或订阅次数已用完。"),
    "wechat.misconfigured": (H.BAD_GATEWAY, "微信接入配置有误，请联系管理员。"),
    "wechat.request_rejected": (H.BAD_GATEWAY, "微信未接受请求，请稍后再试。"),
    "wechat.user_blocked": (H.FORBIDDEN, "微信提示该账号存在风险，暂不能登录。"),
    # ledger
    "ledger.inconsistent": (H.INTERNAL_SERVER_ERROR, "存证账本自检未通过，请联系管理员。"),
    "ledger.not_found": (H.NOT_FOUND, "存证账本中没有您要的内容。"),
    "ledger.erased": (H.GONE, "该项存证的内容已依法删除，仅保留账本记录。"),
    "ledger.cosignature_refused": (H.FORBIDDEN, "见证签名未被接受。"),
    "anchor.unavailable": (H.SERVICE_UNAVAILABLE, "锚定服务暂时不可用，稍后会再试。"),
    "anchor.refused": (H.BAD_GATEWAY, "锚定服务的应答不能证明该检查点。"),
    # identity
    "identity.identity_no_invalid": (H.UNPROCESSABLE_ENTITY, "身份证号码有误，请核对。"),
    "identity.licence_no_invalid": (H.UNPROCESSABLE_ENTITY, "执业证号应为17位数字，请核对。"),
    "identity.no_match": (H.FORBIDDEN, "所填信息与律师登记信息不一致，请核对后重试。"),
    "identity.too_many_attempts": (
        H.TOO_MANY_REQUESTS,
        "核对次数过多，请稍后再试或到法院服务大厅办理。",
    ),
    "identity.not_practising": (H.FORBIDDEN, "登记状态不是正常执业，暂不能办理律证码。"),
    "identity.consent_required": (
        H.UNPROCESSABLE_ENTITY,
        "使用人脸核验须先单独同意；也可以选择到大厅人工核验。",
    ),
    "identity.device_proof_invalid": (
        H.UNPROCESSABLE_ENTITY,
        "手机密钥验证未通过，请校准手机时间后重试。",
    ),
    "identity.device_proof_replayed": (H.CONFLICT, "手机密钥验证已使用过，请重试。"),
    "identity.device_ended": (H.FORBIDDEN, "本机的律证码已停用，请重新绑定。"),
    "identity.not_bound": (H.CONFLICT, "尚未绑定律师身份，请先完成绑定。"),
    "identity.binding_not_found": (H.NOT_FOUND, "没有待办理的绑定申请。"),
    "identity.binding_closed": (H.CONFLICT, "该绑定申请已结束，请重新申请。"),
    "identity.hall_code_unknown": (H.NOT_FOUND, "大厅核验码不存在或已过期。"),
    "identity.photo_missing": (H.CONFLICT, "登记系统没有您的照片，请到法院服务大厅人工核验。"),
    "face.reference_unusable": (H.CONFLICT, "登记照片中看不清人脸，请到法院服务大厅人工核验。"),
    "face.image_refused": (H.UNPROCESSABLE_ENTITY, "画面无法识别，请重新拍摄。"),
    "face.weights_missing": (H.SERVICE_UNAVAILABLE, "人脸核验服务尚未就绪，请稍后再试。"),
    "liveness.not_found": (H.NOT_FOUND, "核验会话不存在，请重新开始。"),
    "liveness.closed": (H.CONFLICT, "本次人脸核验已结束，请重新开始。"),
    "liveness.too_many_attempts": (
        H.TOO_MANY_REQUESTS,
        "人脸核验次数已用完，请到法院服务大厅人工核验。",
    ),
    "liveness.bad_chain": (H.UNPROCESSABLE_ENTITY, "画面传输校验未通过，请重新开始。"),
    "liveness.out_of_order": (H.CONFLICT, "画面顺序有误，请重新开始。"),
    # issuance
    "issuance.face_due": (H.FORBIDDEN, "距上次人脸核验已满30天，请重新核验。"),
    "issuance.not_practising": (H.FORBIDDEN, "登记状态不是正常执业，暂不能签发律证码。"),
    # verification
    "verification.unknown_kiosk": (H.UNAUTHORIZED, "终端未登记或已停用，请联系法院管理员。"),
    "verification.enrolment_code_invalid": (H.FORBIDDEN, "终端注册码无效或已使用。"),
    "verification.not_found": (H.NOT_FOUND, "没有这条核验记录，或已超过查看时限。"),
    "credential.error": (H.UNPROCESSABLE_ENTITY, "律证码无法核验。"),
    "credential.invalid_claims": (H.INTERNAL_SERVER_ERROR, "系统出现意外情况，请稍后再试。"),
    "credential.bad_signature": (H.UNPROCESSABLE_ENTITY, "律证码的签名不符。"),
    "credential.malformed": (H.UNPROCESSABLE_ENTITY, "不是有效的律证码。"),
    "credential.unsupported_form": (H.UNPROCESSABLE_ENTITY, "不支持这种形式的律证码。"),
    "credential.unknown_issuer": (H.UNPROCESSABLE_ENTITY, "律证码的签发机构不受信任。"),
    "credential.wrong_algorithm": (H.UNPROCESSABLE_ENTITY, "律证码的签名算法不符。"),
    "credential.bad_issuer_signature": (H.UNPROCESSABLE_ENTITY, "律证码是伪造的：签发签名不符。"),
    "credential.expired": (H.UNPROCESSABLE_ENTITY, "律证码凭证已过期，请律师联网更新。"),
    "credential.not_yet_valid": (H.UNPROCESSABLE_ENTITY, "律证码凭证尚未生效，请核对时间。"),
    "credential.bad_device_signature": (H.UNPROCESSABLE_ENTITY, "律证码不是由本人手机出示。"),
    "credential.stale": (H.UNPROCESSABLE_ENTITY, "律证码已超时，可能是截屏，请当面重新出示。"),
    "credential.from_future": (H.UNPROCESSABLE_ENTITY, "手机时间不准，请联网校时后重新出示。"),
    "credential.wrong_audience": (H.UNPROCESSABLE_ENTITY, "律证码不是向本终端出示的。"),
    "credential.wrong_nonce": (
        H.UNPROCESSABLE_ENTITY,
        "律证码与本次挑战码不符，请重新扫终端挑战码。",
    ),
    "credential.revoked": (H.FORBIDDEN, "执业证已注销或吊销。"),
    "credential.suspended": (H.FORBIDDEN, "该律师现为停止执业状态。"),
    "credential.assessment_pending": (H.FORBIDDEN, "该律师年度考核未完成，暂不能核验通过。"),
    "credential.status_unavailable": (
        H.SERVICE_UNAVAILABLE,
        "暂时查不到执业状态，请稍后再试或核对纸质证件。",
    ),
    "credential.status_too_old": (
        H.UNPROCESSABLE_ENTITY,
        "状态名单已超过24小时，请恢复网络后再核验。",
    ),
    "credential.replayed": (H.CONFLICT, "该码已使用过，请等待刷新后重新出示。"),
    "credential.unknown_reference": (H.UNPROCESSABLE_ENTITY, "没有对应的律证码，请重新出示。"),
    "credential.device_ended": (H.FORBIDDEN, "出示该码的手机已停用。"),
    "credential.short_code_wrong": (H.UNPROCESSABLE_ENTITY, "数字码不正确或已过时，请重新读码。"),
    "credential.too_many_tries": (H.TOO_MANY_REQUESTS, "数字码尝试次数过多，请一分钟后再试。"),
    "credential.log_proof_invalid": (H.UNPROCESSABLE_ENTITY, "存证证明与账本不符。"),
    "credential.checkpoint_untrusted": (
        H.UNPROCESSABLE_ENTITY,
        "存证检查点的签名无效，或见证签名不足。",
    ),
    "credential.commitment_broken": (H.UNPROCESSABLE_ENTITY, "存证内容与账本记录不一致。"),
    # console
    "supervision.sign_in_refused": (H.FORBIDDEN, "账号或密码不正确。"),
}
