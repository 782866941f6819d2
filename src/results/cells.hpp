#pragma once

#include <string>
#include <vector>

namespace hypnos {

/// A table of texts: rows of cells. The first row is the head.
using Cells = std::vector<std::vector<std::string>>;

/// The table without the columns in which only the head is not empty.
Cells without_empty_columns(const Cells& rows);

}  // namespace hypnos
