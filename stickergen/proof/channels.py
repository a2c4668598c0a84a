"""What a colour, a picture or a shading puts on one plate.

Comes in: a colour space with the values of its channels, the name of a plate. Goes out: coverage
0–1, or pictures and shadings in DeviceGray that show it (0 is full ink). Limits: RGB is inked as
its complement with full black generation, Lab by its lightness; pictures lose colour-key masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pikepdf
from PIL import Image

from stickergen.proof.interpreter.colours import ALL, NONE, ODD, PROCESS, Space

Values = npt.NDArray[np.float64]
_Amount = TypeVar("_Amount", float, Values)

_GREY = pikepdf.Name("/DeviceGray")


def coverage(
    family: str,
    names: Sequence[str],
    channels: Sequence[_Amount],
    plate: str,
    *,
    overprint: bool,
) -> _Amount | float | None:
    """How much ink a colour puts on a plate; None: it leaves the plate as it is.

    What does not overprint clears the plates that it is not on (ISO 32000-1, 8.6.7).
    """
    if family in ("Separation", "DeviceN"):
        if ALL in names:
            return channels[0]
        if plate in names:
            return channels[names.index(plate)]
        return None if overprint or set(names) == {NONE} else 0.0
    if plate not in PROCESS:
        return None if overprint else 0.0
    number = PROCESS.index(plate)
    if family == "Lab":
        return 1 - channels[0] / 100 if plate == "Black" else 0.0
    match len(channels):
        case 4:
            return channels[number]
        case 3:
            least = 1 - _greatest(channels)
            return least if plate == "Black" else 1 - channels[number] - least
        case 1 if plate == "Black":
            return 1 - channels[0]
        case _:
            return 0.0


def _greatest(channels: Sequence[_Amount]) -> _Amount:
    first, *others = channels
    for other in others:
        first = np.maximum(first, other)
    return first


# --- pictures ---


def picture(
    pdf: pikepdf.Pdf, image: Any, space: Space, plate: str, *, overprint: bool
) -> pikepdf.Stream | None:
    """A picture as the plate shows it; None if it leaves the plate as it is."""
    columns, rows = int(image.Width), int(image.Height)
    if space.family == "Indexed" and space.base is not None:
        samples = _looked_up(image, space, space.base, columns, rows)
        return _made(pdf, image, space.base, samples, plate, overprint)
    samples = _samples(image, space.channels, columns, rows)
    return _made(pdf, image, space, samples, plate, overprint)


def _looked_up(image: Any, space: Space, base: Space, columns: int, rows: int) -> Values:
    """The channels of each pixel by the colour table."""
    count = base.channels
    entries = len(space.table) // count
    table = np.frombuffer(space.table[: entries * count], np.uint8).reshape(entries, count)
    indices = _unpacked(image, 1, columns, rows)[..., 0]
    return np.asarray(table[np.minimum(indices, entries - 1)] / 255, np.float64)


def _made(
    pdf: pikepdf.Pdf, image: Any, space: Space, samples: Values, plate: str, overprint: bool
) -> pikepdf.Stream | None:
    channels = [samples[..., n] for n in range(samples.shape[2])]
    ink = coverage(space.family, space.names, channels, plate, overprint=overprint)
    if ink is None:
        return None
    rows, columns = samples.shape[:2]
    grey = np.rint((1 - np.broadcast_to(ink, (rows, columns))) * 255).clip(0, 255)
    made = pdf.make_stream(grey.astype(np.uint8).tobytes())
    made.Type, made.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    made.Width, made.Height = columns, rows
    made.ColorSpace, made.BitsPerComponent = _GREY, 8
    for key in ("/Interpolate", "/SMask", "/Mask"):
        if key in image and not isinstance(image[key], pikepdf.Array):
            made[key] = image[key]
    return made


def _samples(image: Any, count: int, columns: int, rows: int) -> Values:
    """The channels of each pixel, 0–1 after /Decode."""
    try:
        raw = _unpacked(image, count, columns, rows)
    except ODD:
        return _opened(image, count)
    values = raw / float((1 << int(image.get("/BitsPerComponent", 8))) - 1)
    if "/Decode" in image:
        limits = np.array([float(limit) for limit in image.Decode])
        values = limits[::2] + values * (limits[1::2] - limits[::2])
    return np.asarray(values, np.float64)


def _unpacked(image: Any, count: int, columns: int, rows: int) -> npt.NDArray[np.int64]:
    """The samples as numbers; lines begin on a byte (ISO 32000-1, 8.9.5.2)."""
    data = np.frombuffer(image.read_bytes(decode_level=pikepdf.StreamDecodeLevel.all), np.uint8)
    bits = int(image.get("/BitsPerComponent", 8))
    line = (columns * count * bits + 7) // 8
    lines = data[: rows * line].reshape(rows, line)
    if bits == 16:
        numbers = lines.reshape(rows, -1, 2).astype(np.int64) @ np.array([256, 1])
    elif bits == 8:
        numbers = lines.astype(np.int64)
    else:
        parts = np.unpackbits(lines, axis=1)[:, : columns * count * bits]
        weights = 1 << np.arange(bits - 1, -1, -1)
        numbers = parts.reshape(rows, -1, bits).astype(np.int64) @ weights
    samples: npt.NDArray[np.int64] = numbers[:, : columns * count].reshape(rows, columns, count)
    return samples


def _opened(image: Any, count: int) -> Values:
    """A picture whose filter is another library's business: fax, JPEG 2000."""
    mode = {1: "L", 3: "RGB", 4: "CMYK"}.get(count, "L")
    try:
        opened = pikepdf.PdfImage(image).as_pil_image().convert(mode)
    except Image.DecompressionBombError as error:
        raise ValueError(str(error)) from error
    values = np.asarray(opened, np.float64) / 255
    return values.reshape(opened.height, opened.width, -1)


