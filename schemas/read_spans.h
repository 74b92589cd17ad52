// SPDX-License-Identifier: MIT
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct ReadSpansInput {
  std::string trace_id;
  std::optional<std::string> project;
  std::vector<std::string> span_ids;
  std::optional<std::string> path;
  std::int64_t offset = 0;
  std::optional<std::int64_t> limit;

  static constexpr auto Fields() {
    using Self = ReadSpansInput;
    return std::tuple{
        Field("trace_id", &Self::trace_id, "or a unique prefix")
            .Example("\"4bf92f3577b34da6a3ce929d0e0e4736\""),
        Option("project", &Self::project),
        Option("span_ids", &Self::span_ids, "none: the tree without attributes; some: their values")
            .Example("[\"00f067aa0ba902b7\"]"),
        Option("path", &Self::path, "of one value of one span, to read it in full")
            .Example("\"attributes.output.value\""),
        Option("offset", &Self::offset, "span of the tree, or byte of the value", {0, 4e9}),
        Option("limit", &Self::limit, "spans, or bytes; default 60 and 8000", {1, 30000})};
  }
};

struct ValueSlice {
  TraceId span_id, path;
  TraceText text;
  std::int64_t offset = 0, bytes = 0, next_offset = 0;

  static constexpr auto Fields() {
    using Self = ValueSlice;
    return std::tuple{Field("span_id", &Self::span_id),
                      Field("path", &Self::path),
                      Field("offset", &Self::offset),
                      Field("bytes", &Self::bytes, "of the whole value"),
                      Option("next_offset", &Self::next_offset),
                      Field("text", &Self::text)};
  }
};

struct ReadSpansOutput {
  struct Node {
    TraceId span_id, parent_id;
    std::string kind;
    TraceName name, model;
    TraceText error;
    std::optional<std::int64_t> ms;  // absent: not known
    std::int64_t depth = 0, at_ms = 0, micro_usd = 0, tokens = 0;
    bool failed = false, open = false;

    static constexpr auto Fields() {
      using Self = Node;
      return std::tuple{Field("span_id", &Self::span_id),
                        Option("parent_id", &Self::parent_id),
                        Field("depth", &Self::depth),
                        Field("kind", &Self::kind),
                        Field("name", &Self::name),
                        Field("at_ms", &Self::at_ms),
                        Option("ms", &Self::ms),
                        Option("open", &Self::open),
                        Option("failed", &Self::failed),
                        Option("error", &Self::error),
                        Option("model", &Self::model),
                        Option("tokens", &Self::tokens),
                        Option("micro_usd", &Self::micro_usd)};
    }
  };
  struct Value {
    TraceId path;
    TraceText text;
    std::int64_t bytes = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("path", &Value::path),
                        Option("bytes", &Value::bytes, "of the whole value, where text is cut"),
                        Field("text", &Value::text)};
    }
  };
  struct Detail {
    Node span;
    std::vector<Value> values;
    std::int64_t more_values = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("span", &Detail::span), Field("values", &Detail::values),
                        Option("more_values", &Detail::more_values)};
    }
  };

  std::string headline;
  std::vector<Node> tree;
  std::vector<Detail> spans;
  std::optional<ValueSlice> value;
  std::int64_t next_offset = 0;
  std::vector<Prose> notes;
  std::vector<std::string> next;

  static constexpr auto Fields() {
    using Self = ReadSpansOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Option("tree", &Self::tree),
                      Option("next_offset", &Self::next_offset),
                      Option("spans", &Self::spans),
                      Option("value", &Self::value),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
