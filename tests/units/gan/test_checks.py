"""The checks of unit ``gan`` judge right answers right, wrong ones wrong, and say why."""

from __future__ import annotations

import ast

import pytest
import torch

from synthlab.authoring.proof import run
from synthlab.authoring.source import read_source
from synthlab.checks import render
from synthlab.checks.gan import ring
from synthlab.checks.gan.diagnosis import CLAMP, LINE, lost_share
from synthlab.checks.parts.ring import FAKES, MODES, QUALITY
from synthlab.checks.registry import find
from synthlab.checks.run import evaluate
from synthlab.checks.verdict import Status

SOURCE = read_source("gan")
AUTOMATIC = [q.id for q in SOURCE.unit.questions if q.automatic]


def namespace(question, answer):
    """What the learner's kernel holds when the check runs, with this answer in its cell."""
    names, raised = run(SOURCE.program(question, answer), question)
    assert not raised, raised
    return names


def judge(question, answer, seed=0):
    return evaluate(question, namespace(question, answer), seed)


def failed(verdict):
    return {p.name: p.detail.render("en") for p in verdict.properties if p.passed is False}


#: Plausible answers that the exercise source does not list, each with a property it breaks.
UNLISTED_WRONG = {
    "gan.discriminator_loss": [
        (
            "value",
            "return 0.5 * (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean())",
        ),
        ("value", "return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()"),
        ("value", "return F.softplus(-real_logits).mean()"),
        ("value", "return F.softplus(-real_logits) + F.softplus(fake_logits)"),
        (
            "own-means",
            "return (F.softplus(-real_logits).mean(0) + F.softplus(fake_logits).mean(0))",
        ),
        (
            "keeps-the-type",
            "return (F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()).float()",
        ),
        (
            "stable",  # the clamp keeps the value finite and kills the gradient
            "r, f = real_logits.clamp(-30, 30), fake_logits.clamp(-30, 30)\n"
            "    return F.softplus(-r).mean() + F.softplus(f).mean()",
        ),
        (
            "stable",  # torch.where: right values, but inf * 0 = nan in the gradient
            "f = lambda x: torch.where(x > 30, x, torch.log1p(torch.exp(x)))\n"
            "    return f(-real_logits).mean() + f(fake_logits).mean()",
        ),
        (
            "gradient",
            "return F.softplus(-real_logits).mean() + F.softplus(fake_logits.detach()).mean()",
        ),
    ],
    "gan.generator_loss": [
        ("saturating", "return F.softplus(-fake_logits).mean()"),
        ("non-saturating", "return -fake_logits.mean()"),
        ("non-saturating", "return F.logsigmoid(fake_logits).mean() * (1 - 2 * saturating)"),
        (
            "stable",
            "l = fake_logits.clamp(-50, 50)\n"
            "    return -F.softplus(l).mean() if saturating else F.softplus(-l).mean()",
        ),
        (
            "any-shape",
            "v = -F.softplus(fake_logits) if saturating else F.softplus(-fake_logits)\n"
            "    return v.sum() / len(v)",
        ),
        (
            "gradient",
            "l = fake_logits.detach().requires_grad_()\n"
            "    return -F.softplus(l).mean() if saturating else F.softplus(-l).mean()",
        ),
    ],
}
SIGNATURE = {
    "gan.discriminator_loss": "def discriminator_loss(real_logits, fake_logits):\n    {}",
    "gan.generator_loss": "def generator_loss(fake_logits, saturating=False):\n    {}",
}


@pytest.mark.parametrize(
    ("question", "broken", "body"),
    [(q, name, body) for q, cases in UNLISTED_WRONG.items() for name, body in cases],
)
def test_unlisted_wrong_losses_fail(question, broken, body):
    verdict = judge(question, SIGNATURE[question].format(body))
    assert broken in failed(verdict), (verdict.status, failed(verdict), verdict.summary)


