#include "sleep/kernels.hpp"

#include <algorithm>

#include "sleep/plasticity.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sleep/kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hypnos::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A vector has at most `padding` lanes, so that the padding always fills it.
using Floats = hn::CappedTag<float, padding>;
using Words = hn::RebindToUnsigned<Floats>;
using Indices = hn::RebindToSigned<Floats>;

void AddColumns(std::span<const float* const> columns, std::size_t units, float* HWY_RESTRICT sum) {
  const Floats d;
  std::size_t c = 0;
  for (std::size_t i = 0; i < units; i += hn::Lanes(d)) hn::Store(hn::Zero(d), d, sum + i);
  for (; c + 4 <= columns.size(); c += 4) {
    const float* a0 = columns[c];
    const float* a1 = columns[c + 1];
    const float* a2 = columns[c + 2];
    const float* a3 = columns[c + 3];
    for (std::size_t i = 0; i < units; i += hn::Lanes(d)) {
      auto v = hn::Load(d, sum + i);
      v = hn::Add(v, hn::Load(d, a0 + i));
      v = hn::Add(v, hn::Load(d, a1 + i));
      v = hn::Add(v, hn::Load(d, a2 + i));
      v = hn::Add(v, hn::Load(d, a3 + i));
      hn::Store(v, d, sum + i);
    }
  }
  for (; c < columns.size(); ++c) {
    const float* a = columns[c];
    for (std::size_t i = 0; i < units; i += hn::Lanes(d)) {
      hn::Store(hn::Add(hn::Load(d, sum + i), hn::Load(d, a + i)), d, sum + i);
    }
  }
}

std::size_t Integrate(const Integration& step, std::size_t units, float* HWY_RESTRICT membrane,
                      const float* HWY_RESTRICT input, std::uint32_t* HWY_RESTRICT fired) {
  const Floats d;
  const auto decay = hn::Set(d, step.decay);
  const auto gain = hn::Set(d, step.gain);
  const auto inhibition = hn::Set(d, step.inhibition);
  const auto threshold = hn::Set(d, step.threshold);
  std::size_t count = 0;
  for (std::size_t i = 0; i < units; i += hn::Lanes(d)) {
    auto v = hn::Load(d, membrane + i);
    for (std::uint64_t s = 0; s < step.idle_steps; ++s) v = hn::Mul(v, decay);
    const auto drive = hn::Sub(hn::Mul(gain, hn::Load(d, input + i)), inhibition);
    v = hn::Add(hn::Mul(decay, v), drive);
    if (step.current != nullptr) v = hn::Add(v, hn::Load(d, step.current + i));
    const auto over = hn::Ge(v, threshold);
    if (HWY_UNLIKELY(!hn::AllFalse(d, over))) {
      alignas(64) float values[padding];
      hn::Store(v, d, values);
      for (std::size_t lane = 0; lane < hn::Lanes(d) && i + lane < units; ++lane) {
        if (values[lane] >= step.threshold) fired[count++] = static_cast<std::uint32_t>(i + lane);
      }
      v = hn::IfThenZeroElse(over, v);
    }
    hn::Store(v, d, membrane + i);
  }
  return count;
}

// The operations are those of portable_exp, in the same order.
template <class D, class V = hn::Vec<D>>
V Exp(D d, V x) {
  using C = ExpConstants;
  x = hn::Min(hn::Max(x, hn::Set(d, C::lowest)), hn::Set(d, C::highest));
  const auto n = hn::Round(hn::Mul(x, hn::Set(d, C::log2_e)));
  const auto r =
      hn::Sub(hn::Sub(x, hn::Mul(n, hn::Set(d, C::ln2_high))), hn::Mul(n, hn::Set(d, C::ln2_low)));
  auto y = hn::Set(d, C::polynomial[0]);
  for (int k = 1; k < 6; ++k) y = hn::Add(hn::Mul(y, r), hn::Set(d, C::polynomial[k]));
  y = hn::Add(hn::Add(hn::Mul(y, hn::Mul(r, r)), r), hn::Set(d, 1.0F));
  const hn::RebindToSigned<D> di;
  const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127)));
  return hn::Mul(y, hn::BitCast(d, exponent));
}

template <Rule rule, class D, class V = hn::Vec<D>>
V Phi(D d, V w) {
  const auto one = hn::Set(d, 1.0F);
  if constexpr (rule == Rule::tadros2022) {
    const auto e = Exp(d, hn::Mul(w, hn::Set(d, 1000.0F)));
    return hn::Div(hn::Set(d, 2.0F), hn::Add(one, e));
  } else if constexpr (rule == Rule::sigmoid) {
    return hn::Div(one, hn::Add(one, Exp(d, hn::Neg(w))));
  } else {
    return one;
  }
}

