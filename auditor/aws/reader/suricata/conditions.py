"""What the options of a rule ask for, beyond its header.

https://docs.suricata.io/en/suricata-7.0.8/rules/flow-keywords.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.aws.reader.suricata.names import BUFFERS, Asked
from auditor.aws.reader.suricata.wording import Option, content_of
from auditor.frozen import dataclass
from auditor.traffic import EMPTY, PROTOCOLS, IntSet, protocol_number

# What tells of a rule, orders it, or says what comes of a match, but not what it matches.
_TELLING = frozenset(
    {
        *("msg", "sid", "rev", "gid", "classtype", "reference", "metadata", "noalert", "target", "requires"),
        *("fast_pattern", "nocase", "tag", "logto", "alert", "filestore", "prefilter"),
    }
)
# What AWS's own rules ask of every connection of the protocol: its greeting, or a request with a header.
_ALWAYS = frozenset({("ssl_state", "client_hello")})
_HEADERS = "http.header_names"
_SETTING = frozenset({"set", "unset", "toggle", "noalert"})
_BITS = frozenset({"flowbits", "xbits", "hostbits", "flowint"})
_MODIFIERS = frozenset({"depth", "offset", "distance", "within", "isdataat", "rawbytes", "bsize"})
_TRANSFORMS = frozenset({"to_lowercase", "to_uppercase", "strip_whitespace", "compress_whitespace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What options ask for. ``undecided`` are those that restrict further and are not followed."""

    application: str = ""
    asked: tuple[Asked, ...] = ()
    established: bool = False
    beginning: bool = False
    to_server: bool = False
    to_client: bool = False
    priority: int | None = None
    protocols: IntSet = PROTOCOLS
    undecided: tuple[str, ...] = ()


class _Reading:
    """Options taken one after another: a content looks into the buffer that was named last."""

    __slots__ = (
        "applications",
        "buffer",
        "contents",
        "dotted",
        "flow",
        "priority",
        "protocols",
        "undecided",
    )

    def __init__(self) -> None:
        self.buffer = ""
        self.dotted = False
        self.contents: list[Asked] = []
        self.applications: dict[str, None] = {}
        self.flow: set[str] = set()
        self.priority: int | None = None
        self.undecided: dict[str, None] = {}
        self.protocols: list[str] = []

    def take(self, option: Option) -> None:
        keyword, value = option.keyword, option.value
        if keyword in _TELLING or (keyword, value) in _ALWAYS:
            return
        if keyword in BUFFERS:
            self._named(keyword)
        elif keyword == _HEADERS:
            self.buffer, self.dotted = keyword, False
        elif keyword == "content":
            self._content(value)
        elif keyword == "dotprefix":
            self.dotted = True
        elif not self._modifies(keyword):
            self._other(keyword, value)

    def _modifies(self, keyword: str) -> bool:
        """Whether a keyword is about the content before it, or the buffer."""
        if keyword in _TRANSFORMS:
            return self.buffer in BUFFERS
        if not self.contents:
            return False
        last = self.contents[-1]
        if keyword == "startswith":
            self.contents[-1] = replace(last, starts=True)
        elif keyword == "endswith":
            self.contents[-1] = replace(last, ends=True)
        elif keyword in _MODIFIERS:
            self.contents[-1] = replace(last, strange=True)
        else:
            return False
        return True

    def _named(self, keyword: str) -> None:
        """A buffer for the contents that follow; ``http_host`` is for the one before."""
        self.applications[BUFFERS[keyword]] = None
        if keyword in {"http_host", "http_raw_host"} and self.contents:
            self.contents[-1] = replace(self.contents[-1], buffer=keyword)
            return
        self.buffer, self.dotted = keyword, False

    def _content(self, value: str) -> None:
        found = content_of(value)
        self.contents.append(
            Asked(buffer=self.buffer, text=found.text, negated=found.negated, dotted=self.dotted)
        )

    def _other(self, keyword: str, value: str) -> None:
        match keyword:
            case "flow":
                self.flow.update(word.strip() for word in value.split(","))
            case "priority" if value.isascii() and value.isdigit():
                self.priority = int(value)
            case "app-layer-protocol":
                self.applications[value.partition(",")[0].replace(" ", "")] = None
                if "," in value:
                    self.undecided[f"{keyword}:{value}"] = None
            case "ip_proto":
                self.protocols.append(value.replace(" ", ""))
            case _ if keyword in _BITS and value.partition(",")[0].strip() in _SETTING:
                return
            case _:
                self.undecided[f"{keyword}:{value}" if value else keyword] = None
                if not value:  # it may be a buffer
                    self.buffer, self.dotted = keyword, False


def conditions_of(options: Iterable[Option]) -> Conditions:
    """What options ask for together."""
    reading = _Reading()
    for option in options:
        reading.take(option)
    applications = tuple(reading.applications)
    undecided = list(reading.undecided)
    protocols = PROTOCOLS
    for text in reading.protocols:
        asked_for = protocols_of(text)
        if asked_for is None:
            undecided.append(f"ip_proto:{text}")
        else:
            protocols = protocols & asked_for
    if len(applications) > 1:
        undecided.append(" and ".join(applications))
    asked = [one for one in reading.contents if one.buffer in BUFFERS]
    undecided += [_told(one) for one in reading.contents if one.buffer not in BUFFERS and not _usual(one)]
    unusual = reading.flow - {"established", "not_established", "to_server", "from_client", "stateless"}
    unusual -= {"to_client", "from_server"}
    undecided += [f"flow:{word}" for word in sorted(unusual)]
    return Conditions(
        application=applications[0] if applications else "",
        asked=tuple(asked),
        established="established" in reading.flow,
        beginning="not_established" in reading.flow,
        to_server=bool(reading.flow & {"to_server", "from_client"}),
        to_client=bool(reading.flow & {"to_client", "from_server"}),
        priority=reading.priority,
        protocols=protocols,
        undecided=tuple(undecided),
    )


def _usual(asked: Asked) -> bool:
    """Whether every request has it: AWS's rules ask so for any header."""
    return asked.buffer == _HEADERS and asked.text == "\r\n" and asked.starts and not asked.negated


def _told(asked: Asked) -> str:
    return f"content in {asked.buffer or 'what is carried'}"


def protocols_of(text: str) -> IntSet | None:
    """The protocols that ``ip_proto`` asks for, by name or number; None for what is neither.

    https://docs.suricata.io/en/latest/rules/header-keywords.html#ip-proto
    """
    negated = text.startswith("!")
    name = text.removeprefix("!")
    if name.startswith(("<", ">")) and name[1:].isdigit():
        low, high = (int(name[1:]) + 1, 255) if name[0] == ">" else (0, int(name[1:]) - 1)
        found = IntSet.of((low, high)) if low <= high else EMPTY
    else:
        try:
            number = protocol_number(name)
        except ValueError:
            return None
        found = PROTOCOLS if number is None else IntSet.single(number)
    return PROTOCOLS - found if negated else found
