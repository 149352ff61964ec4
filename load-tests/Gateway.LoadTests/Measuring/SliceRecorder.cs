namespace Gateway.LoadTests.Measuring;

/// <summary>
/// Latency of each second of a run, by when a call was due. A second is closed a minute later, so that a run of any
/// length holds few histograms; a call that took longer than that counts in the oldest second that is still open.
/// </summary>
internal sealed class SliceRecorder
{
    /// <summary>For so many seconds a call may still come to the second in which it was due.</summary>
    public const int OpenSeconds = 60;

    private const double NsPerMs = 1e6;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, LatencyHistogram> _open = [];
    private readonly List<LatencySlice> _closed = [];
    private int _firstOpen;

    /// <param name="due">When the call was due, from the begin of the run.</param>
    /// <param name="latency">From then to its whole answer.</param>
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

    /// <summary>Every second in which a call was due, in order; the run is over.</summary>
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
