// SPDX-License-Identifier: MIT
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct TriageFailureModeInput {
  std::string id;
  Status status = Status::kOpen;
  std::string reason;
  std::optional<std::string> expires;

  static constexpr auto Fields() {
    using Self = TriageFailureModeInput;
    return std::tuple{
        Field("id", &Self::id).Example("\"fm_0123456789ab\""),
        Field("status", &Self::status, "accepted: intended behaviour; ignored: not worth a fix"),
        Option("reason", &Self::reason, "required unless open"),
        Option("expires", &Self::expires, "then open again: RFC 3339 or +30d").Example("\"+30d\"")};
  }
};

struct TriageFailureModeOutput {
  std::string id, title, status, before, reason, expires, effect;
  std::int64_t traces = 0;
  std::vector<std::string> notes, next;

  static constexpr auto Fields() {
    using Self = TriageFailureModeOutput;
    return std::tuple{Field("id", &Self::id),          Field("title", &Self::title),
                      Field("status", &Self::status),  Field("before", &Self::before),
                      Option("reason", &Self::reason), Option("expires", &Self::expires),
                      Field("traces", &Self::traces),  Field("effect", &Self::effect),
                      Option("notes", &Self::notes),   Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
