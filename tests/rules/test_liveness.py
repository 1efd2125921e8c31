"""The session's rules on faces made of numbers."""

from dataclasses import replace
from typing import Any

import pytest

from app.identity.rules import liveness as rules
from app.identity.rules.liveness_plan import Plan, Step
from app.identity.rules.liveness_pose import flat_residual
from app.identity.rules.liveness_state import FlashVerdict
from app.identity.rules.liveness_texts import HINTS, RESULTS
from app.ports.face import Decision, FrameObservation, MatchResult
from tests.rules.liveness_faces import (
    BLINK,
    CLOCK,
    FLASH,
    LEFT,
    MOUTH,
    RIGHT,
    Film,
    look,
    mesh,
)

TINTS = {"R": (1, 0, 0), "G": (0, 1, 0), "B": (0, 0, 1), "W": (1, 1, 1), "K": (0, 0, 0)}


def turn(to: float, *, flat: bool = False) -> list[FrameObservation]:
    angles = [0.4, 0.7, 1.0, 1.0, 0.7, 0.4, 0.1, 0.0]
    return [look(yaw=to * part, flat=flat) for part in angles]


def flash(film: Film, *, code: str, share: float) -> Film:
    for index, letter in enumerate(code):
        skin = tuple(
            value * (1 + share * part)
            for value, part in zip((200, 160, 140), TINTS[letter], strict=True)
        )
        film.show(*(look(skin=skin) for _ in range(4)), shown=index)
    return film.show(look(), look())


@pytest.mark.parametrize(("step", "yaw"), [(LEFT, 30.0), (RIGHT, -30.0)])
def test_a_turn_to_the_asked_side_is_seen(step: Step, yaw: float) -> None:
    film = Film(step).rest().show(*turn(yaw))
    assert film.done
    assert film.state.planarity >= 0.05


def test_a_turn_to_the_other_side_is_hinted_and_the_second_one_fails() -> None:
    film = Film(LEFT).rest().show(*turn(-30.0)[:4])
    assert film.state.hint == "hint.other_side"
    film.rest(3).show(*turn(-30.0))
    assert film.state.failure == "liveness.wrong_action"


def test_a_turning_picture_is_flat() -> None:
    film = Film(LEFT).rest()
    for _ in range(30):
        film.show(*turn(30.0, flat=True))
    assert film.state.failure == "liveness.flat_face"


def test_a_plane_has_no_residual_and_a_head_has() -> None:
    assert flat_residual(mesh(), mesh(yaw=30, flat=True))[0] < 0.02
    assert flat_residual(mesh(), mesh(yaw=30))[0] > 0.05


@pytest.mark.parametrize("count", [1, 2])
def test_blinks_are_counted(count: int) -> None:
    film = Film(replace(BLINK, count=count)).rest()
    for _ in range(count):
        assert not film.done
        film.show(look(eye_openness=0.12, blink=0.5), look(), look())
    assert film.done


def test_eyes_cast_down_by_a_nod_are_no_blink() -> None:
    film = Film(BLINK).rest()
    film.show(look(eye_openness=0.12, blink=0.5, pitch=-40.0), look())
    assert not film.done


def test_eyes_shut_for_seconds_are_no_blink() -> None:
    film = Film(BLINK).rest()
    film.show(*(look(eye_openness=0.12, blink=0.5) for _ in range(30)), look())
    assert not film.done
    assert film.show(look(eye_openness=0.12), look()).done


def test_an_open_mouth_must_shut_again() -> None:
    film = Film(MOUTH).rest().show(look(jaw_open=0.6), look(jaw_open=0.6))
    assert not film.done
    assert film.state.hint == "hint.close_mouth"
    assert film.show(look()).done


def test_what_began_before_the_prompt_is_no_answer() -> None:
    """The head is already turned when the step is revealed."""
    film = Film(LEFT).rest(5)
    film.show(*(look(yaw=30.0) for _ in range(6)))
    assert not film.state.step.moved
    film.rest(3)
    assert not film.done
    assert film.show(*turn(30.0)).done


