using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Registry;

/// <summary>
/// The read endpoints of the MCP registry protocol v0.1 and v0, whose formats are the same, on a separate address that
/// serves nothing else. Clients, including pages in browsers, read them without credentials.
/// </summary>
internal sealed class RegistryEndpoint(RegistryEntries entries)
{
    private const string Versions = "/versions";
    private const int LimitUsual = 30;
    private const int LimitMax = 100;
    private const int SearchCharsMax = 200;
    private static readonly string[] Roots = ["/v0.1/servers", "/v0/servers"];

    /// <summary>Handles a request that arrived at the registry's address; passes on all other requests.</summary>
    public Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<RegistryConnection>() is null)
            return next(http);
        var (request, response) = (http.Request, http.Response);
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlAllowMethods = "GET, OPTIONS";
        response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        response.Headers.CacheControl = "no-cache";
        if (HttpMethods.IsOptions(request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, OPTIONS";
            return WriteAsync(http, StatusCodes.Status405MethodNotAllowed, Error("The registry is read-only; use GET"));
        }

        var (status, answer) = Find(request);
        return WriteAsync(http, status, answer);
    }

    private (int Status, JsonObject Answer) Find(HttpRequest request)
    {
        // A slash in a server name stays escaped in the request path.
        var path = request.Path.Value!.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).TrimEnd('/');
        if (Roots.Contains(path))
            return List(request);
        var at = path.IndexOf(Versions, StringComparison.Ordinal);
        var root = Array.Find(Roots, one => path.StartsWith(one + "/", StringComparison.Ordinal));
        if (root is null || at < 0)
            return (StatusCodes.Status404NotFound, Error($"Not found; see {Roots[0]}"));
        var name = path[(root.Length + 1)..at];
        var rest = path[(at + Versions.Length)..];
        var found = entries.Of(request).FirstOrDefault(one => one.Name == name);
        if (found is null || (rest.Length > 0 && rest != "/latest" && rest != "/" + found.Version))
            return (StatusCodes.Status404NotFound, Error("Server not found"));
        return (StatusCodes.Status200OK,
            rest.Length > 0 ? found.ToJson(entries.NeedsToken) : Page([found], null));
    }

    private (int Status, JsonObject Answer) List(HttpRequest request)
    {
        var query = request.Query;
        var limit = LimitUsual;
        if ((string?)query["limit"] is { Length: > 0 } many
            && (!int.TryParse(many, CultureInfo.InvariantCulture, out limit) || limit < 1))
        {
            return (StatusCodes.Status400BadRequest, Error($"limit must be a number from 1 to {LimitMax}"));
        }

        limit = Math.Min(limit, LimitMax);
        var since = DateTimeOffset.MinValue;
        if ((string?)query["updated_since"] is { Length: > 0 } time && !DateTimeOffset.TryParse(
            time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out since))
        {
            return (StatusCodes.Status400BadRequest, Error("updated_since must be a time such as "
                + "2026-11-22T05:00:00Z"));
        }

        var (search, version, cursor) = ((string?)query["search"] ?? "", (string?)query["version"] ?? "",
            (string?)query["cursor"] ?? "");
        if (search.Length > SearchCharsMax)
            return (StatusCodes.Status400BadRequest, Error($"search must have at most {SearchCharsMax} characters"));
        var found = entries.Of(request)
            .Where(one => one.Name.Contains(search, StringComparison.OrdinalIgnoreCase) && one.UpdatedAt >= since
                && (version is "" or "latest" || version == one.Version)
                && string.CompareOrdinal(one.Name, cursor) > 0)
            .Take(limit + 1).ToList();
        return (StatusCodes.Status200OK,
            Page(found.Take(limit), found.Count > limit ? found[limit - 1].Name : null));
    }

    private JsonObject Page(IEnumerable<RegistryEntry> page, string? next)
    {
        var servers = new JsonArray([.. page.Select(one => (JsonNode)one.ToJson(entries.NeedsToken))]);
        var metadata = new JsonObject { ["count"] = servers.Count };
        if (next is not null)
            metadata["nextCursor"] = next;
        return new JsonObject { ["servers"] = servers, ["metadata"] = metadata };
    }

    private static JsonObject Error(string text) => new() { ["error"] = text };

    private static Task WriteAsync(HttpContext http, int status, JsonObject answer) =>
        PlainResponse.JsonAsync(http, status, Encoding.UTF8.GetBytes(answer.ToJsonString()));
}