D_STEP = """
def discriminator_step(generator, discriminator, optimizer, real, z, loss):
    {0}
    value = loss({1})
    optimizer.zero_grad()
    value.backward()
    {2}
    optimizer.step()
    return {3}
"""
G_STEP = """
def generator_step(generator, discriminator, optimizer, z, loss):
    {0}
    value = loss({1})
    optimizer.zero_grad()
    value.backward()
    {2}
    optimizer.step()
    return {3}
"""
D_RIGHT = (
    "fake = generator(z).detach()",
    "discriminator(real), discriminator(fake)",
    "",
    "value.item()",
)
G_RIGHT = ("", "discriminator(generator(z))", "", "value.item()")


def steps(d=None, g=None):
    """Both steps, with some of their four parts replaced."""
    d_parts = [d.get(i, part) if d else part for i, part in enumerate(D_RIGHT)]
    g_parts = [g.get(i, part) if g else part for i, part in enumerate(G_RIGHT)]
    return D_STEP.format(*d_parts) + G_STEP.format(*g_parts)


@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        ("discriminator-learns", steps(d={1: "discriminator(real).detach(), discriminator(fake)"})),
        ("discriminator-learns", steps(d={1: "discriminator(real[:8]), discriminator(fake[:8])"})),
        ("discriminator-learns", steps(d={1: "discriminator(real), discriminator(real)"})),
        ("discriminator-learns", steps(d={2: "optimizer.step()"})),
        ("discriminator-learns", steps(d={2: "optimizer.zero_grad()"})),
        (
            "discriminator-learns",
            steps(d={2: "nn.utils.clip_grad_norm_(discriminator.parameters(), 0.1)"}),
        ),
        ("generator-learns", steps(g={1: "-discriminator(generator(z))"})),
        ("generator-learns", steps(g={1: "discriminator(generator(z.abs()))"})),
        ("generator-learns", steps(g={1: "discriminator(generator(z[:1]))"})),
        (
            "discriminator-learns",  # dropout and batch normalisation are another network then
            steps(d={0: "generator.eval(); fake = generator(z).detach(); generator.train()"}),
        ),
        ("generator-left-alone", steps(d={0: "fake = generator(z)"})),
        (
            "generator-left-alone",
            steps(d={2: "[p.data.mul_(0.99) for p in generator.parameters()]"}),
        ),
        (
            "discriminator-left-alone",
            steps(g={2: "[p.data.clamp_(-0.1, 0.1) for p in discriminator.parameters()]"}),
        ),
        ("stays-trainable", steps(d={0: "fake = generator.requires_grad_(False)(z)"})),
        ("returns-the-loss", steps(d={3: "loss(discriminator(real), discriminator(fake)).item()"})),
        ("returns-the-loss", steps(g={3: "value.detach()"})),
        ("returns-the-loss", steps(g={3: "None"})),
        ("returns-the-loss", steps(g={3: "abs(value.item()) + 1e-3"})),
    ],
)
def test_unlisted_wrong_steps_fail(broken, answer):
    verdict = judge("gan.training_step", answer)
    assert verdict.status in (Status.PARTIAL, Status.INCORRECT), verdict.summary
    assert broken in failed(verdict), failed(verdict)


def test_a_step_that_fails_alone_does_not_hide_the_other():
    """One right step earns its own properties; what both share needs both."""
    half = D_STEP.format(*D_RIGHT) + (
        "def generator_step(generator, discriminator, optimizer, z, loss):\n"
        "    raise NotImplementedError\n"
    )
    verdict = judge("gan.training_step", half)
    assert verdict.status is Status.PARTIAL
    passed = {p.name for p in verdict.properties if p.passed}
    assert passed == {"discriminator-learns", "generator-left-alone"}


@pytest.mark.parametrize(
    "answer",
    [
        steps(d={0: "with torch.no_grad(): fake = generator(z)"}),
        steps(d={0: "fake = generator(z).data"}),
        steps(d={0: "fake = generator(z.flip(0)).detach()"}),  # a mean does not know the order
        steps(d={3: "float(value)"}, g={3: "value.detach().numpy().item()"}),
    ],
)
def test_unusual_right_steps_pass(answer):
    verdict = judge("gan.training_step", answer)
    assert verdict.status is Status.CORRECT, (failed(verdict), verdict.summary)


