// SPDX-License-Identifier: MIT
// Cuts an object or array into the texts of its members or items, without reading their values: for
// documents that are put together from parts of others. Pure functions; any thread.
#pragma once

#include <functional>
#include <string_view>

namespace halo {

// Calls use(key, value) for each member of the object that `text` is, with the key as written
// between its quotes and the value as written. Returns false if the text is not one object with
// matching brackets, perhaps after some calls. Values are not checked further.
bool ForEachMemberText(
    std::string_view text,
    const std::function<void(std::string_view key, std::string_view value)>& use);

// The same for the items of an array.
bool ForEachItemText(std::string_view text, const std::function<void(std::string_view item)>& use);

// The value of the first member with this key, as written; empty if there is none.
std::string_view MemberText(std::string_view object, std::string_view key);

}  // namespace halo
