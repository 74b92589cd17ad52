// SPDX-License-Identifier: MIT
#include <optional>

#include "schemas/json_text.h"
#include "tests/conformance/fixture_catalogue.h"

namespace halo {
namespace {

constexpr std::string_view kPixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
    "gg==";
constexpr std::string_view kTemplateBegin = "test://template/", kTemplateEnd = "/data";

constexpr std::string_view kNumbered = "test://numbered/";
constexpr int kNumberedCount = 60;  // more than one page of the list

std::string DataOf(const std::string& id) {
  return Serialise(
      boost::json::object{{"id", id}, {"templateTest", true}, {"data", "Data for ID: " + id}});
}

std::optional<std::string> TemplateId(std::string_view uri) {
  if (!uri.starts_with(kTemplateBegin) || !uri.ends_with(kTemplateEnd)) return std::nullopt;
  uri.remove_prefix(kTemplateBegin.size());
  if (uri.size() <= kTemplateEnd.size()) return std::nullopt;
  uri.remove_suffix(kTemplateEnd.size());
  return std::string(uri);
}

Result<ResourceText> Read(const std::string& uri, std::int64_t changes) {
  if (uri == "test://static-text") {
    return ResourceText{"text/plain", "This is the content of the static text resource."};
  }
  if (uri == "test://static-binary") return ResourceText{"image/png", std::string(kPixel), true};
  if (uri == "test://watched-resource") {
    return ResourceText{"text/plain", "Changed " + std::to_string(changes) + " times."};
  }
  if (uri.starts_with(kNumbered)) return ResourceText{"text/plain", uri};
  if (const auto id = TemplateId(uri)) return ResourceText{"application/json", DataOf(*id)};
  return Error{Code::kNotFound, "there is no " + uri};
}

std::vector<ServedResource> List(std::int64_t changes) {
  std::vector<ServedResource> out = {
      {"test://static-text", "static-text", "Static text", "A text.", "text/plain"},
      {"test://static-binary", "static-binary", "Static binary", "An image.", "image/png"},
      {"test://watched-resource", "watched-resource", "Watched", "To subscribe to.", "text/plain"},
  };
  // Every second change makes the list longer.
  for (std::int64_t i = 0; i < kNumberedCount + changes / 2; ++i) {
    const std::string name = "numbered-" + std::to_string(i);
    out.push_back(
        {std::string(kNumbered) + std::to_string(i), name, name, "One of many.", "text/plain"});
  }
  return out;
}

}  // namespace

ServedTool ChangingTool(Changes changes) {
  return FixtureTool("test_change_resource", "Changes test://watched-resource.",
                     [changes](const Exchange&) -> RpcResult {
                       return TextResult("Changed " + std::to_string(++*changes) + " times.");
                     });
}

Resources FixtureResources(Changes changes) {
  Resources out;
  out.list = [changes](const CallContext&) {
    return Result<std::vector<ServedResource>>(List(*changes));
  };
  out.templates = {{"test://template/{id}/data",
                    "template",
                    "Template",
                    "Data of an id.",
                    "application/json",
                    {{"id", "any", true, {}}}}};
  out.read = [changes](const std::string& uri, const CallContext&) { return Read(uri, *changes); };
  out.sequence = [changes] { return Result<std::int64_t>(*changes); };
  return out;
}

}  // namespace halo
