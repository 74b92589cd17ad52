// SPDX-License-Identifier: MIT
// What holds after the events of reviews: notes, categories, shares.
#include "engine/analysis/review_book.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/analysis/category_edit.h"

namespace halo {
namespace {

TraceKey Run(int number) { return {"p", "t" + std::to_string(number)}; }

// A list of events in the making.
class Log {
 public:
  std::int64_t Add(std::string who, decltype(ReviewEvent::what) what) {
    ReviewEvent event;
    event.id = static_cast<std::int64_t>(events_.size()) + 1;
    event.who = std::move(who);
    event.what = std::move(what);
    events_.push_back(std::move(event));
    return events_.back().id;
  }
  std::int64_t Draw(std::vector<int> runs, DrawWay way = DrawWay::kRandom, bool again = false) {
    ReviewDraw draw{"rv", way, 100, {}, {}, {}};
    for (const int run : runs) draw.runs.push_back({Run(run), again, false, {}});
    return Add("a", draw);
  }
  std::int64_t Note(int run, ReadVerdict verdict, std::vector<std::string> categories,
                    std::string who = "a") {
    ReviewNote note{Run(run), verdict, {}, {}, {}};
    for (std::string& category : categories) {
      note.problems.emplace_back().category = std::move(category);
    }
    return Add(std::move(who), note);
  }
  std::int64_t Edit(CategoryEdit::Kind kind, std::vector<std::string> from, std::string to,
                    std::vector<TraceKey> runs = {}) {
    return Add("a", CategoryEdit{kind, std::move(from), std::move(to), std::move(runs)});
  }
  ReviewBook Book() const { return ReviewBook(events_); }

