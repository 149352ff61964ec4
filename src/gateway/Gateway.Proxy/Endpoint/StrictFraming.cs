using Gateway.Identity.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Refuses a request whose end two readers could see at different places (RFC 9112, 6): the web server would read it, a
/// proxy before it might read another.
/// </summary>
public static class StrictFraming
{
    private const string LengthThatChunkedReplaced = "X-Content-Length";
    private static readonly PlainDigits Digits = new();
    private static readonly JudgedConnection Connection = new();

    /// <summary>
    /// A <c>Content-Length</c> that is anything but digits is no length, and a <c>Connection</c> that names what is
    /// judged is none: 400 by the web server itself.
    /// </summary>
    public static void ReadsFramingStrictly(this KestrelServerOptions kestrel) =>
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Digits
            : name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? Connection
            : null;

    /// <summary>400 for any <c>Transfer-Encoding</c> but <c>chunked</c> alone. To be added before all else.</summary>
    public static void UseStrictFraming(this IApplicationBuilder app) => app.Use(static next => http =>
        Problem(http.Request.Headers) is { } problem ? RefuseAsync(http, problem) : next(http));

    private static string? Problem(IHeaderDictionary headers)
    {
        var coding = headers.TransferEncoding;
        if (coding.Count == 0)
            return null;
        if (coding.Count > 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase))
            return "Transfer-Encoding must be chunked and nothing else";
        // The web server takes the length away where both stand there, and leaves it under this name.
        return headers.ContentLength is not null || headers.ContainsKey(LengthThatChunkedReplaced)
            ? "Content-Length and Transfer-Encoding exclude each other"
            : null;
    }

    // What follows on the connection may be the rest of this request or the next one, so nothing of it is read.
    private static Task RefuseAsync(HttpContext http, string problem)
    {
        http.Response.Headers.Connection = "close";
        return PlainResponse.TextAsync(http, StatusCodes.Status400BadRequest, $"{problem} (RFC 9112, 6).");
    }
}
