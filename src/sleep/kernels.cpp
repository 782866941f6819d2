#include "sleep/kernels.hpp"

#include <algorithm>

#include "base/sized_vectors.hpp"
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

// Synapses that are to change, packed densely, so that no lane of a vector is idle at first.
constexpr std::size_t block = 2048;  // units that are looked at together
struct Packed {
  alignas(64) float weights[block + 2 * padding];
  alignas(64) std::uint32_t marks[block + 2 * padding];
  std::size_t size;
};
// A mark has the unit within its block, whether its first change strengthens, and the number of its
// changes.
constexpr std::uint32_t unit_mask = block - 1;
constexpr int strengthened_bit = 15;
constexpr int times_shift = 16;

// For each pattern of 8 bits: the numbers of those that are set, ascending, and zeros.
struct SetBits {
  alignas(32) std::int32_t of[256][8] = {};
};
constexpr SetBits set_bits = [] {
  SetBits table;
  for (unsigned pattern = 0; pattern < 256; ++pattern) {
    std::size_t count = 0;
    for (int bit = 0; bit < 8; ++bit) {
      if ((pattern >> bit & 1U) != 0) table.of[pattern][count++] = bit;
    }
  }
  return table;
}();

// The chosen lanes of both vectors, moved together. Highway's own Compress copies its table to the
// stack at each call, unless there is an instruction for it (1.0.3).
struct Both {
  hn::Vec<Floats> w;
  hn::Vec<Words> mark;
};
template <class M>
HWY_INLINE Both Together(const Both& all, M chosen) {
  const Floats d;
  const Words dw;
  if constexpr (hn::MaxLanes(Floats()) <= 8) {
    std::uint8_t bits[8];
    hn::StoreMaskBits(dw, chosen, bits);
    const std::int32_t* lanes = set_bits.of[bits[0]];
    return {hn::TableLookupLanes(all.w, hn::SetTableIndices(d, lanes)),
            hn::TableLookupLanes(all.mark, hn::SetTableIndices(dw, lanes))};
  } else {
    return {hn::Compress(all.w, hn::RebindMask(d, chosen)), hn::Compress(all.mark, chosen)};
  }
}

// Packs the synapses that are not frozen and have changes to make.
HWY_INLINE void Pack(const float* column, std::size_t size, const Counts& counts, float frozen,
                     Packed& to) {
  const Floats d;
  const Words dw;
  const hn::Rebind<std::uint8_t, Floats> bytes;
  const auto limit = hn::Set(d, frozen);
  const auto lane = hn::Iota(dw, 0);
  std::size_t packed = 0;
  for (std::size_t i = 0; i < size; i += hn::Lanes(d)) {
    const auto before = hn::LoadU(bytes, counts.before + i);
    const auto then = hn::LoadU(bytes, counts.then + i);
    const auto now = hn::LoadU(bytes, counts.now + i);
    const auto strengthened = hn::PromoteTo(dw, hn::Sub(then, before));
    const auto times = hn::Add(hn::PromoteTo(dw, hn::Sub(now, then)), strengthened);
    const auto w = hn::Load(d, column + i);
    const auto due = hn::And(hn::RebindMask(dw, hn::Lt(w, limit)), hn::Gt(times, hn::Zero(dw)));
    const auto mark = hn::Or(
        hn::Add(lane, hn::Set(dw, static_cast<std::uint32_t>(i))),
        hn::Or(hn::ShiftLeft<strengthened_bit>(strengthened), hn::ShiftLeft<times_shift>(times)));
    const Both together = Together({w, mark}, due);
    hn::StoreU(together.w, d, to.weights + packed);
    hn::StoreU(together.mark, dw, to.marks + packed);
    packed += hn::CountTrue(dw, due);
  }
  // Nothing is to be done in the idle lanes of the last two vectors.
  for (std::size_t i = packed; i <= packed + hn::Lanes(d); i += hn::Lanes(d)) {
    hn::StoreU(hn::Zero(d), d, to.weights + i);
    hn::StoreU(hn::Zero(dw), dw, to.marks + i);
  }
  to.size = packed;
}

template <Rule rule>
struct Repeated {
  hn::Vec<Floats> w;
  hn::Vec<Words> left;  // changes that are still to be made

  HWY_INLINE void Change(hn::Vec<Floats> amount) {
    const Words dw;
    const auto due = hn::Gt(left, hn::Zero(dw));
    const auto changed = hn::Add(w, hn::Mul(amount, Phi<rule>(Floats(), w)));
    w = hn::IfThenElse(hn::RebindMask(Floats(), due), changed, w);
    left = hn::Sub(left, hn::IfThenElseZero(due, hn::Set(dw, 1)));
  }
};

// Changes a vector of packed synapses for the first time, by a decrement or an increment.
template <Rule rule>
HWY_INLINE Repeated<rule> Begin(const Plasticity& plasticity, const Packed& some, std::size_t at) {
  const Floats d;
  const Words dw;
  const auto mark = hn::Load(dw, some.marks + at);
  const auto strengthened =
      hn::RebindMask(d, hn::TestBit(mark, hn::Set(dw, 1U << strengthened_bit)));
  const auto amount = hn::IfThenElse(strengthened, hn::Set(d, plasticity.increment),
                                     hn::Set(d, -plasticity.decrement));
  Repeated<rule> begun{hn::Load(d, some.weights + at), hn::ShiftRight<times_shift>(mark)};
  begun.Change(amount);
  return begun;
}

template <Rule rule>
void RepeatBy(const Plasticity& plasticity, float* HWY_RESTRICT column, std::size_t units,
              const Counts& counts) {
  const Floats d;
  const Words dw;
  const std::size_t lanes = hn::Lanes(d);
  const auto weakened = hn::Set(d, -plasticity.decrement);
  Packed some;
  for (std::size_t first = 0; first < units; first += block) {
    const Counts here = {counts.before + first, counts.then + first, counts.now + first};
    Pack(column + first, std::min(block, units - first), here, plasticity.frozen, some);
    // Two vectors at a time, because one has to wait for itself.
    for (std::size_t k = 0; k < some.size; k += 2 * lanes) {
      Repeated<rule> a = Begin<rule>(plasticity, some, k);
      Repeated<rule> b = Begin<rule>(plasticity, some, k + lanes);
      while (!hn::AllTrue(dw, hn::Eq(hn::Or(a.left, b.left), hn::Zero(dw)))) {
        a.Change(weakened);
        b.Change(weakened);
      }
      hn::Store(a.w, d, some.weights + k);
      hn::Store(b.w, d, some.weights + k + lanes);
    }
    float* const to = column + first;
    for (std::size_t k = 0; k < some.size; ++k) to[some.marks[k] & unit_mask] = some.weights[k];
  }
}

void RepeatChanges(const Plasticity& plasticity, float* column, std::size_t units,
                   const Counts& counts) {
  switch (plasticity.rule) {
    case Rule::tadros2022:
      return RepeatBy<Rule::tadros2022>(plasticity, column, units, counts);
    case Rule::sigmoid:
      return RepeatBy<Rule::sigmoid>(plasticity, column, units, counts);
    case Rule::hebbian:
      return RepeatBy<Rule::hebbian>(plasticity, column, units, counts);
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
HWY_EXPORT(RepeatChanges);

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

void repeat_changes(const Plasticity& plasticity, float* column, std::size_t units,
                    const Counts& counts) {
  HWY_DYNAMIC_DISPATCH(RepeatChanges)(plasticity, column, units, counts);
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
