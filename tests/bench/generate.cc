// SPDX-License-Identifier: MIT
#include "tests/bench/generate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

namespace halo::bench {
namespace {

constexpr std::array<std::string_view, 5> kTools = {"search_orders", "get_invoice", "refund_order",
                                                    "update_address", "lookup_customer"};
constexpr std::array<std::string_view, 4> kModels = {"gpt-4o-mini", "gpt-4.1", "claude-sonnet-4-5",
                                                     "gpt-4o"};
constexpr std::array<std::string_view, 5> kErrors = {
    "TimeoutError: upstream did not answer within %u ms", "KeyError: 'order_%u'",
    "HTTP 503 from billing, request %u", "ValueError: amount %u exceeds the limit",
    "ConnectionError: connection to 10.0.0.%u refused"};

// 4,096 words made of syllables. Word i is drawn with a frequency of about 1 / (i + 3).
std::vector<std::string> MakeWords() {
  constexpr std::array<std::string_view, 16> kParts = {"re",  "order", "in",   "con", "ta", "ment",
                                                       "er",  "ship",  "pro",  "ac",  "de", "li",
                                                       "ver", "sta",   "tion", "ful"};
  std::vector<std::string> words;
  for (std::uint32_t i = 0; i < 4096; ++i) {
    std::string word(kParts[i % 16]);
    if (i >= 16) word += kParts[(i / 16) % 16];
    if (i >= 256) word += kParts[(i / 256) % 16];
    words.push_back(std::move(word));
  }
  return words;
}

const std::vector<std::string>& Vocabulary() {
  static const std::vector<std::string> words = MakeWords();
  return words;
}

}  // namespace

std::uint32_t Generator::Random(std::uint32_t below) {
  state_ += 0x9e3779b97f4a7c15ULL;  // splitmix64
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return static_cast<std::uint32_t>((z >> 32) * below >> 32);
}

double Generator::Uniform() { return (Random(1u << 24) + 0.5) / (1u << 24); }

// A piece of earlier text, most often of recent text, as in recordings.
std::string_view Generator::Repeated() {
  const TextStyle& style = shape_.style;
  const std::size_t length =
      style.shortest_repeat +
      Random(static_cast<std::uint32_t>(style.longest_repeat - style.shortest_repeat + 1));
  const double distance = std::pow(Uniform(), style.nearness);
  const std::size_t reach = std::min(written_.size(), style.farthest) - style.nearest;
  const std::size_t back =
      style.nearest + static_cast<std::size_t>(distance * static_cast<double>(reach));
  return std::string_view(written_).substr(written_.size() - back, length);
}

// A log-normal distribution fits the recorded lengths: half of the texts have at most 273 bytes, a
// tenth more than 1959, and half of all bytes are in texts of more than 3 KB.
std::size_t Generator::MessageLength() {
  constexpr double kPi = 3.14159265358979323846;
  const double normal = std::sqrt(-2 * std::log(Uniform())) * std::cos(2 * kPi * Uniform());
  return static_cast<std::size_t>(std::clamp(273 * std::exp(1.54 * normal), 100.0, 25'000.0));
}

// The conversation that a model call reads.
void Generator::Messages(std::size_t bytes, std::string& out) {
  constexpr std::string_view kRoles[] = {"user", "assistant", "tool"};
  std::size_t written = 0;
  for (int i = 0; written < bytes; ++i) {
    const std::size_t length = MessageLength();
    const std::string key = R"({"key":"llm.input_messages.)" + std::to_string(i) + ".message.";
    out += key + R"(role","value":{"stringValue":")";
    out += kRoles[i % 3];
    out += R"("}},)" + key + R"(content","value":{"stringValue":")";
    Text(length, out);
    out += R"("}},)";
    written += length;
  }
}

