namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The bounds on the long-lived streams (GET, <c>subscriptions/listen</c>) that each grant holds open.
/// </summary>
public sealed class StreamLimiter(int perGrantMax = StreamLimiter.PerGrantMax)
{
    /// <summary>The default maximum number of open streams per grant: 32.</summary>
    public const int PerGrantMax = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = [];

    /// <summary>The number of open streams of all grants.</summary>
    public int Open
    {
        get
        {
            lock (_gate)
                return _open.Values.Sum();
        }
    }

    /// <summary>
    /// Takes a place until the result is disposed; returns null if the grant has no place left (HTTP 429).
    /// </summary>
    public IDisposable? TryEnter(string grant)
    {
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(grant);
            if (open >= perGrantMax)
                return null;
            _open[grant] = open + 1;
            return new Place(this, grant);
        }
    }

    private void Leave(string grant)
    {
        lock (_gate)
        {
            if (--_open[grant] == 0)
                _open.Remove(grant);
        }
    }

    private sealed class Place(StreamLimiter slots, string grant) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
                slots.Leave(grant);
        }
    }
}
