// SPDX-License-Identifier: MIT
// Exports to the OTLP receiver as batch processors of an SDK do: several connections, each waits
// for the acknowledgement of one body before it sends the next.
#pragma once

#include <cstdint>
#include <string>

namespace halo::bench {

// Posts all messages of a file as the Collector's file exporter writes it (each after its length),
// `per_body` messages a body. Returns the seconds until the last one was acknowledged. Ends the
// benchmark if a body is refused.
double ExportAll(std::uint16_t port, const std::string& file, std::size_t per_body,
                 int connections);

}  // namespace halo::bench
