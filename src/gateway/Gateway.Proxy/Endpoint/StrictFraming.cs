using System.Collections.Frozen;
using Gateway.Control.Network;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Refuses a request that two readers could understand differently: its end (RFC 9112, 6), its lines, its method, or
/// the address in its Host. The web server would read it one way, a proxy in front of it might read it another way.
/// </summary>
public static class StrictFraming
{
    private const string LengthThatChunkedReplaced = "X-Content-Length";
    private const string NoLineFeedAlone = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";
    private static readonly PlainDigits Digits = new();
    private static readonly JudgedConnection Connection = new();

    // Unlike HttpMethods.IsPost and its like, which take any case: the gateway would act on a "post" that a proxy in
    // front of it did not recognize.
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(
        StringComparer.Ordinal,
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    /// <summary>
    /// A <c>Content-Length</c> that is anything but digits is no length, and a <c>Connection</c> that names what is
    /// judged is none: 400 by the web server itself. So is a line that ends with LF alone, which RFC 9112, 2.2 allows a
    /// server to accept.
    /// </summary>
    public static void ReadsFramingStrictly(this KestrelServerOptions kestrel)
    {
        // The web server has no option for it; it reads this switch before the first connection.
        AppContext.SetSwitch(NoLineFeedAlone, true);
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Digits
            : name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? Connection
            : null;
    }

    /// <summary>
    /// 400 for any <c>Transfer-Encoding</c> but <c>chunked</c> alone and for a Host that hides an address, 501 for a
    /// method that HTTP does not have. To be added before all else.
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
        // The web server takes the length away where both stand there, and leaves it under this name.
        return headers.ContentLength is not null || headers.ContainsKey(LengthThatChunkedReplaced)
            ? "Content-Length and Transfer-Encoding exclude each other"
            : null;
    }

    // What follows on the connection may be the rest of this request or the next one, so nothing of it is read.
    private static Task RefuseAsync(HttpContext http, int status, string problem)
    {
        http.Response.Headers.Connection = "close";
        return PlainResponse.TextAsync(http, status, problem);
    }
}
