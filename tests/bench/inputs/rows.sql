-- SPDX-License-Identifier: GPL-2.0
-- A workload of "make bench": rows made, indexed, joined and sorted.
CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER, s TEXT);
INSERT INTO t
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @N@ * 1500)
	SELECT i, i * 7919 % 10007, printf('%08x', i * 2654435761 % 4294967296) FROM n;
CREATE INDEX by_key ON t (k);
SELECT count(*), sum(a.id + b.id) FROM t a JOIN t b ON a.k = b.k + 1 WHERE a.k < 2000;
SELECT k, count(*), max(s) FROM t GROUP BY k ORDER BY 2 DESC, 3 LIMIT 5;
UPDATE t SET s = s || 'x' WHERE k % 3 = 0;
SELECT sum(length(s)), min(s) FROM t WHERE s LIKE '%a%';
