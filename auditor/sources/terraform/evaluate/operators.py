"""Operators and conditionals."""

from __future__ import annotations

from collections.abc import Callable

from auditor.errors import InputError
from auditor.sources.terraform.evaluate.alternatives import has_options, lifted, one_of
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.evaluate.literals import boolean
from auditor.sources.terraform.evaluate.loops import attempted
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.syntax.ast import Operator
from auditor.sources.terraform.syntax.compose import negated
from auditor.sources.terraform.values import convert, equal, identity_of, reasons_of, to_number, unify
from auditor.sources.terraform.values.arithmetic import compared, computed
from auditor.sources.terraform.values.compare import make_set
from auditor.sources.terraform.values.constraint import SetType
from auditor.sources.terraform.values.infer import is_typed, type_of, type_of_all
from auditor.sources.terraform.values.numbers import Number
from auditor.sources.values import identity, joined
from auditor.tree import Location, Map, Node, Precise, Reason, Reference, Scalar, Seq, Unknown

ARITHMETIC = frozenset({Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE, Operator.MODULO})
PRECISION = "a plan: the digits depend on how the numbers came about"
COMPARISON: dict[Operator, Callable[[int], bool]] = {
    Operator.GREATER: lambda order: order > 0,
    Operator.GREATER_EQUAL: lambda order: order >= 0,
    Operator.LESS: lambda order: order < 0,
    Operator.LESS_EQUAL: lambda order: order <= 0,
}


def binary(expression: ast.Binary, frame: Frame) -> Node:
    """``left operator right``."""
    left = evaluate(expression.left, frame)
    if expression.operator in {Operator.AND, Operator.OR} and type(left) is Scalar:
        stops = expression.operator is Operator.OR
        if boolean(left, expression.left.at, "the operand") is stops:
            return Scalar(stops, expression.at)
    right = evaluate(expression.right, frame)
    if has_options(left) or has_options(right):
        return lifted(
            frame.module.run,
            (left, right),
            lambda: _unknown(expression, left, right),
            lambda way: _apply(expression, way[0], way[1]),
        )
    return _apply(expression, left, right)


def _apply(expression: ast.Binary, left: Node, right: Node) -> Node:
    operator = expression.operator
    if operator in {Operator.AND, Operator.OR}:
        return _logic(expression, left, right)
    if operator in {Operator.EQUAL, Operator.NOT_EQUAL}:
        same = _equal(left, right)
        if same is None:
            return _unknown(expression, left, right)
        return Scalar(same is (operator is Operator.EQUAL), expression.at)
    a, b = _number(left, expression.left.at), _number(right, expression.right.at)
    if a is None or b is None:
        return _unknown(expression, left, right)
    return _compute(expression, a, b)


def _equal(left: Node, right: Node) -> bool | None:
    for one, other in ((left, right), (right, left)):
        computed = isinstance(one, Reference) and one.attribute in {"id", "arn"}
        if computed and isinstance(other, Scalar) and other.value in {None, ""}:
            return False
    return equal(left, right)


def _compute(expression: ast.Binary, a: Number, b: Number) -> Node:
    """The result of two numbers: one of several where Terraform's precision of them is not told apart."""
    if expression.operator in COMPARISON:
        return Scalar(COMPARISON[expression.operator](compared(a, b)), expression.at)
    literal = isinstance(expression.left, ast.Literal) or isinstance(expression.right, ast.Literal)
    try:
        found = computed(expression.operator.value, a, b, literal=literal)
    except ZeroDivisionError:
        return _divided_by_zero(expression, a)
    if found is None:
        raise InputError("the number is too large", at=str(expression.at))
    values = tuple(Scalar(number, expression.at) for number in found)
    if len(values) == 1:
        return values[0]
    reason = Reason(f"the precision of {expression.operator.value}", expression.at, PRECISION)
    return Unknown((reason,), expression.at, options=values, type="number")


def _divided_by_zero(expression: ast.Binary, dividend: Number) -> Node:
    """To Terraform a number divided by zero is infinite, and an error only where it is used."""
    if compared(dividend, 0) == 0:
        raise InputError("zero is divided by zero", at=str(expression.at))
    reason = Reason("a division by zero", expression.at, "another divisor: the result is infinite")
    return Unknown((reason,), expression.at, type="number")


def _logic(expression: ast.Binary, left: Node, right: Node) -> Node:
    decides = expression.operator is Operator.OR
    a = boolean(left, expression.left.at, "the operand")
    b = boolean(right, expression.right.at, "the operand")
    if a is decides or b is decides:
        return Scalar(decides, expression.at)
    if a is None or b is None:
        return _unknown(expression, left, right)
    return Scalar(not decides, expression.at)


def _number(node: Node, at: Location) -> Number | None:
    """The number that an operand is, or None where it is not known; InputError where it is none."""
    value = to_number(node)
    if not isinstance(value, Scalar):
        return None
    if not isinstance(value.value, int | float | Precise):
        raise InputError("the operand is null", at=str(at))
    return value.value


