#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hypnos {

/// A layer as a link of a chain.
struct Link {
  std::uint64_t inputs = 0;
  std::uint64_t outputs = 0;
  std::size_t group =
      0;                 ///< layers of one group follow each other by rank, where that is asked for
  std::size_t rank = 0;  ///< within the group
};

/// An order of links, by index.
using Chain = std::vector<std::size_t>;

/// Whether each link takes as many inputs as the one before has outputs.
bool is_chain(std::span<const Link> links, const Chain& order);

/// Whether links of one group stand by rank.
bool keeps_ranks(std::span<const Link> links, const Chain& order);

/// Orders of all links that are chains.
struct Chains {
  std::vector<Chain> found = {};  ///< none, one, or two of many
  bool all = true;                ///< false: the search was given up, and there may be more

  bool none() const { return all && found.empty(); }
  bool only_one() const { return all && found.size() == 1; }
};

Chains find_chains(std::span<const Link> links, bool by_rank);

}  // namespace hypnos
