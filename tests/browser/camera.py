"""A camera whose picture a test decides: Chromium reads a y4m file that is overwritten in place."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

GREY = Image.new("RGB", (64, 48), (60, 60, 66))
REPO = Path(__file__).resolve().parents[2]


class FakeCamera:
    """One file for one browser process; the same inode all its life, so an open stream follows.

    The test changes the scene, the sensor (a process of its own) films it.
    """

    def __init__(self, path: Path, *, width: int = 640, height: int = 480) -> None:
        self._path = path
        self._size = (width, height)
        header = f"YUV4MPEG2 W{width} H{height} F30:1 Ip A1:1 C420jpeg\n".encode()
        scene = path.with_suffix(".scene")
        self._scene = np.memmap(scene, np.uint8, "w+", shape=(1 + width * height * 3 // 2,))
        self._scene[0] = 1
        self.show_nothing()
        path.write_bytes(header + b"FRAME\n" + self._scene[1:].tobytes())
        command = [sys.executable, "-m", "tests.browser.sensor", str(scene), str(path)]
        self._sensor = subprocess.Popen([*command, str(width), str(height)], cwd=REPO)

    @property
    def arguments(self) -> list[str]:
        """What Chromium is started with."""
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={self._path}",
        ]

    def close(self) -> None:
        """Switch the sensor off."""
        self._scene[0] = 0
        self._sensor.wait(5)

    def show_jpeg(self, jpeg: bytes) -> None:
        """Put an encoded picture before the lens."""
        with Image.open(io.BytesIO(jpeg)) as image:
            self.show_picture(image.convert("RGB"))

    def show_screen(self, png: bytes) -> None:
        """Hold a phone's screen before the lens, as large as fits."""
        width, height = self._size
        with Image.open(io.BytesIO(png)) as image:
            screen = image.convert("RGB")
        scale = min(width / screen.width, height / screen.height) * 0.96
        held = screen.resize((int(screen.width * scale), int(screen.height * scale)))
        scene = GREY.resize(self._size)
        scene.paste(held, ((width - held.width) // 2, (height - held.height) // 2))
        self.show_picture(scene)

    def show_nothing(self) -> None:
        """Take everything away."""
        self.show_picture(GREY)

    def show_picture(self, image: Image.Image) -> None:
        """Change the scene."""
        luma, blue, red = image.resize(self._size).convert("YCbCr").split()
        half = (self._size[0] // 2, self._size[1] // 2)
        planes = (luma, blue.resize(half), red.resize(half))
        self._scene[1:] = np.concatenate([np.asarray(plane).ravel() for plane in planes])
