// SPDX-License-Identifier: MIT
// How much of a list fits into an answer, and how many items are written to determine that.
#include <catch2/catch.hpp>
#include <string>

#include "tools/answer/draft.h"
#include "tools/answer/render.h"

namespace halo {
namespace {

// Counts how often an item is written.
struct Item {
  TraceText text;
  std::int64_t number = 0;

  static inline int reads = 0;
  static auto Fields() {
    ++reads;
    return std::tuple{Field("text", &Item::text), Option("number", &Item::number)};
  }
};

struct Answer {
  std::string headline = "Some items.";
  std::vector<Item> items;
  std::string page;
  std::vector<Prose> notes;

  static constexpr auto Fields() {
    return std::tuple{Field("headline", &Answer::headline), Field("items", &Answer::items),
                      Option("page", &Answer::page), Option("notes", &Answer::notes)};
  }
};

using AnswerDraft = Draft<Answer>;

Answer WithItems(std::size_t count) {
  Answer out;
  for (std::size_t i = 0; i < count; ++i) {
    out.items.push_back(
        {TraceText("item number " + std::to_string(i), 100), static_cast<std::int64_t>(i)});
  }
  return out;
}

CallContext WithNonce(std::string nonce) {
  CallContext context;
  context.nonce = std::move(nonce);
  return context;
}

std::size_t BytesOf(Answer answer) {
  return Serialise(AnswerDraft(std::move(answer), WithNonce("01234567")).Take()).size();
}

TEST_CASE("a list is cut to what fits, and each item is written once") {
  for (const std::size_t count : {0, 1, 5, 127, 128, 129, 2000, 50'000}) {
    INFO(count);
    AnswerDraft draft(WithItems(count), WithNonce("01234567"));
    int told = 0;
    Item::reads = 0;
    draft.FitList(&Answer::items, kDefaultAnswerBytes, [&](AnswerDraft& page, std::size_t shown) {
      ++told;
      page.Edit(&Answer::page) = shown < count ? "The first " + std::to_string(shown) + "." : "";
    });
    CHECK(told <= 8);
    const std::size_t shown = draft->items.size();
    CHECK(static_cast<std::size_t>(Item::reads) <= shown + 60);
    CHECK(shown <= count);
    if (count > 0) CHECK(shown >= 1);
    CHECK(draft->page == (shown < count ? "The first " + std::to_string(shown) + "." : ""));

    const boost::json::object answer = std::move(draft).Take();
    CHECK(static_cast<std::size_t>(Item::reads) <= shown + 60);
    CHECK(answer.at("items").as_array().size() == shown);
    CHECK(Serialise(answer).size() <= kDefaultAnswerBytes);
    if (shown == count) continue;
    Answer more = WithItems(shown + 1);
    more.page = "The first " + std::to_string(shown + 1) + ".";
    CHECK(BytesOf(std::move(more)) > kDefaultAnswerBytes);
  }
}

TEST_CASE("what does not fit by itself stays as the only item") {
  Answer out = WithItems(3);
  out.items.front().text = TraceText(std::string(20'000, 'x'), 20'000);
  AnswerDraft draft(std::move(out), {});
  draft.FitList(&Answer::items, kDefaultAnswerBytes, [](AnswerDraft&, std::size_t) {});
  CHECK(draft->items.size() == 1);
}

TEST_CASE("a draft knows the size of what it becomes, whatever was edited") {
  AnswerDraft draft(WithItems(3), WithNonce("01234567"));
  const std::size_t before = draft.bytes();
  CHECK(before == BytesOf(WithItems(3)));
  draft.Edit(&Answer::items).pop_back();
  draft.Edit(&Answer::notes).push_back(Say("\"One\" was ", TraceText("left\nout", 20), "."));
  const std::size_t after = draft.bytes();
  CHECK(after != before);
  CHECK(after == Serialise(std::move(draft).Take()).size());
}

TEST_CASE("an answer without fences has no member that explains them") {
  AnswerDraft draft(WithItems(0), WithNonce("01234567"));
  CHECK(draft.bytes() == BytesOf(WithItems(0)));
  CHECK_FALSE(std::move(draft).Take().contains("fence"));
}

// Answers are cut at the same place whatever the nonce is.
TEST_CASE("the length of the nonce does not count") {
  AnswerDraft longer(WithItems(30), WithNonce("01234567")), shorter(WithItems(30), WithNonce("n0"));
  CHECK(longer.bytes() == shorter.bytes());
}

TEST_CASE("trimming stops when the answer fits or nothing is left to cut") {
  AnswerDraft draft(WithItems(100), WithNonce("01234567"));
  int calls = 0;
  draft.Fit(3000, [&](AnswerDraft& large) {
    ++calls;
    large.Edit(&Answer::items).pop_back();
    return true;
  });
  CHECK(draft.bytes() <= 3000);
  CHECK(static_cast<std::size_t>(calls) == 100 - draft->items.size());
  draft.Fit(10, [&](AnswerDraft&) { return false; });
  CHECK(draft->items.size() < 100);
}

}  // namespace
}  // namespace halo
