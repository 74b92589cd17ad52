// SPDX-License-Identifier: MIT
#include "tools/common/mode_view.h"

#include "tools/common/to_wire.h"

namespace halo {

ModesInView ViewModes(const ModeRanking& ranking, const ModeView& view) {
  ModesInView out;
  const wire::Status wanted = view.status.value_or(wire::Status::kOpen);
  for (const RankedMode& mode : ranking.modes) {
    if (view.detector && mode.detector != *view.detector) continue;
    if (view.only && !mode.stats.Holds(*view.only)) continue;
    if (view.only && !view.status) {
      out.modes.push_back(&mode);
    } else if (ToWire(mode.triage.status) != wanted) {
      out.triaged += view.status ? 0 : 1;
    } else if (mode.confidence > view.least && !view.only) {
      ++out.candidates;
    } else if (mode.generality == Generality::kOneOff && !view.one_offs && !view.only) {
      ++out.one_offs;
    } else {
      out.modes.push_back(&mode);
    }
  }
  return out;
}

}  // namespace halo