// Makes one vector of changes. `count` lanes are used; the others write to the padding.
template <Rule rule>
HWY_INLINE void ChangeVector(float* column, const std::uint32_t* units, std::size_t count,
                             float amount, std::uint32_t idle) {
  const Floats d;
  const Words dw;
  const Indices di;
  auto index = hn::BitCast(di, hn::LoadU(dw, units));
  if (count < hn::Lanes(d)) {
    const auto used = hn::Lt(hn::Iota(di, 0), hn::Set(di, static_cast<std::int32_t>(count)));
    index = hn::IfThenElse(used, index, hn::Iota(di, static_cast<std::int32_t>(idle)));
  }
  const auto w = hn::GatherIndex(d, column, index);
  const auto change = hn::Mul(hn::Set(d, amount), Phi<rule>(d, w));
  hn::ScatterIndex(hn::Add(w, change), d, column, index);
}

template <Rule rule>
void ChangeBy(float* column, std::span<const std::uint32_t> units, float amount,
              std::uint32_t idle) {
  const std::size_t lanes = hn::Lanes(Floats());
  for (std::size_t at = 0; at < units.size(); at += lanes) {
    ChangeVector<rule>(column, &units[at], std::min(lanes, units.size() - at), amount, idle);
  }
}

template <Rule rule>
void ReplayBy(float* column, std::span<const std::uint32_t> units,
              std::span<const std::uint32_t> previous, std::uint32_t first, float amount,
              std::uint32_t idle) {
  const Words d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t at = 0; at < units.size();) {
    // Takes as many entries as fit into a vector, up to the first unit that recurs among them.
    std::size_t count = std::min(lanes, units.size() - at);
    const auto start = hn::Set(d, first + static_cast<std::uint32_t>(at));
    const auto recurs = hn::Gt(hn::LoadU(d, &previous[at]), start);
    const std::intptr_t found = hn::FindFirstTrue(d, recurs);
    if (found >= 0) count = std::min(count, static_cast<std::size_t>(found));
    ChangeVector<rule>(column, &units[at], count, amount, idle);
    at += count;
  }
}

void ChangeSynapses(Rule rule, float* column, std::span<const std::uint32_t> units, float amount,
                    std::uint32_t idle) {
  switch (rule) {
    case Rule::tadros2022:
      return ChangeBy<Rule::tadros2022>(column, units, amount, idle);
    case Rule::sigmoid:
      return ChangeBy<Rule::sigmoid>(column, units, amount, idle);
    case Rule::hebbian:
      return ChangeBy<Rule::hebbian>(column, units, amount, idle);
  }
}

void ReplayChanges(Rule rule, float* column, std::span<const std::uint32_t> units,
                   std::span<const std::uint32_t> previous, std::uint32_t first, float amount,
                   std::uint32_t idle) {
  switch (rule) {
    case Rule::tadros2022:
      return ReplayBy<Rule::tadros2022>(column, units, previous, first, amount, idle);
    case Rule::sigmoid:
      return ReplayBy<Rule::sigmoid>(column, units, previous, first, amount, idle);
    case Rule::hebbian:
      return ReplayBy<Rule::hebbian>(column, units, previous, first, amount, idle);
  }
}

}  // namespace hypnos::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hypnos::kernels {

HWY_EXPORT(AddColumns);
HWY_EXPORT(Integrate);
HWY_EXPORT(ChangeSynapses);
HWY_EXPORT(ReplayChanges);

void add_columns(std::span<const float* const> columns, std::size_t units, float* sum) {
  HWY_DYNAMIC_DISPATCH(AddColumns)(columns, units, sum);
}

std::size_t integrate(const Integration& step, std::size_t units, float* membrane,
                      const float* input, std::uint32_t* fired) {
  return HWY_DYNAMIC_DISPATCH(Integrate)(step, units, membrane, input, fired);
}

void change_synapses(Rule rule, float* column, std::span<const std::uint32_t> units, float amount,
                     std::uint32_t idle) {
  HWY_DYNAMIC_DISPATCH(ChangeSynapses)(rule, column, units, amount, idle);
}

void replay_changes(Rule rule, float* column, std::span<const std::uint32_t> units,
                    std::span<const std::uint32_t> previous, std::uint32_t first, float amount,
                    std::uint32_t idle) {
  HWY_DYNAMIC_DISPATCH(ReplayChanges)(rule, column, units, previous, first, amount, idle);
}

void transpose(const float* from, std::size_t rows, std::size_t columns, std::size_t from_stride,
               float* to, std::size_t to_stride) {
  // The matrix is turned in squares as wide as a cache line, so that each line is fetched once.
  constexpr std::size_t side = 16;
  for (std::size_t r = 0; r < rows; r += side) {
    for (std::size_t c = 0; c < columns; c += side) {
      const std::size_t r_end = std::min(r + side, rows);
      const std::size_t c_end = std::min(c + side, columns);
      for (std::size_t y = c; y < c_end; ++y) {
        for (std::size_t x = r; x < r_end; ++x) to[y * to_stride + x] = from[x * from_stride + y];
      }
    }
  }
}

}  // namespace hypnos::kernels
#endif
