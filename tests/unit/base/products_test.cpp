#include "base/products.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/vector_targets.hpp"

namespace hypnos {
namespace {

using Floats = std::vector<float>;

Floats random_numbers(std::size_t count, unsigned seed, float factor = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  Floats numbers(count);
  for (float& number : numbers) number = factor * normal(engine);
  return numbers;
}

// To the bit: 0 and -0 differ, and NaN is like NaN.
void expect_same(const Floats& a, const Floats& b, const char* what) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(std::memcmp(&a[i], &b[i], sizeof(float)), 0)
        << what << " " << i << ": " << a[i] << " " << b[i];
  }
}

Panels panels_of(const Floats& matrix, std::size_t rows, std::size_t columns,
                 std::size_t more_rows = 0) {
  Panels panels(rows + more_rows, columns);
  for (std::size_t r = 0; r < rows; ++r) {
    panels.set_row(r, std::span(matrix).subspan(r * columns, columns));
  }
  return panels;
}

Floats rows_of(const Panels& panels, std::size_t rows) {
  Floats matrix(rows * panels.columns());
  for (std::size_t r = 0; r < rows; ++r) {
    panels.get_row(r, std::span(matrix).subspan(r * panels.columns(), panels.columns()));
  }
  return matrix;
}

// One layer and what comes into it, as plain row-major arrays.
struct Case {
  std::size_t samples, inputs, outputs;
  float factor;  // of the activations
  Floats below, weights, biases, errors;
  std::vector<std::uint32_t> words;

  Case(std::size_t s, std::size_t i, std::size_t o, float f)
      : samples(s),
        inputs(i),
        outputs(o),
        factor(f),
        below(random_numbers(s * i, 1, f)),
        weights(random_numbers(o * i, 2)),
        biases(random_numbers(o, 3)),
        errors(random_numbers(s * o, 4)) {
    std::mt19937 engine(5);
    words.resize(s * o + 64);
    for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(engine());
    for (std::size_t k = 0; k < below.size(); k += 3) below[k] = 0;  // as ReLU leaves them
  }

  LayerPanels layer() const {
    LayerPanels panels = make_layer_panels(inputs, outputs, true);
    panels.weights.set_transposed(weights);
    std::copy(biases.begin(), biases.end(), panels.biases.data());
    return panels;
  }
};

// All shares one after the other, or each on a thread of its own.
template <typename Work>
void in_shares(unsigned threads, const Work& work) {
  ThreadTeam team(threads);
  team.run(work);
}

class ProductsTest : public test::VectorTargetTest {
 protected:
  template <typename Check>
  static void for_each_case(const Check& check) {
    struct Size {
      std::size_t samples, inputs, outputs;
    };
    for (const auto& [samples, inputs, outputs] :
         {Size{1, 1, 1}, Size{1, 3, 5}, Size{2, 17, 10}, Size{37, 49, 33}, Size{49, 95, 97},
          Size{101, 131, 48}, Size{131, 20, 130}, Size{100, 301, 47}}) {
      for (const float factor : {1.0F, 1e-41F, 1e25F}) {
        for (const unsigned threads : {1U, 2U, 3U}) {
          if (factor != 1 && threads != 2) continue;
          SCOPED_TRACE(testing::Message() << samples << " x " << inputs << " x " << outputs
                                          << ", factor " << factor << ", threads " << threads);
          check(Case(samples, inputs, outputs, factor), threads);
          if (testing::Test::HasFatalFailure()) return;
        }
      }
    }
  }
};

TEST_P(ProductsTest, ForwardIsOneChainOfFusedMultiplyAdds) {
  for_each_case([](const Case& c, unsigned threads) {
    const LayerPanels layer = c.layer();
    const Panels below = panels_of(c.below, c.samples, c.inputs, 3);
    for (const Activation activation :
         {Activation::linear, Activation::rectified, Activation::rectified_and_dropped}) {
      const float scale = activation == Activation::linear ? 1 : 1.25F;
      Panels result(c.samples + 3, c.outputs);
      const ForwardProduct product{.samples = c.samples,
                                   .below = below,
                                   .layer = layer,
                                   .result = result,
                                   .activation = activation,
                                   .scale = scale,
                                   .words = c.words.data(),
                                   .drop_below = 1U << 30};
      in_shares(threads, [&](Share share) { multiply_forward(product, share); });
      Floats wanted(c.samples * c.outputs);
      float largest = 0;
      for (std::size_t s = 0; s < c.samples; ++s) {
        for (std::size_t o = 0; o < c.outputs; ++o) {
          float sum = c.biases[o];
          for (std::size_t i = 0; i < c.inputs; ++i) {
            sum = std::fma(c.below[s * c.inputs + i], c.weights[o * c.inputs + i], sum);
          }
          if (activation != Activation::linear) {
            sum *= scale;
            if (sum < 0) sum = 0;
          }
          const bool dropped = activation == Activation::rectified_and_dropped &&
                               c.words[s * c.outputs + o] < 1U << 30;
          wanted[s * c.outputs + o] = dropped ? 0 : sum;
          largest = std::max(largest, wanted[s * c.outputs + o]);
        }
      }
      expect_same(rows_of(result, c.samples), wanted, "output");
      EXPECT_EQ(largest_or_zero(result, c.samples, {}), largest);
      for (std::size_t k = c.outputs; k < result.count() * result.width(); ++k) {
        ASSERT_EQ(result.at(0, k / result.width() * result.width())[k % result.width()], 0)
            << "what lies behind the last output stays 0";
      }
    }
  });
}

