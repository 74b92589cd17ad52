// SPDX-License-Identifier: MIT
#include "tools/common/fill_store.h"

#include "engine/importers/all_importers.h"
#include "tools/answer/phrases.h"
#include "tools/setup/find_framework.h"
#include "tools/setup/recipe_text.h"

namespace halo {
namespace {

std::string NamesText() {
  std::string out;
  for (const std::string_view name : FrameworkNames()) {
    out.append(out.empty() ? "" : ", ").append(name);
  }
  return out;
}

}  // namespace

std::vector<Prose> HowToFill(const Workspace& workspace) {
  std::vector<Prose> notes;
  const std::vector<FoundFramework> found = FindFrameworks(workspace.folder);
  if (found.empty()) {
    notes.push_back(
        Cat("Record an agent: `halo-mcp setup FRAMEWORK` and the prompt `instrument` "
            "give the lines that send its traces here, for ",
            NamesText(), "."));
  } else {
    const FoundFramework& first = found.front();
    Prose note = Say("Record the agent: ", TraceName(first.manifest), " names ",
                     Words(first.package), ". ", RecipeText(*first.recipe));
    for (std::size_t i = 1; i < found.size(); ++i) {
      const Recipe& other = *found[i].recipe;
      note.Add(
          Cat(i == 1 ? "Also used: " : ", ", other.title, " (`halo-mcp setup ", other.name, "`)"));
    }
    if (found.size() > 1) note.Add(".\n");
    if (FindRecipes(first.recipe->name).size() > 1) {
      note.Add(Cat("`halo-mcp setup ", first.recipe->name, "` has the variants."));
    }
    notes.push_back(std::move(note));
  }
  notes.push_back(Words(ReceiverText()));
  notes.push_back(Cat("Read what was recorded before: `halo-mcp ingest PATH...` (",
                      FormatNames("or"),
                      " files or folders, also .gz and .zst), or `--traces PATH...` on the "
                      "server."));
  return notes;
}

}  // namespace halo
