/* Schelling's model with Mesa's rule in C: the reference for the speed of the one-at-a-time mode.

   The same algorithm as segsim/kernels/board/fast_step.py, with the same random numbers: a byte per square, two counts
   per square in 16 bits, a table that says who is unsatisfied, movers shuffled, each to a random vacancy, moves logged.

   gcc -O3 -march=native schelling.c -o schelling
   schelling side steps base_1 base_2 ... < squares      prints the seconds of each step and the number of movers

   `squares` are side x side bytes: 0 vacant, 1 or 2 the household's group. base_k begins the draws of step k. */

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { PAIRS = 8 * 257 + 1 };

static double nth(uint64_t base, uint64_t i) {
    uint64_t z = base + i * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return (double)((z ^ (z >> 31)) >> 11) * (1.0 / 9007199254740992.0);
}

static void *huge(size_t bytes) {
    void *p = NULL;
    size_t page = (size_t)1 << 21;
    bytes = (bytes + page - 1) / page * page;
    if (posix_memalign(&p, page, bytes)) exit(1);
    madvise(p, bytes, MADV_HUGEPAGE);
    return memset(p, 0, bytes);
}

static inline void add_around(uint16_t *pair, int64_t at, int64_t width, uint16_t change) {
    pair[at - width - 1] += change;
    pair[at - width] += change;
    pair[at - width + 1] += change;
    pair[at - 1] += change;
    pair[at + 1] += change;
    pair[at + width - 1] += change;
    pair[at + width] += change;
    pair[at + width + 1] += change;
}

static void clear_border(uint16_t *pair, int64_t side, int64_t width) {
    memset(pair, 0, 2 * width);
    memset(pair + width * (side + 1), 0, 2 * width);
    for (int64_t row = 1; row <= side; row++) pair[row * width] = pair[row * width + width - 1] = 0;
}

int main(int argc, char **argv) {
    if (argc < 3) return 1;
    int64_t side = atoll(argv[1]), steps = atoll(argv[2]), width = side + 2, positions = width * width;
    double wanted = 0.4;
    uint8_t *squares = huge(positions), *unsatisfied = huge(3 * PAIRS);
    uint16_t *pair = huge(2 * positions);
    uint32_t *vacant = huge(4 * positions), *movers = huge(4 * positions + 4), *log = huge(24 * positions);
    int64_t vacancies = 0, logged = 0;
    for (int a = 0; a <= 8; a++)
        for (int b = 0; a + b <= 8; b++) {
            double all = a + b;
            unsatisfied[PAIRS + a + 256 * b] = (all > 0 ? a / all : 0.0) < wanted - 1e-9;
            unsatisfied[2 * PAIRS + a + 256 * b] = (all > 0 ? b / all : 0.0) < wanted - 1e-9;
        }
    for (int64_t row = 1; row <= side; row++)
        if (fread(squares + row * width + 1, 1, side, stdin) != (size_t)side) return 1;
    for (int64_t row = 1; row <= side; row++)
        for (int64_t position = row * width + 1; position <= row * width + side; position++) {
            if (squares[position])
                add_around(pair, position, width, squares[position] == 1 ? 1 : 256);
            else
                vacant[vacancies++] = position;
        }
    clear_border(pair, side, width);
    for (int64_t step = 0; step < steps; step++) {
        uint64_t base = strtoull(argv[3 + step], NULL, 10);
        struct timespec begin, end;
        if (logged + positions > 3 * positions) logged = 0;
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
        int64_t n = 0;
        for (int64_t position = width; position < positions - width; position++) {
            movers[n] = position;
            n += unsatisfied[(int64_t)squares[position] * PAIRS + pair[position]];
        }
        for (int64_t k = 0; k < n; k++) {
            int64_t j = k + (int64_t)(nth(base, 2 * k) * (double)(n - k));
            int64_t old = movers[j];
            movers[j] = movers[k];
            int64_t i = (int64_t)(nth(base, 2 * k + 1) * (double)vacancies);
            int64_t to = vacant[i];
            vacant[i] = old;
            uint8_t square = squares[old];
            squares[old] = 0;
            squares[to] = square;
            log[2 * logged] = old;
            log[2 * logged + 1] = to;
            logged++;
            uint16_t one = square == 1 ? 1 : 256;
            add_around(pair, old, width, -one);
            add_around(pair, to, width, one);
        }
        if (n) clear_border(pair, side, width);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
        double seconds = (end.tv_sec - begin.tv_sec) + 1e-9 * (end.tv_nsec - begin.tv_nsec);
        printf("%.9f %lld\n", seconds, (long long)n);
    }
    return 0;
}
