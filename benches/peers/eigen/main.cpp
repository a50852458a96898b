// Our own programs in Eigen's static sizes, standing in for RTNeural and genann, which no package registry carries.
// `eigen DIR MILLISECONDS WORKLOAD..`; compiled with VARIANT, its name, and LAYERS, the header that has the layers.
#include <memory>

#include LAYERS
#include "protocol.hpp"

using protocol::Job;
using protocol::keep;

struct Tiny {
    Dense<2, 8> hidden;
    Dense<8, 1> out;

    void load(const float* from) {
        hidden.load(from);
        out.load(from);
    }

    Vector<1> forward(const Vector<2>& input) {
        const Vector<8> activation = hidden.forward(input).array().tanh();
        return sigmoid(out.forward(activation));
    }
};

template <int IN, int FIRST, int SECOND, int OUT>
struct Perceptron {
    Dense<IN, FIRST> fc1;
    Dense<FIRST, SECOND> fc2;
    Dense<SECOND, OUT> out;

    void load(const float* from) {
        fc1.load(from);
        fc2.load(from);
        out.load(from);
    }

    Vector<OUT> forward(const Vector<IN>& input) {
        const Vector<FIRST> first = fc1.forward(input).cwiseMax(0.f);
        const Vector<SECOND> second = fc2.forward(first).cwiseMax(0.f);
        return out.forward(second);
    }
};

template <typename Recurrent, int HIDDEN>
struct Stream {
    Recurrent rnn;
    Dense<HIDDEN, 1> head;

    void load(const float* from) {
        rnn.load(from);
        head.load(from);
    }

    Vector<1> forward(const Vector<1>& input) { return head.forward(rnn.step(input)); }
};

// A sample or a step a call.
template <typename Network, int IN, int OUT>
void infer(const Job& job) {
    const auto network = std::make_unique<Network>();
    network->load(job.read("weights").data());
    const auto values = job.read("input");
    std::vector<Vector<IN>, Eigen::aligned_allocator<Vector<IN>>> inputs(values.size() / IN);
    std::vector<float> outputs;
    for (size_t i = 0; i < inputs.size(); ++i) {
        inputs[i] = Eigen::Map<const Vector<IN>>(values.data() + i * IN);
        const Vector<OUT> output = network->forward(inputs[i]);
        outputs.insert(outputs.end(), output.data(), output.data() + OUT);
    }
    job.check(outputs);
    size_t next = 0;
    job.time([&] {
        keep(*network);
        Vector<OUT> output = network->forward(inputs[next]);
        keep(output);
        next = next + 1 == inputs.size() ? 0 : next + 1;
    });
}

// A step of stochastic gradient descent on a batch of four, in closed form.
struct TinyTraining {
    Matrix<8, 2> weight1;
    Vector<8> bias1;
    Eigen::Matrix<float, 1, 8> weight2;
    float bias2;

    void load(const float* from) {
        take(from, weight1);
        take(from, bias1);
        take(from, weight2);
        bias2 = *from;
    }

    float step(const Matrix<2, 4>& input, const Eigen::Matrix<float, 1, 4>& target, float rate) {
        Matrix<8, 4> hidden;
        hidden.noalias() = weight1 * input;
        hidden = (hidden.colwise() + bias1).array().tanh();
        Eigen::Array<float, 1, 4> output = weight2 * hidden;
        output = (output + bias2).logistic();
        const Eigen::Array<float, 1, 4> difference = output - target.array();
        const Eigen::Matrix<float, 1, 4> grad_output = 0.5f * difference * output * (1.f - output);
        Matrix<8, 4> grad_hidden;
        grad_hidden.noalias() = weight2.transpose() * grad_output;
        grad_hidden.array() *= 1.f - hidden.array().square();
        weight2.noalias() -= rate * (grad_output * hidden.transpose());
        bias2 -= rate * grad_output.sum();
        weight1.noalias() -= rate * (grad_hidden * input.transpose());
        bias1 -= rate * grad_hidden.rowwise().sum();
        return difference.square().mean();
    }
};

void tiny_sgd(const Job& job) {
    TinyTraining network;
    network.load(job.read("weights").data());
    const Matrix<2, 4> input = Eigen::Map<const Matrix<2, 4>>(job.read("input").data());
    const Eigen::Matrix<float, 1, 4> target = Eigen::Map<const Eigen::Matrix<float, 1, 4>>(job.read("target").data());
    float rate = job.read("rate")[0];
    std::vector<float> losses;
    for (int i = 0; i < 4; ++i) losses.push_back(network.step(input, target, rate));
    job.check(losses);
    rate = 1e-6f;
    job.time([&] {
        keep(rate);
        float loss = network.step(input, target, rate);
        keep(loss);
    });
}

int main(int count, char** arguments) {
    struct {
        const char* name;
        void (*run)(const Job&);
    } const workloads[] = {
        {"tiny", infer<Tiny, 2, 1>},
        {"tiny-sgd", tiny_sgd},
        {"mlp", infer<Perceptron<784, 128, 64, 10>, 784, 10>},
        {"lstm16", infer<Stream<Lstm<1, 16>, 16>, 1, 1>},
        {"gru16", infer<Stream<Gru<1, 16>, 16>, 1, 1>},
        {"lstm64", infer<Stream<Lstm<1, 64>, 64>, 1, 1>},
        {"regression", infer<Perceptron<6, 64, 8, 4>, 6, 4>},
    };
    for (int i = 3; i < count; ++i)
        for (const auto& workload : workloads)
            if (std::string(workload.name) == arguments[i])
                workload.run(Job{arguments[1], arguments[i], VARIANT, std::atof(arguments[2])});
}