TEST_P(ProductsTest, WithoutBiasesChainsStartAtZero) {
  const Case c(7, 20, 5, 1);
  LayerPanels layer = c.layer();
  layer.biases = {};
  Panels result(7, 5);
  const Panels below = panels_of(c.below, 7, 20);
  multiply_forward({.samples = 7, .below = below, .layer = layer, .result = result}, {});
  Floats wanted(35, 0);
  for (std::size_t k = 0; k < 35; ++k) {
    for (std::size_t i = 0; i < 20; ++i) {
      wanted[k] = std::fma(c.below[k / 5 * 20 + i], c.weights[k % 5 * 20 + i], wanted[k]);
    }
  }
  expect_same(rows_of(result, 7), wanted, "output");
}

TEST_P(ProductsTest, RectifyingKeepsWhatIsNoNumber) {
  // So that a training that diverges is seen in its loss.
  const float nan = std::numeric_limits<float>::quiet_NaN();
  LayerPanels layer = make_layer_panels(1, 3, false);
  layer.weights.set_transposed(Floats{nan, -1, 1});
  Panels result(1, 3);
  const Panels below = panels_of({1}, 1, 1);
  multiply_forward({.samples = 1,
                    .below = below,
                    .layer = layer,
                    .result = result,
                    .activation = Activation::rectified},
                   {});
  const Floats row = rows_of(result, 1);
  EXPECT_TRUE(std::isnan(row[0]));
  EXPECT_EQ(row[1], 0);
  EXPECT_EQ(row[2], 1);
  EXPECT_EQ(largest_or_zero(result, 1, {}), 1);
}

TEST_P(ProductsTest, ErrorsPassWhereUnitsAreActive) {
  for_each_case([](const Case& c, unsigned threads) {
    const LayerPanels layer = c.layer();
    const Panels activations = panels_of(c.below, c.samples, c.inputs, 3);
    Panels errors(c.outputs, c.samples + 3);
    for (std::size_t s = 0; s < c.samples; ++s) {
      for (std::size_t o = 0; o < c.outputs; ++o) *errors.at(o, s) = c.errors[s * c.outputs + o];
    }
    Panels below(c.samples + 3, c.inputs);
    Panels below_transposed(c.inputs, c.samples + 3);
    const BackwardProduct product{.samples = c.samples,
                                  .weights = layer.weights,
                                  .errors = errors,
                                  .activations = activations,
                                  .scale = 1.25F,
                                  .below = below,
                                  .below_transposed = below_transposed};
    in_shares(threads, [&](Share share) { multiply_backward(product, share); });
    Floats wanted(c.samples * c.inputs);
    Floats turned(c.samples * c.inputs);
    for (std::size_t s = 0; s < c.samples; ++s) {
      for (std::size_t i = 0; i < c.inputs; ++i) {
        float sum = 0;
        for (std::size_t o = 0; o < c.outputs; ++o) {
          sum = std::fma(c.errors[s * c.outputs + o], c.weights[o * c.inputs + i], sum);
        }
        wanted[s * c.inputs + i] = c.below[s * c.inputs + i] > 0 ? sum * 1.25F : 0;
        turned[s * c.inputs + i] = *below_transposed.at(i, s);
      }
    }
    expect_same(rows_of(below, c.samples), wanted, "errors");
    expect_same(turned, wanted, "errors by samples");
  });
}

// The step of one weight.
void plain_step(const MomentumStep& step, float g, float& w, float (&kept)[2]) {
  float update = std::fma(step.rate, g, kept[0]);
  update = std::fma(step.decay, w, update);
  w -= update;
  kept[0] = update * step.momentum;
}

