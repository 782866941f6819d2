#include "hypnos/training_options.hpp"

namespace hypnos {

TrainingOptions authors_protocol() {
  return {.output = OutputKind::relu,
          .dropout_form = DropoutForm::classical,
          .biases = false,
          .initial_range = 0.01,
          .optimizer = Optimizer::sgd,
          .learning_rate = 0.01,
          .momentum = 0.5,
          .batch_size = 100,
          .dropout = 0.25,
          .epochs = 10};
}

TrainingOptions modern_protocol() {
  return {.output = OutputKind::softmax,
          .dropout_form = DropoutForm::inverted,
          .biases = true,
          .initial_range = 0,
          .optimizer = Optimizer::sgd,
          .learning_rate = 0.1,
          .schedule = Schedule::cosine,
          .momentum = 0.9,
          .batch_size = 100,
          .dropout = 0.25,
          .epochs = 50};
}

TrainingOptions finetuning_after(TrainingOptions training) {
  end_after_epochs(training, 20);
  if (training.output != OutputKind::relu) training.learning_rate *= 0.1;
  return training;
}

}  // namespace hypnos
