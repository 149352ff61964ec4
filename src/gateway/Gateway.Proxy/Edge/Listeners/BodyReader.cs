using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// Reads a request body whole, within a bound, into one array: the bytes that are judged are the bytes that are sent.
/// </summary>
public static class BodyReader
{
    /// <summary>Null where the body is longer than <paramref name="bytesMax"/>.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, int bytesMax,
        CancellationToken cancellationToken)
    {
        if (request.ContentLength > bytesMax)
            return null;
        var reader = request.BodyReader;
        while (true)
        {
            var read = await ReadOnAsync(reader, cancellationToken);
            var buffer = read.Buffer;
            if (buffer.Length > bytesMax)
            {
                // Else the web server, which reads on to the end of the request, finds a read that is not over.
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
    /// <summary>The next of a body.</summary>
    /// <exception cref="BadHttpRequestException">It has no next part that can be read.</exception>
    public static async ValueTask<ReadResult> ReadOnAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is OverflowException)
        {
            // A chunk of more bytes than a number holds; any other bad chunk is this exception already.
            throw new BadHttpRequestException("Bad chunk size data.", StatusCodes.Status400BadRequest, e);
        }
    }
}