# --- shadings ---


def shading(pdf: pikepdf.Pdf, found: Any, space: Space, plate: str) -> Any:
    """A shading as the plate shows it: the same, in a space that picks the plate's channel."""
    written = copied(found, without=STORED)
    written.ColorSpace = _picking(pdf, space, plate)
    if isinstance(found, pikepdf.Stream):
        return pdf.make_stream(found.read_bytes(), written)
    return pdf.make_indirect(written)


def copied(holder: Any, without: Sequence[str] = ()) -> pikepdf.Dictionary:
    """What a dictionary holds, but for some keys and for what cannot be written again."""
    made = pikepdf.Dictionary()
    for key in holder.keys():  # noqa: SIM118 - a stream is no mapping to Python
        with suppress(*ODD):
            if key not in without:
                made[key] = holder[key]
    return made


STORED = ("/Length", "/Filter", "/DecodeParms")
"""What a stream's dictionary says of its storage alone."""


def _picking(pdf: pikepdf.Pdf, space: Space, plate: str) -> pikepdf.Array:
    """A DeviceN space of as many channels whose alternate is the grey of one of them."""
    count = space.channels
    channel, after = _picked(space, plate)
    program = " pop" * (count - 1 - channel) + " exch pop" * channel + " " + after
    tint = pdf.make_stream(f"{{{program} }}".encode())
    tint.FunctionType = 4
    tint.Domain = [0, 1] * count
    tint.Range = [0, 1]
    names = pikepdf.Array([pikepdf.Name(f"/Channel{n}") for n in range(count)])
    return pikepdf.Array([pikepdf.Name.DeviceN, names, _GREY, tint])


def _picked(space: Space, plate: str) -> tuple[int, str]:
    """The channel that a plate shows, and what makes its value DeviceGray; no black from RGB."""
    as_it_is, inked, blank = "", "1 exch sub", "pop 1"
    if space.names:
        named = ALL in space.names or plate in space.names
        channel = space.names.index(plate) if plate in space.names else 0
        return channel, inked if named else blank
    match (space.channels, plate):
        case (4, _) if plate in PROCESS:
            return PROCESS.index(plate), inked
        case (3, "Cyan" | "Magenta" | "Yellow"):
            return PROCESS.index(plate), as_it_is
        case (1, "Black"):
            return 0, as_it_is
        case _:
            return 0, blank
