// SPDX-License-Identifier: MIT
#include "engine/framing/span_cutter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/framing/item_buffer.h"
#include "engine/framing/record.h"
#include "engine/json/json_keys.h"
#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

using State = ValueScanner::State;

constexpr std::size_t kMaxFrames = 16;
constexpr std::size_t kMaxKeyBytes = 64;
constexpr std::size_t kMaxEnclosingBytes = 1 << 20;

bool IsContainersKey(std::string_view key) {
  constexpr std::string_view kKnown[] = {
      "resourceSpans",  "scopeSpans",  "instrumentationLibrarySpans",
      "resource_spans", "scope_spans", "instrumentation_library_spans",
      "batches"};
  return std::find(std::begin(kKnown), std::end(kKnown), key) != std::end(kKnown);
}

// The keys under which the answers of APIs list documents.
bool IsPageKey(std::string_view key) { return key == "data" || key == "runs" || key == "traces"; }

bool IsScopeKey(std::string_view key) {
  return key == "scope" || key == "instrumentationLibrary" || key == "instrumentation_library";
}

// The part that is being scanned as a whole.
enum class Part : std::uint8_t { kKey, kOther, kSpan, kResource, kScope };

// The next part of an object's member.
enum class Phase : std::uint8_t { kKey, kColon, kValue };

// An open array or object whose items or fields are examined.
struct Frame {
  bool is_array = false;
  bool holds_spans = false;      // array: its items are spans
  bool holds_documents = false;  // array: its items are documents of their own
  bool is_jaeger = false;        // object: a trace of Jaeger, whose spans need what follows them
  bool gave_spans = false;       // object: spans inside it were handed out
  bool after_word = false;       // array: a number or word has come before the next comma
  Phase phase = Phase::kKey;
  std::string resource, scope;  // object: empty until seen; followed by kJsonPadding bytes
};

std::string_view WithoutPadding(const std::string& text) {
  return std::string_view(text).substr(0, text.size() - std::min(text.size(), kJsonPadding));
}

}  // namespace

// The Feed functions take bytes from the front of `rest`, which is not empty, and return their
// number; 0 only if they changed the state.
struct SpanCutter::Impl {
  std::size_t Feed(std::string_view bytes);
  std::size_t FeedScanner(std::string_view rest);
  std::size_t FeedScalar(std::string_view rest);
  std::size_t FeedStart(char c);
  std::size_t FeedArray(char c);
  std::size_t FeedObject(char c);
  std::size_t FeedValue(char c);

  std::size_t Scan(Part next);
  std::size_t OpenArray(bool holds_spans);
  std::size_t OpenObject(bool keep);
  std::size_t Close();
  std::size_t Break() { return Break(position); }
  std::size_t Break(std::uint64_t at);
  void EndScan(std::uint64_t end);
  void SetEnclosing(std::string& target);
  void EmitItem(std::uint64_t end);
  void BeginItem();
  void Keep(std::string_view bytes) {
    if (keeping) item.Append(bytes);
  }
  void Refuse(std::string_view reason, std::uint64_t at, std::string_view detail) {
    sink->OnReject({std::string(reason), at, std::string(detail)});
  }
  // Whether the top frame is the document, or an item of a document that is a list.
  bool IsOutermost() const {
    return frames.size() == 1 || (frames.size() == 2 && frames[0].is_array);
  }
  // The offset of the part that is lost if the value ends or breaks at `at`.
  std::uint64_t Unfinished(std::uint64_t at) const {
    return keeping || (scanning && part == Part::kSpan) ? item_offset : at;
  }

  CutSink* sink = nullptr;  // set during a call
  std::uint64_t position = 0;
  State state = State::kOpen;
  bool found_words = false;  // words were found in place of objects
  std::vector<Frame> frames;

  bool scanning = false;
  bool in_scalar = false;
  Part part = Part::kOther;
  ValueScanner scanner;
  std::uint64_t scan_offset = 0;  // where the scanned value begins
  std::string key;

  // Whether the object in the last of `kept_frames` frames is kept as an item. This ends if the
  // object turns out to have a list of spans.
  bool keeping = false;
  std::size_t kept_frames = 0;
  std::uint64_t item_offset = 0;
  ItemBuffer item{kMaxSpanBytes};
  ItemBuffer enclosing{kMaxEnclosingBytes};
};

