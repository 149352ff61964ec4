namespace Gateway.LoadTests.Limiters;

/// <summary>The two common ways in which gateways count in Redis, in our own Lua.</summary>
internal static class RedisCounting
{
    /// <summary>
    /// One key per window, named by the beginning of the window: <c>INCR</c> and <c>EXPIRE</c> in one message.
    /// </summary>
    public const string KeyEach = """
        store:init_pipeline()
        store:incr(key .. ":" .. start)
        store:expire(key .. ":" .. start, 2 * window)
        local counted = store:commit_pipeline()
        local count = counted and counted[1]
        """;

    /// <summary>
    /// One record for all windows: it starts again if it belongs to a window other than the caller's.
    /// </summary>
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
