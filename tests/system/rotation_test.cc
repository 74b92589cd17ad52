// SPDX-License-Identifier: MIT
// Whatever becomes of a followed file (renamed, copied, truncated, compressed, moved), each of its
// lines counts once: its spans, and the loss of each line that cannot be read.
#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include "tests/system/faults.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

namespace fs = std::filesystem;

constexpr FollowPace kQuick{std::chrono::milliseconds(10), std::chrono::milliseconds(50),
                            Patience(2000), std::chrono::milliseconds(20)};

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A folder with a log that somebody writes, and the store that follows it.
class Scene {
 public:
  Scene() : lines_(SpanLines(20, 51)), engine_(Open(folder_.StoreUrl("a.db"))) {
    fs::create_directory(At(""));
  }

  std::string At(const std::string& name) const { return folder_.At("logs") + "/" + name; }

  // Appends `count` lines of which one cannot be read.
  void Write(const std::string& name, int count) {
    std::ofstream out(At(name), std::ios::binary | std::ios::app);
    out << Next(count);
    REQUIRE(out.flush());
  }
  // Such lines, as text.
  std::string Next(int count) {
    std::string text = lines_.at(next_++) + "{]\n";
    ++bad_;
    for (int i = 2; i < count; ++i) text += lines_.at(next_++);
    return text;
  }
  // Appends compressed text, as one more gzip member.
  void WriteGzip(const std::string& name, const std::string& text) {
    gzFile file = gzopen(At(name).c_str(), "ab");
    REQUIRE(file != nullptr);
    CHECK(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
          static_cast<int>(text.size()));
    gzclose(file);
  }

  std::int64_t spans() { return engine_->Overview({})->spans; }
  std::int64_t losses() {
    std::int64_t sum = 0;
    for (const RejectCount& count : *engine_->Rejects()) sum += count.count;
    return sum;
  }
  bool Complete() { return spans() == static_cast<std::int64_t>(next_) && losses() == bad_; }
  void Await() {
    Eventually([&] { return Complete(); });
    // It stays so.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    UNSCOPED_INFO(spans() << " of " << next_ << " spans, " << losses() << " of " << bad_
                          << " losses");
    CHECK(Complete());
  }

  std::jthread Follow(const std::string& path, Engine& engine) {
    return std::jthread([path, &engine](std::stop_token stop) {
      FollowOptions options;
      options.stop = std::move(stop);
      options.pace = kQuick;
      engine.Follow(std::vector<std::string>{path}, options);
    });
  }
  Engine& engine() { return *engine_; }
  std::unique_ptr<Engine> OpenAgain() { return Open(folder_.StoreUrl("a.db")); }

 private:
  const TempFolder folder_;
  const std::vector<std::string> lines_;
  std::unique_ptr<Engine> engine_;
  std::size_t next_ = 0;
  std::int64_t bad_ = 0;
};

struct Rotation {
  const char* what;
  std::function<void(Scene&)> happen;
};

// What happens to "a.jsonl", which has been read; its last lines may not have been.
const std::vector<Rotation>& Rotations() {
  static const std::vector<Rotation> kRotations = {
      {"renamed, and another created",
       [](Scene& s) {
         s.Write("a.jsonl", 5);
         fs::rename(s.At("a.jsonl"), s.At("a.jsonl.1"));
         s.Write("a.jsonl", 4);
       }},
      {"renamed to a name that is listed earlier",
       [](Scene& s) {
         s.Write("a.jsonl", 5);
         fs::rename(s.At("a.jsonl"), s.At("a-2026-01-01.jsonl"));
         s.Write("a.jsonl", 4);
       }},
      {"renamed, while its writer goes on for a while",
       [](Scene& s) {
         s.Write("a.jsonl", 3);
         fs::rename(s.At("a.jsonl"), s.At("a.jsonl.1"));
         s.Write("a.jsonl", 3);
         s.Write("a.jsonl.1", 3);
         s.Await();
         s.Write("a.jsonl.1", 3);
         s.Write("a.jsonl", 3);
       }},
      {"renamed twice",
       [](Scene& s) {
         for (int i = 0; i < 2; ++i) {
           s.Write("a.jsonl", 4);
           if (i == 1) fs::rename(s.At("a.jsonl.1"), s.At("a.jsonl.2"));
           fs::rename(s.At("a.jsonl"), s.At("a.jsonl.1"));
           s.Write("a.jsonl", 4);
           s.Await();
         }
       }},
      {"copied and truncated",
       [](Scene& s) {
         s.Write("a.jsonl", 5);
         fs::copy_file(s.At("a.jsonl"), s.At("a.jsonl.1"));
         fs::resize_file(s.At("a.jsonl"), 0);
         s.Write("a.jsonl", 4);
       }},
      {"renamed, compressed and deleted",
       [](Scene& s) {
         s.Write("a.jsonl", 5);
         fs::rename(s.At("a.jsonl"), s.At("a.jsonl.1"));
         s.WriteGzip("a.jsonl.1.gz", ReadFile(s.At("a.jsonl.1")));
         fs::remove(s.At("a.jsonl.1"));
         s.Write("a.jsonl", 4);
       }},
  };
  return kRotations;
}

}  // namespace

