using System.IO.Pipelines;
using System.Net;

namespace Gateway.BareProxy;

/// <summary>The body of a request, forwarded as it arrives.</summary>
internal sealed class ForwardedBody(PipeReader body, long length) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        body.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long bytes)
    {
        bytes = length;
        return true;
    }
}
