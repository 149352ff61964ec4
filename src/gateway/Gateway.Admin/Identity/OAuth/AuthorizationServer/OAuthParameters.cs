using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The parameters of a request, none of which may occur twice (RFC 6749, 3.1).</summary>
internal sealed class OAuthParameters(IReadOnlyDictionary<string, StringValues> all)
{
    /// <summary>The maximum size of a form or a registration in bytes; a longer one is refused.</summary>
    public const int BodyBytesMax = 16 * 1024;

    /// <summary>The only parameter that RFC 8707 allows to repeat; two get an error of their own.</summary>
    private const string Resource = "resource";

    /// <summary>The name of a repeated parameter; null for none.</summary>
    public string? Doubled => all.FirstOrDefault(static one => one.Value.Count > 1 && one.Key != Resource).Key;

    /// <summary>The number of named resources.</summary>
    public int Resources => all.TryGetValue(Resource, out var values) ? values.Count(static one => one?.Length > 0) : 0;

    /// <summary>Returns the value of a parameter; null if it is missing or empty.</summary>
    public string? this[string name] =>
        all.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    public static OAuthParameters OfQuery(HttpRequest request) =>
        new(QueryHelpers.ParseQuery(request.QueryString.Value));

    /// <summary>Returns null if the body is not a form, or is too long.</summary>
    public static async ValueTask<OAuthParameters?> ReadAsync(HttpContext http, int bytesMax)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(type, "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return null;
        var body = await BodyReader.ReadAsync(http.Request, bytesMax, http.RequestAborted);
        return body is null ? null : new(QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body)));
    }
}
