"""How the fit of a law to a curve ended."""

OK, LIMIT = "ok", "limit"
FITTED = (OK, LIMIT)
"""The statuses of fits; all others say why there is none."""

NOT_FALLING, OUTSIDE_DOMAIN, TOO_SHORT = "not_falling", "outside_domain", "too_short"
NOT_FINITE, CONSTANT, NOT_POSITIVE = "not_finite", "constant", "not_positive"

STATUS_TEXT = {
    OK: "fitted",
    LIMIT: "the optimum lies at infinity: the law is at its limiting form",
    NOT_FALLING: "no fit: the best amplitude is 0, the law is no better than a constant",
    OUTSIDE_DOMAIN: "no fit: the law is not defined on the curve's t",
    TOO_SHORT: "no fit: no more points than parameters",
    NOT_FINITE: "no fit: the loss is NaN, infinite or above 1e150 somewhere (training diverged)",
    NOT_POSITIVE: "no fit: the logarithm needs losses above 0",
    CONSTANT: "no fit: the loss never changes",
}
"""What each status means, for people."""