TEST_CASE("a followed folder whose files are rotated is read once") {
  for (const Rotation& rotation : Rotations()) {
    for (const int processes : {1, 2}) {
      INFO(rotation.what << ", " << processes << " processes");
      Scene scene;
      const auto other = scene.OpenAgain();
      std::vector<std::jthread> followers;
      followers.push_back(scene.Follow(scene.At(""), scene.engine()));
      if (processes == 2) followers.push_back(scene.Follow(scene.At(""), *other));
      scene.Write("a.jsonl", 20);
      scene.Await();
      rotation.happen(scene);
      scene.Await();
    }
  }
}

TEST_CASE("a followed file that is rotated is read to its end, then the new one") {
  for (const Rotation& rotation : Rotations()) {
    for (const int processes : {1, 2}) {
      INFO(rotation.what << ", " << processes << " processes");
      Scene scene;
      const auto other = scene.OpenAgain();
      scene.Write("a.jsonl", 20);
      std::vector<std::jthread> followers;
      followers.push_back(scene.Follow(scene.At("a.jsonl"), scene.engine()));
      if (processes == 2) followers.push_back(scene.Follow(scene.At("a.jsonl"), *other));
      scene.Await();
      rotation.happen(scene);
      scene.Await();
    }
  }
}

TEST_CASE("a rotation while nobody follows is found later") {
  for (const Rotation& rotation : Rotations()) {
    // Of a file that was replaced twice, nothing tells where the second went.
    if (std::string_view(rotation.what) == "renamed twice") continue;
    if (std::string_view(rotation.what) == "renamed, while its writer goes on for a while")
      continue;
    for (const char* const path : {"", "a.jsonl"}) {
      INFO(rotation.what << ", following " << path);
      Scene scene;
      scene.Write("a.jsonl", 20);
      {
        const std::jthread follower = scene.Follow(scene.At(path), scene.engine());
        scene.Await();
      }
      rotation.happen(scene);
      const std::jthread follower = scene.Follow(scene.At(path), scene.engine());
      scene.Await();
    }
  }
}

TEST_CASE("a followed file that is truncated is read again from its start") {
  Scene scene;
  scene.Write("a.jsonl", 20);
  const std::jthread follower = scene.Follow(scene.At("a.jsonl"), scene.engine());
  scene.Await();
  std::int64_t expected = scene.spans();
  for (const std::size_t size : {4u, 30u}) {  // shorter and longer than what was there
    std::ofstream(scene.At("a.jsonl"), std::ios::trunc) << scene.Next(static_cast<int>(size));
    expected += static_cast<std::int64_t>(size) - 1;
    Eventually([&] { return scene.spans() == expected; });
    // The losses of the text that is gone went with it.
    Eventually([&] { return scene.losses() == 1; });
  }
}

TEST_CASE("a link that points to another file is followed there, and the first to its end") {
  Scene scene;
  fs::create_directory(scene.At("real"));
  scene.Write("real/1.jsonl", 6);
  fs::create_symlink(scene.At("real/1.jsonl"), scene.At("now.jsonl"));
  const std::jthread follower = scene.Follow(scene.At("now.jsonl"), scene.engine());
  scene.Await();
  scene.Write("real/1.jsonl", 3);
  scene.Write("real/2.jsonl", 3);
  fs::create_symlink(scene.At("real/2.jsonl"), scene.At("next"));
  fs::rename(scene.At("next"), scene.At("now.jsonl"));
  scene.Await();
  scene.Write("real/2.jsonl", 3);
  scene.Await();
}

TEST_CASE("files and folders that appear late are read, compressed ones while they grow") {
  for (const int processes : {1, 2}) {
    INFO(processes);
    Scene scene;
    const auto other = scene.OpenAgain();
    std::vector<std::jthread> followers;
    followers.push_back(scene.Follow(scene.At(""), scene.engine()));
    if (processes == 2) followers.push_back(scene.Follow(scene.At(""), *other));
    scene.WriteGzip("late.jsonl.gz", scene.Next(6));
    scene.Await();
    scene.WriteGzip("late.jsonl.gz", scene.Next(6));
    scene.Await();
    fs::create_directories(scene.At("2026/01/01"));
    scene.Write("2026/01/01/a.jsonl", 5);
    scene.Await();
    // Half of a member, then the rest: nothing is lost, and nothing is refused meanwhile.
    scene.WriteGzip("../half", scene.Next(8));
    const std::string bytes = ReadFile(scene.At("../half"));
    std::ofstream out(scene.At("2026/slow.jsonl.gz"), std::ios::binary);
    out << bytes.substr(0, bytes.size() / 2) << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    for (const RejectCount& count : *scene.engine().Rejects()) {
      CHECK(count.reason != "corrupt_compression");
    }
    out << bytes.substr(bytes.size() / 2) << std::flush;
    scene.Await();
  }
}

}  // namespace halo::system_test
