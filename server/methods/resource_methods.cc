// SPDX-License-Identifier: MIT
#include <boost/json/array.hpp>
#include <utility>

#include "schemas/escape.h"
#include "schemas/trace_text.h"
#include "server/methods/method.h"
#include "server/protocol/icon.h"
#include "server/protocol/paging.h"

namespace halo {
namespace {

namespace json = boost::json;

RpcError ToRpcError(const Error& error) { return {kInternalError, EscapeText(error.message)}; }

// Fields that a resource and a template share.
template <class T>
json::object Listed(const T& item, std::string_view address_key, const std::string& address,
                    const ServerInfo& info, Revision revision) {
  json::object out{{address_key, address}, {"name", item.name}};
  if (revision >= Revision::k2025_06_18) out.emplace("title", item.title);
  out.emplace("description", item.description);
  out.emplace("mimeType", item.mime_type);
  if (revision >= Revision::k2025_11_25 && !info.icon.empty()) {
    out.emplace("icons", Icons(info.icon));
  }
  return out;
}

// An address that is more than one is not repeated: errors have no fences.
RpcError NoSuchResource(const std::string& uri, const std::string& why, Revision revision) {
  json::value data;
  if (IsPlainPath(uri)) data = {{"uri", uri}};
  return {IsModern(revision) ? kInvalidParams : kResourceNotFound,
          "Resource not found: " + EscapeText(why), std::move(data)};
}

}  // namespace

RpcResult ListResources(ServerCore& server, Request& request) {
  const auto all = server.catalogue.resources.list(request.context);
  if (!all) return ToRpcError(all.error());
  const auto page = PageOf(request.params, "resources/list", all->size());
  if (!page) return page.error();
  json::array listed;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    const ServedResource& one = (*all)[i];
    listed.push_back(Listed(one, "uri", one.uri, server.catalogue.info, request.revision));
  }
  json::object result{{"resources", std::move(listed)}};
  if (!page->next_cursor.empty()) result.emplace("nextCursor", page->next_cursor);
  return Cacheable(std::move(result), request.revision, kDataTtlMs, CacheScope::kPrivate);
}

RpcResult ListTemplates(ServerCore& server, Request& request) {
  const std::vector<ResourceTemplate>& all = server.catalogue.resources.templates;
  const auto page = PageOf(request.params, "resources/templates/list", all.size());
  if (!page) return page.error();
  json::array listed;
  for (std::size_t i = page->begin; i < page->end; ++i) {
    listed.push_back(Listed(all[i], "uriTemplate", all[i].uri_template, server.catalogue.info,
                            request.revision));
  }
  json::object result{{"resourceTemplates", std::move(listed)}};
  if (!page->next_cursor.empty()) result.emplace("nextCursor", page->next_cursor);
  return Cacheable(std::move(result), request.revision, kStaticTtlMs, CacheScope::kPublic);
}

RpcResult ReadResource(ServerCore& server, Request& request) {
  const auto uri = StringParam(request, "uri");
  if (!uri) return uri.error();
  const auto text = server.catalogue.resources.read(*uri, request.context);
  if (!text) {
    const Code code = text.error().code;
    if (code == Code::kNotFound || code == Code::kInvalidArgument) {
      return NoSuchResource(*uri, text.error().message, request.revision);
    }
    return ToRpcError(text.error());
  }
  json::object content{
      {"uri", *uri}, {"mimeType", text->mime_type}, {text->binary ? "blob" : "text", text->text}};
  return Cacheable({{"contents", json::array{std::move(content)}}}, request.revision,
                   text->fixed ? kStaticTtlMs : kDataTtlMs,
                   text->fixed ? CacheScope::kPublic : CacheScope::kPrivate);
}

}  // namespace halo
