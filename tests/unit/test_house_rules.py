# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules for every file: what may not be written, and how long things may get."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from house import code_lines

ROOT = Path(__file__).resolve().parents[2]


def listed_by_git() -> list[Path]:
    """The files of the repository, committed or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name]


def listed_by_folder() -> list[Path]:
    """The same for a copy without its repository, such as the one ansible-test works in."""
    return [path for path in ROOT.rglob("*") if not {"__pycache__", "output", ".pytest_cache"} & set(path.parts)]


LISTED = listed_by_git() if (ROOT / ".git").exists() else listed_by_folder()
FILES = sorted(path for path in LISTED if path.is_file() and not path.is_symlink())
THIS = Path(__file__).resolve()
PYTHON = [path for path in FILES if path.suffix == ".py"]
YAML = [path for path in FILES if path.suffix in {".yml", ".yaml"}]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def hits(paths: list[Path], pattern: str, flags: int = 0) -> list[str]:
    """file:line of everything that matches; this file is about the words, so it is left out."""
    rule = re.compile(pattern, flags)
    return [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in paths
        if path != THIS
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if rule.search(line)
    ]


def test_there_is_something_to_check() -> None:
    assert len(PYTHON) > 20
    assert len(YAML) > 20


def test_no_failure_is_hidden() -> None:
    assert hits(YAML, r"^\s*(- )?ignore_errors:|failed_when: *(false|no)\b") == []
    assert hits(FILES, r"\|\| *(true|:)(\s|$)") == []
    assert hits(PYTHON, r"pytest\.skip|mark\.skip|mark\.xfail") == []


def test_nothing_is_left_for_later() -> None:
    assert hits(FILES, r"\b(TODO|FIXME|XXX)\b") == []


def test_every_exception_has_its_reason() -> None:
    """`# noqa: CODE  # why`, `# type: ignore[code]  # why`, `# shellcheck disable=CODE  # why`."""
    assert hits(PYTHON, r"# noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)* +\S)") == []
    assert hits(PYTHON, r"# type: ignore(?!\[[a-z-]+(, ?[a-z-]+)*\] +# \S)") == []
    assert hits(YAML, r"# noqa(?!: [a-z-]+(\[[a-z-]+\])? \S)") == []
    assert hits(FILES, r"# shellcheck disable(?!=SC\d+(,SC\d+)* +# \S)") == []


def test_no_ignore_files() -> None:
    assert [relative(path) for path in FILES if re.fullmatch(r"ignore.*\.txt", path.name)] == []
    assert hits([ROOT / ".ansible-lint"], r"^(skip_list|warn_list|mock_)") == []


def test_nothing_of_one_machine() -> None:
    documents = [path for path in FILES if path.name not in {"COPYING", "GPL-3.0-or-later.txt"}]
    assert hits(documents, re.escape(str(ROOT)) + r"(/|\b)") == []
    assert hits(documents, r"/home/[a-z]+/|\.pyenv") == []
    # Package clients know where their packages come from.
    assert hits(documents, r"pypi\.org|pythonhosted|deb\.debian\.org|npmjs|galaxy\.ansible\.com", re.IGNORECASE) == []


def test_shell_scripts_stop_at_the_first_error() -> None:
    first_lines = {path: text_of(path).partition("\n")[0] for path in FILES if path.suffix != ".j2"}
    wanted = {
        path: r"^set -euo pipefail$|^source .*/lib\.sh\"$" if "bash" in line else r"^set -eu"
        for path, line in first_lines.items()
        if re.match(r"#!.*\b(ba)?sh\b", line)
    }
    careless = [relative(path) for path, rule in wanted.items() if not re.search(rule, text_of(path), re.MULTILINE)]
    assert careless == []


def test_python_is_annotated() -> None:
    sources = [path for path in PYTHON if re.search(r"^ *def ", text_of(path), re.MULTILINE)]
    assert [relative(path) for path in sources if "from __future__ import annotations" not in text_of(path)] == []


# Beginnings

LICENCE = """\
# SPDX-FileCopyrightText: hybridnet.aws_vpn contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""
NOTICE = "# Private to this collection: no stable interface for others."
# The licence, what the room is for, that it is private, in this order; a limit of the room may stand before the last.
BEGINNING = re.compile(rf'{re.escape(LICENCE)}"""(?:[^"]|"(?!""))+"""\n\n(# .+\n)*{re.escape(NOTICE)}\n\nfrom ')
PRIVATE = [path for path in PYTHON if re.match(r"plugins/(.*/)?_", relative(path))]


def test_private_files_begin_with_what_they_are_for() -> None:
    assert len(PRIVATE) > 100
    assert [relative(path) for path in PRIVATE if not BEGINNING.match(text_of(path))] == []


# Size


def test_checks_of_text_have_one_meaning() -> None:
    """A dollar sign also matches before the end of a line, and digits of every script are digits to Python."""
    code = [path for path in PYTHON if relative(path).startswith(("plugins/", "roles/gateway/"))]
    patterns = [
        f"{relative(path)}:{call.lineno}"
        for path in code
        for call in ast.walk(ast.parse(text_of(path)))
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("re.") and "$" in ast.unparse(call.args[0])
    ]
    assert patterns == []
    assert hits(code, r"\.(isdigit|isdecimal|isnumeric)\(") == []
    rendered = [
        path for path in FILES if path.suffix in {".yml", ".j2"} and relative(path).startswith(("roles/", "playbooks/"))
    ]
    assert hits(rendered, r"\b(match|search|regex\w*)\b.*\$['\"]") == []


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Name and lines of code of each function."""
    code = code_lines(text_of(path))
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, len(code & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))


def below(*folders: str, suffix: str) -> list[Path]:
    return [path for path in FILES if relative(path).startswith(folders) and path.suffix == suffix]


SHARED_CODE = below("plugins/module_utils/", "plugins/plugin_utils/", "roles/lab/files/", suffix=".py")
TASK_FILES = [path for path in below("roles/", suffix=".yml") if "/tasks/" in relative(path)]
TEMPLATES = below("roles/", suffix=".j2")
TEST_FILES = below("tests/", suffix=".py")


def lengths(paths: list[Path]) -> dict[str, int]:
    return {relative(path): len(text_of(path).splitlines()) for path in paths}


def too_long(paths: list[Path], limit: int) -> dict[str, int]:
    return {name: length for name, length in lengths(paths).items() if length > limit}


def test_modules_are_entry_points() -> None:
    code = {relative(path): len(code_lines(text_of(path))) for path in below("plugins/modules/", suffix=".py")}
    assert {name: length for name, length in code.items() if length > 80} == {}


def test_files_are_about_one_subject() -> None:
    assert too_long(SHARED_CODE, 400) == {}
    assert too_long(TASK_FILES, 100) == {}
    assert too_long(TEMPLATES, 80) == {}
    assert too_long(TEST_FILES, 500) == {}


def test_functions_are_short() -> None:
    long = [f"{relative(path)} {name}: {length}" for path in PYTHON for name, length in functions(path) if length > 40]
    assert long == []
