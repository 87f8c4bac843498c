"""Random networks: resources whose values are disguised, repeated by count, for_each and dynamic blocks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from disguise import Disguise, Ref, Value
from random_types import quoted

JOINED = "${a}%{ if true }${b}%{ endif }"
MOVED = "moved {\n  from = aws_vpc.before\n  to   = aws_vpc.after\n}\n"
CONDITION = '    condition     = terraform.workspace != "none"\n    error_message = "no"\n'
CHECK = f'check "it" {{\n  assert {{\n{CONDITION}  }}\n}}\n'
PORTS = (22, 80, 443, 5432, 8080, 3306)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Nested blocks of one type."""

    bodies: tuple[Body, ...]


Body = dict[str, "Value | Blocks"]


@dataclass(slots=True)
class Network:
    """A module that is being drawn: ``blocks`` are its resources."""

    random: Random
    disguise: Disguise
    number: int = 0
    blocks: list[str] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)
    json: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def resources(self, kind: str, bodies: list[Body], *, meta: str = "") -> list[str]:
        """Declares resources of one kind in some way; gives the expression of each."""
        form = self.random.choice(
            ("each", "each", "count", "plain") if len(bodies) > 1 else ("plain", "plain", "count", "each")
        )
        self.number += 1
        name = f"r{self.number}"
        match form:
            case "plain":
                return [self._plain(kind, f"{name}_{at}", body, meta) for at, body in enumerate(bodies)]
            case "count":
                return self._counted(kind, name, bodies, meta)
            case _:
                return self._each(kind, name, bodies, meta)

    def one(self, kind: str, body: Body, *, meta: str = "") -> str:
        return self.resources(kind, [body], meta=meta)[0]

    def _plain(self, kind: str, name: str, body: Body, meta: str) -> str:
        chance = self.random.random()
        flat = {key: value for key, value in body.items() if not isinstance(value, Blocks)}
        if chance < 0.15 and len(flat) == len(body) and not meta:
            texts = {key: f"${{{self.disguise.of(value, 2)}}}" for key, value in flat.items()}
            self.json.setdefault(kind, {})[name] = texts
            return f"{kind}.{name}"
        if chance < 0.3:
            key = self.random.choice(list(flat))
            self.overrides.append(
                f'resource "{kind}" "{name}" {{\n  {key} = {self.disguise.of(flat[key], 2)}\n}}\n'
            )
            body = {**body, key: Ref("null")}
        self.blocks.append(f'resource "{kind}" "{name}" {{\n{self._attributes(body)}{meta}}}\n')
        return f"{kind}.{name}"

    def _counted(self, kind: str, name: str, bodies: list[Body], meta: str) -> list[str]:
        shared, varied = split(bodies)
        table = self.disguise.of([*varied], 2)
        self.disguise.locals.append(f"  {name} = {table}\n")
        count = self.random.choice((f"length(local.{name})", self.disguise.of(len(bodies), 2)))
        fields = "".join(f"  {key} = {self._counted_field(name, key)}\n" for key in varied[0])
        self.blocks.append(
            f'resource "{kind}" "{name}" {{\n  count = {count}\n{fields}{self._attributes(shared)}{meta}}}\n'
        )
        return [f"{kind}.{name}[{at}]" for at in range(len(bodies))]

    def _counted_field(self, name: str, key: str) -> str:
        return self.random.choice(
            (
                f"local.{name}[count.index].{key}",
                f'element(local.{name}, count.index)["{key}"]',
                f"(local.{name}[*].{key})[count.index]",
                f"[for x in local.{name} : x.{key}][count.index]",
            )
        )

    def _each(self, kind: str, name: str, bodies: list[Body], meta: str) -> list[str]:
        shared, varied = split(bodies)
        keys = [f"{self.random.choice(('k', 'a b', 'é', 'x.y', 'z-'))}{at}" for at in range(len(bodies))]
        keyed: Value = dict(zip(keys, varied, strict=True))
        if self.random.random() < 0.25:
            self.disguise.locals.append(f"  {name} = {self.disguise.of(keyed, 1)}\n")
            for_each = f"toset({self.disguise.of([*keys], 2)})"
            fields = "".join(
                f"  {key} = local.{name}[each.{self.random.choice(('key', 'value'))}].{key}\n"
                for key in varied[0]
            )
        else:
            for_each = self.disguise.of(keyed, 3)
            fields = "".join(
                f"  {key} = {self.random.choice((f'each.value.{key}', f'each.value[{quoted(key)}]'))}\n"
                for key in varied[0]
            )
        self.blocks.append(
            f'resource "{kind}" "{name}" {{\n  for_each = {for_each}\n{fields}'
            f"{self._attributes(shared)}{meta}}}\n"
        )
        return [f"{kind}.{name}[{quoted(key)}]" for key in keys]

    def _attributes(self, body: Body, pad: str = "  ") -> str:
        lines = []
        for key, value in body.items():
            if isinstance(value, Blocks):
                lines += self._blocks(key, value, pad)
            else:
                comment = self.random.choice(("", "", " # why", " // why"))
                lines.append(f"{pad}{key} = {self.disguise.of(value, 2)}{comment}\n")
        return "".join(lines)

    def _blocks(self, key: str, blocks: Blocks, pad: str) -> list[str]:
        bodies = list(blocks.bodies)
        nested = any(isinstance(value, Blocks) for body in bodies for value in body.values())
        if nested or not bodies or self.random.random() < 0.4:
            return [f"{pad}{key} {{\n{self._attributes(body, pad + '  ')}{pad}}}\n" for body in bodies]
        if len(bodies) > 1 and self.random.random() < 0.3:
            first = f"{pad}{key} {{\n{self._attributes(bodies[0], pad + '  ')}{pad}}}\n"
            return [first, self._dynamic(key, bodies[1:], pad)]
        return [self._dynamic(key, bodies, pad)]

    def _dynamic(self, key: str, bodies: list[Body], pad: str) -> str:
        shared, varied = split(bodies)
        items: Value = [*varied]
        if self.random.random() < 0.4:
            items = {f"k{at}": each for at, each in enumerate(varied)}
        iterator, line = key, ""
        if self.random.random() < 0.4:
            iterator, line = "it", f"{pad}  iterator = it\n"
        fields = "".join(f"{pad}    {name} = {iterator}.value.{name}\n" for name in varied[0])
        content = f"{pad}  content {{\n{fields}{self._attributes(shared, pad + '    ')}{pad}  }}\n"
        for_each = self.disguise.of(items, 2)
        return f'{pad}dynamic "{key}" {{\n{pad}  for_each = {for_each}\n{line}{content}{pad}}}\n'


