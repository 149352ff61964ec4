using System.Collections.Concurrent;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// Servers that were silent for the whole of a wait: for a while no list waits for them again. One that answered
/// somebody else in that time is slow, and is asked on.
/// </summary>
internal sealed class HungServers(TimeSpan forget)
{
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _answered = new(StringComparer.Ordinal);

    public bool Has(string server) => _until.TryGetValue(server, out var until) && Environment.TickCount64 < until;

    public void Answered(string server)
    {
        _answered[server] = Environment.TickCount64;
        _until.TryRemove(server, out _);
    }

    /// <summary>It gave no answer to what it was asked at a time of <see cref="Environment.TickCount64"/>.</summary>
    public void GaveNone(string server, long asked)
    {
        if (!_answered.TryGetValue(server, out var answered) || answered < asked)
            _until[server] = Environment.TickCount64 + (long)forget.TotalMilliseconds;
    }
}
