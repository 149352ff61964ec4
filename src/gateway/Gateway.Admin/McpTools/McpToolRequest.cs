using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Admin.McpTools;

/// <summary>The request to a tool's route, created from a call of the tool within this process.</summary>
internal static class McpToolRequest
{
    /// <summary>Returns the request, or the name of the first argument that the tool does not have.</summary>
    public static (HttpContext? Request, string? Unknown) Of(
        McpTool tool, IDictionary<string, JsonElement> arguments, HttpContext outer, CancellationToken cancellation)
    {
        var http = Like(outer, cancellation);
        http.SetEndpoint(tool.Route);
        http.Request.Method = tool.Route.Method;
        var query = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments)
        {
            if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
                continue;
            if (name == McpTool.NameArgument && tool.NameMeaning is not null)
                http.Request.RouteValues["name"] = Text(value);
            else if (tool.QueryNames.Contains(name))
                query[name] = Text(value);
            else if (name == tool.Document)
                Put(http, Encoding.UTF8.GetBytes(value.GetRawText()));
            else if (tool.HasMembers)
                members[name] = value;
            else
                return (null, name);
        }

        if (tool.HasMembers)
        {
            Put(http, JsonSerializer.SerializeToUtf8Bytes(
                members, AnswerJson.Default.DictionaryStringJsonElement));
        }

        if (tool.Default is { } usual && !query.ContainsKey("limit") && !query.ContainsKey("cursor"))
            query.TryAdd(usual.Name, usual.Value);
        http.Request.Query = new QueryCollection(query);
        if (tool.Route.Pattern.Length > 0)
        {
            http.Request.Path = tool.Route.Pattern.Replace(
                "{name}", $"{http.Request.RouteValues["name"]}", StringComparison.Ordinal);
        }

        return (http, null);
    }

    private static DefaultHttpContext Like(HttpContext outer, CancellationToken cancellation)
    {
        var http = new DefaultHttpContext { RequestServices = outer.RequestServices, RequestAborted = cancellation };
        http.Connection.RemoteIpAddress = outer.Connection.RemoteIpAddress;
        http.Features.Set(RequestSource.Of(outer));
        http.Request.Scheme = outer.Request.Scheme;
        http.Request.Host = outer.Request.Host;
        http.Request.Path = outer.Request.Path;
        http.Request.Headers.UserAgent = outer.Request.Headers.UserAgent;
        return http;
    }

    private static void Put(HttpContext http, byte[] body)
    {
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(body);
    }

    // Models send numbers for query parameters that consist of digits.
    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
