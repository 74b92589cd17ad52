// SPDX-License-Identifier: MIT
// Sources for files, standard input and memory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/model/source_position.h"
#include "engine/sources/byte_source.h"

namespace halo {

// Opens a regular file; gzip and zstd content is decompressed, whatever the file's name. `known` is
// the stored position: returns nullopt if the file has not changed since it was read completely;
// starts at known->offset if it has only grown and known->resumable; else at 0. A file that shrank
// or whose head changed counts as a new one. Errors: kNotFound, kInvalidArgument (not a regular
// file, no permission), each with the path.
Result<std::optional<std::unique_ptr<ByteSource>>> OpenFile(
    const std::string& path, const std::optional<SourcePosition>& known);

// The same for an open descriptor, which it takes. `key`: SourceKey(descriptor); `name` is for
// messages.
Result<std::optional<std::unique_ptr<ByteSource>>> OpenDescriptor(
    int descriptor, const std::string& key, const std::string& name,
    const std::optional<SourcePosition>& known);
// Whether the file begins with what was read up to `known` under another name: it was renamed,
// copied or compressed. False if that cannot be told, such as for a position in a compressed file.
bool HoldsRead(const std::string& path, const SourcePosition& known);

Result<std::unique_ptr<ByteSource>> OpenStdin();

std::unique_ptr<ByteSource> OpenBytes(std::string_view name, std::string_view bytes);

// "file:" and the canonical path: the key of its SourcePosition.
Result<std::string> SourceKey(const std::string& path);
// The key of the file that a descriptor has open.
Result<std::string> SourceKey(int descriptor);
// The key of the file that a descriptor has open.
Result<std::string> SourceKey(int descriptor);

}  // namespace halo
