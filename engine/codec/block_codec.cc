// SPDX-License-Identifier: MIT
#include "engine/codec/block_codec.h"

#include <zstd.h>

#include <new>

#include "engine/codec/bytes.h"

namespace halo {
namespace {

// Level 3 makes the recorded texts of docs/benchmarks.md 5 % smaller and takes a third more time,
// level -1 makes them 17 % larger and saves 7 % of the time. The level's own window (512 KB) covers
// a block.
constexpr int kLevel = 1;
constexpr std::size_t kMaxBlock = 256 << 20;

}  // namespace

struct BlockCompressor::Context {
  ZSTD_CCtx* const zstd = ZSTD_createCCtx();
  ByteBuffer block;
  ~Context() { ZSTD_freeCCtx(zstd); }
};

BlockCompressor::BlockCompressor() : context_(std::make_unique<Context>()) {
  if (context_->zstd == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_compressionLevel, kLevel);
}

BlockCompressor::~BlockCompressor() = default;

std::string BlockCompressor::Compress(std::string_view bytes) {
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  char* const block = context_->block.Prepare(bound);
  const std::size_t size = ZSTD_compress2(context_->zstd, block, bound, bytes.data(), bytes.size());
  // The bound suffices for any input, so only a lack of memory can fail here.
  if (ZSTD_isError(size)) throw std::bad_alloc();
  return std::string(block, size);
}

std::string CompressBlock(std::string_view bytes) { return BlockCompressor().Compress(bytes); }

Result<std::string> DecompressBlock(std::string_view block) {
  const unsigned long long size = ZSTD_getFrameContentSize(block.data(), block.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxBlock) {
    return Error{Code::kCorrupt, "stored block is not a zstd frame of at most 256 MB"};
  }
  std::string bytes(size, '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), block.data(), block.size());
  if (ZSTD_isError(got) || got != size) {
    return Error{Code::kCorrupt, "stored block does not decompress"};
  }
  return bytes;
}

}  // namespace halo
