"""What is known of one kind of thing in a snapshot."""

from __future__ import annotations

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing.

    ``answers`` are ``service.Operation:Key``; the key ``*`` is the answer itself. ``id`` are the fields that
    name a thing, joined by a colon: ``A|B`` is the first of them that it has, ``C?`` may be absent. ``arn``
    says how its ARN is made where no field is one. ``tells`` are the fields that tell a thing from others
    under the same key (``id`` where empty). A thing whose ``state`` is one of ``gone`` is none any more,
    and one that is ``waiting`` for somebody's consent carries nothing yet. ``under`` are fields that it has
    from what it is listed under. ``needs`` is a field that a full description has, and a mere listing lacks.
    """

    name: str
    answers: tuple[str, ...]
    id: tuple[str, ...]
    arn: str
    tells: tuple[str, ...]
    state: str
    gone: frozenset[str]
    waiting: frozenset[str]
    under: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which answers have things of this kind: its own, and those that AWS uses."""
        own = self.name.rpartition(":")[2]
        return tuple(dict.fromkeys((own, *(answer.partition(":")[2] for answer in self.answers))))


def kind(
    name: str,
    answers: str,
    identity: str,
    *,
    arn: str = "",
    tells: str = "",
    states: str = "",
    under: str = "",
    needs: str = "",
) -> Kind:
    """A kind, each of its tuples as words; an answer without a key has things under the kind's own name.

    ``states`` are ``field: gone … | waiting …``.
    """
    key = name.rpartition(":")[2]
    state, _, values = states.partition(": ")
    gone, _, waiting = values.partition("|")
    return Kind(
        name,
        tuple(answer if ":" in answer else f"{answer}:{key}" for answer in answers.split()),
        tuple(identity.split()),
        arn,
        tuple(tells.split()),
        state,
        frozenset(gone.split()),
        frozenset(waiting.split()),
        tuple(under.split()),
        tuple(needs.split("|")) if needs else (),
    )
