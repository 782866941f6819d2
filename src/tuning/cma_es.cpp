// CMA-ES (N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, 2016), with the
// tutorial's default parameters and its negative weights. Of each generation
//   x_k = m + sigma y_k,  y_k = B sqrt(D) z_k,  z_k normally distributed,  C = B D B^T
// the better half moves the mean m, its path moves the step size sigma and, with all candidates,
// the covariance C.
//
// Bounds: the search itself is not confined. A position outside of [0, 1] is folded back at the
// border, as in a mirror, before it is tried. So every position can be tried, the optimum may lie
// on the border, and steps and covariance are those that the search took. Moving positions to the
// border instead would shrink the covariance and let the search come to rest there; drawing them
// anew would keep it away from there.

#include "tuning/cma_es.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/normal_sequence.hpp"
#include "base/portable_math.hpp"

namespace hypnos {
namespace {

double reflected(double x) {
  const double folded = std::fmod(std::abs(x), 2.0);
  return folded <= 1 ? folded : 2 - folded;
}

std::vector<double> reflected(std::vector<double> position) {
  for (double& x : position) x = reflected(x);
  return position;
}

double squared_length(const std::vector<double>& v) {
  return std::inner_product(v.begin(), v.end(), v.begin(), 0.0);
}

void add(std::vector<double>& sum, double factor, const std::vector<double>& v) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * v[i];
}

}  // namespace

std::size_t cma_es_population(std::size_t dimensions) {
  return 4 + static_cast<std::size_t>(3 * portable::log(static_cast<double>(dimensions)));
}

CmaEs::Strategy::Strategy(std::size_t dimensions) {
  const auto n = static_cast<double>(dimensions);
  const std::size_t population = cma_es_population(dimensions);
  parents = population / 2;
  double positive = 0;
  double positive_squares = 0;
  double negative = 0;
  double negative_squares = 0;
  for (std::size_t i = 0; i < population; ++i) {
    const double weight = portable::log((static_cast<double>(population) + 1) / 2) -
                          portable::log(static_cast<double>(i) + 1);
    weights.push_back(weight);
    (i < parents ? positive : negative) += std::abs(weight);
    (i < parents ? positive_squares : negative_squares) += weight * weight;
  }
  selection_mass = positive * positive / positive_squares;
  const double negative_mass = negative * negative / negative_squares;

  path_rate = (4 + selection_mass / n) / (n + 4 + 2 * selection_mass / n);
  step_rate = (selection_mass + 2) / (n + selection_mass + 5);
  step_damping = 1 + 2 * std::max(0.0, std::sqrt((selection_mass - 1) / (n + 1)) - 1) + step_rate;
  rank_one = 2 / ((n + 1.3) * (n + 1.3) + selection_mass);
  rank_mu = std::min(1 - rank_one, 2 * (selection_mass - 2 + 1 / selection_mass) /
                                       ((n + 2) * (n + 2) + selection_mass));
  expected_length = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

  // The negative weights may sum up to this much, for the covariance must stay positive definite.
  const double negative_sum =
      std::min({1 + rank_one / rank_mu, 1 + 2 * negative_mass / (selection_mass + 2),
                (1 - rank_one - rank_mu) / (n * rank_mu)});
  for (std::size_t i = 0; i < population; ++i) {
    weights[i] *= i < parents ? 1 / positive : negative_sum / negative;
  }
}

CmaEs::CmaEs(Vector start, double step_size, std::uint64_t seed)
    : dimensions_(start.size()),
      strategy_(dimensions_),
      seed_(seed),
      mean_(std::move(start)),
      step_size_(step_size),
      covariance_path_(dimensions_, 0.0),
      step_path_(dimensions_, 0.0),
      covariance_(dimensions_ * dimensions_, 0.0) {
  for (std::size_t i = 0; i < dimensions_; ++i) covariance_[i * dimensions_ + i] = 1;
  decompose();
}

CmaEs::Vector CmaEs::mean() const {
  return reflected(mean_);
}

std::vector<CmaEs::Vector> CmaEs::ask() {
  NormalSequence normals(seed_, Purpose::evolution, generation_);
  asked_.clear();
  std::vector<Vector> positions;
  for (std::size_t k = 0; k < strategy_.weights.size(); ++k) {
    Candidate candidate;
    for (std::size_t i = 0; i < dimensions_; ++i) candidate.normal.push_back(normals.next());
    Vector scaled = candidate.normal;
    for (std::size_t i = 0; i < dimensions_; ++i) scaled[i] *= std::sqrt(eigen_.values[i]);
    candidate.step = turned(scaled);
    Vector position = mean_;
    add(position, step_size_, candidate.step);
    positions.push_back(reflected(std::move(position)));
    asked_.push_back(std::move(candidate));
  }
  return positions;
}

