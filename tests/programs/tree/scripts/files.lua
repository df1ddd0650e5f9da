-- io and os: lines, seek, buffers, temporary names, rename, remove, errors, exit with a status.
for line in io.lines("/data/people.csv") do
	local name, age = line:match("^(%w+),(%d+)")
	if name then io.write(name, " is ", age, "\n") end
end
local file = assert(io.open("/data/new", "w+"))
file:setvbuf("full", 1024)
for i = 1, 200 do file:write(i, "\n") end
file:seek("set", 10)
print(file:read("n"), file:read("l"), file:seek("cur"))
print(file:seek("end"))
file:close()
print(os.rename("/data/new", "/data/renamed"), os.remove("/data/empty"))
print(io.open("/data/none"))
print(os.remove("/data/none"))
print(os.getenv("HOME"), os.getenv("NONE"), os.date("!%Y-%m-%d %H:%M:%S", 0), os.time({year = 2000, month = 1, day = 1, hour = 12}))
print(#arg, arg[0], arg[1])
io.stderr:write("to standard error\n")
print(io.read("l"), io.read("n"), io.read("a"))
os.exit(3)
