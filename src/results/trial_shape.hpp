#pragma once

namespace hypnos {

/// What the configuration of a stored trial looks like, as far as tables, exports and pages cannot
/// do without it (see base/json_shape.hpp).
inline constexpr const char* trial_shape = R"json({
  "choices": "object",
  "seed": "number",
  "data?": "text",
  "subset?": {
    "fraction?": "number", "per_class?": "number", "keep?": {"*": "number"}, "seed?": "number"
  },
  "reading?": {
    "layout?": "text", "range?": "text", "first_label?": "number",
    "normalize?": {"standardize?": "truth", "mean?": ["number"], "std?": ["number"]}
  },
  "pretraining?": {"data": "text", "fraction?": "number", "epochs": "number"},
  "stages?": ["text"],
  "sequence?": {"learner": "text"},
  "parameters?": "text",
  "finetuning?": {"epochs?": "number", "updates?": "number"}
})json";

}  // namespace hypnos
