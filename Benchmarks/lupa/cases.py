"""The cases in Lupa, as its users write them; run by loba-bench, which asks line by line (Sides/OtherProgram.swift)."""

import importlib
import sys
import time

MODULES = {"lua51": ["lua51"], "lua54": ["lua54"], "luajit": ["luajit21", "luajit20"]}
ARRAY_COUNT = 100_000
DICTIONARY_COUNT = 10_000
LONG_STRING = 1 << 20
MANY_STRINGS = 1024


def engine(identifier):
    for name in MODULES[identifier]:
        try:
            return importlib.import_module("lupa." + name)
        except ImportError:
            pass
    sys.exit(f"this Lupa has no {identifier}")


lupa = engine(sys.argv[1])
CASES = {}


def case(prepare):
    CASES[prepare.__name__] = prepare
    return prepare


class Counter:
    def __init__(self):
        self.value = 0
        for i in range(1, 30):
            setattr(self, f"member{i}", 0)

    def add(self, n):
        self.value += n
        return self.value


@case
def call_lua(lua):
    add = lua.eval("function(a, b) return a + b end")

    def body(times):
        sum = 0
        for i in range(times):
            sum += add(i, 2)
        return sum

    return body


@case
def call_host(lua):
    loop = lua.eval("function(add, n) local s = 0 for i = 1, n do s = add(s, i) end return s end")

    def add(a, b):
        return a + b

    return lambda times: loop(add, times)


def over_object(source):
    def prepare(lua):
        loop = lua.eval(source)
        counter = Counter()
        return lambda times: loop(counter, times)

    return prepare


CASES["userdata_prop"] = over_object("function(o, n) for i = 1, n do o.value = o.value + 1 end return o.value end")
CASES["userdata_method"] = over_object("function(o, n) for i = 1, n do o:add(1) end return o.value end")
CASES["class_30"] = over_object(
    "function(o, n) for i = 1, n do o.member29 = o.member28 + 1 end return o.member29 end"
)


@case
def table_get(lua):
    table = lua.eval("{value = 7}")

    def body(times):
        sum = 0
        for _ in range(times):
            sum += table["value"]
        return sum

    return body


@case
def table_set(lua):
    table = lua.eval("{value = 7}")

    def body(times):
        for i in range(times):
            table["value"] = i
        return table["value"]

    return body


@case
def array_to_lua(lua):
    numbers = [i + 0.5 for i in range(ARRAY_COUNT)]

    def body(times):
        sum = 0
        for _ in range(times):
            sum += int(lua.table_from(numbers)[ARRAY_COUNT])
        return sum

    return body


@case
def array_from_lua(lua):
    table = lua.execute(f"local t = {{}} for i = 1, {ARRAY_COUNT} do t[i] = i - 0.5 end return t")

    def body(times):
        sum = 0
        for n in range(times):
            sum += int(list(table.values())[n % ARRAY_COUNT])
        return sum

    return body


@case
def dict_to_lua(lua):
    entries = {f"key{i}": i for i in range(DICTIONARY_COUNT)}

    def body(times):
        sum = 0
        for _ in range(times):
            sum += lua.table_from(entries)["key77"]
        return sum

    return body


@case
def dict_from_lua(lua):
    table = lua.execute(f"local t = {{}} for i = 0, {DICTIONARY_COUNT} - 1 do t['key' .. i] = i end return t")

    def body(times):
        sum = 0
        for _ in range(times):
            entries = dict(table.items())
            sum += len(entries) + entries["key77"]
        return sum

    return body


@case
def iterate_table(lua):
    table = lua.execute(f"local t = {{}} for i = 1, {ARRAY_COUNT} do t[i] = i end return t")

    def body(times):
        sum = 0
        for _ in range(times):
            for _, value in table.items():
                sum += value
        return sum

    return body


def string_in(strings):
    def prepare(lua):
        length = lua.eval("function(s) return #s end")

        def body(times):
            sum = 0
            for i in range(times):
                sum += length(strings[i % len(strings)])
            return sum

        return body

    return prepare


CASES["string_in_short"] = string_in(["x" * 16])
CASES["string_in_many"] = string_in([f"a string{i:8}" for i in range(MANY_STRINGS)])
CASES["string_in_1MB"] = string_in(["x" * LONG_STRING])


def string_out(length):
    def prepare(lua):
        give = lua.execute(f"local s = string.rep('x', {length}) return function() return s end")

        def body(times):
            sum = 0
            for _ in range(times):
                string = give()
                sum += len(string) + ord(string[0])
            return sum

        return body

    return prepare


CASES["string_out_short"] = string_out(16)
CASES["string_out_1MB"] = string_out(LONG_STRING)


@case
def coroutine(lua):
    generator = lua.execute(
        "local yield = coroutine.yield return function() local i = 0 while true do i = i + 1 yield(i) end end"
    ).coroutine()

    def body(times):
        sum = 0
        for _ in range(times):
            sum += next(generator)
        return sum

    return body


@case
def eval_small(lua):
    def body(times):
        sum = 0
        for _ in range(times):
            sum += lua.eval("1 + 1")
        return sum

    return body


@case
def runtime_create_close(lua):
    def body(times):
        for _ in range(times):
            lupa.LuaRuntime()
        return times

    return body


@case
def error_from_lua(lua):
    # The chunk has no name of one's own choice in Lupa: what is counted is the message that the other sides have.
    fail = lua.eval("function() error('boom') end")

    def body(times):
        sum = 0
        for _ in range(times):
            try:
                fail()
            except lupa.LuaError as error:
                if ": boom" in str(error):
                    sum += len("fixture:1: boom")
        return sum

    return body


@case
def error_from_host(lua):
    loop = lua.eval("function(f, n) local c = 0 for i = 1, n do if not pcall(f) then c = c + 1 end end return c end")

    def fail():
        raise ValueError("boom")

    return lambda times: loop(fail, times)


def main():
    body = None
    for line in sys.stdin:
        what, _, rest = line.strip().partition(" ")
        if what == "prepare":
            body = CASES[rest](lupa.LuaRuntime()) if rest in CASES else None
            print("ok" if body else "no", flush=True)
        elif what == "run" and body:
            start = time.thread_time_ns()
            sum = body(int(rest))
            print(time.thread_time_ns() - start, sum, flush=True)
        else:
            print("?", flush=True)


main()
