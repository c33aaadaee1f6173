"""From raw logits to a calibrated probability of fake."""

import numpy as np
from numpy.typing import NDArray

from desktop_app.domain import FloatArray, ModelCard


def sigmoid(x: NDArray[np.floating]) -> NDArray[np.float64]:
    """Logistic function without overflow.

    >>> [round(float(v), 3) for v in sigmoid(np.array([-1000.0, 0.0, 1000.0]))]
    [0.0, 0.5, 1.0]
    """
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(x, dtype=np.float64))))


def fake_logits(card: ModelCard, logits: FloatArray) -> FloatArray:
    """Log-odds of fake, ``log((1 - P(genuine)) / P(genuine))`` under the softmax of the classes.

    Args:
        card: The model; its `genuine_class` is what is not fake.
        logits: (N, C) raw logits in the order of the card's classes, or (N, 1) where the one output is the
            log-odds of fake already.

    Returns:
        (N,) float32.

    Raises:
        ValueError: There are as many logits as neither one nor the classes.
    """
    _check_outputs(card, logits)
    if logits.shape[1] == 1:
        return np.asarray(logits[:, 0], dtype=np.float32)
    genuine = card.classes.index(card.genuine_class)
    others = np.delete(logits.astype(np.float64), genuine, axis=1)
    return np.asarray(np.logaddexp.reduce(others, axis=1) - logits[:, genuine], dtype=np.float32)


def calibrate_odds(card: ModelCard, log_odds: NDArray[np.floating]) -> NDArray[np.float64]:
    """Calibrated log-odds of fake.

    Args:
        card: The model with its calibration fitted on validation data.
        log_odds: (N,) from `fake_logits`.

    Returns:
        (N,).
    """
    return apply_calibration(log_odds, card.temperature, card.bias, card.knots)


def apply_calibration(
    log_odds: NDArray[np.floating], temperature: float, bias: float, knots: tuple[tuple[float, float], ...] = ()
) -> NDArray[np.float64]:
    """Log-odds divided by a temperature, plus a bias; or, where there are knots, the polyline through them.

    The first is Platt scaling (Guo et al., ICML 2017, where the bias is zero); the second a centred isotonic
    regression (Oron and Flournoy, 2017), constant beyond its ends, because nothing was measured there.

    Args:
        log_odds: (N,) of the network.
        temperature: Of Platt scaling.
        bias: Likewise.
        knots: (log-odds of the network, calibrated log-odds), ascending.

    Returns:
        (N,).

    >>> apply_calibration(np.array([-9.0, 1.0]), 1.0, 0.0, ((0.0, -1.0), (2.0, 3.0))).tolist()
    [-1.0, 1.0]
    """
    z = np.asarray(log_odds, dtype=np.float64)
    if knots:
        raw, calibrated = np.array(knots).T
        return np.asarray(np.interp(z, raw, calibrated))
    return np.asarray(z / temperature + bias)


def calibrate(card: ModelCard, log_odds: FloatArray) -> FloatArray:
    """Calibrated probability of fake for classes that are equally frequent beforehand.

    Args:
        card: The model with its calibration fitted on validation data.
        log_odds: (N,) from `fake_logits`.

    Returns:
        (N,) float32 in [0, 1].
    """
    return sigmoid(calibrate_odds(card, log_odds)).astype(np.float32)


def class_probabilities(card: ModelCard, logits: FloatArray) -> FloatArray:
    """Softmax over the card's classes.

    Args:
        card: The model.
        logits: (N, C) or (N, 1) as in `fake_logits`.

    Returns:
        (N, len(card.classes)) float32, rows summing to 1: one output's fake share is spread evenly over the other
        classes.

    Raises:
        ValueError: As in `fake_logits`.
    """
    _check_outputs(card, logits)
    if logits.shape[1] == 1:
        fake = sigmoid(logits[:, 0])
        others = max(1, len(card.classes) - 1)
        columns = [1.0 - fake if name == card.genuine_class else fake / others for name in card.classes]
        return np.stack(columns, axis=1).astype(np.float32)
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    exp = np.exp(shifted)
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), dtype=np.float32)


def _check_outputs(card: ModelCard, logits: FloatArray) -> None:
    if logits.ndim != 2 or logits.shape[1] not in (1, len(card.classes)):
        raise ValueError(f"logits: expected (N, 1) or (N, {len(card.classes)}), got {logits.shape}")
