// SPDX-License-Identifier: MIT
#include "tools/story/finding_verdicts.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "tools/answer/phrases.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"

namespace halo {
namespace {

class VerdictReader {
 public:
  VerdictReader(Engine& engine, std::span<const TraceReading> traces,
                std::vector<FindingVerdict>& out)
      : engine_(engine), out_(out) {
    for (const TraceReading& trace : traces) {
      for (const StoredFinding& finding : trace.summary.findings) findings_.push_back(&finding);
    }
  }

  std::string Read(const std::vector<std::string>& ids, bool right) {
    for (const std::string& text : ids) {
      const std::optional<ModeId> id = ModeIdIn(text);
      if (!id) {
        return Cat(
            "expected ids of findings such as \"fm_0123456789ab\", as the dossier gives "
            "them; got ",
            Quoted(text));
      }
      const std::vector<const StoredFinding*> named = Named(*id);
      if (named.empty()) return Cat("the run has no finding ", ModeIdText(*id), Known());
      for (const StoredFinding* const finding : named) {
        if (!Add({finding->mode, finding->detector, right})) {
          return Cat("the finding ", ModeIdText(*id), " is called right and wrong");
        }
      }
    }
    return {};
  }

 private:
  std::vector<const StoredFinding*> Named(ModeId id) const {
    std::vector<const StoredFinding*> out;
    for (const StoredFinding* const finding : findings_) {
      if (finding->mode == id) out.push_back(finding);
    }
    if (!out.empty()) return out;
    const Result<RankedMode> entry = engine_.Mode(WholeStore(engine_), id);
    for (const StoredFinding* const finding : findings_) {
      if (entry && entry->stats.Holds(finding->mode)) out.push_back(finding);
    }
    return out;
  }

  // False if the finding has another verdict.
  bool Add(const FindingVerdict& verdict) {
    for (const FindingVerdict& one : out_) {
      if (one.mode == verdict.mode) return one.right == verdict.right;
    }
    out_.push_back(verdict);
    return true;
  }

  std::string Known() const {
    if (findings_.empty()) return "; rules found nothing in it";
    std::string out = "; it has ";
    std::set<ModeId> named;
    for (const StoredFinding* const finding : findings_) {
      if (!named.insert(finding->mode).second) continue;
      out += Cat(named.size() > 1 ? ", " : "", ModeIdText(finding->mode));
    }
    return out;
  }

  Engine& engine_;
  std::vector<const StoredFinding*> findings_;
  std::vector<FindingVerdict>& out_;
};

}  // namespace

std::string ReadFindingVerdicts(Engine& engine, std::span<const TraceReading> traces,
                                const std::vector<std::string>& right,
                                const std::vector<std::string>& wrong,
                                std::vector<FindingVerdict>& out) {
  VerdictReader reader(engine, traces, out);
  std::string why = reader.Read(right, true);
  return why.empty() ? reader.Read(wrong, false) : why;
}

std::int64_t UnjudgedFindings(std::span<const TraceReading> traces,
                              const std::vector<FindingVerdict>& verdicts) {
  std::set<ModeId> open;
  for (const TraceReading& trace : traces) {
    for (const StoredFinding& finding : trace.summary.findings) open.insert(finding.mode);
  }
  for (const FindingVerdict& verdict : verdicts) open.erase(verdict.mode);
  return static_cast<std::int64_t>(open.size());
}

}  // namespace halo
