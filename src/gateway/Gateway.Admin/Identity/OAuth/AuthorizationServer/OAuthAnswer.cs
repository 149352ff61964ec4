using System.Buffers;
using System.Text.Json;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>JSON responses to clients: not cacheable, without null members.</summary>
internal static class OAuthAnswer
{
    /// <summary>Writes an error with its code (RFC 6749, 5.2).</summary>
    public static Task ErrorAsync(HttpContext http, int status, string error, string description)
    {
        if (status == StatusCodes.Status401Unauthorized && http.Request.Headers.Authorization.Count > 0)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"gateway\"";
        return JsonAsync(http, status, json =>
        {
            json.WriteString("error", error);
            json.WriteString("error_description", description);
        });
    }

    public static Task JsonAsync(HttpContext http, int status, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        http.Response.Headers.CacheControl = "no-store";
        return PlainResponse.JsonAsync(http, status, buffer.WrittenMemory);
    }
}
