"""The proofs of an order's volumes put together: each design is pictured once.

Comes in: the `FileProof`s of files as they are done, each with its number. Goes out: the same in
the order of the numbers. Volumes show the same designs with other numbers: the picture is kept
where a design stands first, with the pieces of all volumes. Nothing else of a proof is touched. The
result hangs on no order of arrival, and no more pictures are held than are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace

from stickergen.proof.expected import design_of
from stickergen.proof.result import Design, FileProof

_IMPOSED, _WHOLE = "imposed", "whole"
"""What all impositions of an order have in common, and all pages that are pictured as they are."""


class Gathering:
    """The proofs of files that are there so far."""

    def __init__(self) -> None:
        self._files: dict[int, FileProof] = {}
        self._holders: dict[Hashable, tuple[int, int]] = {}
        self._pieces: Counter[Hashable] = Counter()
        self._left_out = 0

    def add(self, number: int, file: FileProof) -> None:
        """Another file is proved."""
        assert number not in self._files
        self._files[number] = file
        if not file.numbered:
            return
        shown: dict[Hashable, int] = {}
        for design in file.designs:
            key = _key(design)
            self._pieces[key] += design.pieces
            shown[key] = max(shown.get(key, 0), design.pieces)
        for key, pieces in shown.items():
            rank = (-pieces if key == _IMPOSED else 0, number)
            known = self._holders.get(key)
            if known is None or rank < known:
                self._holders[key] = rank
                if known is not None:
                    self._take_away(known[1], key)
            else:
                self._take_away(number, key)

    @property
    def files(self) -> tuple[FileProof, ...]:
        """The proofs of all files, in the order of their numbers."""
        return tuple(self._whole(number) for number in sorted(self._files))

    def _take_away(self, number: int, key: Hashable) -> None:
        """Leave out the pictures that another volume shows."""
        file = self._files[number]
        kept = tuple(design for design in file.designs if _key(design) != key)
        if key == _WHOLE:
            self._left_out += len(file.designs) - len(kept) + file.designs_left_out
            file = replace(file, designs_left_out=0)
        self._files[number] = replace(file, designs=kept)

    def _whole(self, number: int) -> FileProof:
        """A file with the pieces of all volumes at the designs that it shows."""
        file = self._files[number]
        if not file.numbered:
            return file
        keys = [_key(design) for design in file.designs]
        designs = tuple(
            design if key in (_IMPOSED, _WHOLE) else replace(design, pieces=self._pieces[key])
            for design, key in zip(file.designs, keys, strict=True)
        )
        left_out = file.designs_left_out + (self._left_out if _WHOLE in keys else 0)
        return replace(file, designs=designs, designs_left_out=left_out)


def gathered(files: Iterable[FileProof]) -> tuple[FileProof, ...]:
    """The proofs of files in their order, each design of their volumes pictured once."""
    gathering = Gathering()
    for number, file in enumerate(files):
        gathering.add(number, file)
    return gathering.files


def _key(design: Design) -> Hashable:
    """What the same designs of all volumes have in common."""
    if design.part is None:
        return _IMPOSED if design.pieces else _WHOLE
    size = design.part.size
    return (round(size.width, 1), round(size.height, 1), *map(design_of, design.addresses))
