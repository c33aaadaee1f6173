"""The MTCNN cascade on scaled frames.

The three nets and their weights are facenet-pytorch's (Zhang, Zhang, Li and Qiao, "Joint Face Detection and
Alignment using Multitask Cascaded Convolutional Networks", 2016). Only the search is ours: the first net sees a
pyramid that starts where the smallest wanted face fills its window, the second net a picture twice that size, and
the third, which decides, candidates cut from the full frame. So the boxes are those of a full-resolution run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from facenet_pytorch.models.mtcnn import ONet, PNet, RNet
from numpy.typing import NDArray
from torch import Tensor
from torchvision.ops import batched_nms

from desktop_app.domain import Box, FloatArray, UInt8Array
from desktop_app.faces.boxes import iou_matrix, keep_distinct
from desktop_app.faces.crop import crop_face

_WINDOW_PX = 12
_REFINE_PX = 24
_DECIDE_PX = 48
_STRIDE_PX = 2
_PYRAMID_FACTOR = 0.709
_THRESHOLDS = (0.6, 0.7, 0.7)
_SECOND_MARGINS = (0.0, 0.15)
_VOTE_IOU = 0.6
_CHUNK = 512


@dataclass(frozen=True, slots=True, eq=False)
class RawFaces:
    """Faces of one image.

    Args:
        boxes: (N, 4) float32, x1 y1 x2 y2 in pixels, may reach beyond the image.
        scores: (N,) float32 in [0, 1], descending.
        landmarks: (N, 5, 2) float32 pixels.
    """

    boxes: FloatArray
    scores: FloatArray
    landmarks: FloatArray


class Cascade:
    """PNet, RNet and ONet on one device.

    Args:
        device: Where the nets run.
        min_face_px: Side of the smallest square that the first net looks for.
    """

    def __init__(self, device: torch.device, min_face_px: float) -> None:
        self._device = device
        self._min_face_px = min_face_px
        self._pnet = PNet().to(device).eval()
        self._rnet = RNet().to(device).eval()
        self._onet = ONet().to(device).eval()

    @torch.inference_mode()
    def find(self, images: Sequence[UInt8Array]) -> list[RawFaces]:
        """Faces of images of one size, (H, W, 3) uint8 RGB each."""
        half_way = _half_way(images, _REFINE_PX / self._min_face_px)
        boxes, owners = self._propose(images, half_way)
        boxes, owners = self._refine(images, half_way, boxes, owners)
        return self._decide(images, boxes, owners)

    @torch.inference_mode()
    def look_again(self, image: UInt8Array, boxes: Sequence[Box]) -> FloatArray:
        """Mean score of the third net for other views of faces: at two margins, each also mirrored.

        Returns:
            (N,) float32 in [0, 1].
        """
        views: list[UInt8Array] = []
        for box in boxes:
            for margin in _SECOND_MARGINS:
                view = crop_face(image, box, margin, _DECIDE_PX)
                views += [view, np.ascontiguousarray(view[:, ::-1])]
        if not views:
            return np.empty(0, np.float32)
        probabilities = self._run(self._onet, views)[2][:, 1]
        means: FloatArray = probabilities.reshape(len(boxes), -1).mean(axis=1)
        return means

    def _propose(
        self, images: Sequence[UInt8Array], half_way: Sequence[UInt8Array]
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """First stage: (N, 4) square candidates in the full frames and the image each belongs to."""
        found: list[Tensor] = []
        height, width = images[0].shape[:2]
        for level in _pyramid(half_way, (height, width), _WINDOW_PX / self._min_face_px):
            shifts, probabilities = self._pnet(self._to_tensor(level))
            scale = (level[0].shape[1] / width, level[0].shape[0] / height)
            candidates = _candidates(shifts, probabilities[:, 1], scale)
            found.append(candidates[batched_nms(candidates[:, :4], candidates[:, 4], candidates[:, 9].long(), 0.5)])
        if not found or not sum(len(part) for part in found):
            return np.empty((0, 4), np.float32), np.empty(0, np.int64)
        every = torch.cat(found)
        every = every[batched_nms(every[:, :4], every[:, 4], every[:, 9].long(), 0.7)].cpu()
        rows = every.numpy()
        sides = np.stack([rows[:, 2] - rows[:, 0], rows[:, 3] - rows[:, 1]] * 2, axis=1)
        return _squared(rows[:, :4] + rows[:, 5:9] * sides), rows[:, 9].astype(np.int64)

    def _refine(
        self,
        images: Sequence[UInt8Array],
        half_way: Sequence[UInt8Array],
        boxes: FloatArray,
        owners: NDArray[np.int64],
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """Second stage: fewer and better squares."""
        shares = np.array(half_way[0].shape[1::-1], np.float32) / np.array(images[0].shape[1::-1], np.float32)
        patches, kept = _cut(half_way, boxes * np.tile(shares, 2), owners, _REFINE_PX)
        if not patches:
            return np.empty((0, 4), np.float32), np.empty(0, np.int64)
        shifts, probabilities = self._run(self._rnet, patches)
        passed = probabilities[:, 1] > _THRESHOLDS[1]
        boxes, owners, shifts = boxes[kept][passed], owners[kept][passed], shifts[passed]
        scores = probabilities[passed, 1]
        pick = batched_nms(torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(owners), 0.7).numpy()
        return _squared(_shifted(boxes[pick], shifts[pick])), owners[pick]

    def _decide(self, images: Sequence[UInt8Array], boxes: FloatArray, owners: NDArray[np.int64]) -> list[RawFaces]:
        """Third stage: boxes, scores and landmarks, image by image."""
        patches, kept = _cut(images, boxes, owners, _DECIDE_PX)
        if not patches:
            return [_no_faces() for _ in images]
        shifts, points, probabilities = self._run(self._onet, patches)
        passed = probabilities[:, 1] > _THRESHOLDS[2]
        boxes, owners, scores = boxes[kept][passed], owners[kept][passed], probabilities[passed, 1]
        corner, side = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2] + 1)[:, None, :]
        landmarks = points[passed].reshape(-1, 2, 5).transpose(0, 2, 1) * side + corner - 1
        boxes = _shifted(boxes, shifts[passed])
        results = []
        for owner in range(len(images)):
            mine = np.flatnonzero(owners == owner)
            best = mine[keep_distinct(boxes[mine], scores[mine], 0.7)]
            # The candidates of one face vote: their mean jitters a quarter less from frame to frame than the best one.
            votes = (iou_matrix(boxes[best], boxes[mine]) > _VOTE_IOU) * scores[mine] ** 2
            votes /= votes.sum(axis=1, keepdims=True)
            marks = np.einsum("ij,jkl->ikl", votes, landmarks[mine]).astype(np.float32)
            results.append(RawFaces((votes @ boxes[mine]).astype(np.float32), scores[best], marks))
        return results

    def _to_tensor(self, images: Sequence[UInt8Array]) -> Tensor:
        batch = torch.from_numpy(np.stack(images)).to(self._device)
        return (batch.permute(0, 3, 1, 2).float() - 127.5) * 0.0078125

    def _run(self, net: Callable[[Tensor], tuple[Tensor, ...]], patches: Sequence[UInt8Array]) -> list[FloatArray]:
        chunks = [net(self._to_tensor(patches[i : i + _CHUNK])) for i in range(0, len(patches), _CHUNK)]
        return [torch.cat(parts).cpu().numpy() for parts in zip(*chunks, strict=True)]


def _no_faces() -> RawFaces:
    empty = np.empty(0, np.float32)
    return RawFaces(empty.reshape(0, 4), empty, empty.reshape(0, 5, 2))


def _half_way(images: Sequence[UInt8Array], scale: float) -> Sequence[UInt8Array]:
    """Copies in which the smallest wanted face just fills the second net; all smaller pictures are made of them."""
    if scale >= 1.0:
        return images
    height, width = images[0].shape[:2]
    return [_resized(image, (max(1, round(width * scale)), max(1, round(height * scale)))) for image in images]


def _pyramid(
    sources: Sequence[UInt8Array], full_shape: tuple[int, int], first_scale: float
) -> Iterator[list[UInt8Array]]:
    """Shrunken copies of all images, the largest first; scales are relative to the full frames."""
    height, width = full_shape
    scale = first_scale
    while min(height, width) * scale >= _WINDOW_PX:
        size = (int(width * scale + 1), int(height * scale + 1))
        level = [_resized(source, size) for source in sources]
        yield level
        if scale == first_scale < 1.0:
            sources = level
        scale *= _PYRAMID_FACTOR


def _resized(image: UInt8Array, size: tuple[int, int]) -> UInt8Array:
    shrinks = size[0] < image.shape[1]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR).astype(np.uint8)


def _candidates(shifts: Tensor, probabilities: Tensor, scale: tuple[float, float]) -> Tensor:
    """(N, 10) rows of the first stage: box (4), score, shifts (4), image."""
    places = (probabilities >= _THRESHOLDS[0]).nonzero()
    owner, row, column = places[:, 0], places[:, 1], places[:, 2]
    left, top = _STRIDE_PX * column + 1, _STRIDE_PX * row + 1
    box = torch.stack(
        [
            left / scale[0],
            top / scale[1],
            (left + _WINDOW_PX - 1) / scale[0],
            (top + _WINDOW_PX - 1) / scale[1],
        ],
        dim=1,
    )
    score = probabilities[owner, row, column].unsqueeze(1)
    return torch.cat([box, score, shifts[owner, :, row, column], owner.unsqueeze(1).float()], dim=1)


def _cut(
    images: Sequence[UInt8Array], boxes: FloatArray, owners: NDArray[np.int64], side: int
) -> tuple[list[UInt8Array], list[int]]:
    """Candidates cut from the full frames, clipped to them, and the positions of those that lie inside."""
    height, width = images[0].shape[:2]
    whole = np.trunc(boxes).astype(np.int64)
    lows = np.maximum(whole[:, :2], 1) - 1
    highs = np.minimum(whole[:, 2:], (width, height))
    patches: list[UInt8Array] = []
    kept: list[int] = []
    for position, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if (high > low).all():
            patch = images[int(owners[position])][low[1] : high[1], low[0] : high[0]]
            patches.append(cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8))
            kept.append(position)
    return patches, kept


def _shifted(boxes: FloatArray, shifts: FloatArray) -> FloatArray:
    sides = boxes[:, 2:] - boxes[:, :2] + 1
    moved: FloatArray = (boxes + shifts * np.concatenate([sides, sides], axis=1)).astype(np.float32)
    return moved


def _squared(boxes: FloatArray) -> FloatArray:
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([centres - half, centres + half], axis=1).astype(np.float32)
