"""A camera's sensor as a process of its own: it reads the scene 25 times a second, with noise.

No sensor delivers the same picture twice, however still the scene and however busy the machine.
`python -m tests.browser.sensor <scene file> <y4m file> <width> <height>`; the scene's first byte
is its switch.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

TICK = 0.04
NOISE = 2.0  # deviation, grey levels
SHIFTS = 600  # places the noise is cut from, each way: no two frames share one


def main(scene_file: Path, film: Path, width: int, height: int) -> None:
    size, parent = width * height, os.getppid()
    scene = np.memmap(scene_file, np.uint8, "r", shape=(1 + size * 3 // 2,))
    random = np.random.default_rng(7)
    pool = random.normal(0, NOISE, (height + SHIFTS, width + SHIFTS)).round().astype(np.int16)
    with film.open("r+b") as file:
        start = len(file.readline())
        while scene[0] and os.getppid() == parent:
            dy, dx = random.integers(0, SHIFTS, 2)
            luma = scene[1 : size + 1].reshape(height, width)
            noisy = np.clip(luma + pool[dy : dy + height, dx : dx + width], 0, 255)
            file.seek(start)
            file.write(b"FRAME\n" + noisy.astype(np.uint8).tobytes() + scene[size + 1 :].tobytes())
            file.flush()
            time.sleep(TICK)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
