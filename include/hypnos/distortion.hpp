#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hypnos/dataset.hpp"
#include "hypnos/names.hpp"
#include "hypnos/progress.hpp"

namespace hypnos {

/// What is done to images, to see whether a network still knows them. Pixels are in [0, 1], before
/// they are normalized, and stay in it. Definitions are those of MNIST-C (Mu and Gilmer 2019, file
/// corruptions.py) where it has one, with the strength as a number instead of five severities.
enum class DistortionKind {
  clean,            ///< nothing
  gaussian_noise,   ///< plus normal noise of this deviation (MNIST-C: .08 to .38)
  salt_and_pepper,  ///< this part of the pixels is 0 or 1, as likely (impulse noise; .03 to .27)
  blur,             ///< by a Gaussian of this deviation [pixels], whose tails are cut at four of
                    ///< them; the image's edge goes on beyond it (1 to 6)
  contrast,         ///< differences from the image's mean times this factor (.4 to .05)
  occlusion,        ///< a square of this side [pixels], somewhere within the image, is 0 (Cutout,
                    ///< DeVries and Taylor 2017; not in MNIST-C)
  shift,            ///< up or down, and left or right, by so many pixels (translate; 1 to 5)
  rotation,         ///< by so many degrees, to the left or right (11 to 57)
  fgsm,             ///< against the network, by this much in each pixel: the fast gradient sign
                    ///< method (Goodfellow et al. 2015; not in MNIST-C)
  pgd,              ///< likewise, by projected gradient descent (Madry et al. 2018): 10 steps of a
                    ///< quarter of it, from a random place
};
template <>
inline constexpr Name<DistortionKind> names_of<DistortionKind>[] = {
    {DistortionKind::clean, "clean"},
    {DistortionKind::gaussian_noise, "gaussian-noise"},
    {DistortionKind::salt_and_pepper, "salt-and-pepper"},
    {DistortionKind::blur, "blur"},
    {DistortionKind::contrast, "contrast"},
    {DistortionKind::occlusion, "occlusion"},
    {DistortionKind::shift, "shift"},
    {DistortionKind::rotation, "rotation"},
    {DistortionKind::fgsm, "fgsm"},
    {DistortionKind::pgd, "pgd"}};

struct Distortion {
  DistortionKind kind = DistortionKind::clean;
  double strength = 0;  ///< as its kind says; of `clean` nothing
  double weight = 1;    ///< where several are judged by together: of this one in their mean

  bool operator==(const Distortion&) const = default;
};

/// Reads "blur=2.5,gaussian-noise=0.4,clean".
/// @throws ParameterError("distort") when there is no such distortion, or its strength cannot be,
///   or one is named twice.
std::vector<Distortion> read_distortions(std::string_view text);

/// Likewise what is judged by together: "7*clean,blur=2.5,gaussian-noise=0.4". What has no weight
/// has 1.
/// @throws ParameterError("distort") also when a weight is not above 0, or above 1e9.
std::vector<Distortion> read_weighted_distortions(std::string_view text);

/// "blur=2.5", "7*clean"
std::string text_of(const Distortion& distortion);
std::string text_of(const std::vector<Distortion>& distortions);

/// Whether it is made against a network (hypnos/attack.hpp).
bool is_adversarial(DistortionKind kind);

/// The samples with distorted images. Each image's noise, place or direction is drawn by the seed
/// and its number.
/// @throws InputError when the images are no pixels in [0, 1], or the distortion needs images and
///   these are tables, or it is adversarial; Stopped.
Dataset distort(const Dataset& data, const Distortion& distortion, std::uint64_t seed,
                const Progress& progress = {});

/// The samples with their images as they were before they were normalized, in single precision.
/// @throws InputError when they are no pixels in [0, 1].
Dataset pixels_of(const Dataset& data);

/// @throws InputError as distort(), of images and kinds of all distortions.
void check_distortions(const Dataset& data, const std::vector<Distortion>& distortions);

}  // namespace hypnos
