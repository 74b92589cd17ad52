// SPDX-License-Identifier: MIT
#include "engine/sources/rooted_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxFiles = 100'000;

// A descriptor of what `inner` names beneath `root`, or -1 and errno.
int OpenBeneath(int root, const std::string& inner, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const char* const path = inner.empty() ? "." : inner.c_str();
  return static_cast<int>(::syscall(SYS_openat2, root, path, &how, sizeof how));
}

// Opens without side effects, and reopens for reading only if it is a regular file or a folder.
int OpenChecked(int root, const std::string& inner, struct stat& status) {
  const int fd = OpenBeneath(root, inner, O_PATH);
  if (fd < 0) return -1;
  if (::fstat(fd, &status) != 0 || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) {
    ::close(fd);
    errno = EINVAL;
    return -1;
  }
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const int readable = ::open(link.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const int error = errno;
  ::close(fd);
  errno = error;
  return readable;
}

std::string Join(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

// `path` relative to `root`; nullopt if it does not begin with it.
std::optional<std::string> Inside(const std::string& root, const std::string& path) {
  if (path == root) return "";
  const std::string prefix = root == "/" ? root : root + "/";
  if (!path.starts_with(prefix)) return std::nullopt;
  return path.substr(prefix.size());
}

std::string Listed(const std::vector<std::string>& roots) {
  if (roots.empty()) {
    return "No folder may be read from: start the server with --traces PATH, or in the project's "
           "folder.";
  }
  std::string out = "Allowed: what lies under ";
  constexpr std::size_t kMaxNamed = 5;
  for (std::size_t i = 0; i < std::min(roots.size(), kMaxNamed); ++i) {
    out.append(i > 0 ? ", " : "").append(roots[i]);
  }
  return out + ". The server's --traces PATH adds more.";
}

struct Candidate {
  std::string folder, inner;
};

// Where the path may be: beneath each root that could hold it.
std::vector<Candidate> CandidatesOf(const std::vector<std::string>& roots,
                                    const std::string& path) {
  std::vector<Candidate> out;
  for (const std::string& root : roots) {
    std::error_code error;
    const fs::path canonical = fs::canonical(root, error);
    if (error) continue;
    const bool is_folder = fs::is_directory(canonical, error);
    for (const std::string& name :
         {fs::path(root).lexically_normal().string(), canonical.string()}) {
      std::string base = name;
      if (base.size() > 1 && base.ends_with('/')) base.pop_back();
      const std::optional<std::string> inner =
          path.starts_with('/') ? Inside(base, path) : std::optional(path);
      if (!inner) continue;
      if (is_folder) out.push_back({canonical.string(), *inner});
      // The root is a file, which only its own name opens.
      const std::string file = canonical.filename().string();
      if (!is_folder && (inner->empty() || *inner == file)) {
        out.push_back({canonical.parent_path().string(), file});
      }
    }
  }
  return out;
}

}  // namespace

RootedFiles::RootedFiles(RootedFiles&& other) noexcept
    : root_(std::exchange(other.root_, -1)),
      root_name_(std::move(other.root_name_)),
      names_(std::move(other.names_)),
      inner_(std::move(other.inner_)),
      is_file_(other.is_file_),
      skipped_(other.skipped_),
      visited_(std::move(other.visited_)) {}

RootedFiles::~RootedFiles() {
  if (root_ >= 0) ::close(root_);
}

Result<RootedFiles> RootedFiles::Open(const std::vector<std::string>& roots,
                                      const std::string& path) {
  if (path.empty() || path.find('\0') != path.npos) {
    return Error{Code::kInvalidArgument, "The path is empty. " + Listed(roots)};
  }
  if (path.find("://") != path.npos) {
    return Error{Code::kInvalidArgument,
                 "A URL is not read; name a connection of halo.toml instead. " + Listed(roots)};
  }
  const std::vector<Candidate> candidates = CandidatesOf(roots, path);
  int error = candidates.empty() ? EXDEV : ENOENT;
  for (const Candidate& candidate : candidates) {
    RootedFiles files;
    files.root_name_ = candidate.folder;
    files.root_ = ::open(candidate.folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (files.root_ < 0) continue;
    struct stat status {};
    const int fd = OpenChecked(files.root_, candidate.inner, status);
    if (fd < 0) {
      if (errno != ENOENT) error = errno;
      continue;
    }
    ::close(fd);
    files.is_file_ = S_ISREG(status.st_mode);
    if (files.is_file_) {
      files.names_.push_back(candidate.folder + "/" + candidate.inner);
      files.inner_.push_back(candidate.inner);
    } else if (Result<void> listed = files.List(candidate.inner, 0); !listed) {
      return listed.error();
    }
    return files;
  }
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Error{Code::kNotFound, "There is no such file or folder. " + Listed(roots)};
    case EXDEV:
    case ELOOP:
      return Error{Code::kInvalidArgument, "The path leads outside. " + Listed(roots)};
    case EINVAL:
      return Error{Code::kInvalidArgument, "The path is neither a regular file nor a folder."};
    case ENOSYS:
      return Error{Code::kUnsupported,
                   "This kernel cannot open a file beneath a folder (openat2, Linux 5.6); use "
                   "`halo-mcp ingest PATH` instead."};
    default:
      return Error{Code::kInvalidArgument,
                   "It cannot be opened: " + std::generic_category().message(error)};
  }
}

Result<void> RootedFiles::List(const std::string& inner, int depth) {
  struct stat status {};
  const int fd = OpenChecked(root_, inner, status);
  if (fd < 0 || !S_ISDIR(status.st_mode) || depth > kMaxDepth) {
    if (fd >= 0) ::close(fd);
    ++skipped_;
    return {};
  }
  // A symbolic link inside the root may lead to a folder that was seen before.
  const std::pair<std::uint64_t, std::uint64_t> id{status.st_dev, status.st_ino};
  const bool seen = std::find(visited_.begin(), visited_.end(), id) != visited_.end();
  DIR* const folder = seen ? nullptr : ::fdopendir(fd);
  if (!folder) {
    ::close(fd);
    return {};
  }
  visited_.push_back(id);
  std::vector<std::string> entries;
  while (const dirent* const entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.') entries.emplace_back(entry->d_name);
  }
  ::closedir(folder);
  std::sort(entries.begin(), entries.end());
  for (const std::string& entry : entries) {
    const std::string name = Join(inner, entry);
    const int entry_fd = OpenBeneath(root_, name, O_PATH);
    struct stat found {};
    const bool known = entry_fd >= 0 && ::fstat(entry_fd, &found) == 0;
    if (entry_fd >= 0) ::close(entry_fd);
    if (known && S_ISDIR(found.st_mode)) {
      if (Result<void> listed = List(name, depth + 1); !listed) return listed;
    } else if (known && S_ISREG(found.st_mode)) {
      names_.push_back(root_name_ + "/" + name);
      inner_.push_back(name);
    } else {
      ++skipped_;
    }
    if (names_.size() > kMaxFiles) {
      return Error{Code::kInvalidArgument,
                   "The folder has over 100,000 files; name one further down."};
    }
  }
  return {};
}

Result<int> RootedFiles::OpenFile(std::size_t index) const {
  struct stat status {};
  const int fd = OpenChecked(root_, inner_[index], status);
  if (fd >= 0 && S_ISREG(status.st_mode)) return fd;
  if (fd >= 0) ::close(fd);
  return Error{Code::kNotFound, names_[index] + ": it is no longer a regular file"};
}

std::uint64_t RootedFiles::SizeOf(std::size_t index) const {
  const int fd = OpenBeneath(root_, inner_[index], O_PATH);
  struct stat status {};
  const bool known = fd >= 0 && ::fstat(fd, &status) == 0;
  if (fd >= 0) ::close(fd);
  return known ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace halo
