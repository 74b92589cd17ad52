// SPDX-License-Identifier: MIT
// Whether the categories of a review can be changed as asked. Pure; any thread.
#pragma once

#include "engine/analysis/review_book.h"

namespace halo {

// kInvalidArgument: a category to be changed is unknown (the message has the nearest), a merge
// would join a category with itself, as in a circle, a new name is taken by another category, or no
// run that a split names shows the category.
Result<void> CheckEdit(const ReviewBook& book, const CategoryEdit& edit);

}  // namespace halo