std::size_t SpanCutter::Impl::Feed(std::string_view bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state == State::kOpen) {
    const std::string_view rest = bytes.substr(taken);
    std::size_t step;
    if (scanning) {
      step = FeedScanner(rest);
    } else if (in_scalar) {
      step = FeedScalar(rest);
    } else if (frames.empty()) {
      step = FeedStart(rest[0]);
    } else if (frames.back().is_array) {
      step = FeedArray(rest[0]);
    } else {
      step = FeedObject(rest[0]);
    }
    taken += step;
    position += step;
  }
  return taken;
}

std::size_t SpanCutter::Impl::FeedScanner(std::string_view rest) {
  const std::size_t length = scanner.Scan(rest);
  const std::string_view piece = rest.substr(0, length);
  Keep(piece);
  if (part == Part::kKey) {
    key += piece.substr(0, kMaxKeyBytes - std::min(key.size(), kMaxKeyBytes));
  } else if (part == Part::kSpan) {
    item.Append(piece);
  } else if (part != Part::kOther) {
    enclosing.Append(piece);
  }
  if (scanner.state() == State::kDone) EndScan(position + length);
  if (scanner.state() == State::kBroken) Break(position + length - 1);
  return length;
}

std::size_t SpanCutter::Impl::FeedScalar(std::string_view rest) {
  const std::size_t end = std::min(rest.find_first_of(",]} \t\r\n"), rest.size());
  Keep(rest.substr(0, end));
  in_scalar = end == rest.size();
  return end;
}

std::size_t SpanCutter::Impl::FeedStart(char c) {
  if (IsJsonSpace(c)) return 1;
  if (c == '[') return OpenArray(false);
  return c == '{' ? OpenObject(true) : Break();
}

std::size_t SpanCutter::Impl::FeedArray(char c) {
  const bool holds_spans = frames.back().holds_spans;
  switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      return 1;
    case ',':
      frames.back().after_word = false;
      return 1;
    case ']':
      return Close();
    case '{':
      if (!holds_spans) return OpenObject(frames.size() == 1 || frames.back().holds_documents);
      BeginItem();
      return Scan(Part::kSpan);
    case '}':
    case ':':
      return Break();
    default:
      // Words without commas between them, such as a sentence, are rejected once.
      if (!std::exchange(frames.back().after_word, true)) {
        Refuse(holds_spans ? kWrongType : kNotASpan, position, "an object was expected");
        found_words = true;
      }
      if (c == '"' || c == '[') return Scan(Part::kOther);
      in_scalar = true;
      return 0;
  }
}

std::size_t SpanCutter::Impl::FeedObject(char c) {
  Phase& phase = frames.back().phase;
  if (phase == Phase::kKey && c == '"') {
    key.clear();
    return Scan(Part::kKey);
  }
  if (phase == Phase::kValue && !IsJsonSpace(c)) {
    phase = Phase::kKey;
    return FeedValue(c);
  }
  const bool separates = phase == Phase::kKey ? c == ',' || c == '}' : c == ':';
  if (!separates && !IsJsonSpace(c)) return Break();
  Keep({&c, 1});
  if (c == '}') return Close();
  if (c == ':') phase = Phase::kValue;
  return 1;
}

std::size_t SpanCutter::Impl::FeedValue(char c) {
  switch (c) {
    case '[':
      if (IsPageKey(key) && IsOutermost()) {
        keeping = false;
        item.Clear();
        const std::size_t size = OpenArray(false);
        if (size > 0) frames.back().holds_documents = true;
        return size;
      }
      if (key == "spans" && frames.back().is_jaeger) return Scan(Part::kOther);
      if (key != "spans" && !IsContainersKey(key)) return Scan(Part::kOther);
      keeping = false;
      item.Clear();
      return OpenArray(key == "spans");
    case '{':
      if (IsEnvelopeKey(key) && IsOutermost()) return OpenObject(false);
      if (key == "resource") return Scan(Part::kResource);
      return Scan(IsScopeKey(key) ? Part::kScope : Part::kOther);
    case '"':
      return Scan(Part::kOther);
    case ']':
    case '}':
    case ',':
    case ':':
      return Break();
    default:
      in_scalar = true;
      return 0;
  }
}

