"""The matching: no hard rule is ever broken, the best is the best, and every answer is explained."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from teduh.peers.matching import Bar, Candidate, Reason, Seeker, Weights, bars, match

NOW = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)

SEEKER = Seeker(person=1, organisation=1, topic="friends", class_group=7)
BIMA = Candidate(person=2, supervisor=90, organisation=1, topics=frozenset({"friends"}), class_group=8)

people = st.integers(1, 12)
classes = st.one_of(st.none(), st.integers(1, 3))
moments = st.one_of(st.none(), st.integers(-60, 60).map(lambda hours: NOW + timedelta(hours=hours)))
languages = st.sets(st.sampled_from(["id", "jv", "en"])).map(frozenset)

seekers = st.builds(
    Seeker,
    person=people,
    organisation=st.integers(1, 2),
    topic=st.sampled_from(["friends", "study", "family"]),
    languages=st.sampled_from([("id",), ("en",), ("id", "en"), ("en", "id")]),
    class_group=classes,
    sex=st.sampled_from(["", "L", "P"]),
    same_class_wished=st.booleans(),
    same_sex_wished=st.booleans(),
    excluded=st.frozensets(people, max_size=3),
    asked_before=st.frozensets(people, max_size=3),
    helped_before_by=st.frozensets(people, max_size=3),
)
candidates = st.builds(
    Candidate,
    person=people,
    supervisor=st.integers(10, 14),
    organisation=st.integers(1, 2),
    topics=st.frozensets(st.sampled_from(["friends", "study", "family"])),
    languages=languages,
    class_group=classes,
    sex=st.sampled_from(["", "L", "P"]),
    capacity=st.integers(0, 3),
    load=st.integers(0, 4),
    is_active=st.booleans(),
    available=st.booleans(),
    rest_until=moments,
    last_began_at=moments,
)
crowds = st.lists(candidates, max_size=12, unique_by=lambda one: one.person)


@given(seekers, crowds)
def test_no_match_breaks_a_hard_rule(seeker: Seeker, crowd: list[Candidate]) -> None:
    for found in match(seeker, crowd, at=NOW).ranked:
        one = found.candidate
        assert one.person != seeker.person
        assert one.person not in seeker.excluded
        assert one.supervisor not in seeker.excluded
        assert one.person not in seeker.asked_before
        assert one.organisation == seeker.organisation
        assert one.is_active
        assert one.available
        assert one.load < one.capacity
        assert one.rest_until is None or one.rest_until <= NOW
        assert one.languages & set(seeker.languages)
        assert seeker.same_class_wished or seeker.class_group is None or one.class_group != seeker.class_group
        assert not (seeker.same_sex_wished and seeker.sex) or one.sex == seeker.sex


@given(seekers, crowds)
def test_the_best_has_the_highest_score(seeker: Seeker, crowd: list[Candidate]) -> None:
    outcome = match(seeker, crowd, at=NOW)
    scores = [found.score for found in outcome.ranked]
    assert scores == sorted(scores, reverse=True)
    assert (outcome.best.score if outcome.best else None) == (max(scores) if scores else None)


@given(seekers, crowds)
def test_everybody_is_either_ranked_or_ruled_out_with_a_reason(
    seeker: Seeker, crowd: list[Candidate]
) -> None:
    outcome = match(seeker, crowd, at=NOW)
    told = [found.candidate for found in outcome.ranked] + [out.candidate for out in outcome.ruled_out]
    assert sorted(one.person for one in told) == sorted(one.person for one in crowd)
    assert all(out.bars for out in outcome.ruled_out)


@given(seekers, crowds, st.randoms())
def test_the_answer_does_not_depend_on_the_order_of_the_supporters(
    seeker: Seeker, crowd: list[Candidate], random: Random
) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert match(seeker, shuffled, at=NOW) == match(seeker, crowd, at=NOW)


@given(seekers, crowds)
def test_scores_are_the_sum_of_the_reasons_and_stay_within_the_weights(
    seeker: Seeker, crowd: list[Candidate]
) -> None:
    weights = Weights()
    most = weights.topic + weights.before + weights.language + weights.room + weights.waited
    for found in match(seeker, crowd, at=NOW).ranked:
        assert found.score == sum(point.points for point in found.points)
        assert 0 < found.score <= most


def only(candidate: Candidate, seeker: Seeker = SEEKER) -> tuple[Bar, ...]:
    return bars(seeker, candidate, at=NOW)


def change(**fields: object) -> Candidate:
    return Candidate(**{**BIMA.__dict__, **fields})


def wish(**fields: object) -> Seeker:
    return Seeker(**{**SEEKER.__dict__, **fields})


def test_each_hard_rule_is_named_by_itself() -> None:
    assert only(BIMA) == ()
    assert only(change(person=1)) == (Bar.SELF,)
    assert only(BIMA, wish(excluded=frozenset({2}))) == (Bar.EXCLUSION,)
    assert only(change(organisation=2)) == (Bar.OTHER_ORGANISATION,)
    assert only(change(is_active=False)) == (Bar.INACTIVE,)
    assert only(BIMA, wish(excluded=frozenset({90}))) == (Bar.NO_SUPERVISOR,)
    assert only(BIMA, wish(asked_before=frozenset({2}))) == (Bar.ASKED_BEFORE,)
    assert only(change(class_group=7)) == (Bar.SAME_CLASS,)
    assert only(change(sex="L"), wish(sex="P", same_sex_wished=True)) == (Bar.OTHER_SEX,)
    assert only(change(languages=frozenset({"jv"}))) == (Bar.LANGUAGE,)
    assert only(change(available=False)) == (Bar.UNAVAILABLE,)
    assert only(change(rest_until=NOW + timedelta(minutes=1))) == (Bar.RESTING,)
    assert only(change(load=3)) == (Bar.FULL,)


def test_somebody_of_the_same_class_is_asked_where_it_is_wished() -> None:
    assert only(change(class_group=7), wish(same_class_wished=True)) == ()


def test_rest_is_over_at_its_end() -> None:
    assert only(change(rest_until=NOW)) == ()


def test_who_knows_the_topic_goes_before_who_has_helped_before() -> None:
    helper = change(person=3, topics=frozenset())
    outcome = match(wish(helped_before_by=frozenset({3})), [helper, BIMA], at=NOW)
    assert outcome.best is not None
    assert outcome.best.candidate == BIMA
    assert {p.code for p in outcome.ranked[1].points} == {
        Reason.BEFORE,
        Reason.LANGUAGE,
        Reason.ROOM,
        Reason.WAITED,
    }


def test_the_load_is_shared_where_all_else_is_equal() -> None:
    busy = change(load=2, last_began_at=NOW - timedelta(days=3))
    free = change(person=3, load=0, last_began_at=NOW - timedelta(days=3))
    outcome = match(SEEKER, [busy, free], at=NOW)
    assert [found.candidate.person for found in outcome.ranked] == [3, 2]


def test_who_has_waited_longest_goes_first_where_all_else_is_equal() -> None:
    lately = change(last_began_at=NOW - timedelta(days=1))
    long_ago = change(person=3, last_began_at=NOW - timedelta(days=9))
    outcome = match(SEEKER, [lately, long_ago], at=NOW)
    assert [found.candidate.person for found in outcome.ranked] == [3, 2]
    waited = next(p for p in outcome.ranked[0].points if p.code == Reason.WAITED)
    assert (waited.points, waited.value) == (9, 9)


def test_nobody_free_gives_nobody_and_says_why() -> None:
    outcome = match(SEEKER, [change(load=3), change(person=3, available=False)], at=NOW)
    assert outcome.best is None
    assert [(out.candidate.person, out.bars) for out in outcome.ruled_out] == [
        (2, (Bar.FULL,)),
        (3, (Bar.UNAVAILABLE,)),
    ]
