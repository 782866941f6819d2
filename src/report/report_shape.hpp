#pragma once

namespace hypnos {

/// What a report's data look like, as far as the page cannot do without them (see
/// base/json_shape.hpp). web/src/report.ts says what they mean.
inline constexpr const char* report_shape = R"json({
  "kind": "text",
  "source": "text",
  "program": "text",
  "command": "text",
  "studies": [{
    "name": "text",
    "answers": "text",
    "plan": "text",
    "planned": "number",
    "done": "number",
    "varying": ["text"],
    "constant": [["text"]],
    "groups": [{
      "id": "text",
      "choices": "object",
      "seeds": ["number"],
      "samples": "number",
      "program": "text",
      "machine": "text",
      "moments": {"*": {
        "measures": {
          "accuracy": {"n": "number", "mean": "number?", "deviation": "number?"},
          "balanced_accuracy": {"n": "number", "mean": "number?", "deviation": "number?"},
          "macro_f1": {"n": "number", "mean": "number?", "deviation": "number?"},
          "geometric_mean": {"n": "number", "mean": "number?", "deviation": "number?"}
        },
        "classes": [{
          "samples": "number", "answered": "number", "recall": "number?", "deviation": "number?"
        }],
        "confusion": [["number"]]
      }},
      "gains": [{
        "from": "text",
        "to": "text",
        "measures": {
          "accuracy": {"n": "number", "mean": "number?", "low": "number?", "high": "number?"},
          "balanced_accuracy": {"n": "number", "mean": "number?", "low": "number?", "high": "number?"},
          "macro_f1": {"n": "number", "mean": "number?", "low": "number?", "high": "number?"},
          "geometric_mean": {"n": "number", "mean": "number?", "low": "number?", "high": "number?"}
        }
      }],
      "configuration": {
        "data": "text",
        "subset?": {"fraction?": "number", "per_class?": "number", "keep?": {"*": "number"}},
        "reading?": {"layout?": "text", "range?": "text", "first_label?": "number",
                     "normalize?": {"standardize?": "truth", "mean?": ["number"], "std?": ["number"]}},
        "pretraining?": {"data": "text", "epochs": "number"},
        "stages?": ["text"],
        "parameters?": "text",
        "finetuning?": {"epochs?": "number", "updates?": "number"},
        "sequence?": {"learner": "text"}
      },
      "failures": ["text"],
      "sleep?": {"n": "number", "ends": {"*": "number"}, "steps": "number"},
      "layers?": [{
        "units": "number",
        "rate": {"n": "number", "mean": "number?", "deviation": "number?"},
        "threshold?": "number?",
        "before?": {"*": "number?"},
        "after?": {"*": "number?"},
        "strengthened?": {"mean": "number?"},
        "weakened?": {"mean": "number?"},
        "responses?": {"*": {
          "active": {"mean": "number?", "deviation": "number?"},
          "sparsity": {"mean": "number?", "deviation": "number?"},
          "class_correlation": {"mean": "number?", "deviation": "number?"},
          "correlations": ["number?"]
        }}
      }],
      "histograms?": [{
        "low": "number?", "high": "number?", "before": ["number"], "after_sleep": ["number"]
      }],
      "distorted?": {
        "distortions": ["text"],
        "moments": {"*": {
          "mean": {"n": "number", "mean": "number?", "deviation": "number?"},
          "each": [{"n": "number", "mean": "number?", "deviation": "number?"}]
        }},
        "gains": [{
          "from": "text", "to": "text",
          "n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"
        }]
      },
      "sequence?": {
        "classes": [["number"]],
        "stored": "number",
        "reads_old": "truth",
        "numbers": {
          "accuracy": {"n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"},
          "mean_of_tasks": {"n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"},
          "learning_accuracy": {"n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"},
          "backward_transfer": {"n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"},
          "forgetting": {"n": "number", "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"}
        },
        "rows": [{
          "learned": "number",
          "before": {"mean": ["number?"], "deviation": ["number?"]},
          "slept?": {"mean": ["number?"], "deviation": ["number?"]}
        }]
      }
    }],
    "sequence_gains?": [{
      "group": "number", "over": "number", "n": "number",
      "mean": "number?", "deviation": "number?", "low": "number?", "high": "number?"
    }],
    "verdicts": [{
      "from": "text",
      "to": "text",
      "measures": {
        "accuracy": {"groups": "number", "trials": "number", "better": "number", "worse": "number", "mean": "number?"},
        "balanced_accuracy": {"groups": "number", "trials": "number", "better": "number", "worse": "number", "mean": "number?"},
        "macro_f1": {"groups": "number", "trials": "number", "better": "number", "worse": "number", "mean": "number?"},
        "geometric_mean": {"groups": "number", "trials": "number", "better": "number", "worse": "number", "mean": "number?"}
      }
    }]
  }],
  "recording?": {
    "source": "text",
    "steps": "number",
    "bin_steps": "number",
    "layers": [{
      "units": "number",
      "fired": "number",
      "rates": ["number?"],
      "raster_units": ["number"],
      "raster_until": "number",
      "raster_steps": ["number"],
      "raster_rows": ["number"]
    }],
    "input?": {
      "rows": "number",
      "columns": "number",
      "rates": ["number"],
      "moments": [{"step": "number", "units": ["number"]}]
    },
    "states": [{
      "step": "number", "layer": "number", "mean": "number?", "deviation": "number?",
      "low": "number?", "high": "number?", "positive": "number?"
    }],
    "trace": [{"step": "number", "accuracy": "number"}]
  }
})json";

}  // namespace hypnos
