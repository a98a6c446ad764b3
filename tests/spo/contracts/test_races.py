"""Two parties at one contract at the same moment."""

from spo.contracts import actions
from spo.contracts.models import Contract, Signature
from territories.journal.chain import verify
from tests.reading import at_once
from tests.seen import award_read, read
from tests.story import story_of


def test_the_last_two_sign_at_once_and_delivery_begins(committed, north, cast):
    story = story_of(cast).walk("locked")
    with north:
        actions.sign(story.contract, seen=read(story.contract), by=cast.buyer)
    done, refused = at_once(
        north,
        story.contract,
        lambda: actions.sign(story.contract, seen=read(story.contract), by=cast.supplier),
        lambda: actions.sign(story.contract, seen=read(story.contract), by=cast.provider),
    )
    with north:
        contract = Contract.objects.get()
        assert (contract.status, contract.signatures.count()) == ("active", 3)
        assert verify().broken is None
    assert (len(done), refused) == (2, [])


def test_two_people_of_one_party_sign_at_once_and_one_signature_stands(committed, north, cast):
    story = story_of(cast).walk("locked")
    done, refused = at_once(
        north,
        story.contract,
        lambda: actions.sign(story.contract, seen=read(story.contract), by=cast.supplier),
        lambda: actions.sign(story.contract, seen=read(story.contract), by=cast.traveller),
    )
    with north:
        assert Signature.objects.count() == 1
    assert (len(done), refused) == (1, ["Ridgeway Builders Ltd has signed already."])


def test_an_award_locked_in_twice_at_once_is_one_contract(committed, north, cast):
    story = story_of(cast).walk("awarded")

    def lock():
        return actions.lock_in(story.tender, seen=award_read(story.tender), by=cast.buyer)

    done, refused = at_once(north, story.tender, lock, lock)
    with north:
        assert Contract.objects.count() == 1
    assert (len(done), refused) == (1, ["The order is locked into a contract already."])
