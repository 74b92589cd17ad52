// SPDX-License-Identifier: MIT
#include "engine/store/open_store.h"

#include <array>

#include "engine/store/reopening_store.h"
#include "engine/store/sqlite/sqlite_store.h"
#include "engine/store/store.h"

namespace halo {
namespace {

struct Backend {
  std::string_view scheme;
  Result<std::unique_ptr<Store>> (*open)(const std::string& path);
  Result<std::vector<StoreDamage>> (*verify)(const std::string& path);
  Result<std::vector<StoreDamage>> (*repair)(const std::string& path);
};

// THE LIST. The first entry also takes plain paths.
constexpr std::array kBackends = {
    Backend{"sqlite:", OpenSqliteStore, VerifySqliteStore, RepairSqliteStore}};

struct Place {
  const Backend* backend;
  std::string path;
};

Result<Place> PlaceOf(std::string_view url) {
  for (const Backend& backend : kBackends) {
    if (url.starts_with(backend.scheme) && url.size() > backend.scheme.size()) {
      return Place{&backend, std::string(url.substr(backend.scheme.size()))};
    }
  }
  const std::size_t scheme_end = url.find("://");
  if (url.empty() || url == kBackends.front().scheme || scheme_end != std::string_view::npos) {
    return Error{Code::kInvalidArgument,
                 "a store is named by sqlite:PATH or a path, not \"" + std::string(url) + "\""};
  }
  return Place{&kBackends.front(), std::string(url)};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenStore(std::string_view url) {
  const Result<Place> place = PlaceOf(url);
  if (!place) return place.error();
  return OpenReopening(place->backend->open, place->path);
}

Result<std::vector<StoreDamage>> VerifyStore(std::string_view url) {
  const Result<Place> place = PlaceOf(url);
  if (!place) return place.error();
  return place->backend->verify(place->path);
}

Result<std::vector<StoreDamage>> RepairStore(std::string_view url) {
  const Result<Place> place = PlaceOf(url);
  if (!place) return place.error();
  return place->backend->repair(place->path);
}

}  // namespace halo
