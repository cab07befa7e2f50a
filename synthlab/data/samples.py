"""Samples as they come, from torch, numpy or a list, made into one checked tensor."""

from __future__ import annotations

import torch
from torch import Tensor

from synthlab.data.kinds import Kind, Table, shape_text
from synthlab.errors import SynthlabError
from synthlab.words import N_


def as_samples(x: object, name: str, kind: Kind | None = None) -> Tensor:
    """``x`` as a tensor without gradients, float64 unless the kind has whole numbers.

    Args:
        x: At least one sample: a tensor, an array or a list.
        name: What a refusal calls it.
        kind: What it must be, ``(n, *kind.shape)``. None takes samples of any kind as rows of
            numbers ``(n, d)``, an image as its pixels.

    Raises:
        SynthlabError: When it holds no numbers, no sample, one that is not finite, or samples
            that are not of the kind.
    """
    try:
        samples = torch.as_tensor(x).detach().cpu()
    except (TypeError, ValueError, RuntimeError):
        raise SynthlabError(
            "{name} must be a table of numbers, one sample a row.", name=name
        ) from None
    if samples.ndim < (2 if kind is None else 1):
        raise SynthlabError(
            "{name} must have the shape {shape}, not {found}.",
            name=name,
            shape=shape_text(("n", *(("d",) if kind is None else kind.shape))),
            found=tuple(samples.shape),
        )
    if samples.numel() == 0:
        raise SynthlabError("{name} holds no samples.", name=name)
    if kind is None or kind.dtype.is_floating_point:
        samples = samples.double()
    bad = int((~torch.isfinite(samples)).reshape(len(samples), -1).any(1).sum())
    if bad and not isinstance(kind, Table):  # whose missing values are NaN
        raise SynthlabError(
            N_(
                "{name} holds {n} sample that is not finite (NaN or infinity); "
                "if a model made it, its training has diverged.",
                "{name} holds {n} samples that are not finite (NaN or infinity); "
                "if a model made them, its training has diverged.",
            ),
            name=name,
            n=bad,
        )
    return samples.flatten(1) if kind is None else kind.check(samples, name)
