using System.Collections.Concurrent;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// Servers that were silent for the whole of a wait: for a while no list waits for them again. One that answered
/// somebody else in that time is slow, and is asked on.
/// </summary>
internal sealed class HungServers(TimeSpan forget, TimeProvider time)
{
    // Timestamps of the provider.
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _answered = new(StringComparer.Ordinal);

    /// <summary>The timestamp to give to <see cref="GaveNone"/> later.</summary>
    public long Now => time.GetTimestamp();

    public bool Has(string server) => _until.TryGetValue(server, out var until) && Now < until;

    public void Answered(string server)
    {
        _answered[server] = Now;
        _until.TryRemove(server, out _);
    }

    /// <summary>A server did not respond to a request that was sent at <paramref name="asked"/>.</summary>
    public void GaveNone(string server, long asked)
    {
        if (!_answered.TryGetValue(server, out var answered) || answered < asked)
            _until[server] = Now + (long)(forget.TotalSeconds * time.TimestampFrequency);
    }
}
