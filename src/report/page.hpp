#pragma once

#include <string>

#include "hypnos/json.hpp"

namespace hypnos {

/// The page of web/, one HTML file without data; empty where Node.js was missing at build time.
extern const char* const report_template;
/// The script of web/ that draws figures in Node.js; empty in the same case.
extern const char* const figures_script;

inline bool has_report() {
  return *report_template != '\0';
}

/// The page with the data in it: a whole HTML file.
/// @param page the template, which says `"the data"` in their place; not empty
std::string page_with(const Json& data, std::string page = report_template);

}  // namespace hypnos
