"""Does the screen's colour show on the face? A matched filter over the flash step. Pure.

The signal is the chroma of the skin minus the chroma of the background, so that a change of
exposure or white balance, and a reflection on a whole display or print, cancel. It is compared
with the code the server drew; slow drift is taken out by a straight line. W and K are the
neutral reference.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.identity.rules.liveness_state import FlashSample, FlashVerdict

Values = npt.NDArray[np.float64]

MIN_PER_COLOUR = 2  # frames; a code with fewer is not complete
PASS_SCORE = 0.75  # correlation of signal and code
PASS_STRENGTH = 0.008  # chroma per full colour; the noise floor is 0.002–0.003 a frame
FAIL_SCORE = 0.50
FAIL_SPREAD = 0.012  # deviation of the colours' means: something changed, but not our code
LAGS = (0, 1, 2)  # frames between the screen's change and the camera's

_TEMPLATE = {
    "R": (2 / 3, -1 / 3, -1 / 3),
    "G": (-1 / 3, 2 / 3, -1 / 3),
    "B": (-1 / 3, -1 / 3, 2 / 3),
    "W": (0.0, 0.0, 0.0),
    "K": (0.0, 0.0, 0.0),
}


def complete(samples: Sequence[FlashSample], *, colours: str) -> bool:
    """Tell whether every colour was seen often enough."""
    shown = [sample.shown for sample in samples]
    return all(shown.count(index) >= MIN_PER_COLOUR for index in range(len(colours)))


def judge(samples: Sequence[FlashSample], *, colours: str) -> tuple[FlashVerdict, float, float]:
    """Return the verdict, the score (correlation −1…1) and the strength (chroma per colour)."""
    if not complete(samples, colours=colours):
        return FlashVerdict.INCONCLUSIVE, 0.0, 0.0
    signal = _without_drift(np.array([_contrast(sample) for sample in samples]))
    shown = np.array([sample.shown for sample in samples])
    fits = [_fit(signal[lag:], shown[: len(shown) - lag], colours=colours) for lag in LAGS]
    score, strength, spread = max(fits)
    if score >= PASS_SCORE and strength >= PASS_STRENGTH:
        return FlashVerdict.PASS, score, strength
    if score < FAIL_SCORE and spread >= FAIL_SPREAD:
        return FlashVerdict.FAIL, score, strength
    return FlashVerdict.INCONCLUSIVE, score, strength


def _fit(signal: Values, shown: Values, *, colours: str) -> tuple[float, float, float]:
    """Score, strength and spread of the colours' means for one delay of the camera."""
    present = [index for index in range(len(colours)) if (shown == index).any()]
    means = np.array([np.median(signal[shown == index], axis=0) for index in present])
    code = np.array([_TEMPLATE[colours[index]] for index in present])
    means, code = means - means.mean(axis=0), code - code.mean(axis=0)
    power = float((code**2).sum())
    size = float((means**2).sum())
    product = float((means * code).sum())
    if power == 0 or size == 0:
        return 0.0, 0.0, 0.0
    spread = float(np.sqrt(size / len(present)))
    return product / float(np.sqrt(power * size)), product / power, spread


def _contrast(sample: FlashSample) -> Values:
    return _chroma(sample.skin) - _chroma(sample.background)


def _chroma(colour: Sequence[float]) -> Values:
    values = np.asarray(colour, dtype=np.float64) + 1e-6
    return np.asarray(values / values.sum())


def _without_drift(signal: Values) -> Values:
    """Take a straight line out of each channel; a code of eight is far from straight."""
    x = np.linspace(-1, 1, len(signal))
    base = np.column_stack([np.ones_like(x), x])
    line, *_ = np.linalg.lstsq(base, signal, rcond=None)
    return np.asarray(signal - base @ line)
