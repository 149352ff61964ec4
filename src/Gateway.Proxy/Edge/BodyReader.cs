using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge;

/// <summary>
/// Reads a request body whole, within a bound, into one array: the bytes that are judged are the bytes that are sent.
/// </summary>
internal static class BodyReader
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
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.Length > bytesMax)
                return null;
            if (read.IsCompleted)
            {
                var body = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                return body;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
