// SPDX-License-Identifier: MIT
#include "engine/sources/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "engine/sources/byte_source.h"
#include "engine/sources/decoder.h"

namespace halo {
namespace {

constexpr std::uint64_t kHashedBytes = 4096;

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
  }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::int64_t ModifiedNs(const struct stat& status) {
  return status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
}

Error SystemError(const std::string& path, int error) {
  const Code code = error == ENOENT || error == ENOTDIR ? Code::kNotFound : Code::kInvalidArgument;
  return {code, path + ": " + std::generic_category().message(error)};
}

// Hashes the bytes [begin, end) of a file; nullopt if they cannot be read.
std::optional<std::uint64_t> HashRange(int fd, std::uint64_t begin, std::uint64_t end) {
  char bytes[kHashedBytes];
  std::size_t have = 0;
  while (have < end - begin) {
    const ssize_t got =
        ::pread(fd, bytes + have, end - begin - have, static_cast<off_t>(begin + have));
    if (got <= 0) return std::nullopt;
    have += static_cast<std::size_t>(got);
  }
  return XXH3_64bits(bytes, have);
}

std::optional<std::uint64_t> HashHead(int fd, std::uint64_t offset) {
  return HashRange(fd, 0, std::min(kHashedBytes, offset));
}

std::optional<std::uint64_t> HashTail(int fd, std::uint64_t offset) {
  return HashRange(fd, offset - std::min(kHashedBytes, offset), offset);
}

// A regular file or standard input.
class DescriptorSource final : public ByteSource {
 public:
  DescriptorSource(std::string key, FileDescriptor fd, const struct stat& status)
      : key_(std::move(key)),
        fd_(std::move(fd)),
        regular_(S_ISREG(status.st_mode)),
        size_(regular_ ? static_cast<std::uint64_t>(status.st_size) : 0),
        mtime_ns_(ModifiedNs(status)) {}

  // Reads the first bytes to detect the encoding, or seeks to `start`.
  Result<void> Open(std::uint64_t start) {
    start_ = consumed_ = start;
    if (start > 0 && ::lseek(fd_.get(), static_cast<off_t>(start), SEEK_SET) < 0) {
      return SystemError(key_, errno);
    }
    for (std::size_t got = 1; start == 0 && got > 0 && magic_end_ < magic_.size();) {
      const auto room = std::span(magic_).subspan(magic_end_);
      if (const Result<void> read = ReadStored(room, got); !read) return read.error();
      magic_end_ += got;
    }
    if (start == 0) encoding_ = DetectEncoding({magic_.data(), magic_end_});
    decoder_ = MakeDecoder(encoding_, [this](std::span<char> into, std::size_t& got) {
      if (magic_begin_ == magic_end_) return ReadStored(into, got);
      got = std::min(into.size(), magic_end_ - magic_begin_);
      std::memcpy(into.data(), magic_.data() + magic_begin_, got);
      magic_begin_ += got;
      return Result<void>();
    });
    return {};
  }

  Result<void> Read(std::span<char> into, std::size_t& got) override {
    Result<void> result = decoder_->Read(into, got);
    if (!result) return Error{result.error().code, key_ + ": " + result.error().message};
    return result;
  }

  std::uint64_t consumed() const override { return consumed_; }
  std::uint64_t total() const override { return std::max(size_, regular_ ? consumed_ : 0); }
  std::uint64_t start_offset() const override { return start_; }

  std::string FirstLine(std::size_t max_bytes) const override {
    constexpr std::size_t kStep = 64 << 10;
    std::string line;
    if (!regular_ || encoding_ != Encoding::kPlain) return line;
    while (line.size() < max_bytes) {
      const std::size_t have = line.size();
      line.resize(std::min(max_bytes, have + kStep));
      const ssize_t got =
          ::pread(fd_.get(), line.data() + have, line.size() - have, static_cast<off_t>(have));
      if (got <= 0) break;
      line.resize(have + static_cast<std::size_t>(got));
      const std::size_t feed = line.find('\n', have);
      if (feed == line.npos) continue;
      line.resize(feed);
      return line;
    }
    return {};
  }

  SourcePosition PositionAt(std::uint64_t offset, bool complete) const override {
    SourcePosition position;
    position.key = key_;
    position.offset = offset;
    position.complete = complete;
    if (!regular_) return position;
    position.size = std::max(size_, consumed_);
    // If the file was written to after it was opened, its current time is only valid if nothing was
    // appended after the data that was read.
    struct stat now;
    const bool same =
        ::fstat(fd_.get(), &now) == 0 && static_cast<std::uint64_t>(now.st_size) == position.size;
    position.mtime_ns = same ? ModifiedNs(now) : mtime_ns_;
    if (encoding_ != Encoding::kPlain) return position;
    const auto head = HashHead(fd_.get(), offset);
    const auto tail = HashTail(fd_.get(), offset);
    position.head_hash = head.value_or(0);
    position.tail_hash = tail.value_or(0);
    position.resumable = head && tail;
    return position;
  }

 private:
  Result<void> ReadStored(std::span<char> into, std::size_t& got) {
    ssize_t size;
    do {
      size = ::read(fd_.get(), into.data(), into.size());
    } while (size < 0 && errno == EINTR);
    got = size > 0 ? static_cast<std::size_t>(size) : 0;
    if (size < 0) return SystemError(key_, errno);
    consumed_ += got;
    return {};
  }

