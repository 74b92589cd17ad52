// SPDX-License-Identifier: MIT
// A fake engine for tests of tools and server. Do not link tests that include this with the real
// engine's queries.
#pragma once

namespace halo {

class Engine {};

}  // namespace halo