void Generator::Text(std::size_t bytes, std::string& out) {
  const TextStyle& style = shape_.style;
  const std::size_t before = written_.size();
  std::string& text = written_;
  while (text.size() - before < bytes) {
    if (Random(100) < style.repeated && text.size() > 2 * style.nearest) {
      // A long repeat must not make a short text long.
      const std::size_t room = shape_.conversations
                                   ? std::max(before + bytes - text.size(), style.shortest_repeat)
                                   : text.npos;
      text += std::string(Repeated().substr(0, room)) + ' ';
      continue;
    }
    const double rank = 3.0 * (std::pow(4099.0 / 3.0, Uniform()) - 1.0);
    const bool quoted = Random(style.quote) == 0;
    if (quoted) text += '"';
    text += Vocabulary()[std::min<std::size_t>(static_cast<std::size_t>(rank), 4095)];
    if (quoted) text += '"';
    text += Random(style.sentence) == 0 ? ". " : Random(style.line) == 0 ? "\n" : " ";
    if (Random(style.number) == 0) text += std::to_string(Random(1'000'000)) + ' ';
  }
  for (const char c : std::string_view(text).substr(before)) {
    if (c == '"' || c == '\n') out += '\\';
    out += c == '\n' ? 'n' : c;
  }
  if (text.size() > 1'000'000) text.erase(0, text.size() - 200'000);
}

void Generator::Id(int digits, std::string& out) {
  for (int i = 0; i < digits; ++i) out += "0123456789abcdef"[Random(16)];
}

std::string Generator::BeginTrace() {
  ++trace_;
  trace_id_.clear();
  Id(32, trace_id_);
  span_base_ = (static_cast<std::uint64_t>(Random(1u << 31)) << 20) | 1u << 19;
  return R"({"resourceSpans":[{"resource":{"attributes":[)"
         R"({"key":"service.name","value":{"stringValue":"order-desk"}},)"
         R"({"key":"service.version","value":{"stringValue":"1.)" +
         std::to_string(trace_ / 20'000) +
         R"("}},{"key":"deployment.environment.name","value":{"stringValue":"production"}}]},)"
         R"("scopeSpans":[{"scope":{"name":"@arizeai/openinference-instrumentation-openai",)"
         R"("version":"4.0.1"},"spans":[)";
}