void plain_step(const AdamStep& step, float g, float& w, float (&kept)[2]) {
  const float scaled = step.rate * g;
  const float h = std::fma(step.decay, w, scaled);
  const float change = h - kept[0];
  kept[0] = std::fma(1 - step.beta1, change, kept[0]);
  const float weighted = (1 - step.beta2) * h;
  const float decayed = kept[1] * step.beta2;
  kept[1] = std::fma(weighted, h, decayed);
  const float root = std::sqrt(kept[1]) / step.root_correction;
  const float along = step.step * kept[0];
  w -= along / (root + step.epsilon);
}

template <typename Step>
void check_gradient(const Case& c, unsigned threads, const Step& step) {
  LayerPanels layer = c.layer();
  std::vector<LayerPanels> kept;
  for (std::size_t n = 0; n < numbers_kept(step); ++n) {
    kept.push_back(make_layer_panels(c.inputs, c.outputs, true));
  }
  const Panels below = panels_of(c.below, c.samples, c.inputs, 3);
  const Panels errors = panels_of(c.errors, c.samples, c.outputs, 3);
  const GradientProduct product{.samples = c.samples,
                                .below = below,
                                .errors = errors,
                                .step = step,
                                .layer = layer,
                                .kept = kept};
  Floats weights = c.weights;
  Floats biases = c.biases;
  std::vector<float> numbers(2 * (weights.size() + biases.size()), 0);
  for (int times = 0; times < 3; ++times) {
    in_shares(threads, [&](Share share) { multiply_gradient(product, share); });
    auto* at = numbers.data();
    const auto move = [&](float g, float& w) {
      float of_weight[2] = {at[0], at[1]};
      plain_step(step, g, w, of_weight);
      std::copy_n(of_weight, 2, at);
      at += 2;
    };
    for (std::size_t o = 0; o < c.outputs; ++o) {
      for (std::size_t i = 0; i < c.inputs; ++i) {
        float g = 0;
        for (std::size_t s = 0; s < c.samples; ++s) {
          g = std::fma(c.below[s * c.inputs + i], c.errors[s * c.outputs + o], g);
        }
        move(g, weights[o * c.inputs + i]);
      }
      float g = 0;
      for (std::size_t s = 0; s < c.samples; ++s) g += c.errors[s * c.outputs + o];
      move(g, biases[o]);
    }
  }
  Floats got(weights.size());
  layer.weights.get_transposed(got);
  expect_same(got, weights, "weights");
  expect_same({layer.biases.data(), layer.biases.data() + c.outputs}, biases, "biases");
  for (std::size_t k = c.outputs; k < layer.biases.size(); ++k)
    ASSERT_EQ(layer.biases.data()[k], 0);
}

TEST_P(ProductsTest, GradientsMoveWeightsByMomentum) {
  for_each_case([](const Case& c, unsigned threads) {
    if (c.factor > 1) return;
    check_gradient(c, threads, MomentumStep{.rate = 0.01F, .decay = 0, .momentum = 0.9F});
    check_gradient(c, threads, MomentumStep{.rate = 0.01F, .decay = 0.001F, .momentum = 0.9F});
  });
}

TEST_P(ProductsTest, GradientsMoveWeightsByAdam) {
  for_each_case([](const Case& c, unsigned threads) {
    if (c.factor > 1) return;
    check_gradient(c, threads,
                   AdamStep{.rate = 0.01F,
                            .decay = 0.003F,
                            .beta1 = 0.9F,
                            .beta2 = 0.999F,
                            .step = 0.01F,
                            .root_correction = 0.0316F,
                            .epsilon = 1e-8F});
  });
}

TEST_P(ProductsTest, TheTargetHasAName) {
  EXPECT_FALSE(vector_target().empty());
  EXPECT_EQ(panel_width() % 2, 0U);
  const bool old = vector_target() == "SSSE3" || vector_target() == "SSE4" ||
                   vector_target() == "SCALAR" || vector_target() == "EMU128";
  EXPECT_EQ(has_fused_multiply_add(), !old);
}

INSTANTIATE_TEST_SUITE_P(Targets, ProductsTest, test::vector_targets(), test::target_name);

TEST(Panels, TurnMatricesAndBack) {
  for (const auto& [rows, columns] :
       {std::pair(1UL, 1UL), std::pair(5UL, 100UL), std::pair(37UL, 49UL), std::pair(100UL, 7UL)}) {
    const Floats matrix = random_numbers(rows * columns, 1);
    Panels panels(rows, columns);
    panels.set_transposed(matrix);
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) ASSERT_EQ(*panels.at(r, c), matrix[c * rows + r]);
    }
    Floats back(matrix.size());
    panels.get_transposed(back);
    EXPECT_EQ(back, matrix);
  }
}

}  // namespace
}  // namespace hypnos
