// SPDX-License-Identifier: MIT
#include "engine/analysis/align_turns.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/written_trace.h"

namespace halo {
namespace {

TurnItem Call(std::string_view name, std::uint64_t request, std::uint64_t result) {
  TurnItem item;
  item.name = name;
  item.request = request;
  item.result = result;
  return item;
}

std::string Shown(const std::vector<AlignedTurn>& turns) {
  std::string out;
  for (const AlignedTurn& turn : turns) {
    out += "=ar<>"[static_cast<std::size_t>(turn.match)];
    out += std::to_string(turn.a) + "," + std::to_string(turn.b) + " ";
  }
  return out;
}

TEST_CASE("turns stand beside those that they have most in common with") {
  const std::vector<TurnItem> a = {Call("search", 1, 1), Call("read", 2, 2), Call("write", 3, 3)};
  CHECK(Shown(AlignTurns(a, a)) == "=0,0 =1,1 =2,2 ");
  const std::vector<TurnItem> b = {Call("search", 1, 1), Call("list", 9, 9), Call("read", 7, 2),
                                   Call("write", 3, 8)};
  CHECK(Shown(AlignTurns(a, b)) == "=0,0 >-1,1 a1,2 r2,3 ");
  CHECK(Shown(AlignTurns(a, {})) == "<0,-1 <1,-1 <2,-1 ");
  CHECK(Shown(AlignTurns({}, a)) == ">-1,0 >-1,1 >-1,2 ");
  // The second call of b has the arguments of the one in a.
  const std::vector<TurnItem> twice = {Call("search", 5, 5), Call("search", 1, 1)};
  CHECK(Shown(AlignTurns(std::span(a).first(1), twice)) == ">-1,0 =0,1 ");
}

TEST_CASE("a call that failed in one run only has another result") {
  TurnItem failed = Call("search", 1, 0);
  failed.failed = true;
  const std::vector<TurnItem> a = {failed}, b = {Call("search", 1, 0)};
  CHECK(Shown(AlignTurns(a, b)) == "r0,0 ");
}

TEST_CASE("the items of a run are its calls and answers in order") {
  Written written;
  const std::string ask = Says("user", "find it");
  const Trace trace = written.Of({
      Agent("agent"),
      Chat("chat1", List({ask}), List({Asks("c1", "search", R"({"q":"a"})")})),
      Tool("t1", "search", "c1", R"({"q":"a"})", "three hits"),
      Chat("chat2", List({ask, Asks("c1", "search", R"({"q":"a"})"), Told("c1", "three hits")}),
           List({Says("assistant", "There are three.")})),
  });
  const std::vector<TurnItem> items = ItemsOf(trace);
  REQUIRE(items.size() == 2);
  CHECK(items[0].kind == TurnItem::Kind::kCall);
  CHECK(items[0].name == "search");
  CHECK(trace.Text(trace.spans[items[0].span].span_id) == "t1");
  CHECK(items[0].request != 0);
  CHECK(items[0].result != 0);
  CHECK(items[1].kind == TurnItem::Kind::kAnswer);
  CHECK(trace.Text(trace.spans[items[1].span].span_id) == "chat2");
}

}  // namespace
}  // namespace halo
