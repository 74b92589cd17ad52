// SPDX-License-Identifier: MIT
// The first member of the answers of a program that a halo.toml binds to projects: what they are
// about. Any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace halo {

class Engine;
struct Workspace;

inline constexpr std::string_view kAboutMember = "about";
// The filter `project` for traces of every project.
inline constexpr std::string_view kAnyProject = "*";

// A sentence; empty if nothing is bound. Names that could pass for instructions are only counted.
std::string AboutText(const Workspace& workspace);
std::string AboutText(const Engine& engine);

// Puts the sentence, if there is one, before the members of the answer.
void PutAbout(std::string about, boost::json::object& structured);

// Whether a call asks about what is bound, because it names neither project nor service. A page
// after the first continues the question of its cursor.
template <class In>
bool AsksAboutBound(const In& in) {
  if constexpr (requires { in.cursor; }) {
    if (in.cursor) return false;
  }
  return !in.filters || (!in.filters->project && !in.filters->service);
}

}  // namespace halo
