using Gateway.Control.Options;

namespace Gateway.Admin.Live;

/// <summary>The streams that are open at this gateway.</summary>
internal sealed class LiveStreams(GatewayOptions options)
{
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
            if (_streams.Count >= options.LiveStreamsMax
                || _streams.Count(one => one.Operator == byOperator) >= options.LiveStreamsOfOperatorMax)
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
