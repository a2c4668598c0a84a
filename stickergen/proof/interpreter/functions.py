"""PDF functions (ISO 32000-1, 7.10), as far as tint transforms need them.

Comes in: a function object and its inputs. Goes out: the outputs, or None where the function is
of a kind that is not read: sampled functions are read at their corners only, calculators without
`if` and `ifelse`.
"""

from __future__ import annotations

import itertools
import math
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

_Stack = list[float]

_PAIRS: dict[str, Callable[[float, float], float]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
}
_SINGLES: dict[str, Callable[[float], float]] = {
    "abs": abs,
    "neg": operator.neg,
    "sqrt": math.sqrt,
    "cvr": float,
    "cvi": math.trunc,
    "truncate": math.trunc,
    "floor": math.floor,
    "ceiling": math.ceil,
    "round": round,
}


def evaluated(function: Any, inputs: Sequence[float]) -> tuple[float, ...] | None:
    """The outputs of a function object for these inputs."""
    kind = int(function.FunctionType)
    if kind == 0:
        found = _sampled(function, inputs)
    elif kind == 2:
        found = _exponential(function, inputs[0])
    elif kind == 4:
        found = _calculated(function.read_bytes().decode("latin-1"), inputs)
    else:
        return None
    if found is None or "/Range" not in function:
        return found
    limits = [float(limit) for limit in function.Range]
    return tuple(
        min(max(value, low), high)
        for value, low, high in zip(found, limits[::2], limits[1::2], strict=False)
    )


def _sampled(function: Any, inputs: Sequence[float]) -> tuple[float, ...] | None:
    """Samples at the corners of the domain: what a solid ink, or none, becomes."""
    sizes = [int(size) for size in function.Size]
    bits = int(function.BitsPerSample)
    if bits not in (8, 16) or any(value not in (0, 1) for value in inputs):
        return None
    limits = [float(limit) for limit in function.get("/Decode", function.Range)]
    outputs = len(limits) // 2
    strides = itertools.accumulate([1, *sizes[:-1]], operator.mul)
    index = sum(
        stride * (size - 1) * int(value)
        for stride, size, value in zip(strides, sizes, inputs, strict=True)
    )
    width = bits // 8
    data = function.read_bytes()[index * outputs * width :][: outputs * width]
    most = (1 << bits) - 1
    samples = [int.from_bytes(data[n * width :][:width], "big") / most for n in range(outputs)]
    return tuple(
        low + sample * (high - low)
        for sample, low, high in zip(samples, limits[::2], limits[1::2], strict=True)
    )


def _exponential(function: Any, value: float) -> tuple[float, ...]:
    starts = [float(c) for c in function.get("/C0", [0])]
    ends = [float(c) for c in function.get("/C1", [1])]
    part = value ** float(function.N)
    return tuple(start + part * (end - start) for start, end in zip(starts, ends, strict=True))


def _calculated(program: str, inputs: Sequence[float]) -> tuple[float, ...] | None:
    stack: _Stack = list(inputs)
    for word in re.findall(r"[^\s{}]+", program):
        if word in _PAIRS:
            last = stack.pop()
            stack.append(_PAIRS[word](stack.pop(), last))
        elif word in _SINGLES:
            stack.append(_SINGLES[word](stack.pop()))
        elif word == "pop":
            stack.pop()
        elif word == "dup":
            stack.append(stack[-1])
        elif word == "exch":
            stack[-1], stack[-2] = stack[-2], stack[-1]
        elif word == "index":
            stack.append(stack[-1 - int(stack.pop())])
        elif word == "copy":
            count = int(stack.pop())
            stack.extend(stack[len(stack) - count :])
        elif word == "roll":
            turns, count = int(stack.pop()), int(stack.pop())
            top = stack[len(stack) - count :]
            turns %= count
            stack[len(stack) - count :] = top[count - turns :] + top[: count - turns]
        else:
            try:
                stack.append(float(word))
            except ValueError:
                return None
    return tuple(stack)
