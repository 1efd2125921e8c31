"""What a liveness session 活体检测 says to people: hints while it runs, results at its end."""

from __future__ import annotations

from collections.abc import Mapping

HINTS: Mapping[str, str] = {
    "hint.no_face": "没有看到人脸，请把脸放在框内",
    "hint.several_faces": "画面中有多张人脸，请只留您一个人",
    "hint.face_front": "请正对屏幕",
    "hint.too_dark": "光线太暗，请到亮一些的地方",
    "hint.too_bright": "光线太亮，请避开直射的光",
    "hint.closer": "请靠近一些",
    "hint.farther": "请离远一些",
    "hint.uncover": "请摘下口罩，露出整张脸",
    "hint.hold_still": "请保持不动",
    "hint.steady_phone": "请稳住手机，画面有些模糊",
    "hint.turn_more": "请再多转一点",
    "hint.turn_back": "好的，请慢慢转回来",
    "hint.other_side": "方向反了，请看清提示再转",
    "hint.follow_prompt": "请按屏幕上的提示做动作",
    "hint.blink_again": "好的，请再眨一次",
    "hint.open_eyes": "请睁开眼睛",
    "hint.mouth_wider": "请把嘴再张大一些",
    "hint.close_mouth": "好的，请合上嘴",
    "hint.dimmer_place": "屏幕的光不够明显，请调亮屏幕或背对强光，再试一次",
    "hint.two_more": "光线太亮，屏幕的颜色看不清，请再做两个动作",
}

RESULTS: Mapping[str, str] = {
    "liveness.passed": "核验通过，确认是您本人。",
    "liveness.flat_face": "疑似平面照片。请由您本人面对镜头，慢慢转头，再试一次。",
    "liveness.replayed_frames": (
        "画面重复或顺序不对，疑似播放录像。请关闭其他占用摄像头的程序后再试一次。"
    ),
    "liveness.bad_timing": "画面的时间与实际不符。请保持网络畅通，不要切换程序，再试一次。",
    "liveness.action_missing": (
        "没有看到要求的动作。请看清提示，动作幅度大一些、慢一些，再试一次。"
    ),
    "liveness.wrong_action": "动作与提示不一致。请看清提示后再做，做完回到正面，再试一次。",
    "liveness.timed_out": "时间已到，核验没有完成。请准备好后再试一次。",
    "liveness.several_people": "画面中一直有多张人脸。请到旁边没有人的地方再试一次。",
    "liveness.person_changed": "核验过程中人脸发生了变化。请由您本人从头到尾完成，再试一次。",
    "liveness.flash_mismatch": (
        "屏幕的颜色没有照在脸上，疑似播放录像。请由您本人面对屏幕，再试一次。"
    ),
    "liveness.flash_unclear": (
        "光线太强，看不清屏幕照在脸上的颜色。请调亮屏幕、到室内暗一些的地方再试一次。"
    ),
    "liveness.face_mismatch": (
        "与登记照片不是同一人。请由律师本人操作；若登记照片过旧，请到法院服务大厅人工核验。"
    ),
    "liveness.face_unsure": (
        "与登记照片的相似程度不足以自动判断。请到光线均匀的地方、摘下眼镜再试一次。"
    ),
    "liveness.reference_unusable": "登记照片中看不清人脸，无法比对。请到法院服务大厅人工核验。",
    "liveness.bad_chain": "画面在传输中发生了变化。请检查网络后再试一次。",
}

OFFICER = "您也可以到法院服务大厅人工核验，功能完全相同。"
