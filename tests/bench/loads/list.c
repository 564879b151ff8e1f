// SPDX-License-Identifier: GPL-2.0
/* Reverse a linked list that fits the first-level cache, then search in it. */
#include "work.h"

#define COUNT 1000

struct node {
	struct node *next;
	uint64_t value;
};

static struct node *reverse(struct node *head)
{
	struct node *done = 0, *next;

	for (; head; head = next) {
		next = head->next;
		head->next = done;
		done = head;
	}
	return done;
}

static uint64_t find(const struct node *head, uint64_t value)
{
	uint64_t steps = 0;

	for (; head && head->value != value; head = head->next)
		steps++;
	return steps;
}

uint64_t work_list(uint64_t n)
{
	static struct node nodes[COUNT];
	struct node *head = 0;
	uint64_t seed = 7, sum = 0;
	int i;

	for (i = 0; i < COUNT; i++) {
		nodes[i].value = (uint64_t)i;
		nodes[i].next = head;
		head = &nodes[i];
	}
	work_begin();
	while (n--) {
		head = reverse(head);
		for (i = 0; i < 50; i++)
			sum += find(head, work_random(&seed) % COUNT);
	}
	return sum;
}