  std::string key_;
  FileDescriptor fd_;
  bool regular_;
  std::uint64_t size_;  // when it was opened
  std::int64_t mtime_ns_;
  std::uint64_t start_ = 0;
  std::uint64_t consumed_ = 0;
  Encoding encoding_ = Encoding::kPlain;
  std::array<char, kMagicBytes> magic_;  // [begin, end) is read but not yet passed on
  std::size_t magic_begin_ = 0, magic_end_ = 0;
  std::unique_ptr<Decoder> decoder_;
};

class BytesSource final : public ByteSource {
 public:
  BytesSource(std::string_view name, std::string_view bytes)
      : key_("bytes:" + std::string(name)), bytes_(bytes) {
    const auto next = [this](std::span<char> into, std::size_t& got) -> Result<void> {
      got = bytes_.copy(into.data(), into.size(), consumed_);
      consumed_ += got;
      return {};
    };
    decoder_ = MakeDecoder(DetectEncoding(bytes), next);
  }

  Result<void> Read(std::span<char> into, std::size_t& got) override {
    return decoder_->Read(into, got);
  }
  std::uint64_t consumed() const override { return consumed_; }
  std::uint64_t total() const override { return bytes_.size(); }
  std::uint64_t start_offset() const override { return 0; }
  SourcePosition PositionAt(std::uint64_t offset, bool complete) const override {
    SourcePosition position;
    position.key = key_;
    position.offset = offset;
    position.size = bytes_.size();
    position.complete = complete;
    return position;
  }

 private:
  std::string key_;
  std::string_view bytes_;
  std::size_t consumed_ = 0;
  std::unique_ptr<Decoder> decoder_;
};

// Whether the file still contains what was read before, so that reading can resume after it.
bool StillHolds(int fd, std::uint64_t size, const SourcePosition& known) {
  return known.resumable && known.offset > 0 && size >= known.offset &&
         HashHead(fd, known.offset) == known.head_hash &&
         HashTail(fd, known.offset) == known.tail_hash;
}

// The source of an open regular file.
Result<std::optional<std::unique_ptr<ByteSource>>> OpenRegular(
    FileDescriptor fd, const std::string& key, const std::string& name,
    const std::optional<SourcePosition>& known) {
  struct stat status;
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) return SystemError(name, errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::kInvalidArgument, name + ": not a regular file"};
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const bool unchanged =
      known && known->complete && known->size == size && known->mtime_ns == ModifiedNs(status);
  if (unchanged) return std::optional<std::unique_ptr<ByteSource>>();
  const bool rewritten = known && known->complete && known->size == size;
  const bool resumes = known && !rewritten && StillHolds(fd.get(), size, *known);
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  auto source = std::make_unique<DescriptorSource>(key, std::move(fd), status);
  if (const Result<void> opened = source->Open(resumes ? known->offset : 0); !opened) {
    return opened.error();
  }
  return std::optional<std::unique_ptr<ByteSource>>(std::move(source));
}

}  // namespace

Result<std::optional<std::unique_ptr<ByteSource>>> OpenFile(
    const std::string& path, const std::optional<SourcePosition>& known) {
  const Result<std::string> key = SourceKey(path);
  if (!key) return key.error();
  // O_NONBLOCK, so that opening a FIFO does not block before it is rejected.
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return OpenRegular(std::move(fd), *key, path, known);
}

Result<std::optional<std::unique_ptr<ByteSource>>> OpenDescriptor(
    int descriptor, const std::string& key, const std::string& name,
    const std::optional<SourcePosition>& known) {
  return OpenRegular(FileDescriptor(descriptor), key, name, known);
}

bool HoldsRead(const std::string& path, const SourcePosition& known) {
  if (!known.resumable || known.offset == 0) return false;
  Result<std::optional<std::unique_ptr<ByteSource>>> opened = OpenFile(path, known);
  if (!opened || !*opened) return opened.has_value();
  ByteSource& source = ***opened;
  if (source.start_offset() > 0) return source.start_offset() == known.offset;
  // It may be a compressed copy, whose positions mean nothing for the file on disk.
  if (source.PositionAt(0, false).resumable) return false;
  std::string head(std::min(kHashedBytes, known.offset), '\0');
  std::size_t have = 0;
  for (std::size_t got = 1; got > 0 && have < head.size(); have += got) {
    if (!source.Read(std::span(head).subspan(have), got)) return false;
  }
  return have == head.size() && XXH3_64bits(head.data(), head.size()) == known.head_hash;
}

Result<std::unique_ptr<ByteSource>> OpenStdin() {
  struct stat status;
  if (::fstat(STDIN_FILENO, &status) != 0) return SystemError("standard input", errno);
  if (S_ISDIR(status.st_mode)) {
    return Error{Code::kInvalidArgument, "standard input is a folder"};
  }
  auto source = std::make_unique<DescriptorSource>("stdin", FileDescriptor(STDIN_FILENO), status);
  if (const Result<void> opened = source->Open(0); !opened) return opened.error();
  return std::unique_ptr<ByteSource>(std::move(source));
}

std::unique_ptr<ByteSource> OpenBytes(std::string_view name, std::string_view bytes) {
  return std::make_unique<BytesSource>(name, bytes);
}

Result<std::string> SourceKey(const std::string& path) {
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::canonical(path, error);
  if (error) return SystemError(path, error.value());
  return "file:" + canonical.string();
}

Result<std::string> SourceKey(int descriptor) {
  return SourceKey("/proc/self/fd/" + std::to_string(descriptor));
}

}  // namespace halo
