// SPDX-License-Identifier: GPL-2.0
/* Bodies that attract each other: square roots, divisions, products, sums. */
#include <string.h>

#include "work.h"

#define BODIES 5

struct body {
	double p[3], v[3], mass;
};

static void attract(struct body *a, struct body *b, double dt)
{
	double d[3], d2 = 0.01, f;
	int i;

	for (i = 0; i < 3; i++) {
		d[i] = a->p[i] - b->p[i];
		d2 += d[i] * d[i];
	}
	f = dt / (d2 * __builtin_sqrt(d2));
	for (i = 0; i < 3; i++) {
		a->v[i] -= d[i] * b->mass * f;
		b->v[i] += d[i] * a->mass * f;
	}
}

static void step(struct body *body, double dt)
{
	int i, j;

	for (i = 0; i < BODIES; i++) {
		for (j = i + 1; j < BODIES; j++)
			attract(&body[i], &body[j], dt);
	}
	for (i = 0; i < BODIES; i++) {
		for (j = 0; j < 3; j++)
			body[i].p[j] += dt * body[i].v[j];
	}
}

uint64_t work_nbody(uint64_t n)
{
	struct body body[BODIES];
	uint64_t seed = 17, sum;
	int i, j;

	memset(body, 0, sizeof(body));
	for (i = 0; i < BODIES; i++) {
		body[i].mass = 1 + i;
		for (j = 0; j < 3; j++)
			body[i].p[j] = (double)(work_random(&seed) >> 40) / 1e6;
	}
	work_begin();
	while (n--)
		step(body, 0.001);
	memcpy(&sum, &body[0].p[0], sizeof(sum));
	return sum;
}
