using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The writer of the 502 in place of a response that cannot be passed on.</summary>
internal static class BadGateway
{
    public static async ValueTask WriteAsync(HttpResponse response, RelayPlan plan, string reason)
    {
        SetHead(response, StatusCodes.Status502BadGateway);
        using var buffer = new PooledBuffer();
        JsonRpcWriter.WriteError(buffer, plan.RequestId.Span, McpErrorCodes.InternalError, reason);
        response.ContentLength = buffer.Length;
        await response.Body.WriteAsync(buffer.Written);
    }

    /// <summary>Sets the head of the gateway's own message in place of the server's.</summary>
    public static void SetHead(HttpResponse response, int status)
    {
        response.Headers.Clear();
        response.StatusCode = status;
        response.ContentType = MediaTypes.Json;
    }
}
