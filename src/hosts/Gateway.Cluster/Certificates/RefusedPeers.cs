namespace Gateway.Cluster.Certificates;

/// <summary>Logs refused connections, at most one line in ten seconds, so that a flood cannot fill a disk.</summary>
internal sealed partial class RefusedPeers(TimeProvider time, ILogger<RefusedPeers> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private long? _lastAt;
    private long _unlogged;

    /// <summary>Counts a refused connection, and logs it unless another one was logged recently.</summary>
    public void Record(string peer, string reason)
    {
        long unlogged;
        lock (_lock)
        {
            if (_lastAt is { } last && time.GetElapsedTime(last) < Interval)
            {
                _unlogged++;
                return;
            }

            (_lastAt, unlogged, _unlogged) = (time.GetTimestamp(), _unlogged, 0);
        }

        LogRefused(peer, reason, unlogged);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "A connection inside the fleet was refused ({Peer}): {Reason}. Other refusals since the last such line: "
        + "{Unlogged}.")]
    private partial void LogRefused(string peer, string reason, long unlogged);
}
