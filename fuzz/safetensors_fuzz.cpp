// Models: tensors, their layers, and what the recipe remembers.

#include "hypnos/model_file.hpp"
#include "hypnos/recipe.hpp"
#include "reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hypnos;
  const std::string_view content = fuzz::text_of_input(data, size);
  return fuzz::try_to([&] {
    const Model model = read_model(fuzz::file_with(content));
    read_recipe(model, "fuzz");
  });
}
