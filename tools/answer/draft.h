// SPDX-License-Identifier: MIT
// An answer that is being written to JSON and cut to size. Each member is written once and its size
// is kept. Cutting a list removes items that are already written; only a member that is edited is
// written again. Sizes are bytes of JSON. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "schemas/fence.h"
#include "schemas/json.h"
#include "tools/answer/call_context.h"

namespace halo {

// The limit for every answer, as JSON and as text; FinishAnswer enforces it.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{40} * 1024;
// The size to which tools cut their answers, by default and if the call asks for more.
inline constexpr std::size_t kDefaultAnswerBytes = 10'000;
inline constexpr std::size_t kLargeAnswerBytes = 39'000;

// The size of written JSON. Fences are counted, so that AnswerBytes can assume a nonce of the usual
// length: answers are cut at the same place whatever their nonce is.
struct WrittenSize {
  std::size_t bytes = 0, fences = 0;

  WrittenSize& operator+=(const WrittenSize& more) {
    bytes += more.bytes;
    fences += more.fences;
    return *this;
  }
};

// A member of the answer, written as JSON.
struct WrittenMember {
  std::string_view name;
  bool required = true;
  bool current = false;  // not edited since it was written
  bool shown = false;    // false: optional and equal to its default, so omitted
  boost::json::value value{};
  WrittenSize size{};
  std::vector<WrittenSize> ends{};  // of a list: size up to the end of each item, with commas
};

WrittenSize SizeOfWritten(const boost::json::value& value, const Fence& fence);
// The size of the whole answer.
std::size_t AnswerBytes(const std::vector<WrittenMember>& members, std::string_view nonce);
// The answer. If it has fences, their explanation is the first member.
boost::json::object JoinMembers(std::vector<WrittenMember>&& members, std::string_view nonce);

template <Fielded Out>
class Draft {
 public:
  Draft(Out out, const CallContext& context)
      : out_(std::move(out)), nonce_(context.nonce.empty() ? RandomNonce() : context.nonce) {
    ForEachField<Out>([&](const auto& field) {
      members_.push_back({.name = field.name, .required = field.required});
    });
  }

  const Out* operator->() const { return &out_; }
  const Out& operator*() const { return out_; }

  // Gives access to the member, which will be written again.
  template <class T>
  T& Edit(T Out::*member) {
    members_[IndexOf(member)].current = false;
    return out_.*member;
  }

  // The size as JSON. The text form is not larger.
  std::size_t bytes() {
    WriteMembers(members_.size());
    return AnswerBytes(members_, nonce_);
  }

  // Calls trim(draft) until the answer fits, or trim returns false because nothing is left to cut.
  template <class Trim>
  void Fit(std::size_t budget, Trim&& trim) {
    while (bytes() > budget && trim(*this)) {
    }
  }

  // Keeps the first items of the list that fit, at least one. `tell(draft, shown)` updates what the
  // answer says about the number of items shown; it must not make an answer with more items
  // smaller. Items far beyond the budget are not written.
  template <class Item, class Tell>
  void FitList(std::vector<Item> Out::*list, std::size_t budget, Tell&& tell) {
    const std::size_t index = IndexOf(list);
    WrittenMember& member = members_[index];
    if (!member.current) WriteList(out_.*list, budget, member);
    WriteMembers(index);
    const auto bytes_with = [&](std::size_t shown) {
      member.size = SizeOfList(member, shown);
      tell(*this, shown);
      WriteMembers(index);
      return AnswerBytes(members_, nonce_);
    };
    std::size_t shown = member.ends.size();
    std::size_t bytes = bytes_with(shown);
    if (bytes > budget && shown > 1) {
      const std::size_t excess = bytes - budget;
      const std::size_t all = member.ends.back().bytes;
      while (shown > 1 && all - member.ends[shown - 1].bytes < excess) --shown;
      while (bytes_with(shown) > budget && shown > 1) --shown;
      while (shown + 1 < member.ends.size() && bytes_with(shown + 1) <= budget) ++shown;
      bytes_with(shown);
    }
    (out_.*list).resize(shown);
    member.ends.resize(shown);
    boost::json::array& items = member.value.as_array();
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(shown), items.end());
  }

  boost::json::object Take() && {
    WriteMembers(members_.size());
    return JoinMembers(std::move(members_), nonce_);
  }

 private:
  template <class T>
  static std::size_t IndexOf(T Out::*member) {
    std::size_t index = 0, found = 0;
    ForEachField<Out>([&](const auto& field) {
      if constexpr (std::is_same_v<decltype(field.member), T Out::*>) {
        if (field.member == member) found = index;
      }
      ++index;
    });
    return found;
  }

  // Writes the members that are not current, except the one at `except`.
  void WriteMembers(std::size_t except) {
    static const Out kDefaults{};
    std::size_t index = 0;
    ForEachField<Out>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(out_.*field.member)>;
      const std::size_t at = index++;
      WrittenMember& member = members_[at];
      if (member.current || at == except) return;
      const Member& value = out_.*field.member;
      if constexpr (kIsVector<Member>) {
        WriteList(value, static_cast<std::size_t>(-1), member);
      } else {
        member.shown = field.required || !SameAsDefault(value, kDefaults.*field.member);
        if (member.shown) {
          Fence fence(nonce_);
          member.value = Write(value, fence);
          member.size = SizeOfWritten(member.value, fence);
        }
      }
      member.current = true;
    });
  }

  // Writes all items, or only the first ones if they alone exceed the budget.
  template <class Item>
  void WriteList(const std::vector<Item>& list, std::size_t budget, WrittenMember& member) {
    boost::json::array items;
    WrittenSize size;
    member.ends.clear();
    for (const Item& item : list) {
      Fence fence(nonce_);
      items.push_back(Write(item, fence));
      size += SizeOfWritten(items.back(), fence);
      if (!member.ends.empty()) ++size.bytes;
      member.ends.push_back(size);
      if (size.bytes > budget) break;
    }
    member.value = std::move(items);
    member.shown = member.required || !list.empty();
    member.size = SizeOfList(member, member.ends.size());
    member.current = true;
  }

  // The size of the first `shown` items, with the brackets.
  static WrittenSize SizeOfList(const WrittenMember& member, std::size_t shown) {
    WrittenSize size = shown > 0 ? member.ends[shown - 1] : WrittenSize();
    size.bytes += 2;
    return size;
  }

  Out out_;
  std::string nonce_;
  std::vector<WrittenMember> members_;
};

}  // namespace halo
