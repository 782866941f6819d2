#pragma once

namespace sleepreplay {

/// From now on exceptions of the library become those of sleepreplay/errors.py.
void translate_errors();

}  // namespace sleepreplay
