"""Calls of functions: the lazy ones here, all others in ``functions``."""

from __future__ import annotations

from dataclasses import replace

from auditor.errors import InputError
from auditor.sources.terraform import functions
from auditor.sources.terraform.evaluate.alternatives import MOST_OPTIONS, distinct, has_options, lifted
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import CallSite, identity_of, reasons_of, unknown_call
from auditor.sources.values import identity, is_known, is_wholly_known, joined
from auditor.tree import Map, Node, Reason, Scalar, Seq, Unknown

LONGEST_LIST = 1_000_000
TOTAL = frozenset({"concat", "distinct", "flatten", "keys", "length", "merge", "tolist", "toset", "values"})


def call(expression: ast.Call, frame: Frame) -> Node:
    """The result of a call."""
    name = expression.name.removeprefix("core::")
    lazy = LAZY.get(name)
    if lazy is not None:
        return lazy(expression, frame)
    if name.startswith("provider::") and not functions.known(name):
        return _of_a_provider(expression, frame)
    if name in frame.module.run.functions:
        return frame.module.run.functions[name](expression, frame)
    if not functions.known(name):
        raise InputError(
            f"there is no function {name}", at=str(expression.at), hint="netaudit knows Terraform 1.11's"
        )
    arguments = tuple([evaluate(argument, frame) for argument in expression.arguments])
    if expression.expand:
        spread = _spread(expression, arguments)
        if spread is None:
            return unknown_call(_site(expression, frame), arguments)
        arguments = spread
    return _apply(expression, frame, arguments)


def _of_a_provider(expression: ast.Call, frame: Frame) -> Node:
    arguments = tuple([evaluate(argument, frame) for argument in expression.arguments])
    unknown = unknown_call(_site(expression, frame), arguments)
    reason = Reason(f"{expression.name}()", expression.at, "a plan: what the provider's function gives")
    return replace(unknown, reasons=(reason, *unknown.reasons))


def _apply(expression: ast.Call, frame: Frame, arguments: tuple[Node, ...]) -> Node:
    site = _site(expression, frame)
    run = frame.module.run
    if run.watched and expression.name not in TOTAL:
        for argument in arguments:
            if not is_wholly_known(argument):
                run.doubt(reasons_of(argument))
    if any(has_options(argument) for argument in arguments):
        return lifted(
            run,
            arguments,
            lambda: unknown_call(site, arguments),
            lambda way: functions.call(site, way),
        )
    result = functions.call(site, arguments)
    if isinstance(result, Seq) and len(result.items) > LONGEST_LIST:
        raise InputError(f"the list has more than {LONGEST_LIST} elements", at=str(expression.at))
    return result


def _site(expression: ast.Call, frame: Frame) -> CallSite:
    module = frame.module
    return CallSite(
        name=expression.name,
        at=expression.at,
        root_folder=module.run.root,
        module_folder=module.folder,
        read_file=module.run.read_file,
    )


def _spread(expression: ast.Call, arguments: tuple[Node, ...]) -> tuple[Node, ...] | None:
    """The arguments with the last one's elements in its stead; None where these are not known."""
    if not arguments:
        raise InputError("there is nothing to expand before ...", at=str(expression.at))
    last = arguments[-1]
    if isinstance(last, Seq):
        return None if last.more is not None else (*arguments[:-1], *last.items)
    if isinstance(last, Map | Scalar):
        raise InputError("only a list or set can be expanded by ...", at=str(expression.at))
    return None


def _try(expression: ast.Call, frame: Frame) -> Node:
    """The first argument that does not fail; one of several where it depends on the unknowns which fail."""
    candidates: list[Node] = []
    doubts: list[Reason] = []
    failure = InputError("try() needs an argument", at=str(expression.at))
    for argument in expression.arguments:
        try:
            value, certain, reasons = _watched(argument, frame)
        except InputError as error:
            failure = error
            continue
        candidates.append(value)
        if certain:
            break
        doubts += reasons
    else:
        frame.module.run.doubt(doubts)
    if not candidates:
        raise failure
    return _first_of(expression, candidates, doubts)


def _watched(argument: ast.Expression, frame: Frame) -> tuple[Node, bool, tuple[Reason, ...]]:
    """An argument's value, whether it is one for all values of the unknowns, and if not, why."""
    run = frame.module.run
    outer, run.doubtful, run.doubts = (run.doubtful, run.doubts), False, {}
    run.watched += 1
    try:
        value = evaluate(argument, frame)
        certain = not run.doubtful and (
            is_wholly_known(value) or (_only_reaches(argument) and (is_known(value) or not _calls(argument)))
        )
        return value, certain, tuple(run.doubts)
    finally:
        run.doubtful, run.doubts = outer
        run.watched -= 1


