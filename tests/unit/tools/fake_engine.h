// SPDX-License-Identifier: MIT
// An engine for tests of what stands above it. Never link a test that includes this with the real
// engine's questions.
#pragma once

namespace halo {

class Engine {};

}  // namespace halo
