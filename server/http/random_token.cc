// SPDX-License-Identifier: MIT
#include "server/http/random_token.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace halo {
namespace {

constexpr std::size_t kMinToken = 16, kMaxToken = 512;

Error FileError(const std::string& path, std::string_view doing) {
  return {Code::kInvalidArgument,
          "--token-file " + path + ": cannot " + std::string(doing) + ": " + std::strerror(errno)};
}

Result<std::string> Create(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return FileError(path, "create it");
  std::string token = RandomToken(32);
  const std::string line = token + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (::close(file) != 0 || !written) return FileError(path, "write it");
  return token;
}

Result<std::string> Read(const std::string& path, int file) {
  struct stat info;
  if (::fstat(file, &info) != 0) return FileError(path, "read it");
  if (!S_ISREG(info.st_mode)) {
    return Error{Code::kInvalidArgument, "--token-file " + path + " is not a regular file"};
  }
  if ((info.st_mode & 077) != 0) {
    return Error{Code::kInvalidArgument, "--token-file " + path +
                                             " is readable by other users, so its token is not "
                                             "secret. Delete the file, or put a new token into it "
                                             "and chmod 600 it"};
  }
  std::array<char, 2 * kMaxToken> buffer;
  const ssize_t size = ::read(file, buffer.data(), buffer.size());
  if (size < 0) return FileError(path, "read it");
  constexpr std::string_view kBlank = " \t\r\n";
  std::string_view token(buffer.data(), static_cast<std::size_t>(size));
  token.remove_prefix(std::min(token.find_first_not_of(kBlank), token.size()));
  token = token.substr(0, token.find_last_not_of(kBlank) + 1);
  bool printable = true;
  for (const char c : token) printable = printable && c > ' ' && c <= '~';
  if (!printable || token.size() < kMinToken || token.size() > kMaxToken) {
    return Error{Code::kInvalidArgument, "--token-file " + path + " must hold one token of " +
                                             std::to_string(kMinToken) + " to " +
                                             std::to_string(kMaxToken) +
                                             " printable ASCII characters. If the file "
                                             "does not exist, it is created with a random token"};
  }
  return std::string(token);
}

}  // namespace

std::string RandomToken(std::size_t bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string random(bytes, '\0');
  // getentropy never returns short, but takes at most 256 bytes.
  if (::getentropy(random.data(), bytes) != 0) throw std::runtime_error("no random numbers");
  std::string token;
  for (const char c : random) {
    token += kHex[static_cast<unsigned char>(c) >> 4];
    token += kHex[static_cast<unsigned char>(c) & 15];
  }
  return token;
}

Result<std::string> LoadOrCreateToken(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return errno == ENOENT ? Create(path) : FileError(path, "open it");
  Result<std::string> token = Read(path, file);
  ::close(file);
  return token;
}

}  // namespace halo
