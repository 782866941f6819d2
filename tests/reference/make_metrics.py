#!/usr/bin/env python3
"""Writes golden/metrics.json: random answers, and what scikit-learn measures of them.

    pip install scikit-learn && tests/reference/make_metrics.py
"""

import json
import pathlib
import warnings

import numpy
import sklearn
from sklearn import metrics

warnings.simplefilter("ignore")
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
    cases.append(case)

file = pathlib.Path(__file__).parent / "golden" / "metrics.json"
file.write_text(json.dumps({"source": f"scikit-learn {sklearn.__version__}", "cases": cases}) + "\n")
