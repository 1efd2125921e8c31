"""Why a file is not taken, in words a lawyer can act on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.court.casefile.errors import MaterialRefused


class Fault(StrEnum):
    """What is wrong with a file; `why` and `advice` are for people."""

    HEIC = "heic"
    OFFICE = "office"
    OTHER_PICTURE = "other_picture"
    SOUND_OR_FILM = "sound_or_film"
    ARCHIVE = "archive"
    WEB_PAGE = "web_page"
    PROGRAM = "program"
    UNKNOWN = "unknown"
    LEADING = "leading"
    TRAILING = "trailing"
    HIDDEN_ARCHIVE = "hidden_archive"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    DAMAGED = "damaged"
    TOO_COMPLEX = "too_complex"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    UNSAFE_OFD = "unsafe_ofd"
    VIRUS = "virus"
    CHANGED = "changed"

    @property
    def why(self) -> str:
        """What is wrong."""
        return _WORDS[self][0]

    @property
    def advice(self) -> str:
        """What to do."""
        return _WORDS[self][1]


_RESAVE: Final = "请用阅读软件打开后“另存为”或“打印为”新的 PDF，再重新上传。"
_WORDS: Final = {
    Fault.HEIC: (
        "这是 HEIC 格式的照片，法院系统打不开。",
        "请转为 JPG 后上传。苹果手机可在“设置－相机－格式”中选择“兼容性最佳”后重拍。",
    ),
    Fault.OFFICE: (
        "这是 Word、表格等可以改动的文件。",
        "请在 Word 或 WPS 中“另存为”PDF 后上传。",
    ),
    Fault.OTHER_PICTURE: ("不支持这种图片格式。", "请转为 JPG 或 PNG 后上传，截图也可以。"),
    Fault.SOUND_OR_FILM: (
        "暂不能在线提交录音、录像。",
        "请按受理法院的要求用光盘等方式提交，并在证据目录中写明。",
    ),
    Fault.ARCHIVE: ("这是压缩包。", "请解压后，把里面的文件逐个上传。"),
    Fault.WEB_PAGE: ("这是网页或脚本，不是文书。", "请在浏览器中打开后打印为 PDF，再上传。"),
    Fault.PROGRAM: ("这是程序文件，不能作为材料。", "请核对是否选错了文件。"),
    Fault.UNKNOWN: (
        "认不出这个文件的格式。",
        "请上传 PDF、JPG、PNG 或 OFD 文件；其他文件请先转为 PDF。",
    ),
    Fault.LEADING: ("文件开头有不属于文书的内容。", _RESAVE),
    Fault.TRAILING: (
        "文件末尾附带了不属于文书的内容。",
        "PDF 请另存一份后上传；动态照片请关闭“动态”后重拍，或截图后上传。",
    ),
    Fault.HIDDEN_ARCHIVE: ("文件里藏有压缩包。", _RESAVE),
    Fault.TOO_LARGE: (
        "文件太大：PDF 不超过 200 MB，图片和 OFD 不超过 20 MB。",
        "请压缩或拆分成几个文件后上传。",
    ),
    Fault.ENCRYPTED: (
        "文件加了密码或设了使用限制，法院打不开。",
        "请取消密码和限制后重新导出，再上传。",
    ),
    Fault.ACTIVE: ("文件里带有可以自动运行的脚本或程序。", _RESAVE),
    Fault.DAMAGED: ("文件损坏或不完整，打不开。", "请核对原文件能否打开，重新导出或重拍后上传。"),
    Fault.TOO_COMPLEX: ("文件结构过于复杂，无法检查。", _RESAVE),
    Fault.TOO_MANY_PIXELS: ("图片的尺寸过大。", "请缩小到一亿像素以内，再上传。"),
    Fault.UNPACKS_TOO_LARGE: ("文件展开后过大，无法检查。", "请重新导出 OFD，或转为 PDF 后上传。"),
    Fault.UNSAFE_OFD: ("OFD 文件的内部结构不符合规范。", "请重新导出 OFD，或转为 PDF 后上传。"),
    Fault.VIRUS: ("文件带有病毒。", "请不要再打开它；杀毒后从原始文书重新导出，再上传。"),
    Fault.CHANGED: ("收到的内容与您选择的文件不一致。", "请删除后重新选择文件上传。"),
}


class FileRefused(MaterialRefused):
    """A file is not taken, because of `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value, reason=fault.value, why=fault.why, advice=fault.advice)
        self.fault = fault
