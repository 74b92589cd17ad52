// SPDX-License-Identifier: MIT
#include "engine/codec/review_codec.h"

#include <type_traits>
#include <utility>

#include "engine/codec/bytes.h"

namespace halo {
namespace {

class Writer {
 public:
  void operator()(std::string_view text) {
    PutVarint(out, text.size());
    out.append(text);
  }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void operator()(T value) {
    PutVarint(out, ZigZag(static_cast<std::int64_t>(value)));
  }
  template <class T>
  void List(const std::vector<T>& items) {
    (*this)(items.size());
    for (const T& item : items) (*this)(item);
  }
  void operator()(const TraceKey& key) {
    (*this)(key.project);
    (*this)(key.trace_id);
  }
  void operator()(const DrawnRun& run) {
    (*this)(run.key);
    (*this)(run.again);
    (*this)(run.noted);
    for (const std::uint32_t part : run.sketch) (*this)(part);
  }
  void operator()(const SentText& text) {
    (*this)(text.tools);
    (*this)(text.run);
    List(text.lines);
  }
  void operator()(const Problem& problem) {
    (*this)(problem.category);
    (*this)(problem.turn);
    (*this)(problem.span_id);
    (*this)(problem.path);
    (*this)(problem.quote);
    (*this)(problem.offset);
    (*this)(problem.severity);
  }
  void operator()(const FindingVerdict& verdict) {
    (*this)(verdict.mode);
    (*this)(verdict.detector);
    (*this)(verdict.right);
  }
  void operator()(const ReviewDraw& draw) {
    (*this)(draw.review);
    (*this)(draw.way);
    (*this)(draw.population);
    List(draw.runs);
    List(draw.sent);
    List(draw.examples);
  }
  void operator()(const ReviewNote& note) {
    (*this)(note.key);
    (*this)(note.verdict);
    (*this)(note.comment);
    List(note.problems);
    List(note.findings);
    for (const Problem& problem : note.problems) (*this)(problem.trace_id);
    (*this)(note.blind);
  }
  void operator()(const CategoryEdit& edit) {
    (*this)(edit.kind);
    List(edit.from);
    (*this)(edit.to);
    List(edit.runs);
  }
  void operator()(const ReviewUndo& undo) { (*this)(undo.event); }
  void operator()(const BlindReading& reading) {
    (*this)(reading.name);
    (*this)(reading.fix);
    List(reading.sides);
    (*this)(reading.filters);
    List(reading.populations);
    (*this)(reading.seed);
    List(reading.runs);
    List(reading.side_of);
    List(reading.hidden_lines);
    List(reading.texts);
  }
  void operator()(const BlindEnd& end) { (*this)(end.name); }

  std::string out;
};

// Mirrors Writer.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : in(bytes) {}

  void operator()(std::string& text) { text = in.Text(); }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void operator()(T& value) {
    value = static_cast<T>(UnZigZag(in.Varint()));
  }
  template <class T>
  void List(std::vector<T>& items) {
    std::size_t count = 0;
    (*this)(count);
    while (count-- > 0 && in.ok()) (*this)(items.emplace_back());
  }
  void operator()(TraceKey& key) {
    (*this)(key.project);
    (*this)(key.trace_id);
  }
  void operator()(DrawnRun& run) {
    (*this)(run.key);
    (*this)(run.again);
    (*this)(run.noted);
    for (std::uint32_t& part : run.sketch) (*this)(part);
  }
  void operator()(SentText& text) {
    (*this)(text.tools);
    (*this)(text.run);
    List(text.lines);
  }
  void operator()(Problem& problem) {
    (*this)(problem.category);
    (*this)(problem.turn);
    (*this)(problem.span_id);
    (*this)(problem.path);
    (*this)(problem.quote);
    (*this)(problem.offset);
    (*this)(problem.severity);
  }
  void operator()(FindingVerdict& verdict) {
    (*this)(verdict.mode);
    (*this)(verdict.detector);
    (*this)(verdict.right);
  }
  void operator()(ReviewDraw& draw) {
    (*this)(draw.review);
    (*this)(draw.way);
    (*this)(draw.population);
    List(draw.runs);
    List(draw.sent);
    if (in.left() > 0) List(draw.examples);  // events of earlier versions have none
  }
  void operator()(ReviewNote& note) {
    (*this)(note.key);
    (*this)(note.verdict);
    (*this)(note.comment);
    List(note.problems);
    if (in.left() == 0) return;  // of an earlier version
    List(note.findings);
    for (Problem& problem : note.problems) (*this)(problem.trace_id);
    if (in.left() > 0) (*this)(note.blind);
  }
  void operator()(CategoryEdit& edit) {
    (*this)(edit.kind);
    List(edit.from);
    (*this)(edit.to);
    List(edit.runs);
  }
  void operator()(ReviewUndo& undo) { (*this)(undo.event); }
  void operator()(BlindReading& reading) {
    (*this)(reading.name);
    (*this)(reading.fix);
    List(reading.sides);
    (*this)(reading.filters);
    List(reading.populations);
    (*this)(reading.seed);
    List(reading.runs);
    List(reading.side_of);
    List(reading.hidden_lines);
    List(reading.texts);
  }
  void operator()(BlindEnd& end) { (*this)(end.name); }

  ByteReader in;
};

}  // namespace

std::string EncodeReviewEvent(const ReviewEvent& event) {
  Writer writer;
  writer(event.what.index());
  std::visit([&](const auto& what) { writer(what); }, event.what);
  return std::move(writer.out);
}

Result<ReviewEvent> DecodeReviewEvent(std::string_view bytes) {
  Reader reader(bytes);
  std::size_t kind = 0;
  reader(kind);
  ReviewEvent event;
  bool known = true;
  switch (kind) {
    case 0:
      reader(event.what.emplace<ReviewDraw>());
      break;
    case 1:
      reader(event.what.emplace<ReviewNote>());
      break;
    case 2:
      reader(event.what.emplace<CategoryEdit>());
      break;
    case 3:
      reader(event.what.emplace<ReviewUndo>());
      break;
    case 4:
      reader(event.what.emplace<BlindReading>());
      break;
    case 5:
      reader(event.what.emplace<BlindEnd>());
      break;
    default:
      known = false;
  }
  if (!known || !reader.in.ok() || reader.in.left() > 0) {
    return Error{Code::kCorrupt, "an event of a review cannot be read"};
  }
  return event;
}

}  // namespace halo
