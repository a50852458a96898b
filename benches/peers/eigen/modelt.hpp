// Layers as RTNeural's `ModelT` has them with its Eigen backend: a 1 behind the input for the bias, every value a layer
// computes a member of it, the sigmoid from the exponential.
#pragma once

#include "matrices.hpp"

template <typename Values>
auto sigmoid(const Values& values) {
    return 1.f / ((-1.f * values.array()).exp() + 1.f);
}

template <int IN, int OUT>
struct Dense {
    Matrix<OUT, IN + 1> weight;
    Vector<IN + 1> joined = Vector<IN + 1>::Unit(IN);
    Vector<OUT> output;

    void load(const float*& from) {
        take(from, weight.template leftCols<IN>());
        take(from, weight.col(IN));
    }

    template <typename Input>
    const Vector<OUT>& forward(const Input& input) {
        joined.template head<IN>() = input;
        output.noalias() = weight * joined;
        return output;
    }
};

template <int IN, int HIDDEN>
struct Lstm {
    Matrix<4 * HIDDEN, IN + HIDDEN + 1> weight;
    Vector<IN + HIDDEN + 1> joined = Vector<IN + HIDDEN + 1>::Unit(IN + HIDDEN);
    Vector<4 * HIDDEN> sums;
    Vector<3 * HIDDEN> gates;
    Vector<HIDDEN> candidate, cell = Vector<HIDDEN>::Zero(), squashed, output;

    // the sigmoids side by side: forget, input, output, then the candidate
    void load(const float*& from) {
        const auto rearranged = [&](auto&& columns) {
            for (const int gate : {1, 0, 3, 2}) take(from, columns.template middleRows<HIDDEN>(gate * HIDDEN));
        };
        Matrix<4 * HIDDEN, 1> bias;
        rearranged(weight.template leftCols<IN>());
        rearranged(weight.template middleCols<HIDDEN>(IN));
        rearranged(weight.template rightCols<1>());
        rearranged(bias);
        weight.template rightCols<1>() += bias;
    }

    const Vector<HIDDEN>& step(const Vector<IN>& input) {
        joined.template head<IN>() = input;
        sums.noalias() = weight * joined;
        gates = sigmoid(sums.template head<3 * HIDDEN>());
        candidate = sums.template tail<HIDDEN>().array().tanh();
        cell = gates.template head<HIDDEN>().cwiseProduct(cell)
             + gates.template segment<HIDDEN>(HIDDEN).cwiseProduct(candidate);
        squashed = cell.array().tanh();
        output = gates.template tail<HIDDEN>().cwiseProduct(squashed);
        joined.template segment<HIDDEN>(IN) = output;
        return output;
    }
};

template <int IN, int HIDDEN>
struct Gru {
    Matrix<3 * HIDDEN, IN + 1> weight_ih;
    Matrix<3 * HIDDEN, HIDDEN + 1> weight_hh;
    Vector<IN + 1> input = Vector<IN + 1>::Unit(IN);
    Vector<HIDDEN + 1> state = Vector<HIDDEN + 1>::Unit(HIDDEN);
    Vector<3 * HIDDEN> of_input, of_state;
    Vector<2 * HIDDEN> gates;
    Vector<HIDDEN> candidate, output;

    void load(const float*& from) {
        take(from, weight_ih.template leftCols<IN>());
        take(from, weight_hh.template leftCols<HIDDEN>());
        take(from, weight_ih.col(IN));
        take(from, weight_hh.col(HIDDEN));
    }

    const Vector<HIDDEN>& step(const Vector<IN>& next) {
        input.template head<IN>() = next;
        of_input.noalias() = weight_ih * input;
        of_state.noalias() = weight_hh * state;
        gates = sigmoid(of_input.template head<2 * HIDDEN>() + of_state.template head<2 * HIDDEN>());
        const auto reset = gates.template head<HIDDEN>(), update = gates.template tail<HIDDEN>();
        candidate = of_input.template tail<HIDDEN>() + reset.cwiseProduct(of_state.template tail<HIDDEN>());
        candidate = candidate.array().tanh();
        auto hidden = state.template head<HIDDEN>();
        hidden = candidate + update.cwiseProduct(hidden - candidate);
        output = hidden;
        return output;
    }
};
