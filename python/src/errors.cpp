#include "errors.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <exception>
#include <filesystem>
#include <string>

#include "hypnos/dataset.hpp"
#include "hypnos/error.hpp"
#include "hypnos/progress.hpp"
#include "hypnos/thresholds.hpp"

namespace nb = nanobind;

namespace sleepreplay {
namespace {

nb::object error_class(const char* name) {
  return nb::module_::import_("sleepreplay.errors").attr(name);
}

void raise(const nb::object& error) {
  PyErr_SetObject(error.type().ptr(), error.ptr());
}

nb::object file_error(const hypnos::FileError& error) {
  const bool missing = !std::filesystem::exists(error.file());
  return error_class(missing ? "MissingFileError" : "FileError")(error.what(),
                                                                 error.file().string());
}

void translate(const std::exception_ptr& thrown, void* /*unused*/) {
  try {
    std::rethrow_exception(thrown);
  } catch (const hypnos::RateError& error) {
    const std::string advice = "; give a lower target_rate, or find one with sleepreplay.tune";
    raise(error_class("RateError")(error.what() + advice, error.parameter(), error.layer(),
                                   error.target(), error.highest()));
  } catch (const hypnos::ParameterError& error) {
    raise(error_class("ParameterError")(error.what(), error.parameter()));
  } catch (const hypnos::FileError& error) {
    raise(file_error(error));
  } catch (const hypnos::SilentNoiseError& error) {
    const std::string advice =
        "; say how the samples were normalized: with normalization=(mean, std) the noise has the "
        "shape that they had before";
    raise(error_class("InputError")(error.what() + advice));
  } catch (const hypnos::InputError& error) {
    raise(error_class("InputError")(error.what()));
  } catch (const hypnos::SystemError& error) {
    raise(error_class("SystemFailure")(error.what()));
  } catch (const hypnos::Error& error) {
    raise(error_class("Error")(error.what()));
  } catch (const hypnos::Stopped&) {
    raise(error_class("Stopped")("stopped, because the progress callback returned False"));
  }
}

}  // namespace

void translate_errors() {
  nb::register_exception_translator(translate);
}

}  // namespace sleepreplay
