"""An imitation of AWS on this machine, and a gate before it that counts calls and can refuse them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
server.stop()
"""
HAS_MOTO = """
import sys
from importlib.util import find_spec
sys.exit(not all(find_spec(name) for name in ("moto", "flask", "flask_cors")))
"""
_ERROR = "<Error><Code>{}</Code><Message>refused at the gate</Message></Error>"
ERRORS = {
    "AssumeRole": f"<ErrorResponse>{_ERROR}</ErrorResponse>",
    "": f"<Response><Errors>{_ERROR}</Errors></Response>",
}


@functools.cache
def python_with_moto() -> str | None:
    """A Python on this machine that has moto with its server: this one, or the system's."""
    for python in filter(None, (sys.executable, shutil.which("python3"))):
        command = [python, "-c", HAS_MOTO]
        if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0:
            return python
    return None


@contextmanager
def moto(**environment: str) -> Iterator[str]:
    """The address of an imitation of AWS in a process of its own; its settings are in its environment."""
    served = subprocess.Popen(
        [str(python_with_moto()), "-c", SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    with served:
        lines = iter(served.stdout or ())
        try:
            yield next(line.strip() for line in lines if line.startswith("http://"))
        finally:
            served.kill()


@dataclass
class Gate:
    """What stands before the imitation: how often each action came, and which are refused or wait.

    ``said`` are the parameters that each action came with last; ``held`` those that wait for ``opened``.
    """

    behind: str
    address: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    refused: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    opened: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse(self, action: str, code: str, *, status: int, times: int = 1) -> None:
        """Answer the next calls of an action with an error, as EC2 words it, and STS its own."""
        self.refused[action] = [(status, code)] * times

    def verdict(self, action: str, said: dict[str, list[str]]) -> tuple[int, str] | None:
        """Count a call, and say how it is refused, if it is."""
        with self.lock:
            self.asked[action] += 1
            self.said[action] = said
        if action in self.held:
            self.opened.wait(60)
        with self.lock:
            waiting = self.refused.get(action)
            return waiting.pop() if waiting else None


@contextmanager
def gate(behind: str) -> Iterator[Gate]:
    """A gate before an imitation, open at first."""
    kept = Gate(behind)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = parse_qs(body.decode("utf-8", "replace"))
            action = said.get("Action", [self.path])[0]
            refusal = kept.verdict(action, said)
            if refusal is None:
                self.answer(*forwarded(kept.behind + self.path, self.command, body, dict(self.headers)))
            else:
                status, code = refusal
                self.answer(status, ERRORS.get(action, ERRORS[""]).format(code).encode(), "text/xml")

        do_GET = do_POST  # noqa: N815 - the handler's own name

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def forwarded(url: str, method: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
    """What stands behind the gate says."""
    request = urllib.request.Request(url, data=body or None, headers=headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, answer.read(), answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers.get("Content-Type", "")
