"""Words of the GAN arena, and the situations that it offers."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import COMMON, DRAWING, GUIDE, MARKS, METERS, SETTINGS

#: Situations that can be loaded: a name, and the state as text.
PRESETS: Mapping[str, str] = {
    "start": "gan/1",
    "trained": "gan/1 | 1500",
    "collapse": "gan/1 source=eight-gaussians beta1=0.9 | 600",
    "saturated": "gan/1 loss=minimax | D150 100",
    "affine": "gan/1 source=eight-gaussians g_depth=0 | 300",
}

WORDS: Mapping[str, str] = {
    **COMMON,
    **SETTINGS,
    **DRAWING,
    **METERS,
    **GUIDE,
    **MARKS,
    "title": N_("GAN arena"),
    "step_discriminator": N_("Step D"),
    "step_discriminator_alone": N_("Step D: one step of the discriminator alone"),
    "step_generator": N_("Step G"),
    "step_generator_alone": N_("Step G: one step of the generator alone"),
    "arena": N_("Where the points are"),
    "real": N_("real"),
    "fake": N_("fake"),
    "mark_says-fake": N_("D says fake"),
    "mark_says-real": N_("D says real"),
    "mark_undecided": N_("D is undecided"),
    "discriminator": N_("discriminator"),
    "generator": N_("generator"),
    "run_a": N_("Run A"),
    "run_b": N_("Run B"),
    "of_run": N_("{run}: {summary}"),
    "summary": N_("Step {step}."),
    "summary_modes": N_("Step {step}: {covered} of {modes} modes, {share} % of points on a mode."),
    "alt": N_(
        "Real points as blue circles and fake points as orange triangles over the "
        "discriminator's field."
    ),
    # The data path and slow motion
    "path": N_("The way of the data: noise through G, real and fake through D, to the losses"),
    "path_noise": N_("noise z"),
    "path_generator": N_("generator G"),
    "path_fake": N_("fake G(z)"),
    "path_real": N_("real x"),
    "path_discriminator": N_("discriminator D"),
    "path_loss": N_("losses"),
    "slow_d1": N_("D's turn. Fresh noise goes through G and becomes fake points."),
    "slow_d2": N_("A batch of real points is drawn beside them."),
    "slow_d3": N_("D gives every point a logit: how real it looks. It is not told which is which."),
    "slow_d4": N_("Its loss is large where it took real for fake or fake for real."),
    "slow_d5": N_("The gradient runs back into D alone, and D moves. G stays as it is."),
    "slow_g1": N_("G's turn. Fresh noise goes through G and becomes fake points."),
    "slow_g2": N_("D judges the fakes, as it has just learned to."),
    "slow_g3": N_("The generator's loss is large where D was not taken in."),
    "slow_g4": N_(
        "The gradient runs back through D to every fake point: this way it looks more real."
    ),
    "slow_g5": N_("It goes on into G, and G moves. D stays as it is."),
    # Layers, and what stands beside the picture
    "layer_field": N_("D's opinion"),
    "layer_real": N_("real points"),
    "layer_fake": N_("fake points"),
    "layer_manifold": N_("the generator's sheet"),
    "layer_pull": N_("pull of G's loss"),
    "layer_ideal": N_("the best answer"),
    "bend": N_("Bend noise into points"),
    "ideal_exact": N_(
        "The best answer p/(p+q), exact. D is {gap} away from it on average; the "
        "Jensen–Shannon divergence is {jsd} nats."
    ),
    "ideal_estimated": N_(
        "The best answer p/(p+q), estimated from 2500 fakes and smoothed. D is {gap} away from it "
        "on average; the Jensen–Shannon divergence is {jsd} nats."
    ),
    "metric": N_("Measure to show over time"),
    "metric_modes": N_("Modes covered"),
    "metric_quality": N_("Share of points on a mode"),
    "metric_kl": N_("Mode KL in nats"),
    "metric_jsd": N_("Jensen–Shannon divergence in nats"),
    # Twins
    "twin_begin": N_("Branch here"),
    "twin_keep": N_("Keep B"),
    "twin_drop": N_("Drop B"),
    "twin_since": N_("B goes its own way from step {step}."),
    "choose_a": N_("Change A"),
    "choose_b": N_("Change B"),
    "settings_a": N_("These are the settings of run A."),
    "settings_b": N_("These are the settings of run B."),
    # Settings of the networks and their training
    "preset": N_("Go to a situation"),
    "preset_start": N_("the start"),
    "preset_trained": N_("well trained"),
    "preset_collapse": N_("modes lost: much momentum"),
    "preset_saturated": N_("minimax against a strong D"),
    "preset_affine": N_("a generator without hidden layers"),
    "group_generator": N_("Generator"),
    "group_discriminator": N_("Discriminator"),
    "group_training": N_("Training"),
    "set_networks": N_("Networks"),
    "networks_perceptrons": N_("perceptrons"),
    "networks_own": N_("your own"),
    "option_own": N_("your own"),
    "set_prior": N_("Noise"),
    "prior_normal": N_("normal"),
    "prior_uniform": N_("uniform"),
    "set_g_depth": N_("Hidden layers"),
    "set_d_depth": N_("Hidden layers"),
    "set_g_width": N_("Neurons a layer"),
    "set_d_width": N_("Neurons a layer"),
    "set_g_optimizer": N_("Optimiser"),
    "set_d_optimizer": N_("Optimiser"),
    "option_adam": N_("Adam"),
    "option_sgd": N_("SGD"),
    "set_g_lr": N_("Learning rate"),
    "set_d_lr": N_("Learning rate"),
    "set_g_updates": N_("Updates a step"),
    "set_d_updates": N_("Updates a step"),
    "set_loss": N_("Loss"),
    "loss_non-saturating": N_("non-saturating"),
    "loss_minimax": N_("minimax"),
    "loss_least-squares": N_("least squares"),
    "set_beta1": N_("Adam's beta1"),
    "draw_done": N_("Train on it"),
    # Sharing, the keys
    "share": N_("Share this state"),
    "share_text": N_("The whole state as text: copy it, or paste another and go there."),
    "share_copy": N_("Copy"),
    "share_load": N_("Go there"),
    "share_copied": N_("Copied."),
    "keys_list": N_(
        "Space: run or pause\n.: one step\nd: one step of D\ng: one step of G\nr: reset\n"
        "[ ]: one step back or forward in time\nb: begin or drop a twin\n"
        "n p: next or previous page of the guide\n1–6: what the picture shows"
    ),
}
