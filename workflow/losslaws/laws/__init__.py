"""Laws of loss curves, one module each. A module defines ``LAW``; its file name is the law's name."""
