// SPDX-License-Identifier: MIT
#include "engine/codec/block_codec.h"

#include <new>

#include "engine/codec/bytes.h"
#include "engine/codec/long_matches.h"

namespace halo {
namespace {

// Level 3 would save a tenth of the space and take twice the time. A hash table half as large as
// the level's own fits into a first-level cache: a twentieth of the time for as much space.
constexpr int kLevel = 1;
constexpr int kHashLog = 13;
constexpr std::size_t kMaxBlock = 256 << 20;

}  // namespace

struct BlockCompressor::Context {
  ZSTD_CCtx* const zstd = ZSTD_createCCtx();
  ByteBuffer block;
  LongMatches matches;
  ~Context() { ZSTD_freeCCtx(zstd); }
};

BlockCompressor::BlockCompressor() : context_(std::make_unique<Context>()) {
  if (context_->zstd == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_hashLog, kHashLog);
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_windowLog, LongMatches::kWindowLog);
  ZSTD_CCtx_setParameter(context_->zstd, ZSTD_c_blockDelimiters, ZSTD_sf_explicitBlockDelimiters);
}

BlockCompressor::~BlockCompressor() = default;

std::string BlockCompressor::Compress(std::string_view bytes, BlockContent content) {
  ZSTD_CCtx* const zstd = context_->zstd;
  const std::size_t bound = ZSTD_compressBound(bytes.size());
  char* const block = context_->block.Prepare(bound);
  std::size_t size = 0;
  if (content == BlockContent::kLongTexts) {
    const auto sequences = context_->matches.Find(bytes);
    ZSTD_CCtx_reset(zstd, ZSTD_reset_session_only);
    size = ZSTD_compressSequences(zstd, block, bound, sequences.data(), sequences.size(),
                                  bytes.data(), bytes.size());
  } else {
    size = ZSTD_compress2(zstd, block, bound, bytes.data(), bytes.size());
  }
  // The bound is enough for any input, so only a lack of memory can fail here.
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
