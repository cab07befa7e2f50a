"""Words of the collapse lab."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.models.cures import CURES
from synthlab.words import N_
from synthlab_widgets.words import COMMON, GUIDE, MARKS, METERS, SETTINGS

WORDS: Mapping[str, str] = {
    **COMMON,
    **SETTINGS,
    **METERS,
    **GUIDE,
    **MARKS,
    "title": N_("Collapse lab"),
    "set_clock": N_("Compare at"),
    "clock_steps": N_("the same number of steps"),
    "clock_time": N_("the same time"),
    "clock_time_is": N_(
        "Every run has had the time of {n} step of vanilla: {seconds} s on one processor core.",
        "Every run has had the time of {n} steps of vanilla: {seconds} s on one processor core.",
    ),
    "group_all": N_("What all runs share"),
    "restarts": N_("A change starts all runs again, as another cure does."),
    "add": N_("Add a cure"),
    "choose": N_("Cure in place {place}"),
    "none": N_("none"),
    "paper": N_("After {paper}"),
    "lane_step": N_("Step {step}"),
    "cost": N_("{ms} ms a step"),
    "cost_of": N_("{ms} ms a step, {times} times vanilla's"),
    "broke": N_("It broke down at step {step}: a loss is no longer a finite number."),
    "not_counted": N_("Its points are no longer numbers, so they cannot be counted."),
    "references": N_("To compare with"),
    "reference_perfect": N_("A perfect sampler"),
    "reference_perfect_why": N_(
        "98.9 % on a mode are to be expected. More means modes that are too narrow."
    ),
    "reference_circle": N_("Points on the circle"),
    "reference_circle_why": N_("All modes covered, and hardly a point is on one."),
    "reference_blurred": N_("A blurred grid"),
    "reference_blurred_why": N_("All modes covered, and most points are beside them."),
    "reference_summary": N_(
        "{name}: {covered} of {modes} modes, {share} % of points on a mode, mode KL {kl}."
    ),
    "mark_lost": N_("a mode without a fake"),
    "chart_modes": N_("Modes covered; across: all of them"),
    "chart_quality": N_("Share of points on a mode; across: a perfect sampler"),
    "chart_kl": N_("Mode KL in nats"),
    "summary": N_("Step {step}."),
    "summary_lane": N_(
        "{cure}, step {step}: {covered} of {modes} modes, {share} % of points on a mode, "
        "mode KL {kl}."
    ),
    "summary_broke": N_("{cure} broke down at step {step}."),
    "alt": N_(
        "Real points as blue circles, fake points as orange triangles, and a cross on every mode "
        "that has none, for each run."
    ),
    "keys_list": N_(
        "Space: run or pause\n.: one step\nr: start again\n[: one step back\n]: one step forward\n"
        "w: the other width of the noise\ns: the other source\nc: compare at steps or time\n"
        "n: next page of the guide\np: page before"
    ),
    **{f"cure_{cure.id}": cure.title for cure in CURES.values()},
    "cure_vanilla": N_("Vanilla GAN"),
}
