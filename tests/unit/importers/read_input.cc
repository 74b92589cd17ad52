// SPDX-License-Identifier: MIT
#include "tests/unit/importers/read_input.h"

#include <algorithm>
#include <memory>
#include <sstream>

#include "engine/framing/framer.h"
#include "engine/importers/choose_importer.h"

namespace halo {
namespace {

class DumpSink final : public SpanSink {
 public:
  void OnSpan(const Span& span) override { text += DumpSpan(span); }
  void OnReject(Reject reject) override { text += DumpReject(reject); }
  std::string text;
};

void DumpValue(const Value& value, std::ostream& out) {
  switch (value.type) {
    case Value::Type::kNull:
      out << "null";
      break;
    case Value::Type::kBool:
      out << "bool " << (value.integer ? "true" : "false");
      break;
    case Value::Type::kInt:
      out << "int " << value.integer;
      break;
    case Value::Type::kDouble:
      out << "double " << value.real;
      break;
    case Value::Type::kText:
      out << "text " << value.text;
      break;
    case Value::Type::kJson:
      out << "json " << value.text;
      break;
    case Value::Type::kBytes:
      out << "bytes " << value.text;
      break;
  }
}

void DumpAttributes(std::string_view indent, const std::vector<Attribute>& attributes,
                    std::ostream& out) {
  for (const Attribute& attribute : attributes) {
    out << indent << attribute.key << " = ";
    DumpValue(attribute.value, out);
    out << '\n';
  }
}

}  // namespace

std::string DumpSpan(const Span& span) {
  constexpr const char* kStatus[] = {"unset", "ok", "error"};
  std::ostringstream out;
  out << "span " << span.trace_id << ' ' << span.span_id;
  if (!span.parent_id.empty()) out << " in " << span.parent_id;
  out << "\n  name " << span.name << '\n';
  if (!span.otel_kind.empty()) out << "  kind " << span.otel_kind << '\n';
  out << "  time " << span.start_ns << " to " << span.end_ns << '\n';
  if (span.status != StatusCode::kUnset || !span.status_message.empty()) {
    out << "  status " << kStatus[static_cast<int>(span.status)] << ' ' << span.status_message
        << '\n';
  }
  if (!span.trace_state.empty()) out << "  trace_state " << span.trace_state << '\n';
  DumpAttributes("  ", span.attributes, out);
  for (const Event& event : span.events) {
    out << "  event " << event.name << " at " << event.time_ns << '\n';
    DumpAttributes("    ", event.attributes, out);
  }
  if (!span.links.empty()) out << "  links " << span.links << '\n';
  DumpAttributes("  resource ", span.resource->attributes, out);
  if (!span.resource->scope_name.empty()) {
    out << "  scope " << span.resource->scope_name << ' ' << span.resource->scope_version << '\n';
  }
  DumpAttributes("  scope ", span.resource->scope_attributes, out);
  return out.str();
}

std::string DumpReject(const Reject& reject) {
  return "reject " + reject.reason + " at " + std::to_string(reject.offset) + '\n';
}

std::vector<RecordBatch> SplitInput(std::string_view input,
                                    const std::function<std::size_t()>& next_size,
                                    bool more_may_follow) {
  Splitter splitter;
  std::vector<RecordBatch> batches;
  while (!input.empty()) {
    const std::size_t size = std::min(next_size(), input.size());
    splitter.Feed(input.substr(0, size), batches);
    input.remove_prefix(size);
  }
  splitter.Finish(more_may_follow, batches);
  return batches;
}

std::vector<RecordBatch> SplitInput(std::string_view input, bool more_may_follow) {
  return SplitInput(
      input, [&] { return input.size(); }, more_may_follow);
}

std::string ReadInput(std::string_view input) {
  const Result<const Importer*> importer = ChooseImporter(input, "input");
  if (!importer) return importer.error().message;
  const auto reader = (*importer)->make_reader();
  DumpSink sink;
  const std::unique_ptr<Framer> framer = MakeFramer((*importer)->framing);
  std::vector<RecordBatch> batches;
  framer->Feed(input, batches);
  framer->Finish(false, batches);
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) reader->Read(record, sink);
    for (const Reject& reject : batch.rejects) sink.OnReject(reject);
  }
  return sink.text;
}

}  // namespace halo
