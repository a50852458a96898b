// The fastest static Eigen that we know how to write: biases where they are added, every intermediate a local value.
#pragma once

#include "matrices.hpp"

template <typename Values>
auto sigmoid(const Values& values) {
    return values.array().logistic();
}

template <int IN, int OUT>
struct Dense {
    Matrix<OUT, IN> weight;
    Vector<OUT> bias;

    void load(const float*& from) {
        take(from, weight);
        take(from, bias);
    }

    template <typename Input>
    Vector<OUT> forward(const Input& input) const {
        Vector<OUT> output = bias;
        output.noalias() += weight * input;
        return output;
    }
};

// The products of all gates are one, with the step's input, the state before and a 1 for the biases side by side: faster
// here than a product for each gate.
template <int IN, int HIDDEN>
struct Lstm {
    Matrix<4 * HIDDEN, IN + HIDDEN + 1> weight;
    Vector<IN + HIDDEN + 1> joined = Vector<IN + HIDDEN + 1>::Unit(IN + HIDDEN);
    Vector<HIDDEN> cell = Vector<HIDDEN>::Zero();

    void load(const float*& from) {
        Vector<4 * HIDDEN> bias;
        take(from, weight.template leftCols<IN>());
        take(from, weight.template middleCols<HIDDEN>(IN));
        take(from, weight.col(IN + HIDDEN));
        take(from, bias);
        weight.col(IN + HIDDEN) += bias;
    }

    auto step(const Vector<IN>& input) {
        joined.template head<IN>() = input;
        Vector<4 * HIDDEN> gates;
        gates.noalias() = weight * joined;
        const Vector<2 * HIDDEN> in_and_forget = sigmoid(gates.template head<2 * HIDDEN>());
        const Vector<HIDDEN> candidate = gates.template segment<HIDDEN>(2 * HIDDEN).array().tanh();
        const Vector<HIDDEN> out = sigmoid(gates.template tail<HIDDEN>());
        cell = in_and_forget.template tail<HIDDEN>().cwiseProduct(cell)
             + in_and_forget.template head<HIDDEN>().cwiseProduct(candidate);
        auto hidden = joined.template segment<HIDDEN>(IN);
        hidden = out.array() * cell.array().tanh();
        return hidden;
    }
};

template <int IN, int HIDDEN>
struct Gru {
    Matrix<3 * HIDDEN, IN + 1> weight_ih;
    Matrix<3 * HIDDEN, HIDDEN + 1> weight_hh;
    Vector<IN + 1> input = Vector<IN + 1>::Unit(IN);
    Vector<HIDDEN + 1> state = Vector<HIDDEN + 1>::Unit(HIDDEN);

    void load(const float*& from) {
        take(from, weight_ih.template leftCols<IN>());
        take(from, weight_hh.template leftCols<HIDDEN>());
        take(from, weight_ih.col(IN));
        take(from, weight_hh.col(HIDDEN));
    }

    auto step(const Vector<IN>& next) {
        input.template head<IN>() = next;
        Vector<3 * HIDDEN> of_input, of_state;
        of_input.noalias() = weight_ih * input;
        of_state.noalias() = weight_hh * state;
        const Vector<2 * HIDDEN> gates =
            sigmoid(of_input.template head<2 * HIDDEN>() + of_state.template head<2 * HIDDEN>());
        const auto reset = gates.template head<HIDDEN>().array(), update = gates.template tail<HIDDEN>().array();
        const Vector<HIDDEN> candidate =
            (of_input.template tail<HIDDEN>().array() + reset * of_state.template tail<HIDDEN>().array()).tanh();
        auto hidden = state.template head<HIDDEN>();
        hidden = candidate.array() + update * (hidden.array() - candidate.array());
        return hidden;
    }
};
