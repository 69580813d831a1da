# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a file that is only partly ours changes: a marked block, or single lines."""

# Runs on gateways: Python 3.8, standard library.
# Private to this collection: no stable interface for others.

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

_NAME = "hybridnet.aws_vpn"


def with_block(text: str, block: str, comment: str) -> str:
    """The text with our marked block replaced, or put at its end; an empty block leaves no trace."""
    before, _inside, after = _split(text, comment)
    body = block.strip("\n")
    if not body:
        return before + after
    if before and not before.endswith("\n"):
        before += "\n"
    begin, end = _markers(comment)
    return f"{before}{begin}\n{body}\n{end}\n{after}"


def own_block(text: str, comment: str) -> str:
    """Our block with its marks, empty when there is none."""
    before, _inside, after = _split(text, comment)
    return text[len(before) : len(text) - len(after)]


def outside_block(text: str, comment: str) -> str:
    """What is not ours."""
    before, _inside, after = _split(text, comment)
    return before + after


def masked(output: str, others: str) -> str:
    """What a program says of a file, without the words that are only in the part of others: one can be a secret."""
    words = {*re.findall(r"\S+", others), *re.findall(r"\w+", others)}
    for word in sorted(words, key=len, reverse=True):
        output = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "***", output)
    return output


def _markers(comment: str) -> tuple[str, str]:
    return f"{comment} BEGIN {_NAME}", f"{comment} END {_NAME}"


def _split(text: str, comment: str) -> tuple[str, str, str]:
    """What stands before, in and after our block; without one everything is before."""
    begin, end = (re.escape(marker) for marker in _markers(comment))
    found = re.search(rf"(?ms)^{begin}\n(.*?)^{end}(?:\n|\Z)", text)
    if not found:
        return text, "", ""
    return text[: found.start()], found.group(1), text[found.end() :]


def with_lines(text: str, edits: Iterable[Mapping[str, str]]) -> str:
    """The text with every line that matches a pattern replaced; a pattern that matches nothing changes nothing."""
    return "".join(line for _matched, line in _edited(text, edits))


def own_lines(text: str, edits: Iterable[Mapping[str, str]]) -> tuple[str, str]:
    """What is replaced, by its pattern only, and what replaces it."""
    replaced = [(matched, line) for matched, line in _edited(text, edits) if matched]
    return "".join(f"(a line that matches {matched})\n" for matched, _line in replaced), "".join(
        line for _matched, line in replaced
    )


def outside_lines(text: str, edits: Iterable[Mapping[str, str]]) -> str:
    """What is not replaced."""
    return "".join(line for matched, line in _edited(text, edits) if not matched)


def _edited(text: str, edits: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Every line as it shall be, with the pattern that the old one matches where it is replaced."""
    lines = [("", line) for line in text.splitlines(keepends=True)]
    for edit in edits:
        pattern = re.compile(edit["pattern"])
        new = (edit["pattern"], edit["line"] + "\n")
        lines = [new if pattern.search(line.rstrip("\n")) else (matched, line) for matched, line in lines]
    return lines


def pending(text: str | None, added: Iterable[str]) -> list[str]:
    """What waits to be activated: what was noted before and what is added."""
    return sorted(set(json.loads(text) if text else []) | set(added))
