// SPDX-License-Identifier: MIT
// Searches the traces of a question, newest first, until a page is full. Thread-safe.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/question.h"
#include "engine/store/sqlite/block_cache.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/live_table.h"
#include "engine/store/sqlite/readers.h"

namespace halo {

class PagedSearch {
 public:
  PagedSearch(LiveTable& table, ReaderPool& readers, BlockCache& facts, DamageLog& damage)
      : table_(table), readers_(readers), facts_(facts), damage_(damage) {}

  // The table must be up to date. See Store::Search.
  Result<SearchPage> FindPage(const Question& question, const TextPattern& pattern,
                              std::size_t limit, std::string_view cursor, std::stop_token stop,
                              const std::function<void(double, double)>& progress);

 private:
  LiveTable& table_;
  ReaderPool& readers_;
  BlockCache& facts_;
  DamageLog& damage_;
};

}  // namespace halo
