using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// A reader that reads a request body completely into one array, within a bound. The bytes that are evaluated are the
/// bytes that are sent.
/// </summary>
public static class BodyReader
{
    /// <summary>Returns the body, or null if it is longer than <paramref name="bytesMax"/>.</summary>
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
                // Otherwise the web server, which reads to the end of the request, finds an unfinished read.
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
    /// <summary>Reads the next part of a body.</summary>
    /// <exception cref="BadHttpRequestException">The next part cannot be read.</exception>
    public static async ValueTask<ReadResult> ReadOnAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is OverflowException)
        {
            // The chunk size exceeds the range of its type. Any other bad chunk already causes this exception.
            throw new BadHttpRequestException("Bad chunk size data.", StatusCodes.Status400BadRequest, e);
        }
    }
}
