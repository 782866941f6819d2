// Jacobi's method (Golub and Van Loan, Matrix Computations, section 8.5): each rotation in the
// plane (p, q) makes the element (p, q) zero; sweeps over all planes until nothing is left beside
// the diagonal.

#include "tuning/symmetric_eigen.hpp"

#include <cmath>

namespace hypnos {
namespace {

struct Rotation {
  double cosine = 1;
  double sine = 0;
};

// The rotation that makes the element beside the diagonal of [[pp, pq], [pq, qq]] zero.
Rotation rotation_for(double pp, double pq, double qq) {
  const double tau = (qq - pp) / (2 * pq);
  const double tangent = (tau < 0 ? -1 : 1) / (std::abs(tau) + std::sqrt(1 + tau * tau));
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  return {.cosine = cosine, .sine = tangent * cosine};
}

void rotate(double& a, double& b, const Rotation& r) {
  const double before = a;
  a = r.cosine * before - r.sine * b;
  b = r.sine * before + r.cosine * b;
}

// Whether `small` is lost beside both numbers.
bool negligible(double small, double a, double b) {
  constexpr double part = 1e-17;
  return std::abs(small) <= part * std::sqrt(std::abs(a) * std::abs(b));
}

}  // namespace

SymmetricEigen decompose_symmetric(std::vector<double> matrix, std::size_t n) {
  SymmetricEigen result;
  result.vectors.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) result.vectors[i * n + i] = 1;
  const auto at = [&](std::size_t row, std::size_t column) -> double& {
    return matrix[row * n + column];
  };
  constexpr int most_sweeps = 60;  // about 10 are needed
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < most_sweeps; ++sweep) {
    rotated = false;
    for (std::size_t p = 0; p + 1 < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        if (negligible(at(p, q), at(p, p), at(q, q))) continue;
        rotated = true;
        const Rotation r = rotation_for(at(p, p), at(p, q), at(q, q));
        for (std::size_t k = 0; k < n; ++k) rotate(at(k, p), at(k, q), r);
        for (std::size_t k = 0; k < n; ++k) rotate(at(p, k), at(q, k), r);
        for (std::size_t k = 0; k < n; ++k) {
          rotate(result.vectors[k * n + p], result.vectors[k * n + q], r);
        }
        at(p, q) = at(q, p) = 0;
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) result.values.push_back(at(i, i));
  return result;
}

}  // namespace hypnos