 private:
  std::vector<ReviewEvent> events_;
};

using Change = CategoryEdit::Kind;
constexpr auto kBad = ReadVerdict::kBad;
constexpr auto kGood = ReadVerdict::kGood;

std::size_t SeenIn(const ReviewBook& book, std::string_view name) {
  const Category* const category = book.FindCategory(name);
  return category ? book.RunsWith(category->id).size() : 0;
}

}  // namespace

TEST_CASE("a share counts random draws that were read, and nothing else") {
  Log log;
  log.Draw({1, 2, 3, 4});
  log.Draw({5, 6}, DrawWay::kUncovered);
  log.Note(1, kBad, {"Wrong  price"});
  log.Note(2, kGood, {});
  log.Note(3, kBad, {"wrong price", "rude"});
  log.Note(5, kBad, {"wrong price"});
  const ReviewBook book = log.Book();
  REQUIRE(book.categories().size() == 2);
  const ReviewState& review = *book.FindReview("rv");
  const ReviewShare share = book.ShareOf(review, book.FindCategory("WRONG PRICE")->id);
  CHECK(share.hits == 2);
  CHECK(share.read == 3);
  CHECK(share.population == 100);
  CHECK(SeenIn(book, "wrong price") == 3);
  CHECK(book.ShareOf(review, 0).hits == 2);
  CHECK(book.ChanceOfNew(review).chance == Approx(1.0 / 3));  // "rude"
  int open = 0;
  for (const SentRun& sent : review.sent) open += sent.open;
  CHECK(open == 2);  // 4 and 6
}

TEST_CASE("a run that was read otherwise counts when its random turn comes") {
  Log log;
  log.Draw({1}, DrawWay::kDiverse);
  log.Note(1, kBad, {"x"});
  ReviewDraw draw{"rv", DrawWay::kRandom, 10, {}, {}, {}};
  draw.runs.push_back({Run(1), false, true, {}});
  log.Add("a", draw);
  const ReviewBook book = log.Book();
  CHECK(book.ShareOf(*book.FindReview("rv"), 0).read == 1);
  CHECK(book.FindReview("rv")->sent.size() == 1);
}

TEST_CASE("a later note replaces the reader's earlier one, unless the run was drawn again") {
  Log log;
  log.Draw({1, 2});
  log.Note(1, kBad, {"x"});
  log.Note(1, kGood, {});
  log.Note(2, kBad, {"x"});
  CHECK(SeenIn(log.Book(), "x") == 1);
  CHECK(log.Book().SameReader().runs() == 0);
  log.Draw({1}, DrawWay::kRandom, true);
  CHECK(log.Book().IsDueAgain(Run(1)));
  log.Note(1, kBad, {"x"});
  const ReviewBook book = log.Book();
  CHECK_FALSE(book.IsDueAgain(Run(1)));
  CHECK(SeenIn(book, "x") == 1);  // the first reading counts
  CHECK(book.SameReader().one == 1);
  log.Note(2, kBad, {"y"}, "b");
  CHECK(log.Book().OtherReaders().both == 1);
  CHECK(SeenIn(log.Book(), "y") == 0);
}

TEST_CASE("categories are merged, renamed and split, and each change can be undone") {
  Log log;
  log.Note(1, kBad, {"price off"});
  log.Note(2, kBad, {"wrong price"});
  log.Note(3, kBad, {"wrong price"});
  const ModeId id = log.Book().FindCategory("wrong price")->id;
  const ModeId other = log.Book().FindCategory("price off")->id;
  const std::int64_t merge = log.Edit(Change::kMerge, {"price off"}, "wrong price");
  CHECK(SeenIn(log.Book(), "price off") == 3);
  CHECK(log.Book().categories().size() == 1);
  CHECK(log.Book().FindCategory(other)->id == id);
  const std::int64_t rename = log.Edit(Change::kRename, {"wrong price"}, "stale price");
  CHECK(log.Book().FindCategory("wrong price")->name == "stale price");
  CHECK(log.Book().FindCategory("stale price")->id == id);
  log.Note(4, kBad, {"price off"});  // an old name still leads there
  CHECK(SeenIn(log.Book(), "stale price") == 4);
  log.Edit(Change::kSplit, {"stale price"}, "no price", {Run(3)});
  CHECK(SeenIn(log.Book(), "stale price") == 3);
  CHECK(SeenIn(log.Book(), "no price") == 1);
  const std::int64_t undo = log.Add("b", ReviewUndo{merge});
  CHECK(SeenIn(log.Book(), "stale price") == 1);
  CHECK(SeenIn(log.Book(), "price off") == 2);
  CHECK_FALSE(log.Book().CheckUndo(merge).has_value());  // it does not count any more
  log.Add("b", ReviewUndo{undo});
  CHECK(SeenIn(log.Book(), "stale price") == 3);
  log.Add("b", ReviewUndo{rename});
  // The split named the category by the name that it has no more.
  CHECK(SeenIn(log.Book(), "wrong price") == 4);
  CHECK(SeenIn(log.Book(), "stale price") == 0);
}

TEST_CASE("what cannot be changed is said") {
  Log log;
  log.Note(1, kBad, {"wrong price"});
  log.Note(2, kBad, {"rude"});
  log.Edit(Change::kMerge, {"rude"}, "wrong price");
  log.Note(3, kBad, {"slow"});
  const ReviewBook book = log.Book();
  const auto why = [&](const CategoryEdit& edit) {
    const Result<void> fits = CheckEdit(book, edit);
    return fits ? std::string() : fits.error().message;
  };
  using Catch::Matchers::Contains;
  CHECK_THAT(why({Change::kMerge, {"wrong price"}, "rude", {}}), Contains("already one category"));
  CHECK_THAT(why({Change::kRename, {"wrng price"}, "x", {}}), Contains("did you mean wrong price"));
  CHECK_THAT(why({Change::kRename, {"slow"}, "Wrong Price", {}}), Contains("merge the two"));
  CHECK_THAT(why({Change::kSplit, {"slow"}, "late", {Run(1)}}), Contains("no note that counts"));
  CHECK_THAT(why({Change::kSplit, {"slow"}, "late", {}}), Contains("trace_ids"));
  CHECK_THAT(why({Change::kRename, {"slow"}, " ", {}}), Contains("empty"));
  CHECK(why({Change::kSplit, {"slow"}, "late", {Run(3)}}).empty());
  CHECK(why({Change::kMerge, {"slow", "rude"}, "all", {}}).empty());
  CHECK_FALSE(book.CheckUndo(99).has_value());
}

TEST_CASE("a run without numbers in its words is nearly equal to its like") {
  RunSketch a{}, b{};
  for (std::uint32_t i = 0; i < a.size(); ++i) a[i] = b[i] = i + 1;
  CHECK(NearlyEqual(a, b));
  for (std::size_t i = 0; i < 4; ++i) b[i] = 99;
  CHECK_FALSE(NearlyEqual(a, b));
  CHECK_FALSE(NearlyEqual({}, {}));
}

}  // namespace halo
