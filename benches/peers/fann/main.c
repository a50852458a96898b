// What FANN 2.2 can do of the workloads: `fann DIR MILLISECONDS WORKLOAD..`, as `ours export` writes DIR. It has no relu, so none
// of the larger networks; no Adam; and its plain gradient descent over a batch is PyTorch's SGD for half the mean squared error.
// It keeps the outputs of the sigmoid's derivative within 0.01 and 0.99, which these do not leave.

#include <floatfann.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUTS = 2, HIDDEN = 8, ROWS = 8, STEPS = 4, MAX_SAMPLES = 1 << 20 };

static const char *directory;
static double milliseconds;
static double samples[MAX_SAMPLES];

// Reads at most `count` values of a workload's file, and says how many.
static size_t values(const char *workload, const char *name, float *into, size_t count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s/%s.f32", directory, workload, name);
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  const size_t length = fread(into, sizeof *into, count, file);
  fclose(file);
  return length;
}

// The network 2-8-1 with the exported weights: each layer's matrix, row by row, then its bias. FANN counts a bias neuron at the
// end of each layer.
static struct fann *load(const char *workload) {
  struct fann *network = fann_create_standard(3, INPUTS, HIDDEN, 1);
  fann_set_activation_function_hidden(network, FANN_SIGMOID_SYMMETRIC);
  fann_set_activation_steepness_hidden(network, 1);
  fann_set_activation_function_output(network, FANN_SIGMOID);
  fann_set_activation_steepness_output(network, 0.5);
  float weights[HIDDEN * (INPUTS + 1) + HIDDEN + 1];
  values(workload, "weights", weights, sizeof weights / sizeof *weights);
  const unsigned hidden = INPUTS + 1, output = hidden + HIDDEN + 1;
  const float *bias = weights + HIDDEN * INPUTS, *out = bias + HIDDEN;
  for (unsigned row = 0; row < HIDDEN; row++) {
    for (unsigned column = 0; column < INPUTS; column++)
      fann_set_weight(network, column, hidden + row, weights[row * INPUTS + column]);
    fann_set_weight(network, INPUTS, hidden + row, bias[row]);
    fann_set_weight(network, hidden + row, output, out[row]);
  }
  fann_set_weight(network, hidden + HIDDEN, output, out[HIDDEN]);
  return network;
}

static void check(const char *workload, const float *actual, size_t count) {
  float expected[64], scale = 0, largest = 0;
  if (values(workload, "expected", expected, 64) != count) {
    fprintf(stderr, "fann: %s: the number of expected values is another\n", workload);
    exit(1);
  }
  for (size_t i = 0; i < count; i++) {
    scale = fmaxf(scale, fabsf(expected[i]));
    largest = fmaxf(largest, fabsf(actual[i] - expected[i]));
  }
  if (!(largest <= 1e-3f * scale)) {
    fprintf(stderr, "fann: %s: values differ from the expected ones by up to %g, their largest is %g\n", workload, largest, scale);
    exit(1);
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int ascending(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double sample(void (*call)(void), long calls) {
  const double start = now();
  for (long i = 0; i < calls; i++) call();
  return now() - start;
}

// Prints the least and the median time of a call, in samples of at least 100 microseconds.
static void clock_calls(const char *workload, void (*call)(void)) {
  long calls = 1;
  const double warm = now() + milliseconds * 1e5;
  while (1) {
    if (sample(call, calls) < 1e5) calls *= 2;
    else if (now() >= warm) break;
  }
  size_t count = 0;
  const double end = now() + milliseconds * 1e6;
  while (count < MAX_SAMPLES && (count < 5 || now() < end)) samples[count++] = sample(call, calls) / (double)calls;
  qsort(samples, count, sizeof *samples, ascending);
  printf("%s fann %.2f %.2f\n", workload, samples[0], samples[count / 2]);
}

static struct fann *network;
static float inputs[ROWS * INPUTS];
static struct fann_train_data *batch;
static volatile float sink;

static void predict(void) {
  static unsigned row;
  sink = fann_run(network, inputs + INPUTS * row)[0];
  row = (row + 1) % ROWS;
}

static void train(void) { sink = fann_train_epoch(network, batch); }

static void tiny(void) {
  network = load("tiny");
  values("tiny", "input", inputs, ROWS * INPUTS);
  float outputs[ROWS];
  for (unsigned row = 0; row < ROWS; row++) outputs[row] = fann_run(network, inputs + INPUTS * row)[0];
  check("tiny", outputs, ROWS);
  clock_calls("tiny", predict);
}

static void tiny_sgd(void) {
  network = load("tiny-sgd");
  fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
  fann_set_train_error_function(network, FANN_ERRORFUNC_LINEAR);
  float input[4 * INPUTS], target[4], rate, losses[STEPS];
  values("tiny-sgd", "input", input, 4 * INPUTS);
  values("tiny-sgd", "target", target, 4);
  values("tiny-sgd", "rate", &rate, 1);
  batch = fann_create_train(4, INPUTS, 1);
  for (unsigned row = 0; row < 4; row++) {
    memcpy(batch->input[row], input + INPUTS * row, INPUTS * sizeof *input);
    batch->output[row][0] = target[row];
  }
  fann_set_learning_rate(network, 2 * rate);
  for (unsigned step = 0; step < STEPS; step++) losses[step] = fann_train_epoch(network, batch);
  check("tiny-sgd", losses, STEPS);
  fann_set_learning_rate(network, 2e-6f);
  clock_calls("tiny-sgd", train);
}

int main(int count, char **arguments) {
  if (count < 3) {
    fprintf(stderr, "usage: fann DIR MILLISECONDS WORKLOAD..\n");
    return 2;
  }
  directory = arguments[1];
  milliseconds = atof(arguments[2]);
  for (int i = 3; i < count; i++) {
    if (!strcmp(arguments[i], "tiny")) tiny();
    if (!strcmp(arguments[i], "tiny-sgd")) tiny_sgd();
  }
  return 0;
}
