// SPDX-License-Identifier: MIT
#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsSpace;

constexpr std::size_t kMaxPath = 1024;

bool IsPathEnd(char c) {
  return IsSpace(c) || std::string_view("\"'`<>|*?,;:()[]{}=#&!").find(c) != std::string_view::npos;
}

// The extension: ".py" of "main.py".
std::string_view Extension(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view extension = name.substr(dot);
  if (extension.size() < 2 || extension.size() > 6 || !IsAlpha(extension[1])) return {};
  return std::all_of(extension.begin() + 1, extension.end(), IsAlnum) ? extension
                                                                      : std::string_view();
}

bool IsDrive(std::string_view text) {
  return text.size() >= 3 && IsAlpha(text[0]) && text[1] == ':' &&
         (text[2] == '\\' || text[2] == '/');
}

// Paths that begin at a root, followed by any names. A quoted path may contain spaces.
std::string_view RootedPath(const TextPlace& place) {
  const std::string_view rest = place.rest();
  std::size_t root = 0;
  if (IsDrive(rest)) {
    root = 3;
  } else if (rest.starts_with("\\\\")) {
    root = 2;
  } else {
    for (const std::string_view start : {"/", "./", "../", "~/"}) {
      if (rest.starts_with(start)) root = start.size();
    }
  }
  if (root == 0 || root >= rest.size()) return {};
  const char first = rest[root];
  if (!IsAlnum(first) && first != '.' && first != '_' && first != '-' && first != '\\' &&
      first != '@')
    return {};
  const char quote = place.before();
  if (quote == '"' || quote == '\'' || quote == '`') {
    const std::string_view quoted = Reader(rest).TakeWhile(
        [&](char c) { return c != quote && c != '\n' && c != '<'; }, kMaxPath);
    if (quoted.size() < rest.size() && rest[quoted.size()] == quote) return quoted;
  }
  return rest.substr(0, root + Reader(rest.substr(root))
                                   .TakeWhile([](char c) { return !IsPathEnd(c); }, kMaxPath)
                                   .size());
}

// src/app/main.py: names joined by slashes that end with a file and its extension.
std::string_view RelativePath(const TextPlace& place) {
  const std::string_view path =
      Reader(place.rest()).TakeWhile([](char c) { return !IsPathEnd(c); }, kMaxPath);
  if (!IsAlnum(path.empty() ? '\0' : path[0]) && !path.starts_with('.') && !path.starts_with('_'))
    return {};
  if (path.find('/') == std::string_view::npos && path.find('\\') == std::string_view::npos)
    return {};
  return path;
}

}  // namespace

Match MatchPath(const TextPlace& place) {
  const char before = place.before();
  if (ascii::IsWord(before) || before == '/' || before == '\\' || before == '.' || before == '@' ||
      before == '<')
    return {};
  std::string_view path = RootedPath(place);
  const bool rooted = !path.empty();
  if (!rooted) path = RelativePath(place);
  while (!path.empty() && path.back() == '.') path.remove_suffix(1);
  const std::string_view extension = Extension(path);
  if (path.size() < 2 || (!rooted && extension.empty())) return {};
  return {path.size(), extension};
}

}  // namespace halo
