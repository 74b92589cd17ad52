// SPDX-License-Identifier: MIT
#include "tools/answer/draft.h"

namespace halo {
namespace {

constexpr std::string_view kFenceMember = "fence";

std::size_t BytesOfMember(std::string_view name, std::size_t value) {
  return name.size() + 3 + value;  // quotes and colon
}

}  // namespace

WrittenSize SizeOfWritten(const boost::json::value& value, const Fence& fence) {
  return {SerialisedBytes(value), fence.count()};
}

std::size_t AnswerBytes(const std::vector<WrittenMember>& members, std::string_view nonce) {
  std::size_t bytes = 1, fences = 0;  // each member adds a comma or the closing bracket
  for (const WrittenMember& member : members) {
    if (!member.shown) continue;
    bytes += BytesOfMember(member.name, member.size.bytes) + 1;
    fences += member.size.fences;
  }
  if (fences == 0) return bytes;
  const Fence fence(nonce);
  bytes += BytesOfMember(kFenceMember, SerialisedBytes(boost::json::value(fence.Meaning()))) + 1;
  // Each fence contains its nonce twice, and so does the sentence that explains fences.
  return bytes + 2 * (fences + 1) * kNonceDigits - 2 * (fences + 1) * nonce.size();
}

boost::json::object JoinMembers(std::vector<WrittenMember>&& members, std::string_view nonce) {
  boost::json::object out;
  out.reserve(members.size() + 1);
  const bool fenced = std::any_of(members.begin(), members.end(), [](const WrittenMember& member) {
    return member.shown && member.size.fences > 0;
  });
  if (fenced) out.emplace(kFenceMember, Fence(nonce).Meaning());
  for (WrittenMember& member : members) {
    if (member.shown) out.emplace(member.name, std::move(member.value));
  }
  return out;
}

}  // namespace halo
