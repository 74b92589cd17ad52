// SPDX-License-Identifier: MIT
// The interval of the mean of values between 0 and 1 that may be looked at after every value: with
// probability 1 - alpha it holds at all looks together, so that nobody pays for looking often, and
// nothing about looks is kept. Pure functions; any thread.
//
// By betting (Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting",
// JRSS B 86, 2024, section 4: the hedged capital process). A gambler who doubts that the mean is m
// bets the fraction f of what may be lost:
//     capital(m) = mean over f of  product over values x of  1 + f (x / m - 1)
// If the mean is m or less, the capital reaches 1 / a with probability at most a (Ville). The lower
// end is the largest m at which it does; the upper end is that of 1 - x. The fractions do not
// depend on the values (a mixture instead of the paper's plug-in), so that the order of the values
// does not matter, and so that the mean of values with different means is covered as well:
//     product of 1 + f (mean of x / m - 1)  <=  exp(f sum of (mean of x / m - 1))  <=  1
// as long as the average of those means is at most m.
#pragma once

#include <cstdint>
#include <map>

namespace halo {

// Values between 0 and 1.
class BoundedSample {
 public:
  void Add(double value, std::int64_t times = 1);

  std::int64_t count() const { return count_; }
  double mean() const;  // 0 without values
  const std::map<double, std::int64_t>& values() const { return values_; }

 private:
  std::map<double, std::int64_t> values_;  // how often each occurs
  std::int64_t count_ = 0;
};

struct MeanInterval {
  double low = 0, high = 1;
};

// `alpha`: the error of both ends together, above 0.
MeanInterval AnytimeInterval(const BoundedSample& sample, double alpha);

}  // namespace halo
