// SPDX-License-Identifier: MIT
// What tells a coding agent when to use this server: a skill, and a section in the files that it
// reads first. Agents often do not think of a server by themselves. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// The text of SKILL.md.
std::string SkillText();
// The section, with the marks by which it is found again.
std::string NotesText();

// Return `text` with the section added, replaced or removed; the rest is kept byte for byte.
// kInvalidArgument if it has only one of the two marks.
Result<std::string> WithNotes(std::string_view text);
Result<std::string> WithoutNotes(std::string_view text);

// Changes the files below a project or a home, and returns a sentence about each one; none if
// nothing had to be changed. A file that was edited by hand or belongs to somebody else is refused
// (kInvalidArgument), and nothing is changed.
//
// The skill is .agents/skills/halo/SKILL.md, and .claude/skills/halo is a link to its folder.
Result<std::vector<std::string>> WriteSkill(const std::filesystem::path& folder);
Result<std::vector<std::string>> RemoveSkill(const std::filesystem::path& folder);
// The section goes into AGENTS.md and CLAUDE.md, whichever exist; into a new AGENTS.md if neither
// does. A file that then holds nothing else is removed with it.
Result<std::vector<std::string>> WriteNotes(const std::filesystem::path& folder);
Result<std::vector<std::string>> RemoveNotes(const std::filesystem::path& folder);

}  // namespace halo