def _unknown(expression: ast.Binary, left: Node, right: Node) -> Unknown:
    a, b = identity_of(left), identity_of(right)
    name = identity(f"({a} {expression.operator.value} {b})") if a and b else ""
    kind = "number" if expression.operator in ARITHMETIC else "bool"
    return Unknown(reasons_of(left, right), expression.at, identity=name, type=kind)


def unary(expression: ast.Unary, frame: Frame) -> Node:
    """``!x`` and ``-x``."""
    operand = evaluate(expression.operand, frame)
    if has_options(operand):
        return lifted(
            frame.module.run,
            (operand,),
            lambda: _unknown_unary(expression, operand),
            lambda way: _apply_unary(expression, way[0]),
        )
    return _apply_unary(expression, operand)


def _apply_unary(expression: ast.Unary, operand: Node) -> Node:
    if expression.operator is Operator.NOT:
        decided = boolean(operand, expression.operand.at, "the operand")
        return _unknown_unary(expression, operand) if decided is None else Scalar(not decided, expression.at)
    number = _number(operand, expression.operand.at)
    return _unknown_unary(expression, operand) if number is None else Scalar(negated(number), expression.at)


def _unknown_unary(expression: ast.Unary, operand: Node) -> Unknown:
    name = identity_of(operand)
    kind = "bool" if expression.operator is Operator.NOT else "number"
    named = identity(f"{expression.operator.value}{name}") if name else ""
    return Unknown(reasons_of(operand), expression.at, identity=named, type=kind)


def conditional(expression: ast.Conditional, frame: Frame) -> Node:
    """``condition ? then : otherwise``: one of both where the condition is not known."""
    condition = evaluate(expression.condition, frame)
    options = condition.options if isinstance(condition, Unknown) and condition.options else (condition,)
    ways = {boolean(option, expression.condition.at) for option in options}
    if ways == {True}:
        return _of_one_type(expression, frame, evaluate(expression.then, frame), expression.otherwise)
    if ways == {False}:
        return _of_one_type(expression, frame, evaluate(expression.otherwise, frame), expression.then)
    then = attempted(expression.then, frame)
    otherwise = attempted(expression.otherwise, frame)
    sides = (then, otherwise)
    if is_typed(then) and is_typed(otherwise):
        both = unify(sides)
    else:
        both = (_as_set_beside(then, otherwise), _as_set_beside(otherwise, then))
    if both is None:
        if not _perhaps_a_map(expression, sides):
            raise _different_types(expression)
        both = sides
    parts = (identity_of(condition), identity_of(then), identity_of(otherwise))
    name = f"({parts[0]} ? {parts[1]} : {parts[2]})" if all(parts) else ""
    return one_of(both, joined(reasons_of(condition)), expression.at, name)


def _of_one_type(expression: ast.Conditional, frame: Frame, taken: Node, other: ast.Expression) -> Node:
    """The side that is taken, converted to the one type that both sides have."""
    if isinstance(taken, Reference) or (isinstance(other, ast.Literal) and _same_sort(taken, other)):
        return taken
    run = frame.module.run
    doubtful, doubts, run.doubts = run.doubtful, run.doubts, {}
    beside = attempted(other, frame)
    run.doubtful, run.doubts = doubtful, doubts
    if not (is_typed(taken) and is_typed(beside)):
        return _as_set_beside(taken, beside)
    wanted = type_of_all((taken, beside))
    if wanted is None:
        if _perhaps_a_map(expression, (taken, beside)):
            return taken
        raise _different_types(expression)
    return convert(taken, wanted, expression.at)


def _perhaps_a_map(expression: ast.Conditional, sides: tuple[Node, Node]) -> bool:
    """Whether one of two objects may be a map: a map whose elements fit no other type can become any object.

    Only braces and ``for`` make an object for certain; what a call or a name gives may be of either sort.
    """
    written = (expression.then, expression.otherwise)
    objects = all(isinstance(each, ast.ObjectExpression | ast.ForObject) for each in written)
    return not objects and all(isinstance(each, Map) for each in sides)


def _as_set_beside(taken: Node, beside: Node) -> Node:
    """A tuple of strings, or of nothing, beside a set of unknown elements: the conditional gives a set."""
    if not (isinstance(taken, Seq) and taken.more is None and isinstance(type_of(beside), SetType)):
        return taken
    texts = all(isinstance(item, Scalar) and isinstance(item.value, str) for item in taken.items)
    return make_set(taken.items, taken.at) if texts and not taken.unordered else taken


def _same_sort(taken: Node, other: ast.Literal) -> bool:
    """Whether a literal beside it leaves the value as it is: null, or a scalar of the same sort."""
    if other.value is None:
        return True
    return isinstance(taken, Scalar) and (
        isinstance(taken.value, str) or type(taken.value) is type(other.value)
    )


def _different_types(expression: ast.Conditional) -> InputError:
    return InputError(
        "the two results of a conditional must have one type",
        at=str(expression.at),
        hint="convert one of them",
    )


EVALUATORS[ast.Binary] = binary
EVALUATORS[ast.Unary] = unary
EVALUATORS[ast.Conditional] = conditional
