#include "training/batch.hpp"

namespace hypnos {

Batch::Batch(const Dataset& data, std::size_t most, std::span<const double> class_weights,
             std::span<const float> targets, const std::optional<Augmenter>& augmenter,
             std::size_t threads)
    : data_(data),
      class_weights_(class_weights),
      targets_(targets),
      augmenter_(augmenter),
      plain_(threads, std::vector<float>(data.shape.features())),
      moved_(threads, std::vector<float>(data.shape.features())),
      images_(most, data.shape.features()) {}

void Batch::gather(std::span<const std::uint32_t> samples, ThreadTeam& team) {
  shown_ += samples_.size();
  samples_ = samples;
  team.run([&](Share share) {
    const auto [begin, end] = share.of(samples_.size());
    for (std::size_t i = begin; i < end; ++i) {
      std::span<const float> image = data_.image(samples_[i], plain_[share.index]);
      if (augmenter_) {
        std::vector<float>& moved = moved_[share.index];
        augmenter_->apply(image, shown_ + i, moved);
        image = moved;
      }
      images_.set_row(i, image);
    }
  });
}

}  // namespace hypnos
