CREATE TABLE people(name TEXT PRIMARY KEY, age INTEGER, city TEXT);
INSERT INTO people VALUES('ada', 36, 'london'), ('alan', 41, 'wilmslow'), ('grace', 85, NULL);
SELECT count(*), avg(age), max(city) FROM people;
SELECT name FROM people WHERE age > 40 ORDER BY age DESC;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT sum(i), group_concat(i % 3) IS NOT NULL FROM n;
UPDATE people SET age = age + 1 WHERE name LIKE 'a%';
SELECT upper(name), age, coalesce(city, 'none') FROM people;
SELECT printf('%.3f', 1.0 / 3), hex(x'00ff'), length('häuser'), strftime('%Y', 0, 'unixepoch');
