// SPDX-License-Identifier: GPL-2.0
/* SHA-256 (FIPS 180-4) compression of one block after another. */
#include "work.h"

static uint32_t rotate(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional parts of cube roots, by integers. */
static uint32_t cube_root_bits(uint32_t prime)
{
	unsigned __int128 lo = 0, hi = (unsigned __int128)8 << 32;

	while (hi - lo > 1) {
		unsigned __int128 mid = (lo + hi) / 2;

		if (mid * mid * mid <= (unsigned __int128)prime << 96)
			lo = mid;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

static void constants(uint32_t *k)
{
	uint32_t p, d;
	int i = 0;

	for (p = 2; i < 64; p++) {
		for (d = 2; d * d <= p && p % d; d++)
			;
		if (d * d > p)
			k[i++] = cube_root_bits(p);
	}
}

static void expand(uint32_t *w)
{
	int i;

	for (i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void compress(uint32_t *h, const uint32_t *k, const uint32_t *w)
{
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
	uint32_t e = h[4], f = h[5], g = h[6], x = h[7], t, u;
	int i;

	for (i = 0; i < 64; i++) {
		t = x + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
		    ((e & f) ^ (~e & g)) + k[i] + w[i];
		u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
		    ((a & b) ^ (a & c) ^ (b & c));
		x = g;
		g = f;
		f = e;
		e = d + t;
		d = c;
		c = b;
		b = a;
		a = t + u;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
	h[5] += f;
	h[6] += g;
	h[7] += x;
}

uint64_t work_sha256(uint64_t n)
{
	uint32_t h[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, k[64], w[64];
	int i;

	constants(k);
	work_begin();
	while (n--) {
		for (i = 0; i < 16; i++)
			w[i] = h[i & 7] + (uint32_t)i;
		expand(w);
		compress(h, k, w);
	}
	return (uint64_t)h[0] << 32 | h[7];
}
