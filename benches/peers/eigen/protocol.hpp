// What every program of the suite does around its work: reading the exchanged files, checking, timing.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace protocol {

struct Job {
    std::string directory, name;
    const char* variant;
    double milliseconds;

    std::vector<float> read(const char* file) const {
        std::ifstream stream(directory + "/" + name + "/" + file + ".f32", std::ios::binary | std::ios::ate);
        if (!stream) {
            std::fprintf(stderr, "%s: there is no %s.f32\n", name.c_str(), file);
            std::exit(1);
        }
        std::vector<float> values(static_cast<size_t>(stream.tellg()) / sizeof(float));
        stream.seekg(0);
        stream.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
        return values;
    }

    void check(const std::vector<float>& values) const {
        const auto expected = read("expected");
        float scale = 0, difference = values.size() == expected.size() ? 0 : INFINITY;
        for (size_t i = 0; i < std::min(values.size(), expected.size()); ++i) {
            const float distance = std::abs(values[i] - expected[i]);
            scale = std::max(scale, std::abs(expected[i]));
            difference = distance <= difference ? difference : distance;
        }
        if (!(difference <= 1e-3f * scale)) {
            std::fprintf(stderr, "%s %s: values differ from the expected ones by up to %g, their largest is %g\n",
                         name.c_str(), variant, difference, scale);
            std::exit(1);
        }
    }

    // Samples of at least 100 us, after a warm-up of a tenth of the time: the least and the median time of a call.
    template <typename Call>
    void time(Call&& call) const {
        const double warm_up = milliseconds * 1e5, total = milliseconds * 1e6;
        long calls = 1;
        for (const double start = now();;) {
            const double time = sample(call, calls);
            if (time < 1e5) calls *= 2;
            else if (now() - start >= warm_up) break;
        }
        std::vector<double> samples;
        for (const double start = now(); samples.size() < 5 || now() - start < total;)
            samples.push_back(sample(call, calls) / static_cast<double>(calls));
        std::sort(samples.begin(), samples.end());
        std::printf("%s %s %.2f %.2f\n", name.c_str(), variant, samples[0], samples[samples.size() / 2]);
        std::fflush(stdout);
    }

private:
    static double now() {
        return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
    }

    template <typename Call>
    static double sample(Call& call, long calls) {
        const double start = now();
        for (long i = 0; i < calls; ++i) call();
        return now() - start;
    }
};

// The compiler must have the value in memory here, and may know nothing of memory after.
template <typename T>
inline void keep(T& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace protocol
