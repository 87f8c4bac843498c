"""Asks the real ``terraform console`` what each expression of console.json gives, and writes it there.

Run ``python tests/sources/terraform/record_console.py`` to ask again for all, with the paths of files of
further expressions, one a line, to add those. It needs Terraform 1.11 and touches nothing else.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE = Path(__file__).with_name("console.json")
FILES = Path(__file__).with_name("console")


def ask(expression: str, folder: str) -> dict[str, object]:
    """``{"json": text}``, ``{"error": message}``, or ``{"unknown": true}`` where Terraform does not know."""
    answer = subprocess.run(
        ["terraform", f"-chdir={folder}", "console", "-no-color"],
        input=f"base64encode(jsonencode({expression}))\n",
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode == 0 and not answer.stdout.startswith('"'):
        return {"unknown": True}
    if answer.returncode == 0:
        return {"json": base64.b64decode(json.loads(answer.stdout)).decode()}
    if "console-input>" not in answer.stderr:
        raise RuntimeError(f"{expression}: {answer.stderr}")
    text = " ".join(re.sub(r"[│╷╵]", " ", answer.stderr).split("console-input>")[-1].split())
    text = re.sub(r"^line \d+: \(source code not available\) ", "", text)
    return {"error": text.split(" goroutine ")[0].removeprefix("line 1: ")}


def main() -> None:
    """Asks for the expressions of the table and of the files named on the command line."""
    table = json.loads(TABLE.read_text()) if TABLE.exists() else {}
    lines = [line for path in sys.argv[1:] for line in Path(path).read_text().splitlines()]
    added = [line for line in lines if line and not line.startswith("#") and line not in table]
    expressions = added if sys.argv[1:] else list(table)
    with tempfile.TemporaryDirectory() as folder:
        for path in FILES.rglob("*"):
            copy = Path(folder, path.relative_to(FILES))
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file():
                copy.write_bytes(path.read_bytes())
        table |= {expression: ask(expression, folder) for expression in expressions}
    TABLE.write_text(json.dumps(table, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
