"""Each observation passes what is right, fails what is not, and says what it measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from synthlab.checks.faults import Unusable
from synthlab.checks.parts.differences import gradient, jacobian
from synthlab.checks.parts.steps import moved, unmoved
from synthlab.checks.properties import (
    as_array,
    default_tolerance,
    depends,
    differs,
    holds,
    independent,
    same,
)


def found(observation):
    return observation.passed, observation.detail.render("en")


@pytest.mark.parametrize(
    ("measured", "expected", "detail"),
    [
        (np.zeros((64, 1)), np.zeros(64), "Expected shape (64,), got (64, 1)."),
        (np.zeros(1), 0.0, "Expected shape (), got (1,)."),
        (None, 0.0, "Your code returned None. Does it end with a return statement?"),
        ("0.5", 0.5, "Expected a number, got the text '0.5'."),
        ({"a": 1}, 0.5, "Expected a number, got a dict of length 1."),
        ([[1.0], [1.0, 2.0]], np.zeros(2), "Expected an array of numbers, got a list of length 2."),
        (float("nan"), 0.5, "Expected a finite number, got nan."),
        (-math.inf, 0.5, "Expected a finite number, got -inf."),
        (
            np.array([[0.0, 1.0], [np.inf, np.nan]]),
            np.zeros((2, 2)),
            "Expected finite numbers, got inf at index (1, 0).",
        ),
        (0.5, 0.6931471805599453, "Measured 0.5, expected 0.6931 (tolerance 8.5e-05)."),
        (
            np.array([0.1, 0.2, 0.9, 0.5]),
            np.array([0.1, 0.2, 0.3, 0.4]),
            "At index 2: measured 0.9, expected 0.3 (tolerance 9.1e-14).",
        ),
        (
            np.array([1, 2]),
            np.array([1, 3]),
            "At index 1: measured 2, expected 3 (tolerance 0).",
        ),
    ],
)
def test_same_says_what_is_wrong(measured, expected, detail):
    # Tolerances: 1024 * 1.19e-7 * 0.693 = 8.5e-5, and 1024 * 2.2e-16 * 0.4 = 9.1e-14.
    assert found(same("value", measured, expected)) == (False, detail)


def test_same_says_what_it_measured_when_it_passes():
    assert found(same("value", 0.5, np.float64(0.5))) == (True, "Measured 0.5, expected 0.5.")


def test_numbers_that_differ_look_different():
    _, detail = found(same("value", np.array(1.0000001), 1.0))
    assert detail.startswith("Measured 1.0000001, expected 1 ")


def test_same_asks_for_a_type_when_told():
    one = np.ones(1, np.float64)
    detail = "Expected numbers of type float32, got float64."
    assert found(same("type", one, one, dtype="float32")) == (False, detail)
    assert same("type", one.astype("float32"), one, dtype="float32").passed


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
def test_the_default_tolerance_follows_the_coarser_type_and_the_scale(dtype):
    eps = float(np.finfo(dtype).eps)
    want = np.array([1e-6, 2e3])
    allowed = default_tolerance(want.astype(dtype), want)
    assert allowed == pytest.approx(1024 * eps * 2e3)
    got = want.astype(np.result_type(dtype, "float64"))
    assert same("value", got + 0.9 * allowed, want, tolerance=allowed).passed
    assert not same("value", got + 1.1 * allowed, want, tolerance=allowed).passed


def test_small_expected_values_have_a_small_tolerance():
    """A gradient of 1e-6 is not the same as no gradient."""
    assert not same("gradient", np.zeros(3, np.float32), np.full(3, 1e-6)).passed


def test_a_naive_float32_sum_passes():
    rng = np.random.default_rng(0)
    terms = rng.normal(size=1024) + 3.0
    total = np.float32(0.0)
    for term in terms.astype(np.float32):
        total += term
    assert same("sum", float(total), terms.sum()).passed


def test_whole_numbers_are_compared_exactly():
    assert not same("count", 100_000, np.array(100_001)).passed
    assert same("count", True, np.array(True)).passed


def test_case_says_where():
    _, detail = found(same("value", 1.0, 2.0, case="Logits of 200"))
    assert detail == "Logits of 200: Measured 1, expected 2 (tolerance 0.00024)."


def test_empty_arrays():
    assert same("value", np.zeros((0, 2)), np.zeros((0, 2))).passed
    assert not same("value", np.zeros((0, 3)), np.zeros((0, 2))).passed


def test_differs():
    x = np.arange(4.0)
    assert found(differs("moves", x + 0.5, x))[1] == (
        "The largest difference is 0.5, expected more than 6.8e-13."  # 1024 * 2.2e-16 * 3
    )
    passed, detail = found(differs("moves", x.copy(), x))
    assert not passed
    assert detail.startswith("The values are the same: the largest difference is 0,")
    assert found(differs("moves", x[:2], x)) == (False, "Expected shape (4,), got (2,).")


class TestDependence:
    def setup_method(self):
        self.rng = np.random.default_rng(1)
        self.x = self.rng.normal(size=(5, 4))

    def test_a_dependence_is_seen(self):
        left = np.s_[:, :2]
        assert depends("left", lambda x: x[:, 0] ** 2, self.x, on=left, rng=self.rng).passed
        other = independent("left", lambda x: x[:, 0] ** 2, self.x, of=left, rng=self.rng)
        assert not other.passed

    def test_an_independence_is_seen(self):
        right = np.s_[:, 2:]
        assert independent("right", lambda x: x[:, 0], self.x, of=right, rng=self.rng).passed
        observation = depends("right", lambda x: x[:, 0], self.x, on=right, rng=self.rng)
        assert found(observation)[1].startswith("The output changed by 0 when this input changed")

    def test_a_wrong_value_is_told(self):
        observation = depends("left", lambda x: None, self.x, on=np.s_[:], rng=self.rng)
        assert "None" in found(observation)[1]
        shapes = iter([np.zeros(2), np.zeros(3)])
        observation = depends("left", lambda x: next(shapes), self.x, on=np.s_[:], rng=self.rng)
        assert found(observation) == (False, "Expected shape (2,), got (3,).")

    @pytest.mark.parametrize("dtype", ["int64", "uint8", "bool"])
    def test_tokens_and_levels_become_other_ones(self, dtype):
        x = np.array([[0, 1, 1], [1, 0, 1]], dtype)
        legal = lambda z: set(np.unique(z)) <= {0, 1} and z.dtype == dtype  # noqa: E731
        first = lambda z: 1.0 * z[:, 0] if legal(z) else None  # noqa: E731
        at = np.s_[0, 0]  # one binary token: every perturbation must flip it
        assert all(depends("a", first, x, on=at, rng=self.rng).passed for _ in range(20))
        assert independent("a", first, x, of=np.s_[:, 1:], rng=self.rng).passed

    def test_the_input_is_left_alone(self):
        before = self.x.copy()
        depends("left", lambda x: x[:, 0], self.x, on=np.s_[:, 0], rng=self.rng)
        np.testing.assert_array_equal(self.x, before)


def test_holds_names_its_values():
    observation = holds("modes", False, "{modes} of {all} modes.", modes=np.int64(7), all=8)
    assert found(observation) == (False, "7 of 8 modes.")
    assert found(holds("x", np.bool_(True), "{v}", v=np.array(0.123456)))[1] == "0.1235"
    with pytest.raises(TypeError, match="takes a bool"):
        holds("x", 1, "always true")


class TestCalculus:
    """Central differences with h = 1e-5: error <= h^2/6 |f'''| + eps |f| / h (about 1e-11)."""

    def test_gradient_of_softplus_is_the_sigmoid(self):
        x = np.linspace(-30, 30, 13).reshape(1, 13)
        found = gradient(lambda v: np.logaddexp(0, v).sum(), x)
        np.testing.assert_allclose(found, 1 / (1 + np.exp(-x)), atol=1e-9)
        assert found.shape == x.shape

    def test_gradient_of_a_float32_box_with_a_wide_step(self):
        # eps32 * |f| / h + h^2/6 max|f'''| <= 1.2e-7 * 1 / 1e-2 + 1e-4 / 6 = 2.9e-5
        found = gradient(lambda v: np.sin(v.astype(np.float32)).sum(), np.array([0.3]), step=1e-2)
        np.testing.assert_allclose(found, np.cos(0.3), atol=2.9e-5)

    def test_jacobian_of_a_vector(self):
        a = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        np.testing.assert_allclose(jacobian(lambda x: a @ x, np.ones(2)), a, atol=1e-9)

    def test_jacobian_of_a_batch_row_by_row(self):
        x = np.random.default_rng(2).normal(size=(6, 3))
        found = jacobian(lambda v: (v**2 * [1.0, 2.0, 3.0], "log_det"), x)
        expected = np.stack([np.diag(2 * row * [1.0, 2.0, 3.0]) for row in x])
        np.testing.assert_allclose(found, expected, atol=1e-9)

    @pytest.mark.parametrize(
        ("value", "detail"),
        [
            (None, "Your code returned None. Does it end with a return statement?"),
            (np.zeros(3), "Expected shape (), got (3,)."),
            (np.nan, "Expected a finite number, got nan."),
        ],
    )
    def test_gradient_of_something_else(self, value, detail):
        with pytest.raises(Unusable) as caught:
            gradient(lambda x: value, np.zeros(3))
        assert caught.value.text.render("en") == detail

    def test_jacobian_of_something_else(self):
        with pytest.raises(Unusable) as caught:
            jacobian(lambda x: x.sum(1), np.zeros((5, 3)))
        assert caught.value.text.render("en") == "Expected shape (5, M), got (5,)."
        with pytest.raises(Unusable) as caught:
            jacobian(lambda x: x.sum(), np.zeros(3))
        assert caught.value.text.render("en") == "Expected shape (M,), got ()."
        with pytest.raises(ValueError, match="not"):
            jacobian(lambda x: x, np.zeros((1, 2, 3)))


