using System.Collections.Frozen;
using Gateway.Control.Network;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// A check that refuses a request that two parsers could understand differently: its end (RFC 9112, 6), its lines, its
/// method, or the address in its Host. The web server would read it one way, and a proxy in front of it might read it
/// another way.
/// </summary>
public static class StrictFraming
{
    private const string LengthThatChunkedReplaced = "X-Content-Length";
    private const string NoLineFeedAlone = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";
    private static readonly PlainDigits Digits = new();
    private static readonly ConnectionHeaderEncoding Connection = new();

    // Case-sensitive, unlike HttpMethods.IsPost and similar methods: the gateway would otherwise act on a "post" that a
    // proxy in front of it did not recognize.
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(
        StringComparer.Ordinal,
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    /// <summary>
    /// Makes the web server reject three requests with 400: a <c>Content-Length</c> with anything but digits, a
    /// <c>Connection</c> that names an evaluated header, and a line that ends with LF alone. RFC 9112, 2.2 would allow
    /// a server to accept the last one.
    /// </summary>
    public static void ReadsFramingStrictly(this KestrelServerOptions kestrel)
    {
        // The web server has no option for this; it reads the switch before the first connection.
        AppContext.SetSwitch(NoLineFeedAlone, true);
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Digits
            : name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? Connection
            : null;
    }

    /// <summary>
    /// Responds with 400 to any <c>Transfer-Encoding</c> but <c>chunked</c> alone and to a Host that hides an address,
    /// and with 501 to a method that HTTP does not define. Must be added before all other middleware.
    /// </summary>
    public static void UseStrictFraming(this IApplicationBuilder app) => app.Use(static next => http =>
        Problem(http.Request.Headers) is { } problem
            ? RefuseAsync(http, StatusCodes.Status400BadRequest, $"{problem} (RFC 9112, 6).")
            : !Methods.Contains(http.Request.Method)
            ? RefuseAsync(http, StatusCodes.Status501NotImplemented,
                "The method is not one of HTTP's; methods are case-sensitive (RFC 9110, 9.1).")
            : AddressLiteral.IsObscured(http.Request.Host.Host)
            ? RefuseAsync(http, StatusCodes.Status400BadRequest,
                "The Host header holds an IPv4 address that is not four decimal numbers (RFC 3986, 3.2.2).")
            : next(http));

    private static string? Problem(IHeaderDictionary headers)
    {
        var coding = headers.TransferEncoding;
        if (coding.Count == 0)
            return null;
        if (coding.Count > 1 || !string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase))
            return "Transfer-Encoding must be chunked and nothing else";
        // If both headers are present, the web server removes the length and keeps it under this name.
        return headers.ContentLength is not null || headers.ContainsKey(LengthThatChunkedReplaced)
            ? "Content-Length and Transfer-Encoding exclude each other"
            : null;
    }

    // The bytes that follow on the connection may belong to this request or the next, so none of them are read.
    private static Task RefuseAsync(HttpContext http, int status, string problem)
    {
        http.Response.Headers.Connection = "close";
        return PlainResponse.TextAsync(http, status, problem);
    }
}
