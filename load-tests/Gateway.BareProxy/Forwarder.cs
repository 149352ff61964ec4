using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Gateway.BareProxy;

/// <summary>
/// A forwarder of requests and responses; it reads nothing of either, stores nothing, and decides nothing.
/// </summary>
internal sealed class Forwarder(Uri server) : IDisposable
{
    private const int ReadBytes = 4096;

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    public async Task ForwardAsync(HttpContext http)
    {
        using var message = new HttpRequestMessage(new HttpMethod(http.Request.Method), server)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (http.Request.ContentLength is { } length)
        {
            message.Content = new ForwardedBody(http.Request.BodyReader, length);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        }

        Copy(http.Request.Headers, message.Headers, "Accept", "MCP-Protocol-Version", "Mcp-Session-Id");
        using var answer = await _invoker.SendAsync(message, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = answer.Content.Headers.ContentLength;
        await RelayAsync(answer, http);
    }

    public void Dispose() => _invoker.Dispose();

    private static void Copy(IHeaderDictionary from, HttpRequestHeaders to, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (from[name] is { Count: > 0 } values)
                to.TryAddWithoutValidation(name, values.ToString());
        }
    }

    // A body without a length may be a stream that stays silent for hours, so it waits without a buffer.
    private static async Task RelayAsync(HttpResponseMessage answer, HttpContext http)
    {
        var body = answer.Content.ReadAsStream(http.RequestAborted);
        var writer = http.Response.BodyWriter;
        var isStream = answer.Content.Headers.ContentLength is null;
        if (isStream)
            await writer.FlushAsync(http.RequestAborted);
        while (true)
        {
            if (isStream)
                _ = await body.ReadAsync(Memory<byte>.Empty, http.RequestAborted);
            var count = await body.ReadAsync(writer.GetMemory(ReadBytes), http.RequestAborted);
            if (count == 0)
                return;
            writer.Advance(count);
            await writer.FlushAsync(http.RequestAborted);
        }
    }
}
