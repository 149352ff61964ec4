
namespace Gateway.Admin.Live;

/// <summary>The streams that are open at this gateway.</summary>
internal sealed class LiveStreams
{
    private const int PerOperatorMax = 8;
    private const int StreamsMax = 64;

    private readonly Lock _gate = new();
    private readonly List<LiveStream> _streams = [];

    /// <summary>Whether somebody looks here.</summary>
    public bool IsAny
    {
        get
        {
            lock (_gate)
                return _streams.Count > 0;
        }
    }

    /// <summary>Null where too many look already.</summary>
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

    /// <summary>Has each look at what is new.</summary>
    public void Wake()
    {
        lock (_gate)
            _streams.ForEach(static stream => stream.Wake());
    }
}
