#include "network/norm_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "hypnos/model_errors.hpp"
#include "network/element_type.hpp"
#include "network/name_numbers.hpp"

namespace hypnos {
namespace {

using Layers = std::vector<LinearModule>;

// A place in nn.Sequential: "net" and 3 of "net.3".
struct Slot {
  std::string parent;
  std::uint64_t number = 0;
};

std::optional<Slot> slot_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const std::string last = dot == name.npos ? name : name.substr(dot + 1);
  Slot slot{.parent = dot == name.npos ? "" : name.substr(0, dot)};
  const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), slot.number);
  if (error != std::errc() || end != last.data() + last.size()) return std::nullopt;
  return slot;
}

// Between the layers there are gaps: gap g lies before layer g.
class Placer {
 public:
  Placer(const std::filesystem::path& path, const Layers& layers, std::optional<NormPlace> place)
      : path_(path), layers_(layers), place_(place) {}

  NormPosition position_of(const NormModule& norm) const {
    const std::size_t gap = find_gap(norm);
    if (gap == layers_.size()) return {.layer = gap - 1, .on_input = false};
    if (gap == 0) return {.layer = 0, .on_input = true};
    bool proven = true;
    const NormPlace place = find_place(norm, gap, proven);
    return place == NormPlace::before_relu
               ? NormPosition{.layer = gap - 1, .on_input = false, .proven = proven}
               : NormPosition{.layer = gap, .on_input = true, .proven = proven};
  }

 private:
  std::uint64_t units_at(std::size_t gap) const {
    return gap == 0 ? layers_[0].weights->shape[1] : layers_[gap - 1].weights->shape[0];
  }

  std::size_t find_gap(const NormModule& norm) const {
    std::optional<std::size_t> gap = gap_by_slot(norm);
    if (!gap) gap = gap_by_numbers(norm);
    if (!gap) gap = gap_by_shape(norm);
    if (!gap || units_at(*gap) != norm.units()) {
      throw FileError(path_, fmt::format("{}: it is not clear between which layers this BatchNorm "
                                         "of {} units stands; number it like the layer before it",
                                         norm.mean->name, norm.units()));
    }
    return *gap;
  }

  // By its place in the nn.Sequential that has layers too.
  std::optional<std::size_t> gap_by_slot(const NormModule& norm) const {
    const auto slot = slot_of(norm.name);
    if (!slot) return std::nullopt;
    std::optional<std::size_t> gap;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const auto of_layer = slot_of(layers_[l].name);
      if (!of_layer || of_layer->parent != slot->parent) continue;
      if (of_layer->number < slot->number) gap = l + 1;
      if (!gap) gap = l;
    }
    return gap;
  }

  // After the layer with the same numbers in its name: "bn1" after "fc1".
  std::optional<std::size_t> gap_by_numbers(const NormModule& norm) const {
    const NumberedName name = split_numbers(norm.name);
    std::optional<std::size_t> gap;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      if (name.numbers.empty() || split_numbers(layers_[l].name).numbers != name.numbers) continue;
      if (gap) return std::nullopt;
      gap = l + 1;
    }
    return gap;
  }

  std::optional<std::size_t> gap_by_shape(const NormModule& norm) const {
    std::optional<std::size_t> found;
    for (std::size_t gap = 0; gap <= layers_.size(); ++gap) {
      if (units_at(gap) != norm.units()) continue;
      if (found) return std::nullopt;
      found = gap;
    }
    return found;
  }

  NormPlace find_place(const NormModule& norm, std::size_t gap, bool& proven) const {
    const auto before = slot_of(layers_[gap - 1].name);
    const auto here = slot_of(norm.name);
    const auto after = slot_of(layers_[gap].name);
    if (before && here && after && before->parent == here->parent &&
        after->parent == here->parent) {
      const bool room_before = here->number - before->number > 1;
      const bool room_after = after->number - here->number > 1;
      if (room_before != room_after) {
        return room_before ? NormPlace::after_relu : NormPlace::before_relu;
      }
    }
    proven = false;
    if (place_) return *place_;
    const std::vector<float> means = to_floats(norm.mean->type, norm.mean->bytes);
    if (std::any_of(means.begin(), means.end(), [](float mean) { return mean < 0; })) {
      return NormPlace::before_relu;
    }
    throw NormPlaceError(path_, fmt::format("{}: this BatchNorm can stand before the ReLU or after "
                                            "it, and nothing says where",
                                            norm.mean->name));
  }

  const std::filesystem::path& path_;
  const Layers& layers_;
  std::optional<NormPlace> place_;
};

}  // namespace

std::vector<NormPosition> place_norms(const std::filesystem::path& path, const Layers& layers,
                                      const std::vector<NormModule>& norms,
                                      std::optional<NormPlace> place) {
  const Placer placer(path, layers, place);
  std::vector<NormPosition> positions;
  for (const NormModule& norm : norms) {
    const NormPosition position = placer.position_of(norm);
    const bool taken =
        std::any_of(positions.begin(), positions.end(), [&](const NormPosition& other) {
          return other.layer == position.layer && other.on_input == position.on_input;
        });
    if (taken) {
      throw FileError(path, norm.mean->name + ": two BatchNorms stand in the same place");
    }
    positions.push_back(position);
  }
  return positions;
}

}  // namespace hypnos