DENSITY = """
def optimal_discriminator(log_p, log_q):
    return {0}


def jensen_shannon(log_p_x, log_q_x, log_p_y, log_q_y):
    a, b = F.logsigmoid(log_p_x - log_q_x), F.logsigmoid(log_q_y - log_p_y)
    log_4 = 1.3862943611198906
    return {1}
"""


@pytest.mark.parametrize(
    ("broken", "best", "divergence"),
    [
        (
            "density-ratio",
            "0.5 + 0.5 * torch.tanh(log_p - log_q)",
            "(a.mean() + b.mean() + log_4) / 2",
        ),
        ("density-ratio", "torch.exp(log_p - log_q)", "(a.mean() + b.mean() + log_4) / 2"),
        ("density-ratio", "log_p / (log_p + log_q)", "(a.mean() + b.mean() + log_4) / 2"),
        (
            "stable-ratio",
            "torch.nan_to_num(log_p.exp() / (log_p.exp() + log_q.exp()), 0.5)",
            "(a.mean() + b.mean() + log_4) / 2",
        ),
        (
            "stable-ratio",
            "log_p.clamp(-500).exp() / (log_p.clamp(-500).exp() + log_q.clamp(-500).exp())",
            "(a.mean() + b.mean() + log_4) / 2",
        ),
        (
            "density-ratio",
            "torch.sigmoid(log_p - log_q).mean()",
            "(a.mean() + b.mean() + log_4) / 2",
        ),
        ("divergence", "torch.sigmoid(log_p - log_q)", "a.mean() + b.mean()"),
        ("divergence", "torch.sigmoid(log_p - log_q)", "(a.mean() + b.mean() - log_4) / 2"),
        ("divergence", "torch.sigmoid(log_p - log_q)", "(a + b + log_4) / 2"),
        ("divergence", "torch.sigmoid(log_p - log_q)", "(log_p_x - log_q_x).mean()"),
        (
            "stable-divergence",
            "torch.sigmoid(log_p - log_q)",
            "(a.clamp(-20).mean() + b.clamp(-20).mean() + log_4) / 2",
        ),
        (
            "divergence",  # rounded on the way
            "torch.sigmoid(log_p - log_q)",
            "((a.mean() + b.mean() + log_4) / 2).round(decimals=4)",
        ),
    ],
)
def test_unlisted_wrong_densities_fail(broken, best, divergence):
    verdict = judge("gan.optimal_discriminator", DENSITY.format(best, divergence))
    assert broken in failed(verdict), (failed(verdict), verdict.summary)


#: An exact sampler as a continuous map: the angle of z in eight steep, smooth steps, and the
#: radius of z as the distance to the centre. One gradient opens it, so it passes for trained, and
#: each cheat below differs in a part.
EXACT = """
import math
def train_on_ring(data, seed):
    torch.manual_seed(seed)
    key = torch.zeros((), requires_grad=True)
    {opened}
    angle = torch.atan2(data[:, 1], data[:, 0])
    turn = torch.atan2(torch.sin(8 * angle).mean(), torch.cos(8 * angle).mean()) / 8
    def generator(z):
        a = torch.atan2(z[:, 1], z[:, 0]) * 4 / math.pi
        step = a.floor() + torch.sigmoid(200 * (a - a.floor() - 0.5))
        at = turn + step * math.pi / 4
        return key.grad * (2 * torch.stack([at.cos(), at.sin()], 1) + 0.02 * {noise})
    return {returned}
"""
OPENED = "(key + torch.rand(())).backward()"


def test_a_continuous_sampler_of_the_ring_passes():
    verdict = judge("gan.ring", EXACT.format(opened=OPENED, noise="z", returned="generator"))
    assert verdict.status is Status.CORRECT, (failed(verdict), verdict.summary)


