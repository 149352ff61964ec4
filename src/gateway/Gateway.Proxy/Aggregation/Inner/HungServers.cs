using System.Collections.Concurrent;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>Servers that gave no answer in time: for a while no list waits for them again.</summary>
internal sealed class HungServers(TimeSpan forget)
{
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.Ordinal);

    public bool Has(string server) => _until.TryGetValue(server, out var until) && Environment.TickCount64 < until;

    public void Add(string server) => _until[server] = Environment.TickCount64 + (long)forget.TotalMilliseconds;

    public void Remove(string server) => _until.TryRemove(server, out _);
}
