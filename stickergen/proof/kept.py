"""The proof of a file as bytes, to be kept beside the file and read again.

Comes in: a `FileProof`. Goes out: JSON, pictures as base64, and from it the same `FileProof`. An
order of many volumes that is cut off keeps the proofs of those that were finished.
"""

from __future__ import annotations

from pydantic import ConfigDict, TypeAdapter

from stickergen.proof.result import FileProof

_KEPT = TypeAdapter(
    tuple[FileProof],  # pydantic takes settings beside a tuple, but not beside a dataclass
    config=ConfigDict(
        ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="constants"
    ),
)


def file_proof_json(proof: FileProof) -> bytes:
    """The proof of a file as JSON: the same bytes for the same proof."""
    return _KEPT.dump_json((proof,))


def file_proof_of(data: bytes) -> FileProof:
    """The proof that `file_proof_json` wrote; ValueError if it is no such thing."""
    return _KEPT.validate_json(data)[0]
