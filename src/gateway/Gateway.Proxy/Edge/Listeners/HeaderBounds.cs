using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Grants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The bounds of a request's headers. The web server accepts more of them than the gateway uses, so that an agent whose
/// token is too long receives the reason and a challenge, and not only 431.
/// </summary>
public static class HeaderBounds
{
    /// <summary>The maximum size of the names and values of all headers but the token.</summary>
    public const int CharactersMax = 32 * 1024;

    private static readonly PathString Agents = new("/mcp");

    /// <summary>
    /// Responds with 431 if the headers are too large, except to a request of an agent that only has a too long token:
    /// <see cref="AgentAccess"/> refuses it with 401.
    /// </summary>
    public static void UseHeaderBounds(this IApplicationBuilder app) => app.Use(static next => http =>
        SizeOf(http.Request.Headers) <= CharactersMax ? next(http) : ProceedAsync(http, next));

    private static async Task ProceedAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        var key = http.RequestServices.GetRequiredService<SnapshotHolder>().Current.Callers.KeyHeader;
        var token = headers.Authorization is { Count: > 0 } authorization ? authorization : headers[key];
        var isAgents = http.Request.Path.StartsWithSegments(Agents);
        if (SizeOf(headers) - SizeOf(token) > CharactersMax || (!isAgents && SizeOf(token) > BearerToken.CharactersMax))
        {
            headers.Clear();
            await PlainResponse.TextAsync(http, StatusCodes.Status431RequestHeaderFieldsTooLarge,
                $"The headers have more than {CharactersMax} characters.");
            return;
        }

        await next(http);
        // The web server would keep the text for the next request of the connection, to compare it.
        headers.Authorization = StringValues.Empty;
        headers.Remove(key);
    }

    private static int SizeOf(IHeaderDictionary headers)
    {
        var size = 0;
        foreach (var (name, values) in headers)
            size += name.Length + SizeOf(values);
        return size;
    }

    private static int SizeOf(StringValues values)
    {
        var size = 0;
        foreach (var value in values)
            size += value?.Length ?? 0;
        return size;
    }
}
