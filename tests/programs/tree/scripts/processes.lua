-- os.execute and io.popen: a shell, its output and its status.
print(os.execute("echo from the shell; exit 3"))
local pipe = io.popen("cat /data/numbers | sort -n", "r")
print(pipe:read("a"))
print(pipe:close())
print(os.execute("kill -TERM $$"))