void Generator::Span(int index, int parent, std::uint64_t at, bool last, std::string& out) {
  char buffer[256];
  const auto attribute = [&](std::string_view key, std::string_view value) {
    out += R"({"key":")";
    out += key;
    out += R"(","value":{"stringValue":")";
    out += value;
    out += R"("}},)";
  };
  const auto number = [&](std::string_view key, std::uint32_t value) {
    std::snprintf(buffer, sizeof buffer, R"({"key":"%.*s","value":{"intValue":"%u"}},)",
                  static_cast<int>(key.size()), key.data(), value);
    out += buffer;
  };
  const bool agent = index == 0;
  const bool tool = !agent && index % 2 == 0;
  const std::string_view tool_name = kTools[(trace_ + static_cast<unsigned>(index) / 6) % 5];
  const std::uint64_t start = 1'760'000'000'000'000'000ULL + trace_ * 1'700'000'000ULL + at;
  const std::uint64_t length = agent ? 40'000'000'000ULL : 300'000'000ULL + Random(900'000'000);
  out += R"({"traceId":")" + trace_id_;
  std::snprintf(buffer, sizeof buffer, R"(","spanId":"%016llx")",
                static_cast<unsigned long long>(span_base_ + static_cast<unsigned>(index)));
  out += buffer;
  if (parent >= 0) {
    std::snprintf(buffer, sizeof buffer, R"(,"parentSpanId":"%016llx")",
                  static_cast<unsigned long long>(span_base_ + static_cast<unsigned>(parent)));
    out += buffer;
  }
  out += R"(,"name":")";
  out += agent ? "order agent" : tool ? tool_name : "ChatCompletion";
  std::snprintf(buffer, sizeof buffer,
                R"(","kind":1,"startTimeUnixNano":"%llu","endTimeUnixNano":"%llu","attributes":[)",
                static_cast<unsigned long long>(start),
                static_cast<unsigned long long>(start + length));
  out += buffer;

  bool failed = false;
  if (agent) {
    attribute("openinference.span.kind", "AGENT");
    attribute("agent.name", trace_ % 3 == 0 ? "refunds" : "orders");
    attribute("session.id", "session-" + std::to_string(trace_ / 4));
    attribute("user.id", "user-" + std::to_string(trace_ % 997));
    std::string text;
    Text(shape_.conversations ? MessageLength() : shape_.text, text);
    attribute("input.value", text);
  } else if (tool) {
    attribute("openinference.span.kind", "TOOL");
    attribute("tool.name", tool_name);
    // Some traces repeat the same question.
    const bool loops = trace_ % 11 == 0 && index > 6;
    std::string arguments = R"({\"order_id\":)" + std::to_string(loops ? 7 : Random(100'000)) + "}";
    attribute("input.value", arguments);
    failed = !loops && Random(40) == 0;
    std::string text = loops ? "pending" : "";
    if (!loops) Text(shape_.conversations ? MessageLength() : shape_.text, text);
    attribute("output.value", text);
  } else {
    attribute("openinference.span.kind", "LLM");
    const std::string_view model = kModels[trace_ % 4];
    attribute("llm.model_name", model);
    std::string text;
    if (shape_.conversations) {
      Messages(shape_.text * 2, out);  // half of the spans call a model
      Text(MessageLength(), text);
    } else {
      Text(shape_.text * 2 / 3, text);
      attribute("llm.input_messages.0.message.role", "user");
      attribute("llm.input_messages.0.message.content", text);
      text.clear();
      Text(shape_.text / 3, text);
    }
    attribute("llm.output_messages.0.message.role", "assistant");
    attribute("llm.output_messages.0.message.content", text);
    attribute("llm.finish_reason", trace_ % 17 == 0 && last ? "length" : "stop");
    const std::uint32_t prompt = 200 + Random(4000), answer = 10 + Random(300);
    number("llm.token_count.prompt", prompt);
    number("llm.token_count.completion", answer);
    number("llm.token_count.total", prompt + answer);
  }
  if (out.back() == ',') out.pop_back();
  if (failed) {
    std::snprintf(buffer, sizeof buffer, kErrors[trace_ % 5].data(), Random(240));
    out += R"(],"status":{"code":2,"message":")";
    out += buffer;
    out += R"("}})";
  } else {
    out += R"(],"status":{"code":1}})";
  }
}

int Generator::AppendTrace(std::string& out) {
  out += BeginTrace();
  const int spans = shape_.spans / 2 + static_cast<int>(Random(shape_.spans + 1));
  std::uint64_t at = 0;
  for (int i = 0; i < spans; ++i) {
    if (i > 0) out += ',';
    Span(i, i == 0 ? -1 : 0, at, i + 1 == spans, out);
    at += 1'500'000'000;
  }
  out += "]}]}]}\n";
  return spans;
}

void Generator::AppendLongTrace(int spans, std::string& out) {
  std::string head = BeginTrace();
  std::uint64_t at = 0;
  for (int i = 0; i < spans; ++i) {
    out += i % 100 == 0 ? head : ",";
    Span(i,
         i == 0        ? -1
         : i % 50 == 1 ? 0
                       : i - i % 50 + 1 - (i % 50 == 0 ? 50 : 0),
         at, i + 1 == spans, out);
    at += 1'000'000;
    if (i % 100 == 99 || i + 1 == spans) out += "]}]}]}\n";
  }
}

void Generator::AppendSpan(std::string& out) {
  out += BeginTrace();
  Span(0, -1, 0, true, out);
  out += "]}]}]}\n";
}

}  // namespace halo::bench
