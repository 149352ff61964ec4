using System.Collections.Concurrent;
using Gateway.Proxy.Deadlines;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// Servers that did not respond during a whole wait; for a while, no list waits for them again. A server that responded
/// to another request in that time is only slow, and still receives requests.
/// </summary>
internal sealed class HungServers(AggregationOptions options, TimeProvider time)
{
    private const int HungFactor = 2;

    // Timestamps of the provider.
    private readonly ConcurrentDictionary<string, long> _until = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _answered = new(StringComparer.Ordinal);

    /// <summary>The longest wait for the response of one server.</summary>
    public TimeSpan ServerWait => options.ServerWait;

    /// <summary>Waits for a task of a server, but no longer than for its response.</summary>
    /// <exception cref="TimeoutException">The task is not completed in time.</exception>
    public Task<T> WithinAsync<T>(Task<T> task, CancellationToken cancellationToken) =>
        task.WaitAsync(ServerWait, time, cancellationToken);

    /// <summary>Returns a source that is canceled after the longest wait for the response of one server.</summary>
    public CancellationTokenSource Limit() => new(ServerWait, time);

    /// <summary>The timestamp to pass to <see cref="GaveNone"/> later.</summary>
    public long Now => time.GetTimestamp();

    public bool Has(string server) => _until.TryGetValue(server, out var until) && Now < until;

    public void Answered(string server)
    {
        _answered[server] = Now;
        _until.TryRemove(server, out _);
    }

    /// <summary>Records that a server did not respond to a request that was sent at <paramref name="asked"/>.</summary>
    public void GaveNone(string server, long asked)
    {
        if (!_answered.TryGetValue(server, out var answered) || answered < asked)
            _until[server] = Now + (long)(ServerWait.TotalSeconds * HungFactor * time.TimestampFrequency);
    }
}
