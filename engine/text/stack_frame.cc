// SPDX-License-Identifier: MIT
#include "engine/text/stack_frame.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kPartBytes = 64 * 1024;
constexpr std::size_t kMostLineBytes = 1000;

// Parts of paths, and beginnings of names, of what is installed and not the application's own.
constexpr std::string_view kInstalled[] = {
    "site-packages/", "dist-packages/",    "site-packages\\", "/lib/python", "\\lib\\python",
    "node_modules/",  "node_modules\\",    "node:",           "internal/",   ".cargo/registry",
    "/rustc/",        "/go/pkg/mod/",      "/go/src/runtime", "/usr/lib/",   "/usr/local/go/",
    "/usr/share/",    "/opt/homebrew/lib", "<frozen",         "<string>",    "<anonymous>",
    "/vendor/"};
constexpr std::string_view kPackages[] = {"java.",       "javax.",    "jdk.",
                                          "sun.",        "com.sun.",  "kotlin.",
                                          "kotlinx.",    "scala.",    "org.springframework.",
                                          "org.apache.", "io.netty.", "reactor.",
                                          "System.",     "Microsoft."};

struct Frame {
  std::string_view file, name;  // name: of the function; may be empty
  std::string_view line;
};

bool IsNumber(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Splits "file.js:12:5" and "file.go:12" at the line.
bool SplitLine(std::string_view text, Frame& frame) {
  std::size_t colon = text.rfind(':');
  if (colon == text.npos || !IsNumber(text.substr(colon + 1))) return false;
  std::string_view file = text.substr(0, colon);
  std::string_view line = text.substr(colon + 1);
  const std::size_t before = file.rfind(':');
  if (before != file.npos && IsNumber(file.substr(before + 1))) {
    line = file.substr(before + 1);
    file = file.substr(0, before);
  }
  if (file.empty() || file.find(' ') != file.npos) return false;
  frame.file = file;
  frame.line = line;
  return true;
}

// File "app/tools.py", line 12, in search
std::optional<Frame> PythonFrame(std::string_view line) {
  constexpr std::string_view kFile = "File \"", kLine = "\", line ";
  if (!line.starts_with(kFile)) return std::nullopt;
  const std::size_t end = line.find(kLine);
  if (end == line.npos) return std::nullopt;
  Frame frame;
  frame.file = line.substr(kFile.size(), end - kFile.size());
  std::string_view rest = line.substr(end + kLine.size());
  const std::size_t comma = rest.find(',');
  frame.line = ascii::Trim(rest.substr(0, comma));
  if (comma != rest.npos && rest.substr(comma).starts_with(", in ")) {
    frame.name = ascii::Trim(rest.substr(comma + 5));
  }
  if (!IsNumber(frame.line)) return std::nullopt;
  return frame;
}

// at search (/app/tools.js:12:5); at /app/tools.js:12:5; at shop.Tools.search(Tools.java:12);
// at Shop.Tools.Search(String q) in /app/Tools.cs:line 12
std::optional<Frame> AtFrame(std::string_view line) {
  if (!line.starts_with("at ")) return std::nullopt;
  std::string_view rest = ascii::Trim(line.substr(3));
  if (rest.starts_with("async ")) rest.remove_prefix(6);
  Frame frame;
  constexpr std::string_view kIn = " in ", kLine = ":line ";
  const std::size_t in = rest.rfind(kIn), number = rest.rfind(kLine);
  if (in != rest.npos && number != rest.npos && in < number) {
    frame.name = rest.substr(0, rest.find('('));
    frame.file = rest.substr(in + kIn.size(), number - in - kIn.size());
    frame.line = ascii::Trim(rest.substr(number + kLine.size()));
    return IsNumber(frame.line) ? std::optional(frame) : std::nullopt;
  }
  const std::size_t open = rest.rfind('(');
  if (open != rest.npos && rest.ends_with(")")) {
    frame.name = ascii::Trim(rest.substr(0, open));
    rest = rest.substr(open + 1, rest.size() - open - 2);
  }
  if (rest.starts_with("file://")) rest.remove_prefix(7);
  return SplitLine(rest, frame) ? std::optional(frame) : std::nullopt;
}

// "\t/app/tools.go:12 +0x1d" below the name; "at src/tools.rs:12:5" is an AtFrame.
std::optional<Frame> GoFrame(std::string_view line, std::string_view above) {
  const std::size_t space = line.find(' ');
  std::string_view place = line.substr(0, space);
  Frame frame;
  if (!SplitLine(place, frame) || !frame.file.ends_with(".go")) return std::nullopt;
  frame.name = above.substr(0, above.rfind('('));
  return frame;
}

bool IsInstalled(const Frame& frame) {
  const auto in_path = [&](std::string_view part) {
    return frame.file.find(part) != frame.file.npos;
  };
  if (std::any_of(std::begin(kInstalled), std::end(kInstalled), in_path)) return true;
  return std::any_of(std::begin(kPackages), std::end(kPackages),
                     [&](std::string_view package) { return frame.name.starts_with(package); });
}

std::string TextOf(const Frame& frame) {
  std::string out(frame.file);
  out.append(":").append(frame.line);
  if (!frame.name.empty() && frame.name != "<module>") out.append(" in ").append(frame.name);
  return out;
}

// Python prints the innermost frame last, all others first.
struct Found {
  std::string first, last_python;
};

void Scan(std::string_view text, Found& found) {
  std::string_view above;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = ascii::Trim(text.substr(0, end));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.size() > kMostLineBytes) continue;
    if (const auto python = PythonFrame(line)) {
      if (!IsInstalled(*python)) found.last_python = TextOf(*python);
    } else if (found.first.empty()) {
      std::optional<Frame> frame = AtFrame(line);
      if (!frame) frame = GoFrame(line, above);
      if (frame && !IsInstalled(*frame)) found.first = TextOf(*frame);
    }
    above = line;
  }
}

}  // namespace

std::string TopAppFrame(std::string_view stack) {
  Found found;
  Scan(stack.substr(0, kPartBytes), found);
  if (stack.size() > kPartBytes) {
    Scan(stack.substr(std::max(kPartBytes, stack.size() - kPartBytes)), found);
  }
  return found.last_python.empty() ? found.first : found.last_python;
}

}  // namespace halo