def test_the_last_movement_repeated_while_the_phone_lags_is_no_mistake() -> None:
    film = Film(LEFT, MOUTH).rest().show(*turn(30.0))
    film.show(*turn(30.0))
    assert film.state.tally.wrong == 0


def test_a_step_has_its_time_and_older_people_have_enough() -> None:
    film = Film(BLINK).rest(5)
    film.rest(100)
    assert film.state.phase is rules.Phase.COLLECTING
    film.rest(40)
    assert film.state.failure == "liveness.action_missing"


def test_the_session_ends_after_120_seconds_without_frames() -> None:
    state = Film(BLINK).state
    assert rules.expire(state, at=CLOCK + 30_000).phase is rules.Phase.COLLECTING
    assert rules.expire(state, at=CLOCK + 121_000).failure == "liveness.timed_out"


def test_the_code_on_the_skin_ends_the_session() -> None:
    film = flash(Film(FLASH).rest(), code=FLASH.colours, share=0.12)
    assert film.done
    assert film.state.flash is FlashVerdict.PASS


def test_another_code_on_the_skin_fails() -> None:
    film = flash(Film(FLASH).rest(), code="GRKBGBRW", share=0.12)
    assert film.state.failure == "liveness.flash_mismatch"


def bright(film: Film) -> Film:
    """Two flashes in a light that drowns them."""
    for _ in range(2):
        flash(film.rest(3), code=film.state.current.colours, share=0.0)
    return film


def plan_with_extra() -> Plan:
    plan = Film(FLASH).state.plan
    return replace(plan, extra=(LEFT, BLINK))


def test_bright_daylight_asks_for_two_more_actions_and_then_passes() -> None:
    film = bright(Film(plan=plan_with_extra()).rest())
    assert film.state.strict
    assert rules.view(film.state).hint == ("hint.two_more", HINTS["hint.two_more"])
    assert rules.view(film.state).step.total == 5
    film.rest(4).show(*turn(30.0)).rest(4)
    film.show(look(eye_openness=0.12, blink=0.5), look())
    assert film.done
    assert film.state.flash is FlashVerdict.INCONCLUSIVE


def test_in_bright_daylight_one_wrong_movement_fails() -> None:
    film = bright(Film(plan=plan_with_extra()).rest())
    film.rest(4).show(*turn(-30.0))
    assert film.state.failure == "liveness.wrong_action"


def test_bright_daylight_after_a_wrong_movement_is_not_enough() -> None:
    film = Film(plan=plan_with_extra()).rest().show(*turn(30.0))
    assert film.state.tally.wrong == 1
    assert bright(film).state.failure == "liveness.flash_unclear"


def test_the_same_frame_twice_is_a_replay() -> None:
    film = Film(LEFT)
    seen = look()
    assert film.show(seen, look(), seen).state.failure == "liveness.replayed_frames"


def test_time_that_goes_back_is_a_replay() -> None:
    film = Film(LEFT).rest(3)
    film.t -= 200
    assert film.show(look()).state.failure == "liveness.replayed_frames"


def test_frames_filmed_faster_than_time_passes_are_refused() -> None:
    film = Film(LEFT).rest(2)
    ahead = [rules.Frame(t=film.t + 5_000, shown=-1, seen=look())]
    state = rules.advance(
        film.state, frames=ahead, received_at=CLOCK + film.t + 100, at=CLOCK + film.t + 200
    )
    assert state.failure == "liveness.bad_timing"


def test_a_mesh_that_repeats_exactly_is_a_replay() -> None:
    film, frozen = Film(LEFT), mesh()
    film.show(*(look(landmarks=frozen) for _ in range(6)))
    assert film.state.failure == "liveness.replayed_frames"


def test_a_picture_without_noise_is_a_replay() -> None:
    film = Film(LEFT)
    film.show(*(replace(look(), fingerprint="0f" * 16) for _ in range(6)))
    assert film.state.failure == "liveness.replayed_frames"


def test_a_face_that_jumps_again_and_again_is_another_one() -> None:
    film = Film(LEFT).rest()
    for index in range(4):
        film.show(look(box=(40.0 + 400 * (index % 2), 130.0, 165.0, 205.0)))
    assert film.state.failure == "liveness.person_changed"


