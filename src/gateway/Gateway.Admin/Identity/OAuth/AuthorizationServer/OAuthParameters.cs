using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The parameters of a request, none of which may come twice (RFC 6749, 3.1).</summary>
internal sealed class OAuthParameters(IReadOnlyDictionary<string, StringValues> all)
{
    /// <summary>Bytes of a form or a registration; a longer one is refused.</summary>
    public const int BodyBytesMax = 16 * 1024;

    /// <summary>The only one that RFC 8707 lets come twice; two are refused as such.</summary>
    private const string Resource = "resource";

    /// <summary>One that came twice; null where none did.</summary>
    public string? Doubled => all.FirstOrDefault(static one => one.Value.Count > 1 && one.Key != Resource).Key;

    /// <summary>How many resources were named.</summary>
    public int Resources => all.TryGetValue(Resource, out var values) ? values.Count(static one => one?.Length > 0) : 0;

    /// <summary>What came by this name; null for nothing, which an empty one is too.</summary>
    public string? this[string name] =>
        all.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;

    public static OAuthParameters OfQuery(HttpRequest request) =>
        new(QueryHelpers.ParseQuery(request.QueryString.Value));

    /// <summary>Null where the body is no form, or too long.</summary>
    public static async ValueTask<OAuthParameters?> ReadAsync(HttpContext http, int bytesMax)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim();
        if (!string.Equals(type, "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return null;
        var body = await BodyReader.ReadAsync(http.Request, bytesMax, http.RequestAborted);
        return body is null ? null : new(QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(body)));
    }
}
