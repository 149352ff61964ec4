using System.Net;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>
/// The evaluated bytes, written to one connection once. The HTTP handler requests them when the connection is open,
/// which is when the permit is spent. If it requests them again for another connection, it gets an exception.
/// </summary>
internal sealed class SingleSendContent(UpstreamRequest request) : HttpContent
{
    private int _serialised;

    /// <summary>The exception from <see cref="UpstreamRequest.BeforeFirstByte"/>.</summary>
    public Exception? StoppedBy { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _serialised, 1) != 0)
            throw new InvalidOperationException("An evaluated call is sent only once; a resend needs a new permit.");

        if (request.BeforeFirstByte is { } before)
        {
            try
            {
                await before(cancellationToken);
            }
            catch (Exception stop) when (Note(stop))
            {
                throw;
            }
        }

        request.WasWritten = true;
        await stream.WriteAsync(request.Body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = request.Body.Length;
        return true;
    }

    private bool Note(Exception stop)
    {
        StoppedBy = stop;
        return true;
    }
}
