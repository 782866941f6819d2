#include "data/data_summary_json.hpp"

namespace hypnos {
namespace {

Json half_json(const HalfSummary& half) {
  return {{"samples", half.samples()},
          {"images", half.images_file},
          {"labels", half.labels_file},
          {"shape", half.shape},
          {"type", half.number_type},
          {"order", half.order},
          {"range", {half.low, half.high}},
          {"whole_numbers", half.whole},
          {"label_range", {half.label_low, half.label_high}},
          {"per_class", half.per_class}};
}

}  // namespace

Json to_json(const DataSummary& data) {
  Json result = {{"name", data.name},
                 {"shape", {data.shape.rows, data.shape.columns, data.shape.channels}},
                 {"layout", name_of(data.shape.layout)},
                 {"range", name_of(data.scale)},
                 {"first_label", data.first_label},
                 {"classes", data.classes},
                 {"ignored", data.ignored}};
  if (data.train) result["train"] = half_json(*data.train);
  if (data.test) result["test"] = half_json(*data.test);
  return result;
}

}  // namespace hypnos
