// SPDX-License-Identifier: MIT
// The dossiers of an answer, with the system prompts and lists of tools that they refer to. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "schemas/review_runs.h"
#include "tools/story/blind_mask.h"
#include "tools/story/dossier.h"
#include "tools/story/joined_run.h"

namespace halo {

struct PageOptions {
  std::size_t turn_bytes = 3600;
  std::size_t text_bytes = 12000;  // of a prompt or a list of tools
  bool hide_outcome = false;
  const BlindMask* blind = nullptr;  // hides what it says; must outlive the maker
};

// A dossier, and what has to be kept of it.
struct RunPage {
  wire::RunDossier dossier;
  std::vector<wire::ReviewRunsOutput::Text> texts;  // that it is the first to need
  std::vector<SentText> sent;                       // these, as they are kept
  RunSketch sketch{};
};

class PageMaker {
 public:
  // `review` is what was sent before; null: nothing.
  PageMaker(Engine& engine, const ReviewState* review, const PageOptions& options);

  // Of a text that was first sent with this same run, it is sent again.
  RunPage Make(const JoinedRun& run);

 private:
  struct Kept {
    SentText text;
    std::size_t number = 0;  // among texts of its kind, from 1
  };
  void Refer(const TraceKey& key, std::string_view text, bool tools, RunPage& page);

  Engine& engine_;
  const PageOptions options_;
  std::vector<Kept> texts_;
  std::vector<std::pair<TraceKey, RunSketch>> sketches_;
};

}  // namespace halo
