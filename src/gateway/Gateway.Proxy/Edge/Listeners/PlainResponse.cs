using System.Buffers;
using Gateway.Mcp;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>Short responses of the gateway itself, before or instead of a decision.</summary>
public static class PlainResponse
{
    /// <summary>Writes one line of text, for errors below JSON-RPC: authentication, Host, Origin, method.</summary>
    public static Task TextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }

    /// <summary>Writes a JSON-RPC message in one piece.</summary>
    public static async Task JsonAsync(HttpContext http, int status, ReadOnlyMemory<byte> json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    /// <summary>Writes the error for a message that cannot be read or that contradicts its headers.</summary>
    public static Task FaultAsync(HttpContext http, McpFault fault)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        JsonRpcWriter.WriteFault(buffer, fault);
        return JsonAsync(http, fault.HttpStatus, buffer.WrittenMemory);
    }
}
