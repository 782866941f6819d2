#include "training/batch.hpp"

namespace hypnos {

Batch::Batch(const Dataset& data, std::size_t most, std::span<const double> class_weights,
             std::span<const float> targets, const std::optional<Augmenter>& augmenter,
             std::size_t threads)
    : data_(data),
      class_weights_(class_weights),
      targets_(targets),
      plain_(threads, std::vector<float>(data.shape.features())),
      shown_images_(threads, std::vector<float>(data.shape.features())),
      images_(most, data.shape.features()) {
  if (augmenter) augmenters_.assign(threads, *augmenter);
}

void Batch::gather(std::span<const std::uint32_t> samples, ThreadTeam& team) {
  shown_ += samples_.size();
  samples_ = samples;
  team.run([&](Share share) {
    const auto [begin, end] = share.of(samples_.size());
    for (std::size_t i = begin; i < end; ++i) {
      std::span<const float> image = data_.image(samples_[i], plain_[share.index]);
      if (!augmenters_.empty()) {
        std::vector<float>& shown = shown_images_[share.index];
        augmenters_[share.index].apply(image, shown_ + i, shown);
        image = shown;
      }
      images_.set_row(i, image);
    }
  });
}

}  // namespace hypnos
