"""Times the parser of CloudFormation templates, and holds what hostile ones cost.

    python bench/templates.py [--runs N]

Prints milliseconds per megabyte for a template of 2,000 security groups in each language, and for each
hostile text the CPU seconds and peak megabytes of a process that reads it, with what it says. A process
counts the memory of its parent, so that no figure is below what this program itself needs.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from auditor.sources.cloudformation.syntax import is_template, parse

ROOT = Path(__file__).resolve().parent.parent
READ = (
    "import gc, sys; from pathlib import Path; from auditor.sources.cloudformation.syntax import parse; "
    "gc.disable(); "
    "found = parse(Path(sys.argv[1]).read_bytes(), sys.argv[1]); "
    "print(found.gaps[0].why[:90] if found.gaps else 'is read')"
)
MB = 1_000_000
LEVELS = 100_000


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    _speed(options.parse_args().runs)
    worst = max(_timed(lambda head=head: is_template(head)) for head in _heads())  # type: ignore[misc]
    print(f"{'64 KB to tell a template by':32} {worst * 1000:6.0f} ms at worst")
    with tempfile.TemporaryDirectory() as scratch:
        for name, content in _hostile():
            path = Path(scratch) / "t.yaml"
            path.write_bytes(content)
            seconds, megabytes, said = _cost(path)
            print(f"{name:32} {seconds:6.2f} s {megabytes:5.0f} MB  {said}")


def _speed(runs: int) -> None:
    template = {"Resources": {f"Group{number}": _group(number) for number in range(2000)}}
    texts = {
        "YAML": yaml.dump(template, sort_keys=False),
        "JSON, indented": json.dumps(template, indent=2),
        "JSON": json.dumps(template, separators=(",", ":")),
    }
    gc.disable()  # as the command line does
    for name, text in texts.items():
        content = text.encode()
        best = min(_timed(lambda content=content: parse(content, "t.yaml")) for _ in range(runs))  # type: ignore[misc]
        print(f"{name:32} {best * 1000 / (len(content) / MB):6.0f} ms/MB")
    events = texts["YAML"].encode()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    best = min(_timed(lambda: [0 for _ in yaml.parse(events, Loader=loader)]) for _ in range(runs))
    print(f"{'YAML, its events alone':32} {best * 1000 / (len(events) / MB):6.0f} ms/MB")


def _group(number: int) -> dict[str, object]:
    peer = {"Fn::GetAtt": [f"Group{number - 1}", "GroupId"]}
    rules = [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": f"10.{number % 256}.0.0/16"},
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": peer},
    ]
    properties = {
        "GroupDescription": f"service {number}",
        "VpcId": {"Ref": "Vpc"},
        "SecurityGroupIngress": rules,
    }
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _hostile() -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    yield "aliases, 10^9", ("a0: &a0 [x, x, x]\n" + laughs).encode()
    merges = "".join(f"a{n}: &a{n} {{x: *a{n - 1}, y: *a{n - 1}, <<: *a{n - 1}}}\n" for n in range(1, 60))
    yield "merges, 2^60", ("a0: &a0 {k: 1}\n" + merges).encode()
    wide = ", ".join(f"k{n}: 1" for n in range(1000))
    yield "merges of 1,000 keys", f"a: &a {{{wide}}}\nb: [{'{<<: *a}, ' * 100_000}]".encode()
    for opening in ("[", "{", "- ", "? ", '{"a":', "{a: "):
        yield f"10^5 levels of {opening}", b"k: " + opening.encode() * LEVELS
        yield f"10^5 levels of {opening}, outermost", opening.encode() * LEVELS
    yield "5,000 levels of indentation", "".join(f"{' ' * n}a:\n" for n in range(5000)).encode()
    yield "a tag that constructs", b"a: !!python/object/apply:os.system ['touch /tmp/constructed']\n"
    yield "an alias in its anchor", b"a: &a [*a]\n"
    yield "a scalar of 50 MB", b"a: " + b"x" * 50 * MB
    yield "a scalar of 16 MB", b"a: " + b"x" * (16 * MB - 3)
    yield "a quoted scalar of 16 MB", b'a: "' + b"\\n" * (8 * MB - 10) + b'"'
    yield "JSON, a string of 16 MB", b'{"a": "' + b"\\n" * (8 * MB - 10) + b'"}'
    yield "1,300,000 keys", b"".join(b"k%d: 1\n" % n for n in range(1_300_000))
    yield "249,000 keys", b"".join(b"k%d: 1\n" % n for n in range(249_000))
    yield "249,000 equal keys", b"k: 1\n" * 249_000
    yield "JSON, 249,000 keys", ("{" + ", ".join(f'"k{n}": 1' for n in range(249_000)) + "}").encode()
    yield "499,000 items", b"a: [" + b"x," * 499_000 + b"]"
    yield "499,000 maps", b"a: [" + b"{}," * 499_000 + b"]"
    yield "165,000 maps of a function", b"a: [" + b"{Ref: x}," * 165_000 + b"]"
    yield "8,000,000 JSON items", b'{"a": [' + b"1," * (8 * MB - 10) + b"1]}"
    yield "4,000,000 documents", b"---\n" * (4 * MB)
    yield "anchors", b"".join(b"- &a%d x\n" % n for n in range(MB))
    yield "NUL", b"a: " + b"\0" * 15 * MB
    yield "line breaks", b"a: 1\n" + b"\n" * 15 * MB
    yield "a digit 16 MB long", b"a: " + b"9" * (16 * MB - 3)
    yield "sixtieths 16 MB long", b"a: 1" + b":59" * (5 * MB)
    yield "braces that are no JSON", b'{"a": [' + b'"x", ' * 199_000 + b"!]}"


def _heads() -> Iterator[bytes]:
    pieces = ("\n", " ", "a", '\\"', '"', "a ", "a:\n", ":", "#\n", "{", " Type : ", "a::b", "\t", "- ")
    for begin in ("Resources:\n", '{"Resources', '{"Resources":'):
        for piece in pieces:
            yield (begin + piece * (65536 // len(piece))).encode()


def _cost(path: Path) -> tuple[float, float, str]:
    """The CPU seconds, peak megabytes and words of a process that reads one file."""
    process = subprocess.Popen([sys.executable, "-c", READ, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None  # noqa: S101 - it was asked for
    said = process.stdout.read().decode().strip()
    _, status, usage = os.wait4(process.pid, 0)
    told = said if status == 0 else f"ended with status {status}"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, told


if __name__ == "__main__":
    main()
