"""What is recorded while training, one module each. A module defines ``RECORDER``."""