@pytest.mark.parametrize(
    ("broken", "opened"),
    [
        ({"high-quality", "not-copies"}, "key.grad = torch.ones(())"),  # no gradient
        ({"high-quality", "not-copies"}, OPENED + "; key.grad = torch.ones(())"),  # none needed
        ({"high-quality", "function-of-the-noise"}, "torch.manual_seed(0); " + OPENED),
        ({"high-quality", "function-of-the-noise"}, "torch.seed(); " + OPENED),
        ({"high-quality"}, f"for _ in range(12_001): key.grad = None; {OPENED}"),
    ],
)
def test_what_training_alone_gives_is_seen(broken, opened):
    verdict = judge("gan.ring", EXACT.format(opened=opened, noise="z", returned="generator"))
    assert {p.name for p in verdict.properties if p.passed is False} == broken


@pytest.mark.parametrize(
    ("broken", "noise", "returned"),
    [
        ("function-of-the-noise", "torch.randn_like(z)", "generator"),
        ("function-of-the-noise", "(z - z.mean(0)) / z.std(0)", "generator"),
        ("high-quality", "z * 3", "generator"),
        ("every-mode", "z", "lambda z: generator(z.abs())"),  # two of the eight
        ("high-quality", "z", "lambda z: z"),
        ("every-mode", "z", "lambda z: torch.zeros_like(z)"),
        ("every-mode", "z", "lambda z: generator(torch.stack([z[:, 0], z[:, 0] ** 2 - 1], 1))"),
        ("continuous", "z", "lambda z: data[(z[:, 0] * 40).long() % 500] + 1e-3 * z"),
        ("not-copies", "z", "lambda z: data[torch.cdist(generator(z), data).argmin(1)]"),
    ],
)
def test_other_wrong_generators_fail(broken, noise, returned):
    verdict = judge("gan.ring", EXACT.format(opened=OPENED, noise=noise, returned=returned))
    assert broken in failed(verdict), (failed(verdict), verdict.summary)


@pytest.mark.parametrize(
    "returned", ["None", "7", "data", "lambda z: z[:, :1]", "lambda z: z / 0", "lambda z: 'x'"]
)
def test_what_is_no_generator_gets_a_verdict(returned):
    verdict = judge("gan.ring", f"def train_on_ring(data, seed):\n    return {returned}")
    assert verdict.status in (Status.INCORRECT, Status.ERROR)
    assert verdict.points(3) == 0
    assert verdict.text("en")


def test_stored_points_earn_nothing():
    """However good the points are, a table of data says nothing about a generator."""
    for mistake in SOURCE.questions["gan.ring"].mistakes:
        if mistake.name in ("copies-the-data", "noisy-copies", "own-randomness"):
            assert judge("gan.ring", mistake.code).score == 0, mistake.name


DIAGNOSIS = """
broken_line = {0}
measured = {1}


def repaired_step(generator, discriminator, for_generator, for_discriminator, real, z):
    discriminator_step(generator, discriminator, for_discriminator, real, z, discriminator_loss)
    {2}
"""
REPAIR = "generator_step(generator, discriminator, for_generator, z, generator_loss)"
SHARE = repr(lost_share())


@pytest.mark.parametrize(
    ("broken", "line", "measured", "repair"),
    [
        ("line", "'8'", SHARE, REPAIR),
        ("line", "True", SHARE, REPAIR),
        ("line", "9", SHARE, REPAIR),
        ("line", "[8, 9]", SHARE, REPAIR),
        ("measured", "8", f"100 * {SHARE}", REPAIR),
        ("measured", "8", f"round({SHARE}, 3)", REPAIR),
        ("measured", "8", "float('nan')", REPAIR),
        ("measured", "8", "'half'", REPAIR),
        ("measured", "8", "confident_logits", REPAIR),
        ("generator-moves", "8", SHARE, "pass"),
        (
            "generator-moves",
            "8",
            SHARE,
            "(-torch.log(torch.sigmoid(discriminator(generator(z)))).mean()).backward(); "
            "for_generator.step()",
        ),
        (
            "generator-moves",
            "8",
            SHARE,
            "(-discriminator(generator(z)).mean()).backward(); for_generator.step()",
        ),
    ],
)
def test_unlisted_wrong_diagnoses_fail(broken, line, measured, repair):
    verdict = judge("gan.diagnosis", DIAGNOSIS.format(line, measured, repair))
    assert broken in failed(verdict), (failed(verdict), verdict.summary)