def _only_reaches(expression: ast.Expression) -> bool:
    """Whether an expression is made of traversals alone, which tell themselves when they may fail.

    A function of ``TOTAL`` over such fails for no element of the collections that it is given.
    """
    match expression:
        case ast.Literal() | ast.Name():
            return True
        case ast.Call(expand=False) if expression.name in TOTAL:
            return all(_only_reaches(a) and not isinstance(a, ast.Call) for a in expression.arguments)
        case (
            ast.ForTuple(condition=None)
            | ast.GetAttribute()
            | ast.Index()
            | ast.Splat()
            | ast.TupleExpression()
        ):
            return all(_only_reaches(part) for part in _parts(expression))
        case ast.Template(parts=(part,)):
            return _only_reaches(part)
        case _:
            return False


def _parts(
    expression: ast.ForTuple | ast.GetAttribute | ast.Index | ast.Splat | ast.TupleExpression,
) -> tuple[ast.Expression, ...]:
    match expression:
        case ast.ForTuple():
            return (expression.collection, expression.value)
        case ast.GetAttribute():
            return (expression.object,)
        case ast.Index():
            return (expression.object, expression.key)
        case ast.Splat():
            return (expression.object, expression.each)
        case ast.TupleExpression():
            return expression.items


def _calls(expression: ast.Expression) -> bool:
    """Whether a function is called in the stem of a traversal."""
    while isinstance(expression, ast.GetAttribute | ast.Index | ast.Splat):
        expression = expression.object
    return isinstance(expression, ast.Call)


def _first_of(expression: ast.Call, candidates: list[Node], doubts: list[Reason]) -> Node:
    if len(candidates) == 1:
        return candidates[0]
    options = distinct(candidates)
    if len(options) == 1:
        return options[0]
    parts = [identity_of(candidate) for candidate in candidates]
    name = identity(f"try({', '.join(parts)})") if all(parts) else ""
    reasons = joined((*doubts, *(() if doubts else reasons_of(*candidates))))
    kept = tuple(options) if len(options) <= MOST_OPTIONS else ()
    return Unknown(reasons, expression.at, identity=name, options=kept)


def _can(expression: ast.Call, frame: Frame) -> Node:
    """Whether the argument does not fail; unknown where that depends on the unknowns."""
    if len(expression.arguments) != 1:
        raise InputError("can() takes one argument", at=str(expression.at))
    try:
        value, certain, doubts = _watched(expression.arguments[0], frame)
    except InputError:
        return Scalar(value=False, at=expression.at)
    if certain:
        return Scalar(value=True, at=expression.at)
    name = identity_of(value)
    named = identity(f"can({name})") if name else ""
    return Unknown(doubts or reasons_of(value), expression.at, identity=named, type="bool")


def _templatefile(expression: ast.Call, frame: Frame) -> Node:
    """``templatefile(path, variables)``: the file is a template that sees its variables alone."""
    arguments = _template_arguments(expression, frame)
    path = arguments[0]
    if not isinstance(path, Scalar):
        return unknown_call(_site(expression, frame), arguments)
    text = functions.call(_file_site(expression, frame), (path,))
    if not isinstance(text, Scalar):
        unread = unknown_call(_site(expression, frame), arguments, "string")
        return replace(unread, reasons=joined((*reasons_of(text), *unread.reasons)))
    return _rendered(expression, frame, str(text.value), (str(path.value), arguments[1]))


def _file_site(expression: ast.Call, frame: Frame) -> CallSite:
    module = frame.module
    return CallSite(
        name="file",
        at=expression.at,
        root_folder=module.run.root,
        module_folder=module.folder,
        read_file=module.run.read_file,
    )


def _templatestring(expression: ast.Call, frame: Frame) -> Node:
    """``templatestring(template, variables)``."""
    arguments = _template_arguments(expression, frame)
    text = arguments[0]
    if not isinstance(text, Scalar):
        return unknown_call(_site(expression, frame), arguments)
    try:
        return _rendered(expression, frame, str(text.value), (expression.at.path, arguments[1]))
    except InputError as problem:
        # A place in the template's text is none in the file.
        raise InputError(problem.message, at=str(expression.at), hint=problem.hint) from None


def _template_arguments(expression: ast.Call, frame: Frame) -> tuple[Node, Node]:
    if frame.isolated:
        raise InputError(f"a template cannot call {expression.name}()", at=str(expression.at))
    if len(expression.arguments) != 2:
        raise InputError(f"{expression.name}() takes a template and its variables", at=str(expression.at))
    return evaluate(expression.arguments[0], frame), evaluate(expression.arguments[1], frame)


def _rendered(expression: ast.Call, frame: Frame, text: str, given: tuple[str, Node]) -> Node:
    from auditor.sources.terraform.syntax import parse_template

    path, variables = given
    if not isinstance(variables, Map) or variables.more is not None:
        if isinstance(variables, Scalar | Seq):
            raise InputError("a template's variables must be a map", at=str(expression.at))
        return Unknown(reasons_of(variables), expression.at, type="string")
    parsed = parse_template(text, path)
    inner = Frame(frame.module, dict(variables.entries), isolated=True)
    value = evaluate(parsed, inner)
    if is_wholly_known(value) and isinstance(value, Scalar):
        return Scalar(value.value, expression.at, value.via)
    return value


LAZY = {"try": _try, "can": _can, "templatefile": _templatefile, "templatestring": _templatestring}
EVALUATORS[ast.Call] = call
