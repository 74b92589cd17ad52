// SPDX-License-Identifier: MIT
#include "engine/sources/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace halo {
namespace {

constexpr std::size_t kInputBytes = 256 << 10;

Error Broken(std::string_view what) { return {Code::kCorrupt, std::string(what)}; }

class PlainDecoder final : public Decoder {
 public:
  explicit PlainDecoder(StoredBytes stored) : stored_(std::move(stored)) {}
  Result<void> Read(std::span<char> into, std::size_t& got) override { return stored_(into, got); }

 private:
  StoredBytes stored_;
};

// Decodes concatenated gzip members; skips zero padding after the last one.
class GzipDecoder final : public Decoder {
 public:
  explicit GzipDecoder(StoredBytes stored) : stored_(std::move(stored)) {
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~GzipDecoder() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  Result<void> Read(std::span<char> into, std::size_t& got) override {
    const auto room = static_cast<uInt>(std::min<std::size_t>(into.size(), 1 << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = room;
    Result<void> result = ended_ ? Result<void>() : Inflate();
    if (!result) ended_ = true;
    got = room - stream_.avail_out;
    return result;
  }

 private:
  Result<void> Inflate() {
    if (!ready_) return Error{Code::kInternal, "out of memory for gzip"};
    while (stream_.avail_out > 0 && !ended_) {
      if (stream_.avail_in == 0) {
        if (const Result<void> read = Refill(); !read) return read.error();
        if (stream_.avail_in == 0) {
          ended_ = true;
          if (in_member_) return Broken("truncated gzip stream");
          break;
        }
      }
      if (!in_member_ && !BeginMember()) continue;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        in_member_ = false;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return Broken("corrupt gzip stream");
      }
    }
    return {};
  }

  Result<void> Refill() {
    std::size_t got = 0;
    if (const Result<void> read = stored_(input_, got); !read) return read.error();
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(got);
    return {};
  }

  // Skips padding; false if the input contains nothing else.
  bool BeginMember() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    inflateReset(&stream_);
    in_member_ = true;
    return true;
  }

  StoredBytes stored_;
  z_stream stream_{};
  std::vector<char> input_ = std::vector<char>(kInputBytes);
  bool ready_ = false;
  bool in_member_ = false;
  bool ended_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder(StoredBytes stored, int max_window_log)
      : stored_(std::move(stored)), stream_(ZSTD_createDStream(), ZSTD_freeDStream) {
    if (stream_) ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, max_window_log);
  }

  Result<void> Read(std::span<char> into, std::size_t& got) override {
    ZSTD_outBuffer plain{into.data(), into.size(), 0};
    Result<void> result = ended_ ? Result<void>() : Decompress(plain);
    if (!result) ended_ = true;
    got = plain.pos;
    return result;
  }

 private:
  Result<void> Decompress(ZSTD_outBuffer& plain) {
    if (!stream_) return Error{Code::kInternal, "out of memory for zstd"};
    while (plain.pos < plain.size && !ended_) {
      if (input_at_ == input_size_ && !flushing_) {
        if (const Result<void> read = stored_(input_, input_size_); !read) return read.error();
        input_at_ = 0;
        if (input_size_ == 0) {
          ended_ = true;
          if (in_frame_) return Broken("truncated zstd stream");
          break;
        }
      }
      ZSTD_inBuffer in{input_.data(), input_size_, input_at_};
      const std::size_t before = plain.pos;
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &plain, &in);
      if (ZSTD_isError(status)) return Broken("corrupt zstd stream");
      // The output is full, so more may follow without further input.
      flushing_ = plain.pos == plain.size && status != 0;
      if (in.pos == input_at_ && plain.pos == before) flushing_ = false;
      input_at_ = in.pos;
      in_frame_ = status != 0;
    }
    return {};
  }

  StoredBytes stored_;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
  std::vector<char> input_ = std::vector<char>(kInputBytes);
  std::size_t input_size_ = 0, input_at_ = 0;
  bool in_frame_ = false;
  bool flushing_ = false;
  bool ended_ = false;
};

}  // namespace

Encoding DetectEncoding(std::string_view start) {
  if (start.starts_with("\x1F\x8B")) return Encoding::kGzip;
  if (start.starts_with("\x28\xB5\x2F\xFD")) return Encoding::kZstd;
  return Encoding::kPlain;
}

std::unique_ptr<Decoder> MakeDecoder(Encoding encoding, StoredBytes stored, int max_window_log) {
  switch (encoding) {
    case Encoding::kGzip:
      return std::make_unique<GzipDecoder>(std::move(stored));
    case Encoding::kZstd:
      return std::make_unique<ZstdDecoder>(std::move(stored), max_window_log);
    default:
      return std::make_unique<PlainDecoder>(std::move(stored));
  }
}

}  // namespace halo
