#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A workload of "make bench": objects, dictionaries, strings and long integers."""
import sys


class Node:
    def __init__(self, key, left, right):
        self.key, self.left, self.right = key, left, right

    def total(self):
        return self.key + sum(n.total() for n in (self.left, self.right) if n)


def tree(depth, key):
    if not depth:
        return None
    return Node(key, tree(depth - 1, 2 * key), tree(depth - 1, 2 * key + 1))


def words(count):
    seen = {}
    x = 1
    for _ in range(count):
        x = x * 1103515245 + 12345 & 0x7fffffff
        word = 'w%d' % (x >> 16)
        seen[word] = seen.get(word, 0) + 1
    return sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:5]


def main(percent):
    print(tree(12, 1).total())
    for _ in range(max(1, percent // 10)):
        print(words(40000))
        print(str(3 ** 4000)[:20], sum(i * i % 7 for i in range(40000)))


main(int(sys.argv[1]))
