using System.Collections.Concurrent;

namespace Gateway.Control.Health;

/// <summary>
/// Bounds how many lines a minute are written about each of many keys, and counts the suppressed ones. Keys that no
/// longer fit into the table share one place in it.
/// </summary>
/// <param name="linesMax">The maximum number of lines a minute for each key.</param>
/// <param name="keysMax">The maximum number of keys in one minute.</param>
public sealed class MinuteBudget<TKey>(int linesMax, int keysMax) where TKey : notnull
{
    private const long MinuteMs = 60_000;
    private readonly ConcurrentDictionary<TKey, Line> _lines = new();
    private readonly Line _others = new();
    private long _cleanedMs;

    /// <summary>Returns true if a line may be written now.</summary>
    /// <param name="key">The subject of the line.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    /// <param name="swallowed">The number of lines suppressed since the last one.</param>
    public bool TryTake(TKey key, long nowMs, out long swallowed) =>
        Of(key, nowMs).TryTake(linesMax, nowMs, out swallowed);

    private Line Of(TKey key, long nowMs)
    {
        if (_lines.TryGetValue(key, out var known))
            return known;
        if (_lines.Count >= keysMax)
            Clean(nowMs);
        return _lines.Count >= keysMax ? _others : _lines.GetOrAdd(key, static _ => new Line());
    }

    private void Clean(long nowMs)
    {
        // At most once a second: a flood of keys must not scan the table for each of them.
        var cleanedMs = Interlocked.Read(ref _cleanedMs);
        if (nowMs - cleanedMs is >= 0 and < 1000
            || Interlocked.CompareExchange(ref _cleanedMs, nowMs, cleanedMs) != cleanedMs)
        {
            return;
        }

        foreach (var (key, line) in _lines)
        {
            if (line.IsOver(nowMs))
                _lines.TryRemove(key, out _);
        }
    }

    private sealed class Line
    {
        private readonly Lock _gate = new();
        private long _beganMs = long.MinValue / 2;
        private long _swallowed;
        private int _written;

        public bool IsOver(long nowMs)
        {
            lock (_gate)
                return nowMs - _beganMs >= MinuteMs;
        }

        public bool TryTake(int linesMax, long nowMs, out long swallowed)
        {
            lock (_gate)
            {
                // A clock that was set back must not silence the line until it has caught up.
                if (nowMs - _beganMs is < 0 or >= MinuteMs)
                    (_beganMs, _written) = (nowMs, 0);
                swallowed = _swallowed;
                if (_written == linesMax)
                {
                    _swallowed++;
                    return false;
                }

                (_written, _swallowed) = (_written + 1, 0);
                return true;
            }
        }
    }
}
