namespace Gateway.Audit.Files;

/// <summary>Measures the log's growth in bytes per second over the last minute.</summary>
internal sealed class AuditPace(TimeProvider time)
{
    private const int Parts = 6;
    private static readonly TimeSpan Part = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly long[] _bytes = new long[Parts];
    private readonly long _began = time.GetTimestamp();
    private long _part;

    /// <summary>Mean rate over the complete parts and the current, incomplete part.</summary>
    public double BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                Advance_NeedsLock();
                return _bytes.Sum() / (Parts * Part.TotalSeconds);
            }
        }
    }

    public void Add(long bytes)
    {
        lock (_gate)
        {
            Advance_NeedsLock();
            _bytes[_part % Parts] += bytes;
        }
    }

    private void Advance_NeedsLock()
    {
        var part = (long)(time.GetElapsedTime(_began) / Part);
        for (var passed = Math.Min(part - _part, Parts); passed > 0; passed--)
            _bytes[(part - passed + 1) % Parts] = 0;
        _part = Math.Max(part, _part);
    }
}
