#include "network/layer_chains.hpp"

#include <algorithm>

namespace hypnos {
namespace {

// Depth first, until the second chain.
class ChainSearch {
 public:
  ChainSearch(std::span<const Link> links, bool by_rank)
      : links_(links), by_rank_(by_rank), used_(links.size(), false) {
    std::size_t groups = 0;
    for (const Link& link : links) groups = std::max(groups, link.group + 1);
    next_rank_.assign(groups, 0);
  }

  Chains run() {
    extend();
    return {.found = std::move(found_), .all = steps_ < most_steps};
  }

 private:
  static constexpr std::size_t most_steps = 100'000;

  bool fits(std::size_t i) const {
    if (used_[i]) return false;
    if (by_rank_ && links_[i].rank != next_rank_[links_[i].group]) return false;
    return chain_.empty() || links_[chain_.back()].outputs == links_[i].inputs;
  }

  void extend() {
    if (chain_.size() == links_.size()) found_.push_back(chain_);
    for (std::size_t i = 0; i < links_.size() && found_.size() < 2 && steps_ < most_steps; ++i) {
      if (!fits(i)) continue;
      ++steps_;
      use(i);
      extend();
      release(i);
    }
  }

  void use(std::size_t i) {
    used_[i] = true;
    ++next_rank_[links_[i].group];
    chain_.push_back(i);
  }

  void release(std::size_t i) {
    used_[i] = false;
    --next_rank_[links_[i].group];
    chain_.pop_back();
  }

  std::span<const Link> links_;
  bool by_rank_;
  std::vector<bool> used_;
  std::vector<std::size_t> next_rank_;  // of each group
  Chain chain_;
  std::vector<Chain> found_;
  std::size_t steps_ = 0;
};

}  // namespace

bool is_chain(std::span<const Link> links, const Chain& order) {
  for (std::size_t l = 1; l < order.size(); ++l) {
    if (links[order[l]].inputs != links[order[l - 1]].outputs) return false;
  }
  return true;
}

bool keeps_ranks(std::span<const Link> links, const Chain& order) {
  std::vector<std::size_t> next(links.size(), 0);
  return std::all_of(order.begin(), order.end(),
                     [&](std::size_t i) { return links[i].rank == next[links[i].group]++; });
}

Chains find_chains(std::span<const Link> links, bool by_rank) {
  return ChainSearch(links, by_rank).run();
}

}  // namespace hypnos