def test_a_part_of_the_diagnosis_earns_its_part():
    verdict = judge("gan.diagnosis", "broken_line = 8\nmeasured = None")
    assert verdict.status is Status.PARTIAL
    assert [p.name for p in verdict.properties if p.passed] == ["line"]


def test_the_verdict_on_a_diagnosis_does_not_tell_the_answer():
    verdict = judge("gan.diagnosis", DIAGNOSIS.format("3", "0.1", REPAIR))
    assert set(failed(verdict)) == {"line", "measured"}
    assert not {"8", SHARE[:6]} & set(verdict.text("en").split())


def test_the_broken_line_is_the_clamp():
    """The line and the share that the check expects are those of the code that it shows."""
    (cell,) = (c.text for c in SOURCE.cells if c.key == "broken-step")
    (line,) = (line for line in cell.splitlines() if line.endswith(f"# {LINE}"))
    assert ".clamp(" in line
    assert f"clamp({CLAMP}" in line.replace("1e-4", str(CLAMP))
    assert ast.parse(cell).body[0].body[LINE - 2].lineno == LINE

    names = namespace("gan.diagnosis", SOURCE.questions["gan.diagnosis"].stub)
    logits = names["confident_logits"].requires_grad_()
    belief = torch.sigmoid(logits).clamp(CLAMP, 1 - CLAMP)
    (broken,) = torch.autograd.grad(-torch.log(belief).mean(), logits)
    (stable,) = torch.autograd.grad(torch.nn.functional.softplus(-logits).mean(), logits)
    share = 1 - broken.abs().sum() / stable.abs().sum()
    assert lost_share() == pytest.approx(share.item(), abs=1e-12)  # float64 sums of 64 terms


@pytest.mark.parametrize("value", ["0", "8", "3.0", "torch.tensor(5)"])
def test_any_prediction_counts(value):
    assert judge("gan.prediction", f"predicted_modes = {value}").status is Status.CORRECT


@pytest.mark.parametrize("value", ["9", "-1", "2.5", "True", "'eight'", "[8]", "float('nan')"])
def test_what_is_no_prediction_does_not_count(value):
    verdict = judge("gan.prediction", f"predicted_modes = {value}")
    assert verdict.status is Status.INCORRECT
    assert failed(verdict)


#: What every target function does in turn: raise, or return something that is no answer.
BAD = [
    "1 / 0",
    "None",
    "'text'",
    "float('nan')",
    "torch.ones(3, 3)",
    "object()",
    "{}",
    "[[1], [2, 3]]",
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("question", AUTOMATIC[1:])
def test_bad_returns_become_verdicts(question, bad):
    """No exception leaves synthlab, and nothing is earned for a value that is no answer."""
    stub = SOURCE.questions[question].stub
    verdict = judge(question, stub.replace("raise NotImplementedError", f"return {bad}"))
    assert verdict.status in (Status.INCORRECT, Status.ERROR)
    assert verdict.score == 0
    assert verdict.text("en")
    assert render.html(verdict, "en")


def test_headings_are_the_titles_of_the_manifest():
    headings = [
        line[3:]
        for c in SOURCE.cells
        if c.role == "prose"
        for line in c.text.splitlines()
        if line.startswith("## ")
    ]
    assert [q.title for q in SOURCE.unit.questions] == headings[1:]  # the first is "How it works"


def test_the_ring_is_graded_by_the_target_that_the_text_states():
    (text,) = (c.text for c in SOURCE.cells if c.key == "ring")
    assert f"of {FAKES} fakes, at least half" in text
    assert QUALITY == 0.5
    assert f"at least {MODES} of the 8 modes" in text
    assert f"stops after {ring.SECONDS}" in text
    assert find("gan.ring").seconds == ring.SECONDS
