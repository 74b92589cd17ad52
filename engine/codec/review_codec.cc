// SPDX-License-Identifier: MIT
#include "engine/codec/review_codec.h"

#include <type_traits>
#include <utility>

#include "engine/codec/bytes.h"

namespace halo {
namespace {

template <class T>
concept Number = std::is_integral_v<T> || std::is_enum_v<T>;
template <class T>
concept Record = std::is_class_v<T> && !std::is_convertible_v<T, std::string_view>;

class Writer {
 public:
  template <class T>
  using Ref = const T&;

  void operator()(std::string_view text) {
    PutVarint(out, text.size());
    out.append(text);
  }
  template <Number T>
  void operator()(T value) {
    PutVarint(out, ZigZag(static_cast<std::int64_t>(value)));
  }
  template <class T>
  void operator()(const std::vector<T>& items) {
    (*this)(items.size());
    for (const T& item : items) (*this)(item);
  }
  template <Record T>
  void operator()(const T& record) {
    Walk(*this, record);
  }
  bool HasMore() const { return true; }

  std::string out;
};

class Reader {
 public:
  template <class T>
  using Ref = T&;

  explicit Reader(std::string_view bytes) : in(bytes) {}

  void operator()(std::string& text) { text = in.Text(); }
  template <Number T>
  void operator()(T& value) {
    value = static_cast<T>(UnZigZag(in.Varint()));
  }
  template <class T>
  void operator()(std::vector<T>& items) {
    std::size_t count = 0;
    (*this)(count);
    while (count-- > 0 && in.ok()) (*this)(items.emplace_back());
  }
  template <Record T>
  void operator()(T& record) {
    Walk(*this, record);
  }
  // False at the end of an event of an earlier version, which lacks the fields that follow.
  bool HasMore() const { return in.left() > 0; }

  ByteReader in;
};

// The fields of each record in their order, for Writer and Reader alike.
template <class Io>
void Walk(Io& io, typename Io::template Ref<TraceKey> key) {
  io(key.project);
  io(key.trace_id);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<DrawnRun> run) {
  io(run.key);
  io(run.again);
  io(run.noted);
  for (auto& part : run.sketch) io(part);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<SentText> text) {
  io(text.tools);
  io(text.run);
  io(text.lines);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<Problem> problem) {
  io(problem.category);
  io(problem.turn);
  io(problem.span_id);
  io(problem.path);
  io(problem.quote);
  io(problem.offset);
  io(problem.severity);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<FindingVerdict> verdict) {
  io(verdict.mode);
  io(verdict.detector);
  io(verdict.right);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<ReviewDraw> draw) {
  io(draw.review);
  io(draw.way);
  io(draw.population);
  io(draw.runs);
  io(draw.sent);
  if (io.HasMore()) io(draw.examples);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<ReviewNote> note) {
  io(note.key);
  io(note.verdict);
  io(note.comment);
  io(note.problems);
  if (!io.HasMore()) return;
  io(note.findings);
  for (auto& problem : note.problems) io(problem.trace_id);
  if (io.HasMore()) io(note.blind);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<CategoryEdit> edit) {
  io(edit.kind);
  io(edit.from);
  io(edit.to);
  io(edit.runs);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<ReviewUndo> undo) {
  io(undo.event);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<BlindReading> reading) {
  io(reading.name);
  io(reading.fix);
  io(reading.sides);
  io(reading.filters);
  io(reading.populations);
  io(reading.seed);
  io(reading.runs);
  io(reading.side_of);
  io(reading.hidden_lines);
  io(reading.texts);
}
template <class Io>
void Walk(Io& io, typename Io::template Ref<BlindEnd> end) {
  io(end.name);
}

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
