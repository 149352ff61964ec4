using Gateway.Control.Memory;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// Requests without a grant. Nothing of their bodies is read, but a connection whose body is still coming buffers some
/// of it, and that is taken, until the connection ends, from the one small share that all of them have.
/// </summary>
internal static class NoGrant
{
    /// <summary>False where the share is used up: the request has been answered then.</summary>
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
            "Too many requests without a known token are being refused at once; try again.");
        return false;
    }

    private static void GiveBack(MemoryBudget memory) =>
        memory.GiveBack(memory.Anonymous, EdgeLimits.ConnectionBufferBytes);

    /// <summary>Nothing more of it will come, as with every client that means well and forgot its token.</summary>
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
            // It is refused all the same.
            return false;
        }
    }
}
