// Matrices of static size, and how weights come into them.
#pragma once

#define EIGEN_STACK_ALLOCATION_LIMIT 0
#include <Eigen/Dense>

template <int N>
using Vector = Eigen::Matrix<float, N, 1>;
template <int M, int N>
using Matrix = Eigen::Matrix<float, M, N>;

// Takes the next weights of a row-major tensor.
template <typename M>
void take(const float*& from, M&& to) {
    for (Eigen::Index row = 0; row < to.rows(); ++row)
        for (Eigen::Index column = 0; column < to.cols(); ++column) to(row, column) = *from++;
}
