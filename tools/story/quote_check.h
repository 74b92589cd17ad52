// SPDX-License-Identifier: MIT
// Looks for what a reader quotes from a run in its stored values. White space and the escapes of
// JSON may differ, and "…" or "..." may stand for what was left out. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace halo {

struct QuoteToFind {
  std::string text;
  std::vector<SpanIndex> first;  // spans to look in before all others
  // Also in attributes that no convention reads. No dossier shows them, and they may hold what a
  // benchmark expects of the run, so a reader is not led to them.
  bool in_unread = false;
};

struct FoundQuote {
  bool found = false;
  // Where it is; if it was not found, the stored text that shares most words with it, if any.
  std::string span_id, path, text;
  std::uint32_t offset = 0;
  std::size_t trace = 0;  // of several, by FindInRun
};

// In their order. `longest` bytes of text at most.
std::vector<FoundQuote> FindQuotes(Engine& engine, const TraceReading& reading,
                                   std::span<const QuoteToFind> quotes, std::size_t longest);

struct PlacedQuote {
  QuoteToFind quote;
  std::size_t trace = 0;  // to which its spans belong, and in which it is looked for first
};
// The same in a run of several traces.
std::vector<FoundQuote> FindInRun(Engine& engine, std::span<const TraceReading> traces,
                                  std::span<const PlacedQuote> quotes, std::size_t longest);

}  // namespace halo
