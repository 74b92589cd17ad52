// SPDX-License-Identifier: MIT
// Where bytes come from: files, folders and standard input, decompressed on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "engine/store/store.h"

namespace halo {

// A stream of decompressed bytes. One thread.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Puts the next bytes into `into`, which is not empty, and sets `got` to how many; 0 at the end.
  // kCorrupt for a broken gzip or zstd stream: `got` is what came before it and is good.
  virtual Result<void> Read(std::span<char> into, std::size_t& got) = 0;
  // Bytes of the stored file taken so far and in all, for progress; total 0 when unknown.
  virtual std::uint64_t consumed() const = 0;
  virtual std::uint64_t total() const = 0;
  // Where this read began in the decompressed input: not 0 when it resumed.
  virtual std::uint64_t start_offset() const = 0;
  // What to store once everything up to `offset` is stored.
  virtual SourcePosition PositionAt(std::uint64_t offset, bool complete) const = 0;
};

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

// All regular files beneath the paths, sorted, each once; hidden files and folders are left out,
// symbolic links are followed once. A path that does not exist is an error that names it and, where
// there is one, the nearest that does.
Result<std::vector<std::string>> ListFiles(std::span<const std::string> paths);

}  // namespace halo
