/* SPDX-License-Identifier: MIT */
/* lua.c: runs a Lua script with its arguments in `arg`: lua SCRIPT [ARG...]. Linked with Debian's liblua5.4.a. */
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	lua_State *lua = luaL_newstate();
	int failed;

	if (lua == NULL || argc < 2)
		return 2;
	luaL_openlibs(lua);
	lua_newtable(lua);
	for (int i = 1; i < argc; i++) {
		lua_pushstring(lua, argv[i]);
		lua_rawseti(lua, -2, i - 1);
	}
	lua_setglobal(lua, "arg");
	failed = luaL_dofile(lua, argv[1]);
	if (failed)
		fprintf(stderr, "%s\n", lua_tostring(lua, -1));
	lua_close(lua);
	return failed;
}
