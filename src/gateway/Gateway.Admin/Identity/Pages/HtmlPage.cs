using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.Pages;

/// <summary>
/// Pages at the issuer's origin: plain HTML that is never framed, never cached, and loads nothing from other sites. The
/// only script is the gateway's own: the sign-in page requests a passkey with it.
/// </summary>
public static class HtmlPage
{
    /// <summary>The content type of a page.</summary>
    public const string ContentType = "text/html; charset=utf-8";

    private static readonly string Style = Read("page.css");

    private static readonly string Script = Read("passkey.js");

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Digest(Style)}'; img-src data:; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Encodes a text for HTML content or an attribute.</summary>
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>Writes a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML, every text in it encoded.</param>
    /// <param name="next">The address to which the browser continues automatically; null for none.</param>
    public static Task WriteAsync(HttpContext http, int status, string title, string body, string? next = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        SetHeaders(http.Response);
        return http.Response.WriteAsync(Of(title, body, next), http.RequestAborted);
    }

    /// <summary>Writes a page that can request a passkey; its form <c>passkey</c> has the options.</summary>
    public static Task WriteWithPasskeyAsync(HttpContext http, int status, string title, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        SetHeaders(http.Response);
        http.Response.Headers.ContentSecurityPolicy = $"{Policy}; script-src 'sha256-{Digest(Script)}'";
        return http.Response.WriteAsync(
            Of(title, $"{body}<script>{Script}</script>"), http.RequestAborted);
    }

    /// <summary>Sets the headers of every page.</summary>
    public static void SetHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-store";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>Returns the HTML of a page.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="body">HTML, every text in it encoded.</param>
    /// <param name="next">The address to which the browser continues automatically; null for none.</param>
    public static string Of(string title, string body, string? next = null)
    {
        var refresh = next is null ? "" : $"""<meta http-equiv="refresh" content="0;url={Text(next)}">""";
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8">{refresh}
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>{Text(title)}</title>
            <link rel="icon" href="data:,">
            <style>{Style}</style></head>
            <body><main><h1>{Text(title)}</h1>
            {body}
            </main></body>
            </html>

            """;
    }

    private static string Digest(string text) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Writes an error page that says what failed and what to do.</summary>
    public static Task ErrorAsync(HttpContext http, int status, string title, string text) =>
        WriteAsync(http, status, title, $"<p>{Text(text)}</p>");
}
