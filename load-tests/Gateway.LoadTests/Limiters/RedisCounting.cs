namespace Gateway.LoadTests.Limiters;

/// <summary>How a proxy counts in Redis: one of the two ways that gateways have, in Lua of our own.</summary>
internal static class RedisCounting
{
    /// <summary>A key a window, named by the window's begin: <c>INCR</c> and <c>EXPIRE</c> in one message.</summary>
    public const string KeyEach = """
        store:init_pipeline()
        store:incr(key .. ":" .. start)
        store:expire(key .. ":" .. start, 2 * window)
        local counted = store:commit_pipeline()
        local count = counted and counted[1]
        """;

    /// <summary>One record for all windows: where it is of another window than the caller's, it begins again.</summary>
    public const string OneRecord = """
        local count = store:eval([[
          if redis.call("HGET", KEYS[1], "start") ~= ARGV[1] then
            redis.call("HSET", KEYS[1], "start", ARGV[1], "count", 0)
          end
          redis.call("EXPIRE", KEYS[1], ARGV[2])
          if tonumber(redis.call("HGET", KEYS[1], "count")) >= tonumber(ARGV[3]) then return ARGV[3] + 1 end
          return redis.call("HINCRBY", KEYS[1], "count", 1)
        ]], 1, key, start, 2 * window, max)
        """;
}
