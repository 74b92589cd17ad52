// SPDX-License-Identifier: MIT
// An empty Engine for tests of tools and server. Do not link a test that includes this with code
// that uses the real one: the class would have two definitions.
#pragma once

namespace halo {

class Engine {};

}  // namespace halo
