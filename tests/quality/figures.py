# SPDX-License-Identifier: MIT
"""Shares and risk ratios with 95 % intervals, for clustered runs.

Runs of one task, and findings of one run, resemble each other. As in the product, an interval is
computed on k/deff of n/deff, where deff = 1 + (sum(m^2)/sum(m) - 1) * ICC over clusters of size m.
"""
import math

Z = 1.959964
FEW_CLUSTERS = 10  # below, the intra-class correlation cannot be estimated
ASSUMED_ICC = 0.3


def intra_class_correlation(groups):
    """The ANOVA estimate for groups of 0 and 1, clipped to 0..1."""
    total = sum(len(group) for group in groups)
    if len(groups) < FEW_CLUSTERS:
        return ASSUMED_ICC
    if total == len(groups):
        return 0.0
    mean = sum(map(sum, groups)) / total
    means = [sum(group) / len(group) for group in groups]
    between = sum(len(g) * (m - mean) ** 2 for g, m in zip(groups, means)) / (len(groups) - 1)
    within = sum((x - m) ** 2 for g, m in zip(groups, means) for x in g) / (total - len(groups))
    size = (total - sum(len(g) ** 2 for g in groups) / total) / (len(groups) - 1)
    spread = between + (size - 1) * within
    return min(1.0, max(0.0, (between - within) / spread)) if spread > 0 else 0.0


def design_effect(values, clusters):
    """values are 0 or 1; clusters says for each to which cluster it belongs."""
    groups = {}
    for value, cluster in zip(values, clusters):
        groups.setdefault(cluster, []).append(value)
    groups = list(groups.values())
    total = sum(map(len, groups))
    if total == 0:
        return 1.0
    excess = sum(len(group) ** 2 for group in groups) / total - 1
    return 1 + excess * intra_class_correlation(groups) if excess > 0 else 1.0


def wilson(hits, total, effect=1.0):
    """The Wilson score interval of hits / total; None without any."""
    if total == 0:
        return None
    n = total / effect
    p = hits / total
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def risk_ratio(hits, total, other_hits, other_total, effect=1.0):
    """(ratio, low, high) of two shares, by the log method; None if a side or all hits are missing.

    Half a run is added to every cell if one of the two sides has no hit (Haldane, Anscombe).
    """
    if total == 0 or other_total == 0 or hits + other_hits == 0:
        return None
    if hits == 0 or other_hits == 0:
        hits, other_hits = hits + 0.5, other_hits + 0.5
        total, other_total = total + 1, other_total + 1
    ratio = (hits / total) / (other_hits / other_total)
    variance = max(0.0, 1 / hits - 1 / total + 1 / other_hits - 1 / other_total)
    half = Z * math.sqrt(variance * effect)
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)
