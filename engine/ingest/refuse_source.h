// SPDX-License-Identifier: MIT
// Source keys and refused sources, shared by Ingester and Follower. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

// The key of a source within a project: a file can be imported into several projects.
std::string KeyInProject(std::string key, const std::string& project);

// The reject reason of a refused input.
std::string_view RefusalReason(const Error& error);

// Records a refused input in the store. The record is removed once the input can be read.
Result<void> RefuseSource(Store& store, const std::string& key, const Error& error,
                          std::string_view name, Patience patience);

}  // namespace halo
