#include "training/update_rule.hpp"

#include <cmath>

namespace hypnos {
namespace {

class Momentum : public UpdateRule {
 public:
  explicit Momentum(const TrainingOptions& options)
      : momentum_(options.momentum), weight_decay_(options.weight_decay) {}

  UpdateStep next(double learning_rate, std::size_t samples) override {
    return MomentumStep{.rate = static_cast<float>(learning_rate / static_cast<double>(samples)),
                        .decay = static_cast<float>(learning_rate * weight_decay_),
                        .momentum = static_cast<float>(momentum_)};
  }

  std::size_t numbers_kept() const override { return 1; }

 private:
  double momentum_;
  double weight_decay_;
};

class Adam : public UpdateRule {
 public:
  explicit Adam(const TrainingOptions& options) : weight_decay_(options.weight_decay) {}

  UpdateStep next(double learning_rate, std::size_t samples) override {
    // Means that begin at 0 are too small at first; the corrections make up for it.
    left1_ *= beta1;
    left2_ *= beta2;
    return AdamStep{.rate = static_cast<float>(1 / static_cast<double>(samples)),
                    .decay = static_cast<float>(weight_decay_),
                    .beta1 = static_cast<float>(beta1),
                    .beta2 = static_cast<float>(beta2),
                    .step = static_cast<float>(learning_rate / (1 - left1_)),
                    .root_correction = static_cast<float>(std::sqrt(1 - left2_)),
                    .epsilon = 1e-8F};
  }

  std::size_t numbers_kept() const override { return 2; }

 private:
  // As PyTorch's defaults.
  static constexpr double beta1 = 0.9;
  static constexpr double beta2 = 0.999;

  double weight_decay_;
  double left1_ = 1;  // beta1 to the number of steps
  double left2_ = 1;
};

}  // namespace

std::unique_ptr<UpdateRule> make_update_rule(const TrainingOptions& options) {
  if (options.optimizer == Optimizer::adam) return std::make_unique<Adam>(options);
  return std::make_unique<Momentum>(options);
}

}  // namespace hypnos