std::size_t SpanCutter::Impl::Scan(Part next) {
  part = next;
  scanning = true;
  scan_offset = position;
  scanner.Reset();
  enclosing.Clear();
  return 0;
}

std::size_t SpanCutter::Impl::OpenArray(bool holds_spans) {
  if (frames.size() == kMaxFrames) return Break();
  frames.emplace_back().is_array = true;
  frames.back().holds_spans = holds_spans;
  return 1;
}

std::size_t SpanCutter::Impl::OpenObject(bool keep) {
  if (keep) {
    BeginItem();
    keeping = true;
    kept_frames = frames.size() + 1;
  }
  Keep("{");
  frames.emplace_back();
  return 1;
}

std::size_t SpanCutter::Impl::Close() {
  frames.pop_back();
  if (keeping && frames.size() < kept_frames) {
    EmitItem(position + 1);
    keeping = false;
  }
  if (frames.empty()) state = State::kDone;
  return 1;
}

std::size_t SpanCutter::Impl::Break(std::uint64_t at) {
  const bool too_deep = scanning && scanner.depth() == ValueScanner::kMaxDepth;
  Refuse(too_deep ? kNestedTooDeeply : kInvalidJson, Unfinished(at),
         too_deep ? "over 1024 levels" : "a bracket, quote or colon in the wrong place");
  state = State::kBroken;
  return 0;
}

void SpanCutter::Impl::EndScan(std::uint64_t end) {
  scanning = false;
  switch (part) {
    case Part::kKey:
      key = key.substr(1, key.size() - 2);
      if (key == "traceID") frames.back().is_jaeger = true;
      frames.back().phase = Phase::kColon;
      break;
    case Part::kSpan:
      EmitItem(end);
      break;
    case Part::kResource:
      SetEnclosing(frames.back().resource);
      break;
    case Part::kScope:
      SetEnclosing(frames.back().scope);
      break;
    case Part::kOther:
      break;
  }
}

void SpanCutter::Impl::SetEnclosing(std::string& target) {
  if (frames.back().gave_spans) {
    Refuse(kResourceAfterSpans, scan_offset, "the spans before it were read without it");
  }
  if (enclosing.too_large()) {
    Refuse(kResourceTooLarge, scan_offset, "over 1 MB");
    return;
  }
  target = enclosing.bytes();
  target.append(kJsonPadding, ' ');
}

void SpanCutter::Impl::BeginItem() {
  item.Clear();
  item_offset = position;
}

void SpanCutter::Impl::EmitItem(std::uint64_t end) {
  CutItem cut{{}, item_offset, end, item.clipped(), {}, {}};
  for (Frame& frame : frames) {
    frame.gave_spans = true;
    if (!frame.resource.empty()) cut.resource = WithoutPadding(frame.resource);
    if (!frame.scope.empty()) cut.scope = WithoutPadding(frame.scope);
  }
  if (item.too_large()) {
    Refuse(kSpanTooLarge, item_offset, "over 32 MB even without its long texts");
  } else {
    cut.bytes = item.bytes();
    sink->OnItem(cut);
  }
  item.Clear();
}

SpanCutter::SpanCutter() : impl_(std::make_unique<Impl>()) {}
SpanCutter::~SpanCutter() = default;

void SpanCutter::Begin(std::uint64_t offset) {
  impl_->position = offset;
  impl_->state = State::kOpen;
  impl_->found_words = false;
  impl_->frames.clear();
  impl_->scanning = impl_->in_scalar = impl_->keeping = false;
}

std::size_t SpanCutter::Feed(std::string_view bytes, CutSink& sink) {
  impl_->sink = &sink;
  return impl_->Feed(bytes);
}

void SpanCutter::Abandon(CutSink& sink) {
  impl_->sink = &sink;
  const std::uint64_t lost = impl_->Unfinished(impl_->position);
  // A line of words that only begins like JSON has been rejected already.
  if (lost != impl_->position || !impl_->found_words) {
    impl_->Refuse(kTruncatedInput, lost, "the JSON is not closed");
  }
  impl_->state = State::kBroken;
}

bool SpanCutter::done() const { return impl_->state == State::kDone; }
bool SpanCutter::broken() const { return impl_->state == State::kBroken; }
bool SpanCutter::in_string() const { return impl_->scanning && impl_->scanner.in_string(); }

}  // namespace halo
