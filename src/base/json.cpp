#include "base/json.hpp"

namespace hypnos {

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hypnos
