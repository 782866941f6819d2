#!/usr/bin/env python3
"""Writes golden/metrics.json: random answers, and what scikit-learn measures of them.

    pip install scikit-learn && tests/reference/make_metrics.py
"""

import json
import pathlib
import warnings

import numpy
import sklearn
from scipy.special import logsumexp, softmax
from sklearn import metrics
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")


def calibration_error(truth, probabilities, bins=15):
    """The part of samples in each bin times the distance of scikit-learn's calibration curve from
    the diagonal there."""
    answers, confidence = probabilities.argmax(1), probabilities.max(1)
    right = answers == truth
    error = 0.0
    for low in numpy.arange(bins) / bins:
        inside = (confidence > low) & (confidence <= low + 1 / bins)
        if not inside.any():
            continue
        part_right, mean = calibration_curve(right[inside], confidence[inside], n_bins=1)
        error += inside.mean() * abs(part_right[0] - mean[0])
    return error


random = numpy.random.default_rng(1)
cases = []
for number in range(40):
    classes = 2 if number % 4 == 0 else int(random.integers(2, 13))
    samples = int(random.integers(1, 60))
    # Classes of different sizes, of which some do not occur, and some are never answered.
    truth = random.choice(classes, samples, p=random.dirichlet(numpy.full(classes, 0.5)))
    answers = random.choice(classes, samples, p=random.dirichlet(numpy.full(classes, 0.5)))
    answers = numpy.where(random.random(samples) < random.random(), truth, answers)
    recalls = metrics.recall_score(truth, answers, labels=numpy.unique(truth), average=None)
    case = {
        "classes": classes,
        "truth": truth.tolist(),
        "answers": answers.tolist(),
        "accuracy": metrics.accuracy_score(truth, answers),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, answers),
        "macro_f1": metrics.f1_score(truth, answers, average="macro", zero_division=0),
        "geometric_mean": float(numpy.prod(recalls) ** (1 / len(recalls))),
        "confusion": metrics.confusion_matrix(truth, answers, labels=range(classes)).tolist(),
    }
    if classes == 2 and len(numpy.unique(truth)) == 2:
        # With ties.
        case["scores"] = (numpy.round(random.normal(size=samples) + truth, 1)).tolist()
        case["roc_area"] = metrics.roc_auc_score(truth, case["scores"])
    if classes > 1 and len(numpy.unique(truth)) > 1:
        # With answers of every degree of certainty.
        scale = random.choice([0.3, 1, 4])
        logits = scale * random.normal(size=(samples, classes))
        logits[numpy.arange(samples), truth] += scale
        logits = logits.round(4)
        case["logits"] = logits.ravel().tolist()
        probabilities = softmax(logits, axis=1)
        case["cross_entropy"] = metrics.log_loss(truth, probabilities, labels=range(classes))
        # The odds of a class against all others: the order of its probability, which rounds to 1.
        odds = [logits[:, c] - logsumexp(numpy.delete(logits, c, axis=1), axis=1)
                for c in range(classes)]
        case["mean_roc_area"] = numpy.mean(
            [metrics.roc_auc_score(truth == c, odds[c]) for c in numpy.unique(truth)])
        case["worst_recall"] = float(recalls.min())
        case["calibration_error"] = calibration_error(truth, probabilities)
    cases.append(case)

file = pathlib.Path(__file__).parent / "golden" / "metrics.json"
file.write_text(json.dumps({"source": f"scikit-learn {sklearn.__version__}", "cases": cases}) + "\n")
