using System.Net;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>
/// The judged bytes, written to one connection once. The handler asks for them when the connection is open, which is
/// where a permit is spent; if it asks again, on another connection, it gets nothing.
/// </summary>
internal sealed class SingleSendContent(UpstreamRequest request) : HttpContent
{
    private int _serialised;

    /// <summary>What <see cref="UpstreamRequest.BeforeFirstByte"/> threw.</summary>
    public Exception? StoppedBy { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _serialised, 1) != 0)
            throw new InvalidOperationException("A judged call is sent once; a resend needs a new permit.");

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
