// SPDX-License-Identifier: MIT
#include "engine/search_places.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>

#include "engine/semconv/conventions.h"
#include "engine/semconv/key_table.h"

namespace halo {
namespace {

// What a stored value is, by its key.
enum class Area : std::uint8_t { kOther, kInput, kArguments, kOutput, kError, kName };

Area AreaOf(Field field) {
  switch (field) {
    case Field::kInput:
    case Field::kMessagesIn:
    case Field::kSystemPrompt:
    case Field::kTools:
      return Area::kInput;
    case Field::kToolArguments:
    case Field::kToolEnvelope:
      return Area::kArguments;
    case Field::kOutput:
    case Field::kToolResult:
    case Field::kMessagesOut:
      return Area::kOutput;
    case Field::kErrorType:
    case Field::kExceptionType:
    case Field::kExceptionMessage:
    case Field::kError:
      return Area::kError;
    case Field::kAgent:
    case Field::kAgentId:
    case Field::kTool:
    case Field::kRequestModel:
    case Field::kResponseModel:
    case Field::kOwnName:
    case Field::kPartnerName:
      return Area::kName;
    default:
      return Area::kOther;
  }
}

Area AreaOf(const KeyUse& use) {
  if (use.what == KeyUse::What::kField) return AreaOf(use.field);
  if (use.what != KeyUse::What::kFlatPart) return Area::kOther;
  return use.list == FlatList::kMessagesOut ? Area::kOutput : Area::kInput;
}

bool RunsTool(Kind kind) {
  return kind == Kind::kTool || kind == Kind::kRetriever || kind == Kind::kReranker ||
         kind == Kind::kEmbedding;
}

class PlaceTest {
 public:
  explicit PlaceTest(SearchIn in) : in_(in), keys_(AllConventions()) {}

  bool Counts(const Span& span, std::string_view path) {
    const Area area = AreaOfPath(span, path);
    switch (in_) {
      case SearchIn::kProduced:
        return area != Area::kName && (area != Area::kInput || OfCall(span));
      case SearchIn::kOutput:
        return area == Area::kOutput;
      case SearchIn::kInput:
        return area == Area::kInput && !OfCall(span);
      case SearchIn::kArguments:
        return area == Area::kArguments || (area == Area::kInput && OfCall(span));
      case SearchIn::kResult:
        return area == Area::kOutput && OfCall(span);
      case SearchIn::kAnswer:
        return area == Area::kOutput && !OfCall(span);
      case SearchIn::kError:
        return area == Area::kError;
      case SearchIn::kNames:
        return area == Area::kName;
      case SearchIn::kAny:
        break;
    }
    return true;
  }

 private:
  // The key of most values is enough to classify them; the span is read only for the rest.
  bool OfCall(const Span& span) {
    if (span.span_id != read_id_ || span.trace_id != read_trace_) {
      read_id_ = span.span_id;
      read_trace_ = span.trace_id;
      kind_ = conventions_.Read(span).kind;
    }
    return RunsTool(kind_);
  }

  Area AreaOfPath(const Span& span, std::string_view path) {
    constexpr std::string_view kAttributes = "attributes.", kEvents = "events[";
    if (path == "name") return Area::kName;
    if (path == "status.message") return Area::kError;
    if (path.starts_with(kAttributes)) return AreaOfKey(path.substr(kAttributes.size()));
    if (!path.starts_with(kEvents)) return Area::kOther;
    std::size_t at = 0;
    const char* const begin = path.data() + kEvents.size();
    const auto [end, error] = std::from_chars(begin, path.data() + path.size(), at);
    const std::size_t key = path.find(kAttributes);
    if (error != std::errc() || at >= span.events.size() || key == path.npos) return Area::kOther;
    return AreaOfEvent(span.events[at].name, path.substr(key + kAttributes.size()));
  }

  Area AreaOfEvent(std::string_view event, std::string_view key) const {
    for (const Convention* const convention : AllConventions()) {
      for (const EventRule& rule : convention->events) {
        if (rule.event != event) continue;
        if (rule.use == EventRule::Use::kMessageIn) return Area::kInput;
        if (rule.use == EventRule::Use::kMessageOut) return Area::kOutput;
      }
    }
    return AreaOfKey(key);
  }

  Area AreaOfKey(std::string_view key) const {
    const FlatKey flat(key);
    for (const std::string_view name : {key, flat.pattern()}) {
      for (const KeyUse& use : keys_.Find(name)) {
        if (const Area area = AreaOf(use); area != Area::kOther) return area;
      }
    }
    Area area = Area::kOther;
    keys_.ForEachPrefix(key, [&](const PrefixUse& prefix) {
      if (area == Area::kOther) area = AreaOf(prefix.rule.field);
    });
    return area;
  }

  const SearchIn in_;
  const KeyTable keys_;
  Conventions conventions_;
  std::string read_id_, read_trace_;
  Kind kind_ = Kind::kSpan;
};

}  // namespace

std::function<ValueTest()> MakeValueTest(SearchIn in) {
  if (in == SearchIn::kAny) return {};
  return [in] {
    const auto test = std::make_shared<PlaceTest>(in);
    return [test](const Span& span, std::string_view path) { return test->Counts(span, path); };
  };
}

}  // namespace halo
