#pragma once

#include <cstddef>

#include "hypnos/names.hpp"

namespace hypnos {

/// Types of numbers in data files.
enum class NumberType { boolean, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8 };
template <>
inline constexpr Name<NumberType> names_of<NumberType>[] = {
    {NumberType::boolean, "bool"}, {NumberType::u1, "uint8"},   {NumberType::i1, "int8"},
    {NumberType::u2, "uint16"},    {NumberType::i2, "int16"},   {NumberType::u4, "uint32"},
    {NumberType::i4, "int32"},     {NumberType::u8, "uint64"},  {NumberType::i8, "int64"},
    {NumberType::f2, "float16"},   {NumberType::f4, "float32"}, {NumberType::f8, "float64"}};

/// Bytes of one number.
std::size_t size_of(NumberType type);

bool is_floating(NumberType type);

}  // namespace hypnos
