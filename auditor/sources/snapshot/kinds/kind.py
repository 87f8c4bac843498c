"""What is known of one kind of thing in a snapshot."""

from __future__ import annotations

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing.

    ``answers`` are ``service.Operation:Key``. ``id`` are the fields that name a thing, joined by a colon, each
    with alternatives by ``|``; ``arn`` says how its ARN is made of them where neither they nor any field is
    one. ``tells`` are the fields by which a thing is told from others under the same key (``id`` where it is
    empty). A thing in one of the states ``gone`` is none any more, and one that is ``waiting`` for somebody's
    consent carries nothing yet. ``under`` are fields that a thing has from what it is listed under.
    ``needs`` is a field that only a full description has: what is merely listed lacks it.
    """

    name: str
    answers: tuple[str, ...]
    id: tuple[str, ...]
    arn: str = ""
    tells: tuple[str, ...] = ()
    state: str = ""
    gone: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    under: tuple[str, ...] = ()
    needs: str = ""
    config: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which answers have things of this kind."""
        return tuple(dict.fromkeys(answer.partition(":")[2] for answer in self.answers))


def kind(
    name: str,
    answers: str,
    identity: str,
    *,
    arn: str = "",
    tells: str = "",
    state: str = "",
    gone: str = "",
    waiting: str = "",
    under: str = "",
    needs: str = "",
    config: str = "",
) -> Kind:
    """A kind; ``answers`` without a key have things under the kind's own name."""
    key = name.rpartition(":")[2]
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
        needs,
        config,
    )
