namespace Gateway.LoadTests.Measuring;

/// <summary>
/// The latency of each second of a run, by the time when a call was due. A second is closed a minute later, so that
/// even a long run holds few histograms. A call that took longer than that counts in the oldest second that is still
/// open.
/// </summary>
internal sealed class SliceRecorder
{
    /// <summary>The number of seconds in which a call can still be added to the second in which it was due.</summary>
    public const int OpenSeconds = 60;

    private const double NsPerMs = 1e6;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, LatencyHistogram> _open = [];
    private readonly List<LatencySlice> _closed = [];
    private int _firstOpen;

    /// <param name="due">The time when the call was due, from the beginning of the run.</param>
    /// <param name="latency">The time from then to its complete response.</param>
    public void Record(TimeSpan due, TimeSpan latency)
    {
        lock (_lock)
        {
            var second = Math.Max((int)due.TotalSeconds, _firstOpen);
            if (!_open.TryGetValue(second, out var slice))
            {
                _open[second] = slice = new LatencyHistogram();
                Close(second - OpenSeconds);
            }

            slice.Record((long)latency.TotalNanoseconds);
        }
    }

    /// <summary>Ends the run and returns every second in which a call was due, in order.</summary>
    public IReadOnlyList<LatencySlice> Finish()
    {
        lock (_lock)
        {
            Close(int.MaxValue);
            return _closed;
        }
    }

    private void Close(int before)
    {
        while (_open.Count > 0 && _open.First() is var (second, slice) && second < before)
        {
            _closed.Add(new LatencySlice(
                second, slice.Count, slice.At(0.5) / NsPerMs, slice.At(0.99) / NsPerMs, slice.MaxNs / NsPerMs));
            _open.Remove(second);
            _firstOpen = second + 1;
        }
    }
}
