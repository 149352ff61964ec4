using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Tools;
using Microsoft.AspNetCore.Http;
using System.Text.Json;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Stands before the pipeline for a grant whose tools are found by search. It answers what is asked of the gateway's
/// own tools, and makes of a call of <c>call_tool</c> the direct call, which then goes the way of every other.
/// </summary>
internal sealed class SearchedTools(
    ToolSearch search, MessageReading reading, EdgeAvailability availability, GatewayOptions options)
{
    private const int FoundByDefault = 5;

    /// <summary>The message to go on with; null where it was answered.</summary>
    /// <param name="http">Where the client is answered.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="servers">The servers at the address.</param>
    /// <param name="nameOf">How the tool of a server is called at the address; null for its own name.</param>
    /// <param name="message">The message that came.</param>
    /// <param name="era">Its revision.</param>
    public async ValueTask<McpMessage?> TakeAsync(
        HttpContext http, GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf,
        McpMessage message, McpRevision era)
    {
        var isList = message.Method == McpMethods.ToolsList;
        if (message.Kind != McpMessageKind.Request
            || (!isList && (message.Method != McpMethods.ToolsCall || !MetaTools.Has(message.Name!))))
            return message;
        if (message.Name == MetaTools.Call)
            return await UnwrapAsync(http, grant, servers, nameOf, message, era);
        // What may be called is as little known then as whether a call may go.
        if (await availability.DeniesAsStaleAsync(http))
            return null;
        if (isList)
        {
            var mayCallNothing = !servers.Any(server =>
                grant.Bindings.TryGetValue(server, out var binding) && binding.Policy.HasPolicy);
            await ToolAnswer.ListAsync(http, message, era, mayCallNothing, options.ToolsFoundMax);
        }
        else if (message.Name == MetaTools.Find)
            await FindAsync(http, grant, servers, nameOf, message, era);
        else
            await DescribeAsync(http, grant, servers, nameOf, message, era);
        return null;
    }

    private async Task FindAsync(
        HttpContext http, GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf,
        McpMessage message, McpRevision era)
    {
        var (query, limit) = ("", FoundByDefault);
        if (!message.Arguments.IsEmpty)
        {
            using var arguments = JsonDocument.Parse(message.Arguments, new JsonDocumentOptions { MaxDepth = 256 });
            var isSound = (!arguments.RootElement.TryGetProperty("query", out var text) || TryText(text, out query))
                && (!arguments.RootElement.TryGetProperty("limit", out var number)
                    || (number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out limit) && limit > 0));
            if (!isSound)
            {
                await ToolAnswer.ErrorAsync(http, message, era,
                    "find_tools takes \"query\", a string, and \"limit\", a whole number of 1 or more.");
                return;
            }
        }

        var all = await search.OfAsync(grant, servers, nameOf, http.RequestAborted);
        await ToolAnswer.TextAsync(http, message, era,
            FoundTools.Find(all, query.Trim(), Math.Min(limit, options.ToolsFoundMax)));
    }

    private async Task DescribeAsync(
        HttpContext http, GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf,
        McpMessage message, McpRevision era)
    {
        var name = "";
        using (var arguments = message.Arguments.IsEmpty
            ? null : JsonDocument.Parse(message.Arguments, new JsonDocumentOptions { MaxDepth = 256 }))
        {
            if (arguments is null || !arguments.RootElement.TryGetProperty("name", out var text)
                || !TryText(text, out name))
            {
                await ToolAnswer.ErrorAsync(http, message, era,
                    "describe_tool takes \"name\", the name of a tool as find_tools shows it.");
                return;
            }
        }

        var all = await search.OfAsync(grant, servers, nameOf, http.RequestAborted);
        if (all.Tools.FirstOrDefault(one => one.Name == name) is { } found)
        {
            search.Shown(grant, found);
            await ToolAnswer.TextAsync(http, message, era, FoundTools.Describe(found));
            return;
        }

        var missing = all.Missing.Count == 0 ? "" : " It may be one of a server that could not be asked: "
            + string.Join("; ", all.Missing.Select(static one => $"the server {one.Server} {one.Why}")) + ".";
        await ToolAnswer.ErrorAsync(http, message, era,
            $"There is no tool of that name that you may call. Look for another with find_tools.{missing}");
    }

    private async Task<McpMessage?> UnwrapAsync(
        HttpContext http, GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf,
        McpMessage message, McpRevision era)
    {
        if (WrappedCall.Unwrap(message, out var problem) is not { } body)
        {
            await ToolAnswer.ErrorAsync(http, message, era, problem!);
            return null;
        }

        if (await reading.ReadOrRefuseAsync(http, grant, body, message.Id) is not { } direct)
            return null;
        MirroredHeaders.Set(http.Request.Headers, direct, era, null);
        var known = search.Known(grant, servers, nameOf, direct.Name!);
        ParameterHeaders.Set(http.Request.Headers, era, known?.Tool.Definition, direct.Arguments);
        if (known is not null)
            search.Shown(grant, known);
        return direct;
    }

    private static bool TryText(JsonElement value, out string text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return value.ValueKind == JsonValueKind.String;
    }
}
