"""Whether what a provider agreed to is still what stands there."""

from collections.abc import Iterable

from spo.orders.models import Answer, Commitment, Order
from territories.papers.digest import digest_of
from territories.shown import facts_of


def last_answers(order: Order) -> dict:
    """The last answer to each line of an order, by the line's id."""
    # Ordered by number, so that of several answers to a line the last one stays.
    return {answer.line_id: answer for answer in Answer.objects.filter(order=order).order_by("number")}


def stands(line: Commitment, answer: Answer | None) -> bool:
    """Whether the last word about the line is a yes, to the line, approach, buyer and tender as they are now."""
    agreed = answer is not None and answer.verb == Answer.Verb.AGREE
    return agreed and answer is not None and answer.digest == digest_of(facts_of(line))


def no_longer_agreed(order: Order) -> list[Commitment]:
    """Lines that count as agreed although their provider agreed to something else, or to nothing."""
    answers = last_answers(order)
    agreed = order.commitments.whole().filter(status=Commitment.Status.AGREED)
    return [line for line in agreed if not stands(line, answers.get(line.pk))]


def numbers(lines: Iterable[Commitment]) -> str:
    """1, 3, 4: as a sentence names lines."""
    return ", ".join(str(line.number) for line in lines)