void CmaEs::tell(std::span<const double> losses) {
  assert(losses.size() == asked_.size());
  const std::vector<const Candidate*> best_first = ranked(losses);
  Vector step(dimensions_, 0.0);
  Vector normal(dimensions_, 0.0);
  for (std::size_t k = 0; k < strategy_.parents; ++k) {
    add(step, strategy_.weights[k], best_first[k]->step);
    add(normal, strategy_.weights[k], best_first[k]->normal);
  }
  ++generation_;
  add(mean_, step_size_, step);
  const bool path_moved = move_paths(step, normal);
  adapt_covariance(best_first, path_moved);
  decompose();
}

std::vector<const CmaEs::Candidate*> CmaEs::ranked(std::span<const double> losses) const {
  const auto rank_of = [&](std::size_t k) {
    return std::isnan(losses[k]) ? std::numeric_limits<double>::infinity() : losses[k];
  };
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double rank_a = rank_of(a);
    const double rank_b = rank_of(b);
    return rank_a < rank_b || (rank_a == rank_b && a < b);
  });
  std::vector<const Candidate*> best_first;
  best_first.reserve(order.size());
  for (const std::size_t k : order) best_first.push_back(&asked_[k]);
  return best_first;
}

// Computes B v: turns a vector from the axes of the covariance to the coordinates of the positions.
CmaEs::Vector CmaEs::turned(const Vector& v) const {
  Vector result(dimensions_, 0.0);
  for (std::size_t i = 0; i < dimensions_; ++i) {
    for (std::size_t j = 0; j < dimensions_; ++j) {
      result[i] += eigen_.vectors[i * dimensions_ + j] * v[j];
    }
  }
  return result;
}

// @return whether the path of the covariance moved; it rests while the step size grows fast
bool CmaEs::move_paths(const Vector& step, const Vector& normal) {
  const Strategy& s = strategy_;
  const double kept = 1 - s.step_rate;
  for (double& x : step_path_) x *= kept;
  // C^(-1/2) step = B normal.
  add(step_path_, std::sqrt(s.step_rate * (2 - s.step_rate) * s.selection_mass), turned(normal));
  const double length = std::sqrt(squared_length(step_path_));
  step_size_ *= portable::exp(s.step_rate / s.step_damping * (length / s.expected_length - 1));

  step_path_part_ *= kept * kept;
  const double limit = 1.4 + 2 / (static_cast<double>(dimensions_) + 1);
  const bool moves = length / std::sqrt(1 - step_path_part_) < limit * s.expected_length;
  for (double& x : covariance_path_) x *= 1 - s.path_rate;
  if (moves) {
    add(covariance_path_, std::sqrt(s.path_rate * (2 - s.path_rate) * s.selection_mass), step);
  }
  return moves;
}

void CmaEs::adapt_covariance(const std::vector<const Candidate*>& best_first, bool path_moved) {
  const Strategy& s = strategy_;
  const auto add_product = [this](double factor, const Vector& v) {
    for (std::size_t i = 0; i < dimensions_; ++i) {
      for (std::size_t j = 0; j < dimensions_; ++j) {
        covariance_[i * dimensions_ + j] += factor * (v[i] * v[j]);
      }
    }
  };
  const double all_weights = std::accumulate(s.weights.begin(), s.weights.end(), 0.0);
  const double made_up_for = path_moved ? 0 : s.path_rate * (2 - s.path_rate);
  const double kept = 1 + s.rank_one * made_up_for - s.rank_one - s.rank_mu * all_weights;
  for (double& c : covariance_) c *= kept;
  add_product(s.rank_one, covariance_path_);
  for (std::size_t k = 0; k < best_first.size(); ++k) {
    const Candidate& candidate = *best_first[k];
    double weight = s.weights[k];
    // A bad step takes its share off the covariance and no more, however long it was.
    if (weight < 0) {
      weight *=
          static_cast<double>(dimensions_) / std::max(squared_length(candidate.normal), 1e-300);
    }
    add_product(s.rank_mu * weight, candidate.step);
  }
}

void CmaEs::decompose() {
  eigen_ = decompose_symmetric(covariance_, dimensions_);
  // Where the condition is extreme, rounding can turn the smallest eigenvalues negative.
  const double largest = *std::max_element(eigen_.values.begin(), eigen_.values.end());
  for (double& value : eigen_.values) value = std::max(value, 1e-20 * largest);
}

}  // namespace hypnos
