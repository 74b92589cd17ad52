// SPDX-License-Identifier: MIT
#include "server/register/guidance.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace halo {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "halo-guidance-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  const fs::path& path() const { return path_; }
  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  std::string Read(const std::string& name) const {
    std::ifstream in(path_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool Has(const std::string& name) const { return fs::exists(path_ / name); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("the section is added, replaced and removed, and the rest kept") {
  for (const std::string before :
       {"", "# Rules\n", "# Rules\n\nNo tabs.\n\n", "\xEF\xBB\xBF# Rules\r\n"}) {
    const Result<std::string> added = WithNotes(before);
    REQUIRE(added.has_value());
    CHECK(added->starts_with(before));
    CHECK(*WithNotes(*added) == *added);
    CHECK(*WithoutNotes(*added) == before);
    // What was written behind it stays, and another version's section is replaced.
    const std::string more = *added + "More.\n";
    CHECK(*WithNotes(more) == more);
    CHECK(WithoutNotes(more)->ends_with("More.\n"));
  }
  CHECK(*WithoutNotes("# Rules\n") == std::string("# Rules\n"));
  CHECK(*WithNotes("<!-- halo-mcp: begin -->\nold\n<!-- halo-mcp: end -->\n") == NotesText());
  for (const char* torn : {"<!-- halo-mcp: begin -->\n", "<!-- halo-mcp: end -->\n",
                           "<!-- halo-mcp: end --> <!-- halo-mcp: begin -->"}) {
    CHECK(!WithNotes(torn).has_value());
    CHECK(!WithoutNotes(torn).has_value());
  }
}

TEST_CASE("notes go into the files that there are") {
  const Folder folder;
  CHECK(WriteNotes(folder.path())->size() == 1);
  CHECK(folder.Read("AGENTS.md") == NotesText());
  CHECK(!folder.Has("CLAUDE.md"));
  CHECK(WriteNotes(folder.path())->empty());
  CHECK(RemoveNotes(folder.path())->size() == 1);
  CHECK(!folder.Has("AGENTS.md"));
  CHECK(RemoveNotes(folder.path())->empty());

  folder.Write("CLAUDE.md", "Be brief.\n");
  CHECK(WriteNotes(folder.path())->size() == 1);
  CHECK(!folder.Has("AGENTS.md"));
  CHECK(folder.Read("CLAUDE.md") == "Be brief.\n\n" + NotesText());
  // Nothing is changed if one of the files is refused.
  folder.Write("AGENTS.md", "<!-- halo-mcp: begin -->\n");
  CHECK(!RemoveNotes(folder.path()).has_value());
  CHECK(folder.Read("CLAUDE.md") == "Be brief.\n\n" + NotesText());
  folder.Write("AGENTS.md", "");
  CHECK(RemoveNotes(folder.path())->size() == 1);
  CHECK(folder.Read("CLAUDE.md") == "Be brief.\n");
}

TEST_CASE("the skill is written, linked and removed") {
  const Folder folder;
  CHECK(WriteSkill(folder.path())->size() == 2);
  CHECK(folder.Read(".agents/skills/halo/SKILL.md") == SkillText());
  CHECK(folder.Read(".claude/skills/halo/SKILL.md") == SkillText());
  CHECK(WriteSkill(folder.path())->empty());
  SECTION("it is removed") {
    CHECK(RemoveSkill(folder.path())->size() == 2);
    CHECK(!folder.Has(".agents/skills/halo"));
    CHECK(!fs::is_symlink(folder.path() / ".claude/skills/halo"));
    CHECK(RemoveSkill(folder.path())->empty());
  }
  SECTION("one that was edited is not replaced or removed") {
    folder.Write(".agents/skills/halo/SKILL.md", SkillText() + "Mine.\n");
    CHECK(!WriteSkill(folder.path()).has_value());
    CHECK(!RemoveSkill(folder.path()).has_value());
    CHECK(folder.Read(".claude/skills/halo/SKILL.md") == SkillText() + "Mine.\n");
  }
  SECTION("somebody else's folder is not replaced by the link") {
    CHECK(RemoveSkill(folder.path())->size() == 2);
    folder.Write(".claude/skills/halo/SKILL.md", "mine");
    CHECK(!WriteSkill(folder.path()).has_value());
    CHECK(!folder.Has(".agents/skills/halo/SKILL.md"));
    CHECK(RemoveSkill(folder.path())->empty());
    CHECK(folder.Read(".claude/skills/halo/SKILL.md") == "mine");
  }
}

TEST_CASE("the skill begins as its readers expect") {
  const std::string text = SkillText();
  CHECK(text.starts_with("---\nname: halo\ndescription: "));
  const std::size_t end = text.find("\n---\n", 4);
  REQUIRE(end != text.npos);
  CHECK(end < 1024);  // readers cut descriptions there
}

}  // namespace halo
