// SPDX-License-Identifier: MIT
#include "engine/sources/credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <string_view>
#include <system_error>

namespace halo {
namespace {

constexpr std::size_t kMaxFile = 64 << 10;

Error Wrong(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

std::string_view Trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Lines such as `export NAME="value"`; others are ignored.
std::map<std::string, std::string, std::less<>> ParseVariables(std::string_view text) {
  std::map<std::string, std::string, std::less<>> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = Trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("export ")) line = Trimmed(line.substr(7));
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == line.npos) continue;
    std::string_view value = Trimmed(line.substr(equals + 1));
    const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
                        value.back() == value.front();
    if (quoted) value = value.substr(1, value.size() - 2);
    out.emplace(Trimmed(line.substr(0, equals)), value);
  }
  return out;
}

// The content of a file that only this user can read.
Result<std::string> ReadSecretFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return Error{Code::kNotFound,
                 "credentials file " + path + ": " + std::generic_category().message(errno)};
  }
  struct stat status;
  std::string text(kMaxFile, '\0');
  const bool known = ::fstat(fd, &status) == 0;
  const ssize_t got = known && S_ISREG(status.st_mode) ? ::read(fd, text.data(), text.size()) : -1;
  ::close(fd);
  if (!known || !S_ISREG(status.st_mode) || got < 0) {
    return Wrong("credentials file " + path + ": not a regular file that can be read");
  }
  if ((status.st_mode & 077) != 0) {
    return Wrong("credentials file " + path + ": other users can read it; run `chmod 600 " + path +
                 "`");
  }
  if (status.st_uid != ::geteuid()) {
    return Wrong("credentials file " + path + ": belongs to another user");
  }
  text.resize(static_cast<std::size_t>(got));
  return text;
}

std::string ExpandHome(const std::string& path, const Environment& environment) {
  return path.starts_with("~/") ? environment("HOME") + path.substr(1) : path;
}

// Whether it can be part of a header.
bool IsClean(std::string_view secret) {
  return std::all_of(secret.begin(), secret.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F;
  });
}

}  // namespace

std::string ProcessEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

Result<Credentials> FindCredentials(const ServiceConnection& connection,
                                    const Environment& environment) {
  std::map<std::string, std::string, std::less<>> file;
  std::string where = "the environment";
  if (!connection.credentials.empty()) {
    where = ExpandHome(connection.credentials, environment);
    const Result<std::string> text = ReadSecretFile(where);
    if (!text) return text.error();
    file = ParseVariables(*text);
  }
  const auto find = [&](const char* name) {
    if (connection.credentials.empty()) return environment(name);
    const auto found = file.find(name);
    return found == file.end() ? std::string() : found->second;
  };
  Credentials out;
  if (connection.service == Service::kLangfuse) {
    out.user = find("LANGFUSE_PUBLIC_KEY");
    out.secret = find("LANGFUSE_SECRET_KEY");
    if (out.user.empty() || out.secret.empty()) {
      return Wrong("No Langfuse keys in " + where +
                   ": set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY there (Langfuse: Settings, "
                   "API Keys)");
    }
  } else {
    out.secret = find("PHOENIX_API_KEY");
    if (out.secret.empty() && !connection.credentials.empty()) {
      return Wrong("No PHOENIX_API_KEY in " + where);
    }
  }
  if (!IsClean(out.user) || !IsClean(out.secret)) {
    return Wrong("The credentials in " + where + " contain spaces or other unusual characters");
  }
  return out;
}

std::string FindUrl(const ServiceConnection& connection, const Environment& environment) {
  if (!connection.url.empty()) return connection.url;
  if (connection.service == Service::kLangfuse) {
    for (const char* const name : {"LANGFUSE_BASE_URL", "LANGFUSE_HOST"}) {
      if (std::string url = environment(name); !url.empty()) return url;
    }
    return "https://cloud.langfuse.com";
  }
  std::string url = environment("PHOENIX_HOST");
  if (!url.empty() && url.find("://") == url.npos) {
    // The name that the server itself listens on.
    if (url == "0.0.0.0" || url == "::") url = "localhost";
    const std::string port = environment("PHOENIX_PORT");
    if (url.find(':') == url.npos) url.append(":").append(port.empty() ? "6006" : port);
    url = "http://" + url;
  }
  if (url.empty()) url = environment("PHOENIX_COLLECTOR_ENDPOINT");
  if (url.empty()) url = "http://localhost:6006";
  while (url.ends_with('/')) url.pop_back();
  constexpr std::string_view kTraces = "/v1/traces";
  if (url.ends_with(kTraces)) url.resize(url.size() - kTraces.size());
  return url;
}

}  // namespace halo
