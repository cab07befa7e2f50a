"""Several GANs that differ in their seed alone, advanced together.

The weights of all are stacked, and each layer is one batched product, so that a step of ten small
GANs costs less than ten steps. Every seed keeps its own random generator and its own gradients:
the numbers are those of `training.train`, run by run, up to the order of rounding.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state

from synthlab.data.source import Source, check_count
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN, discriminator_step, generator_step


class Stacked(nn.Module):
    """Nets of one shape as one: (S, B, inputs) -> (S, B, outputs), net s for slice s.

    Args:
        members: The nets; they are copied.
    """

    def __init__(self, members: Sequence[nn.Module]) -> None:
        super().__init__()
        parameters, buffers = stack_module_state(list(members))
        if buffers:
            raise SynthlabError("Nets with buffers cannot be advanced together.")
        self._names = list(parameters)
        self.stacked = nn.ParameterList([p.detach().clone() for p in parameters.values()])
        self._shape = [copy.deepcopy(members[0]).to("meta")]  # in a list: it is no part of us

    def forward(self, x: Tensor) -> Tensor:
        """Apply each net to its own slice."""
        parameters = dict(zip(self._names, self.stacked, strict=True))

        def one(own: dict[str, Tensor], slice_: Tensor) -> Any:
            return functional_call(self._shape[0], own, (slice_,))

        out: Tensor = torch.vmap(one)(parameters, x)
        return out

    @torch.no_grad()
    def unstack(self, members: Sequence[nn.Module]) -> None:
        """Give the nets their weights back."""
        for index, member in enumerate(members):
            for name, values in zip(self._names, self.stacked, strict=True):
                member.get_parameter(name).copy_(values[index])


class _Summed:
    """A loss over stacked logits: the sum over the seeds, so that each has its own gradient."""

    def __init__(self, loss: Callable[..., Tensor]) -> None:
        self._loss, self.values = torch.vmap(loss), torch.zeros(0)

    def __call__(self, *logits: Tensor) -> Tensor:
        values: Tensor = self._loss(*logits)  # (S,)
        self.values = values.detach()
        return values.sum()


class Ensemble:
    """GANs of one make in training together.

    Args:
        models: GANs whose nets have the same shapes and whose steps are the plain ones; their
            losses, noise and optimiser settings are the first one's.
        source: Where the batches come from.
        seeds: The seed of each model's batches and noise, as in `training.train`.
        batch_size: Examples in a step of each.

    Raises:
        SynthlabError: When there is nothing to advance together.
    """

    def __init__(
        self,
        models: Sequence[GAN],
        source: Source,
        seeds: Sequence[int],
        batch_size: int = 256,
    ) -> None:
        if not models or len(models) != len(seeds):
            raise SynthlabError("An ensemble needs at least one model, and one seed for each.")
        if any(
            (m.discriminator_step, m.generator_step) != (discriminator_step, generator_step)
            for m in models
        ):
            raise SynthlabError("Only GANs with the plain steps can be advanced together.")
        self.models, self.source = list(models), source
        self.batch_size = check_count(batch_size, "batch_size", 1)
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self._nets = {
            part: Stacked([getattr(m, part) for m in models])
            for part in ("discriminator", "generator")
        }
        self._optimizers = {}
        for part, net in self._nets.items():
            group = models[0].optimizers[part].param_groups[0]
            self._optimizers[part] = torch.optim.Adam(
                net.parameters(), group["lr"], group["betas"], fused=True
            )
        self._losses = {
            "discriminator": _Summed(models[0].discriminator_loss),
            "generator": _Summed(models[0].generator_loss),
        }

    def advance(self) -> dict[str, Tensor]:
        """Make one step of every model; return the losses by part, (S,) each."""
        D, G = self._nets["discriminator"], self._nets["generator"]
        d_loss, g_loss = self._losses["discriminator"], self._losses["generator"]
        draws = [self._draw(m, g) for m, g in zip(self.models, self.generators, strict=True)]
        real, z_d, z_g = (torch.stack(parts) for parts in zip(*draws, strict=True))
        discriminator_step(G, D, self._optimizers["discriminator"], real, z_d, d_loss)
        generator_step(G, D, self._optimizers["generator"], z_g, g_loss)
        return {"discriminator": d_loss.values, "generator": g_loss.values}

    def _draw(self, model: GAN, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """What `GAN.update` draws in a step, in its order."""
        real = self.source.sample(self.batch_size, generator).x
        return real, model.noise(len(real), generator), model.noise(len(real), generator)

    def finish(self) -> list[GAN]:
        """The models with the weights that they have by now."""
        for part, net in self._nets.items():
            net.unstack([getattr(model, part) for model in self.models])
        return self.models
