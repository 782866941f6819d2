#pragma once

#include <cstddef>

#include "hypnos/names.hpp"

namespace hypnos {

/// How the channels of an image lie in memory.
enum class Layout {
  channels_last,   ///< all channels of a pixel side by side: [rows x columns x channels]
  channels_first,  ///< one plane after the other, as PyTorch has them: [channels x rows x columns]
};
template <>
inline constexpr Name<Layout> names_of<Layout>[] = {{Layout::channels_last, "last"},
                                                    {Layout::channels_first, "first"}};

/// Height, width and channels of one image; rows lie one after the other. Data that are not images
/// have one row.
struct ImageShape {
  std::size_t rows = 1;
  std::size_t columns = 0;
  std::size_t channels = 1;
  Layout layout = Layout::channels_last;

  std::size_t features() const { return rows * columns * channels; }
  std::size_t planes() const { return layout == Layout::channels_first ? channels : 1; }
  /// Numbers that lie side by side for one place of a plane.
  std::size_t depth() const { return layout == Layout::channels_first ? 1 : channels; }
  bool operator==(const ImageShape&) const = default;
};

}  // namespace hypnos
