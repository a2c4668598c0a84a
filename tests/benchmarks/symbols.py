"""How long a QR symbol takes: `python tests/benchmarks/symbols.py [--count N]`.

Stickers' addresses, each its own, version 3 at level M, mask chosen for each. Every encoder runs in
this process, on one core, one after the other; the slow ones make fewer symbols. Milliseconds of
processor time a symbol, least of three; libqrencode only where the system has it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version

import numpy as np
import qrcode
import segno
import zxingcpp
from peers import encode_libqrencode

from stickergen.artwork.symbols import LEVELS, symbols

VERSION, LEVEL = 3, "M"
RUNS = 3

Encoder = Callable[[Sequence[str]], object]


def addresses(count: int) -> list[str]:
    """So many addresses of a campaign with serials."""
    return [f"https://fz.hongshan.gov.cn/kefu?HS{number:06}X" for number in range(count)]


def with_qrcode(texts: Sequence[str]) -> None:
    """The package that this one takes its basis from."""
    for text in texts:
        code = qrcode.QRCode(VERSION, LEVELS[LEVEL])
        code.add_data(text, optimize=0)
        code.make(fit=False)


def with_segno(texts: Sequence[str]) -> None:
    """In Python, one symbol at a time."""
    for text in texts:
        segno.make(text, version=VERSION, error=LEVEL, boost_error=False)


def with_zxing(texts: Sequence[str]) -> None:
    """In C++; it chooses the version itself."""
    for text in texts:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=LEVEL)
        np.array(code.to_image(add_quiet_zones=False))


def with_libqrencode() -> Encoder | None:
    """In C, if the system has it."""
    library = encode_libqrencode.library()
    if library is None:
        return None
    level = encode_libqrencode.LEVELS.index(LEVEL)

    def encode(texts: Sequence[str]) -> None:
        for text in texts:
            code = library.QRcode_encodeString8bit(text.encode(), VERSION, level)
            library.QRcode_free(code)

    return encode


def milliseconds(encode: Encoder, texts: Sequence[str]) -> float:
    """Processor time a symbol: the least of some runs."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        encode(texts)
        times.append(time.process_time() - start)
    return 1000 * min(times) / len(texts)


def main() -> None:
    """Measure all encoders and print a table."""
    parser = argparse.ArgumentParser(description="Milliseconds a QR symbol.")
    parser.add_argument("--count", type=int, default=30_000, help="symbols (default 30,000)")
    texts = addresses(parser.parse_args().count)
    few = texts[:: max(1, len(texts) // 200)]
    some = texts[:: max(1, len(texts) // 3000)]
    cases: list[tuple[str, Encoder | None, Sequence[str]]] = [
        ("stickergen", lambda texts: symbols(texts, VERSION, LEVEL), texts),
        (f"libqrencode {encode_libqrencode.version() or ''}", with_libqrencode(), texts),
        (f"zxing-cpp {version('zxing-cpp')}", with_zxing, some),
        (f"segno {version('segno')}", with_segno, few),
        (f"qrcode {version('qrcode')}", with_qrcode, few),
    ]
    print(f"Python {sys.version.split()[0]}, numpy {version('numpy')}, {len(texts):,} addresses")
    ours = None
    for name, encode, share in cases:
        if encode is None:
            print(f"{name:<20}{'not installed':>14}")
            continue
        found = milliseconds(encode, share)
        ours = ours or found
        print(f"{name:<20}{found:>11.4f} ms{found / ours:>9.1f} ×", flush=True)


if __name__ == "__main__":
    main()
