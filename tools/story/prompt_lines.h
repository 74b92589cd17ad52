// SPDX-License-Identifier: MIT
// A system prompt by its lines, so that a text is shown once, and of its likes only what differs.
// Lines without text do not count. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// Hashes of the lines of a text, for comparing prompts.
std::vector<std::uint64_t> LineHashes(std::string_view text);
// "1: ...\n2: ...", at most about `max_bytes`.
std::string NumberedLines(std::string_view text, std::size_t max_bytes);
// The numbered lines of a text that differ from those of another of as many lines; nullopt if they
// have other numbers of lines, or more than a fifth differ.
std::optional<std::string> ChangedLines(std::string_view text,
                                        const std::vector<std::uint64_t>& before);

}  // namespace halo
