"""The rule list: every check is a function, and its docstring is its manual.

A check takes the `Subject` and yields `Finding`s under its own code, the function's name with
dashes. `@rule("F1", *PDF_X)` gives its number in the list and the standards it belongs to. What is
found here is "checked against our PDF/X rule list"; nothing here certifies a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stickergen.proof.expected import Standard
from stickergen.proof.finding import Finding
from stickergen.proof.subject import Subject

X1A: Standard = "pdf-x-1a"
X3: Standard = "pdf-x-3"
X4: Standard = "pdf-x-4"
PDF_X: tuple[Standard, ...] = (X1A, X3, X4)
EVERY: tuple[Standard, ...] = ("plain", *PDF_X)

Find = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: its code, its number in the rule list, the standards that ask for it."""

    code: str
    clause: str
    standards: frozenset[Standard]
    find: Find

    @property
    def manual(self) -> str:
        """Why a printer cares, the clause, an example that passes and one that fails."""
        assert self.find.__doc__, f"{self.code} has no manual"
        return self.find.__doc__


RULES: dict[str, Rule] = {}
"""All checks by code, in the order of the list; the modules of this room fill it."""


def rule(clause: str, *standards: Standard) -> Callable[[Find], Find]:
    """Enter a check into the rule list."""

    def entered(find: Find) -> Find:
        code = find.__name__.replace("_", "-")
        assert code not in RULES, f"{code} is in the list already"
        assert standards, f"{code} belongs to no standard"
        RULES[code] = Rule(code, clause, frozenset(standards), find)
        return find

    return entered