def test_as_array():
    assert as_array([1, 2.5]).tolist() == [1.0, 2.5]
    with pytest.raises(Unusable) as caught:
        as_array(np.zeros((2, 1)), (2,))
    assert caught.value.text.render("en") == "Expected shape (2,), got (2, 1)."


class TestSteps:
    def setup_method(self):
        rng = np.random.default_rng(3)
        self.before = {"w": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
        self.gradient = {key: rng.normal(size=v.shape) for key, v in self.before.items()}

    def after(self, factor=1.0):
        return {k: v - factor * self.gradient[k] for k, v in self.before.items()}

    def test_a_step_of_sgd_passes(self):
        assert moved("step", self.before, self.after(), self.gradient).passed

    def test_a_float32_step_passes(self):
        before = {k: v.astype(np.float32) for k, v in self.before.items()}
        after = {k: v - self.gradient[k].astype(np.float32) for k, v in before.items()}
        assert moved("step", before, after, self.gradient).passed

    # 1e-11 of the largest entry, 3.3, is 44 times the tolerance: 1024 * 2.2e-16 * 3.3 = 7.5e-13.
    @pytest.mark.parametrize("factor", [-1.0, 2.0, 0.0, 1.001, 1 + 1e-11])
    def test_another_step_fails(self, factor):
        observation = moved("step", self.before, self.after(factor), self.gradient)
        assert not observation.passed
        key, index = max(
            ((k, i) for k, v in self.gradient.items() for i in np.ndindex(v.shape)),
            key=lambda at: abs(self.gradient[at[0]][at[1]]),
        )
        assert f"{key}[{', '.join(map(str, index))}] changed by" in observation.detail.render("en")

    def test_missing_and_misshapen_parameters(self):
        after = {"w": self.after()["w"].T, "b": self.after()["b"]}
        observation = moved("step", self.before, after, self.gradient)
        assert found(observation) == (False, "w: Expected shape (3, 2), got (2, 3).")
        assert not unmoved("rest", self.before, {"w": self.before["w"]}).passed

    def test_one_bit_is_a_change(self):
        same_again = {k: v.copy() for k, v in self.before.items()}
        assert unmoved("rest", self.before, same_again).passed
        same_again["b"][1] = np.nextafter(same_again["b"][1], np.inf)
        observation = unmoved("rest", self.before, same_again)
        assert not observation.passed
        assert observation.detail.render("en").startswith("b[1] changed by 2.2e-16"[:16])

    def test_nan_that_stays_has_not_changed(self):
        held = {"w": np.array([np.nan, 1.0])}
        assert unmoved("rest", held, {"w": np.array([np.nan, 1.0])}).passed
        assert not unmoved("rest", held, {"w": np.array([1.0, 1.0])}).passed
