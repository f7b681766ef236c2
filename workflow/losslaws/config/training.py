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
    """Network: an mlp, with an embedding of integer inputs, or a transformer of one block, for integer inputs only."""
    depth: Positive = 2
    """Number of hidden layers of the mlp."""
    activation: Literal["relu", "gelu", "tanh", "silu"] = "relu"
    """Activation after each hidden layer, or in the feed-forward layer of the transformer."""
    init_scale: Above0 = 1.0
    """Factor on the initial weight matrices and embeddings."""
    parametrization: Literal["standard", "mup"] = "standard"
    """How the mlp's initial values and learning rates scale with width: as in PyTorch, or maximal-update (μP)."""
    base_width: Positive = 32
    """Width at which mup uses the standard learning rates, and to which `epochs` refers."""
    horizon_exponent: AtLeast0 = 0.0
    """Epochs scale with the number of parameters to this power, relative to `base_width`; 0: constant."""
    epochs: Positive = 1500
    """Number of passes over the training data."""
    record_every: Positive = 1
    """Record every n-th epoch, and the last one."""
    batch_size: Positive | Literal["full"] = 512
    """Rows per step, or full batches; the last batch of an epoch may be smaller."""
    fresh_data: bool = False
    """Train on new rows in every epoch (one-pass training) and test on the data table; needs a task such as fourier."""
    train_fraction: UpTo1 = 1.0
    """Fraction of the rows used for training; the rest is test data, none at 1."""
    optimizer: Literal["adam", "adamw", "sgd"] = "adam"
    """Optimizer, as implemented in PyTorch."""
    learning_rate: Above0 = 0.001
    """Learning rate; the peak value of a schedule."""
    momentum: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Momentum of sgd."""
    nesterov: bool = False
    """Use Nesterov momentum."""
    weight_decay: AtLeast0 = 0.0
    """L2 penalty; with adamw, decoupled weight decay."""
    schedule: Literal["constant", "linear", "cosine", "exponential", "step", "wsd"] = "constant"
    """Learning-rate schedule after the warm-up, one value per epoch."""
    warmup: Count = 0
    """Epochs of linear warm-up."""
    decay_to: Annotated[float, Meta(ge=0, le=1)] = 0.1
    """Final fraction of `learning_rate` in linear, cosine, exponential and wsd; factor of each drop in step."""
    step_epochs: Positive = 500
    """Epochs between the drops in step."""
    decay_share: UpTo1 = 0.2
    """Fraction of the epochs after warm-up, at the end, in which wsd decays."""
