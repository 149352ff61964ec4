namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// The delay before a repeatedly failing program may be restarted. Kept per grant, so that an agent that makes its own
/// child fail does not affect others.
/// </summary>
internal sealed class BackOff(StdioUpstreamOptions options, TimeProvider time)
{
    // A removed grant leaves an entry; beyond this bound all entries are dropped, which causes a few early starts.
    private const int CallersMax = 4096;
    private const int DoublingsMax = 20;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, long NotBefore, string Why)> _failed = [];

    /// <exception cref="UpstreamException">The delay is not over.</exception>
    public void Check(string caller)
    {
        lock (_gate)
        {
            if (!_failed.TryGetValue(caller, out var failed))
                return;
            var wait = time.GetElapsedTime(time.GetTimestamp(), failed.NotBefore);
            if (wait <= TimeSpan.Zero)
                return;
            throw new UpstreamException(UpstreamFailure.BackingOff, false,
                $"its program failed{(failed.Failures == 1 ? "" : $" {failed.Failures} times in a row")} "
                + $"({failed.Why}); it will be restarted in {wait.TotalSeconds:0.#} s.", null);
        }
    }

    public void Failed(string caller, string why)
    {
        lock (_gate)
        {
            if (_failed.Count >= CallersMax)
                _failed.Clear();
            var failures = _failed.GetValueOrDefault(caller).Failures + 1;
            var wait = options.FirstBackOff * Math.Pow(2, Math.Min(failures - 1, DoublingsMax));
            wait = wait < options.BackOffMax ? wait : options.BackOffMax;
            _failed[caller] = (failures, time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency),
                why);
        }
    }

    public void Worked(string caller)
    {
        lock (_gate)
            _failed.Remove(caller);
    }
}
