// SPDX-License-Identifier: MIT
#include "server/register/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr off_t kMaxBytes = 64 << 20;

Error Failed(const std::string& path, std::string_view what) {
  return {Code::kUnavailable, path + ": cannot " + std::string(what) + ": " + std::strerror(errno)};
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { Close(); }

  int get() const { return descriptor_; }
  bool Close() {
    const int descriptor = descriptor_;
    descriptor_ = -1;
    return descriptor < 0 || ::close(descriptor) == 0;
  }

 private:
  int descriptor_;
};

// Resolves a chain of symbolic links, whose target need not exist.
Result<std::string> TargetOf(const std::string& path) {
  constexpr int kMaxLinks = 40;
  fs::path target = path;
  std::error_code failure;
  for (int i = 0; fs::is_symlink(fs::symlink_status(target, failure)); ++i) {
    const fs::path next = fs::read_symlink(target, failure);
    if (failure || i == kMaxLinks) {
      return Error{Code::kUnavailable, path + ": too many or unreadable symbolic links"};
    }
    target = target.parent_path() / next;
  }
  return target.string();
}

bool WriteAll(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The permissions of the replaced file, else those of a new file.
mode_t ModeFor(const std::string& target) {
  struct stat state {};
  if (::stat(target.c_str(), &state) == 0) return state.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

Result<void> WriteTemporary(const std::string& temporary, int file, const std::string& target,
                            const std::string& text) {
  struct stat state {};
  // Preserves the owner of a file that is not ours.
  if (::stat(target.c_str(), &state) == 0 && state.st_uid != ::geteuid() &&
      ::fchown(file, state.st_uid, state.st_gid) != 0) {
    return Failed(target, "keep its owner");
  }
  if (::fchmod(file, ModeFor(target)) != 0 || !WriteAll(file, text) || ::fsync(file) != 0) {
    return Failed(temporary, "write it");
  }
  return {};
}

}  // namespace

Result<std::optional<std::string>> ReadConfigFile(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    return Failed(path, "open it");
  }
  struct stat state {};
  if (::fstat(file.get(), &state) != 0) return Failed(path, "read it");
  if (!S_ISREG(state.st_mode) || state.st_size > kMaxBytes) {
    return Error{Code::kInvalidArgument, path + ": not a regular file of at most 64 MB"};
  }
  std::string text(static_cast<std::size_t>(state.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed(path, "read it");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return std::optional<std::string>(std::move(text));
}

Result<void> ReplaceConfigFile(const std::string& path, const std::optional<std::string>& before,
                               const std::string& text) {
  const Result<std::string> target = TargetOf(path);
  if (!target) return target.error();
  std::error_code failure;
  const fs::path folder = fs::absolute(*target, failure).parent_path();
  fs::create_directories(folder, failure);
  if (failure) {
    return Error{Code::kUnavailable, folder.string() + ": cannot create it: " + failure.message()};
  }
  std::string temporary = *target + ".halo-XXXXXX";
  File file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return Failed(folder.string(), "write into it");
  Result<void> done = WriteTemporary(temporary, file.get(), *target, text);
  if (done && !file.Close()) done = Failed(temporary, "write it");
  if (done) {
    const Result<std::optional<std::string>> now = ReadConfigFile(*target);
    if (!now) {
      done = now.error();
    } else if (*now != before) {
      done = Error{Code::kUnavailable, path + ": another program changed it meanwhile; try again"};
    } else if (::rename(temporary.c_str(), target->c_str()) != 0) {
      done = Failed(path, "replace it");
    }
  }
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  const File parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.get() >= 0) ::fsync(parent.get());
  return {};
}

}  // namespace halo
