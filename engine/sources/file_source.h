// SPDX-License-Identifier: MIT
// Bytes of files, standard input and memory, decompressed on the way.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/source_position.h"
#include "engine/sources/byte_source.h"

namespace halo {

// Opens a regular file, transparent for .gz and .zst content whatever its name, with `known` (what
// the store last saw of it): nullopt when it has not changed since it was read completely; from
// known->offset when it only grew and known->resumable; else from 0. A followed file that shrank
// or whose head changed is a new one. Errors: kNotFound, kInvalidArgument (not a regular file,
// no permission), each with the path.
Result<std::optional<std::unique_ptr<ByteSource>>> OpenFile(
    const std::string& path, const std::optional<SourcePosition>& known);

Result<std::unique_ptr<ByteSource>> OpenStdin();

std::unique_ptr<ByteSource> OpenBytes(std::string_view name, std::string_view bytes);

// "file:" and the canonical path: the key of its SourcePosition.
Result<std::string> SourceKey(const std::string& path);

}  // namespace halo
