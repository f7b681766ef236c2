"""How networks are trained."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from losslaws.config.constraints import Above0, AtLeast0, Count, Positive, UpTo1


@dataclass(frozen=True)
class Training:
    """How the networks are trained."""

    revision: ClassVar[int] = 0

    architecture: Literal["mlp", "transformer"] = "mlp"
    """The network: mlp has hidden layers, after an embedding for integer inputs; transformer is one block, for integer
    inputs."""
    depth: Positive = 2
    """Hidden layers of mlp."""
    activation: Literal["relu", "gelu", "tanh", "silu"] = "relu"
    """What follows each hidden layer; of transformer, the feed-forward one."""
    init_scale: Above0 = 1.0
    """Factor of the initial weight matrices and embeddings."""
    parametrization: Literal["standard", "mup"] = "standard"
    """How initial values and learning rates of mlp depend on the width: as PyTorch's, or maximal-update (μP)."""
    base_width: Positive = 32
    """Width at which mup has the standard learning rates, and to which `epochs` refers."""
    horizon_exponent: AtLeast0 = 0.0
    """Epochs grow as the number of parameters to this power, from those of `base_width`; 0 for equal epochs."""
    epochs: Positive = 1500
    """Passes over the data, and points of the curve."""
    record_every: Positive = 1
    """Every n-th epoch is a point of the curve, and the last."""
    batch_size: Positive | Literal["full"] = 512
    """Rows per step, full for all; the last batch of an epoch may be smaller."""
    fresh_data: bool = False
    """Whether every epoch has new rows, of tasks that have them; the data table is tested on."""
    train_fraction: UpTo1 = 1.0
    """Share of the rows that is trained on; the test loss is that of the others, none at 1."""
    optimizer: Literal["adam", "adamw", "sgd"] = "adam"
    """PyTorch's optimizer of that name."""
    learning_rate: Above0 = 0.001
    """Step size of the optimizer; the peak of a schedule."""
    momentum: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Momentum of sgd."""
    nesterov: bool = False
    """Whether that momentum is Nesterov's."""
    weight_decay: AtLeast0 = 0.0
    """Strength of the L2 penalty; with adamw, of the decay beside the step."""
    schedule: Literal["constant", "linear", "cosine", "exponential", "step", "wsd"] = "constant"
    """How the learning rate changes from epoch to epoch, after the warm-up."""
    warmup: Count = 0
    """Epochs in which the learning rate rises in equal steps."""
    decay_to: Annotated[float, Meta(ge=0, le=1)] = 0.1
    """What linear, cosine, exponential and wsd end at, as a share of `learning_rate`; factor of each drop of step."""
    step_epochs: Positive = 500
    """Epochs between two drops of step."""
    decay_share: UpTo1 = 0.2
    """Share of the epochs after warm-up in which wsd falls, at the end."""
