// SPDX-License-Identifier: MIT
#include "server/halo/halo_catalogue.h"

#include <utility>

#include "server/server_info.h"

namespace halo {

Catalogue HaloCatalogue(Engine& engine) {
  Catalogue out{HaloServer(), {}, HaloResources(engine), HaloPrompts(engine)};
  for (Tool& tool : AllTools()) out.tools.push_back(Serve(engine, std::move(tool)));
  return out;
}

}  // namespace halo