def test_company_that_stays_ends_the_session() -> None:
    film = Film(LEFT).rest().show(*(look(faces=2) for _ in range(15)))
    assert film.state.failure == "liveness.several_people"


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"faces": 0}, "hint.no_face"),
        ({"faces": 2}, "hint.several_faces"),
        ({"box": (300.0, 200.0, 70.0, 90.0)}, "hint.closer"),
        ({"box": (0.0, 0.0, 600.0, 480.0)}, "hint.farther"),
        ({"brightness": 20.0}, "hint.too_dark"),
        ({"brightness": 240.0}, "hint.too_bright"),
        ({"presence": 0.4}, "hint.uncover"),
        ({"sharpness": 1.0}, "hint.steady_phone"),
        ({"yaw": 25.0}, "hint.face_front"),
        ({"eye_openness": 0.08}, "hint.open_eyes"),
    ],
)
def test_what_is_wrong_with_the_picture_is_said(changes: dict[str, Any], hint: str) -> None:
    film = Film(LEFT).show(look(**changes))
    assert rules.view(film.state).hint == (hint, HINTS[hint])
    assert film.state.step.done == 0


def test_only_the_present_step_is_shown() -> None:
    film = Film(LEFT, BLINK)
    first = rules.view(film.state)
    assert (first.step.no, first.step.total, first.step.kind) == (1, 3, "front")
    assert "blink" not in str(first)
    film.rest(6)
    assert rules.view(film.state).step.prompt == "请慢慢向左转头，再转回来"
    assert rules.view(film.state).progress > first.progress


def test_few_images_are_wanted_and_none_after_a_failure() -> None:
    film = Film(LEFT, MOUTH).rest().show(*turn(30.0))
    assert 3 <= len(rules.wanted(film.state)) <= 6
    assert rules.wanted(film.state.failed("liveness.timed_out")) == frozenset()


def match(score: float, *, decision: Decision = Decision.ACCEPT, unusable: int = 0) -> MatchResult:
    return MatchResult(
        decision=decision,
        score=score,
        scores=(score, score + 1),
        distances=(0.3, 0.3),
        cosines=(0.6, 0.6),
        floors_met=True,
        unusable=unusable,
    )


@pytest.mark.parametrize(
    ("same", "registry", "code"),
    [
        (match(2.0), match(1.0), "liveness.passed"),
        (match(0.1), match(1.0), "liveness.person_changed"),
        (match(2.0, unusable=2), match(1.0), "liveness.person_changed"),
        (match(2.0), match(-0.2, decision=Decision.REVIEW), "liveness.face_unsure"),
        (match(2.0), match(-3.0, decision=Decision.REJECT), "liveness.face_mismatch"),
    ],
)
def test_the_comparisons_decide(same: MatchResult, registry: MatchResult, code: str) -> None:
    film = Film(LEFT).rest().show(*turn(30.0))
    verdict = rules.decide(film.state, same_person=same, registry=registry, attempts_left=1)
    assert verdict.code == code
    assert verdict.passed == (code == "liveness.passed")
    assert verdict.next == ("done" if verdict.passed else "retry")
    assert verdict.scores["planarity"] > 0


def test_after_the_last_attempt_the_hall_is_offered() -> None:
    verdict = rules.failed(Film(LEFT).state.failed("liveness.action_missing"), attempts_left=0)
    assert verdict.next == "officer"
    assert "法院服务大厅" in verdict.reason


def test_every_code_that_rules_use_has_a_sentence_with_a_way_on() -> None:
    for code, sentence in RESULTS.items():
        assert code.startswith("liveness.")
        assert sentence.endswith("。")
        assert code == "liveness.passed" or "请" in sentence
    with pytest.raises(KeyError):
        rules.refuse(Film(LEFT).state, code="liveness.unheard_of")


def test_a_session_that_is_not_over_has_no_verdict() -> None:
    state = Film(LEFT).state
    with pytest.raises(ValueError, match="not failed"):
        rules.failed(state, attempts_left=1)
    with pytest.raises(ValueError, match="not seen all"):
        rules.decide(state, same_person=match(1.0), registry=match(1.0), attempts_left=1)