def split(bodies: list[Body]) -> tuple[Body, list[dict[str, Value]]]:
    """What all bodies have in common, and what each has of its own."""
    names = list(dict.fromkeys(name for body in bodies for name in body))
    shared: Body = {}
    varied: list[dict[str, Value]] = [{} for _ in bodies]
    for name in names:
        values = [body.get(name) for body in bodies]
        if all(value == values[0] for value in values) or any(isinstance(value, Blocks) for value in values):
            shared[name] = values[0]
        else:
            for each, value in zip(varied, values, strict=True):
                if not isinstance(value, Blocks):
                    each[name] = value
    if not varied[0]:
        plain = next(name for name, value in shared.items() if not isinstance(value, Blocks))
        value = shared.pop(plain)
        for each in varied:
            if not isinstance(value, Blocks):
                each[plain] = value
    return shared, varied


def tags(n: Network, name: str) -> dict[str, Value]:
    """Some tags."""
    return {"Name": name, **({"kind:of": "ünï"} if n.random.random() < 0.4 else {})}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A module that was drawn: its files, and the arguments of its call as pairs of a name and a literal."""

    files: dict[str, str]
    arguments: tuple[tuple[str, str], ...]


def some_network(seed: int) -> Drawn:
    """The random network of a seed."""
    random = Random(seed)
    network = Network(random, Disguise(random))
    draw(network, seed)
    return Drawn(files(network), tuple(network.disguise.arguments))


def files(network: Network) -> dict[str, str]:
    d, random = network.disguise, network.random
    blocks = network.blocks
    random.shuffle(blocks)
    locals_ = f"locals {{\n{''.join(d.locals)}}}\n" if d.locals else ""
    half = len(blocks) // 2
    rest = "".join([*blocks[half:], random.choice(("", MOVED, CHECK))])
    if "<<" not in rest and "~" not in rest and random.random() < 0.3:
        rest = rest.replace("\n", "\r\n")
    found = {
        "main.tf": "".join([*d.variables, locals_, *blocks[:half]]),
        "rest.tf": rest,
        "joined.tftpl": JOINED,
    }
    if network.overrides:
        found["some_override.tf"] = "".join(network.overrides)
    if network.json:
        found["more.tf.json"] = json.dumps({"resource": network.json}, ensure_ascii=False, indent=2)
    return found


def draw(n: Network, seed: int) -> None:
    """Declares a VPC and some of what can be in one."""
    from random_parts import PARTS

    block = n.random.randint(0, 250)
    vpc = n.one(
        "aws_vpc",
        {
            "cidr_block": f"10.{block}.0.0/16",
            "enable_dns_hostnames": n.random.random() < 0.5,
            "tags": tags(n, f"v{seed}"),
        },
    )
    count = n.random.randint(1, 4)
    subnets = n.resources(
        "aws_subnet",
        [
            {
                "vpc_id": Ref(f"{vpc}.id"),
                "cidr_block": f"10.{block}.{at * 16}.0/20",
                "availability_zone": f"eu-central-1{'abc'[at % 3]}",
                "map_public_ip_on_launch": at % 2 == 0,
                "tags": tags(n, f"s{at}"),
            }
            for at in range(count)
        ],
    )
    place = Place(seed, block, vpc, subnets)
    chosen: list[Callable[[Network, Place], None]] = n.random.sample(
        PARTS, min(len(PARTS), n.random.randint(2, 5))
    )
    for part in chosen:
        part(n, place)
    subnets_text = ", ".join(place.subnets)
    n.blocks.append(
        f'output "it" {{\n  value = {{ cidr = {vpc}.cidr_block, '
        f"zones = [{subnets_text}][*].availability_zone, "
        f"ids = {{ for s in [{subnets_text}] : s.cidr_block => s.id }} }}\n}}\n"
    )


@dataclass(slots=True)
class Place:
    """The VPC that the parts of a network are put into."""

    seed: int
    block: int
    vpc: str
    subnets: list[str]
    groups: list[str] = field(default_factory=list)

    def vpc_id(self) -> Ref:
        return Ref(f"{self.vpc}.id")

    def subnet_id(self, random: Random) -> Ref:
        return Ref(f"{random.choice(self.subnets)}.id")

    def subnet_ids(self) -> list[Value]:
        return [Ref(f"{subnet}.id") for subnet in self.subnets]

    def group_ids(self, n: Network) -> list[Value]:
        """The ids of some security groups, one at least."""
        from random_parts import group

        while not self.groups:
            group(n, self)
        return [Ref(f"{each}.id") for each in self.groups[:2]]
