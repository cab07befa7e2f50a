"""The hinge loss: stop pushing what is already clearly on the right side.

Lim & Ye 2017, "Geometric GAN"; Miyato et al. 2018 use it with spectral normalisation. The
generator's loss beside it is WGAN's, -E[f(G(z))].
"""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor


def hinge_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """E[max(0, 1 - f(x))] + E[max(0, 1 + f(G(z)))]."""
    return F.relu(1 - real_scores).mean() + F.relu(1 + fake_scores).mean()
