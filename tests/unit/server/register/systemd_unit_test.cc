// SPDX-License-Identifier: MIT
#include "server/register/systemd_unit.h"

#include <catch2/catch.hpp>

namespace halo {

TEST_CASE("a unit starts the program with its arguments, quoted for systemd") {
  const std::string unit =
      SystemdUnit("/opt/my tools/halo-mcp", {"serve", "--store", "sqlite:/a b/100%/$x\"\\.db"});
  CHECK(unit.find("\nExecStart=\"/opt/my tools/halo-mcp\" \"serve\" \"--store\" "
                  "\"sqlite:/a b/100%%/$$x\\\"\\\\.db\"\n") != std::string::npos);
  CHECK(unit.find("\nWantedBy=default.target\n") != std::string::npos);
  CHECK(IsOwnUnit(unit));
  CHECK_FALSE(IsOwnUnit("[Unit]\nDescription=halo-mcp\n"));
  CHECK(SystemdUnit("/halo-mcp", {"a\nExecStart=/bin/false"}).find("\nExecStart=/bin/false") ==
        std::string::npos);
}

}  // namespace halo
