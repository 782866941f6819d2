#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tuning/symmetric_eigen.hpp"

namespace hypnos {

/// The number of candidates per generation: 4 + 3 ln(dimensions), as Hansen recommends.
std::size_t cma_es_population(std::size_t dimensions);

/// Minimizes a function over [0, 1]^n by CMA-ES. It asks for the losses of a whole generation at
/// once, so that they can be found at the same time:
///
///     CmaEs search(start, 0.2, seed);
///     for (int generation = 0; generation < 100; ++generation) {
///       std::vector<double> losses;
///       for (const auto& position : search.ask()) losses.push_back(loss(position));
///       search.tell(losses);
///     }
///
/// The same seed and losses give the same bits on every machine.
class CmaEs {
 public:
  using Vector = std::vector<double>;

  /// @param start the search begins here, in [0, 1]^n, n > 0
  /// @param step_size the first standard deviation in each coordinate
  CmaEs(Vector start, double step_size, std::uint64_t seed);

  /// The positions of the next generation, [population][n].
  std::vector<Vector> ask();

  /// @param losses those of the positions that were asked last, in their order; NaN is the worst
  void tell(std::span<const double> losses);

  /// The middle of the generation to come.
  Vector mean() const;
  /// C, [n x n]: positions are normally distributed with the covariance step_size^2 C, before
  /// those outside of the box are folded back.
  const Vector& covariance() const { return covariance_; }
  double step_size() const { return step_size_; }

 private:
  // The weights of a generation's candidates, the best first, and the learning rates (Hansen 2016,
  // table 1).
  struct Strategy {
    explicit Strategy(std::size_t dimensions);
    Vector weights;
    std::size_t parents;
    double selection_mass;   // mu_eff
    double path_rate;        // c_c
    double step_rate;        // c_sigma
    double step_damping;     // d_sigma
    double rank_one;         // c_1
    double rank_mu;          // c_mu
    double expected_length;  // E |N(0, I)|
  };

  // A candidate is mean + step_size * step, and step = B sqrt(D) normal.
  struct Candidate {
    Vector normal;
    Vector step;
  };

  Vector turned(const Vector& v) const;
  std::vector<const Candidate*> ranked(std::span<const double> losses) const;
  bool move_paths(const Vector& step, const Vector& normal);
  void adapt_covariance(const std::vector<const Candidate*>& best_first, bool path_moved);
  void decompose();

  std::size_t dimensions_;
  Strategy strategy_;
  std::uint64_t seed_;
  std::uint64_t generation_ = 0;
  Vector mean_;  // not confined to [0, 1]: see reflected() in the source
  double step_size_;
  Vector covariance_path_;     // p_c
  Vector step_path_;           // p_sigma
  double step_path_part_ = 1;  // (1 - c_sigma)^(2 * generations)
  Vector covariance_;          // C
  SymmetricEigen eigen_;       // of C
  std::vector<Candidate> asked_;
};

}  // namespace hypnos
