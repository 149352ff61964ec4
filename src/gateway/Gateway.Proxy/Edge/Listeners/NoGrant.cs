using Gateway.Control.Memory;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// Memory accounting for requests without a grant. Their bodies are not read, but a connection whose body is still
/// arriving buffers some of it. That memory is taken, until the connection ends, from one small share for all such
/// connections.
/// </summary>
internal static class NoGrant
{
    /// <summary>
    /// Takes the memory of a connection. Returns false after writing a refusal if the share is used up.
    /// </summary>
    public static async ValueTask<bool> TryHoldAsync(HttpContext http)
    {
        if (IsWhole(http.Request))
            return true;
        var memory = http.RequestServices.GetRequiredService<MemoryBudget>();
        var connection = http.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed ?? http.RequestAborted;
        if (memory.TryTake(memory.Anonymous, EdgeLimits.ConnectionBufferBytes, MemoryUse.Request))
        {
            connection.UnsafeRegister(static memory => GiveBack((MemoryBudget)memory!), memory);
            return true;
        }

        http.Response.Headers.RetryAfter = "1";
        http.Response.Headers.Connection = "close";
        await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable,
            "The gateway received too many requests without a known token at the same time; try again.");
        return false;
    }

    private static void GiveBack(MemoryBudget memory) =>
        memory.GiveBack(memory.Anonymous, EdgeLimits.ConnectionBufferBytes);

    /// <summary>
    /// Returns true if no more bytes will arrive, as with a well-behaved client that forgot its token.
    /// </summary>
    private static bool IsWhole(HttpRequest request)
    {
        try
        {
            if (!request.BodyReader.TryRead(out var read))
                return request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
            var isWhole = read.IsCompleted || read.Buffer.Length == request.ContentLength;
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return isWhole;
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException or InvalidOperationException)
        {
            // The request is refused anyway.
            return false;
        }
    }
}
