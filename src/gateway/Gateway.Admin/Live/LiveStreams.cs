
namespace Gateway.Admin.Live;

/// <summary>The open streams of this gateway.</summary>
internal sealed class LiveStreams
{
    private const int PerOperatorMax = 8;
    private const int StreamsMax = 64;

    private readonly Lock _gate = new();
    private readonly List<LiveStream> _streams = [];

    /// <summary>True if this gateway has viewers.</summary>
    public bool IsAny
    {
        get
        {
            lock (_gate)
                return _streams.Count > 0;
        }
    }

    /// <summary>Returns null if the maximum number of streams is open.</summary>
    public LiveStream? Open(string byOperator)
    {
        lock (_gate)
        {
            if (_streams.Count >= StreamsMax
                || _streams.Count(one => one.Operator == byOperator) >= PerOperatorMax)
            {
                return null;
            }

            var stream = new LiveStream(byOperator);
            _streams.Add(stream);
            return stream;
        }
    }

    public void Close(LiveStream stream)
    {
        lock (_gate)
            _streams.Remove(stream);
    }

    /// <summary>Signals each stream that there may be new decisions.</summary>
    public void Wake()
    {
        lock (_gate)
            _streams.ForEach(static stream => stream.Wake());
    }
}
