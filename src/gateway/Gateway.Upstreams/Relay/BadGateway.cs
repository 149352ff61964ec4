using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Upstreams.Relay;

/// <summary>The 502 that stands in for an answer which cannot be passed on.</summary>
internal static class BadGateway
{
    public static async ValueTask WriteAsync(HttpResponse response, RelayPlan plan, string reason)
    {
        response.Headers.Clear();
        response.StatusCode = StatusCodes.Status502BadGateway;
        response.ContentType = MediaTypes.Json;
        using var buffer = new PooledBuffer();
        JsonRpcWriter.WriteError(buffer, plan.RequestId.Span, McpErrorCodes.InternalError, reason);
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.Written);
    }
}
