"""An AWS API that answers from memory, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.sources.snapshot.collect.refusals import Reason, RefusedError

Pages = list[dict[str, Any]]
Answer = Pages | Reason | Callable[[Mapping[str, Any]], Pages]


@dataclass
class FakeApi:
    """Answers by operation: pages, a reason to refuse, or what makes pages of arguments; else empty pages."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def pages(
        self, service: str, operation: str, arguments: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        with self.lock:
            self.asked.append((operation, dict(arguments)))
        answer = self.answers.get(operation, [{}])
        if isinstance(answer, Reason):
            raise RefusedError(f"{service}:{operation}", answer, f"{answer.value} by the fake")
        yield from answer(arguments) if callable(answer) else answer

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]
