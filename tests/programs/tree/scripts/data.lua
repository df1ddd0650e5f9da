-- Tables, strings, patterns, closures, coroutines, metatables, errors: the language, with output at the end only.
local out = {}
local function say(...) out[#out + 1] = table.concat({...}, " ") end

local primes, sieve = {}, {}
for i = 2, 2000 do
	if not sieve[i] then
		primes[#primes + 1] = i
		for j = i * i, 2000, i do sieve[j] = true end
	end
end
say(#primes, primes[#primes])
local words = {}
for word in ("the quick brown fox jumps over the lazy dog the end"):gmatch("%a+") do words[word] = (words[word] or 0) + 1 end
local names = {}
for word in pairs(words) do names[#names + 1] = word end
table.sort(names)
for _, word in ipairs(names) do say(word, words[word]) end
say(("%5.2f|%-6s|%x"):format(math.pi, "ab", 255), ("x=1, y=2"):gsub("(%w+)=(%w+)", "%2=%1"))
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)
say(co(), co(), co())
local vector = setmetatable({1, 2}, {__add = function(a, b) return {a[1] + b[1], a[2] + b[2]} end})
say((vector + vector)[2])
say(select(2, pcall(error, "an error", 0)))
say(tostring(1 // 0.0), 7 // 2, 7 % -3, 2 ^ 0.5, 1 << 40)
local big = {}
for i = 1, 100000 do big[i] = {i} end
say(#big, big[100000][1])
big = nil
collectgarbage()
say(tostring(collectgarbage("count") < 4096))
print(table.concat(out, "\n"))
