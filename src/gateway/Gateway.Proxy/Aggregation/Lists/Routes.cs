using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Control.Options;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Names;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Aggregation.Sessions;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// Which server a name or a URI belongs to, by what the servers have listed to this grant. Where that is not known yet,
/// as after a restart, they are asked for their lists first.
/// </summary>
internal sealed class Routes(InnerCalls calls, UnlistedNames unlisted, GatewayOptions options)
{
    private readonly ConcurrentDictionary<(string Grant, string Server), Offers> _offers = new();

    /// <summary>Where it goes on record that a name is nobody's.</summary>
    public UnlistedNames Unlisted => unlisted;

    /// <summary>What a server has listed to a grant.</summary>
    public Offers Of(string grant, string server) =>
        _offers.GetOrAdd((grant, server), key => new Offers(key.Server, options.AggregateNamesMax));

    /// <summary>The server of a tool or prompt, and its own name for it; and who could not be asked.</summary>
    public async Task<(string? Server, string Name, IReadOnlyList<ServerAnswer> Missing)> FindAsync(
        AggregateRequest request, McpListKind kind, string exposed)
    {
        if (Find(request, kind, exposed) is { } known)
            return (known.Server, known.Name, []);
        var missing = await FillAsync(request, kind);
        return Find(request, kind, exposed) is { } found
            ? (found.Server, found.Name, missing) : (null, exposed, missing);
    }

    /// <summary>The server that listed a URI, else the first whose template it fits.</summary>
    public async Task<(string? Server, IReadOnlyList<ServerAnswer> Missing)> FindResourceAsync(
        AggregateRequest request, string uri)
    {
        if (FindResource(request, uri) is { } known)
            return (known, []);
        var missing = await FillAsync(request, McpListKind.Resources);
        var others = await FillAsync(request, McpListKind.ResourceTemplates);
        return (FindResource(request, uri), [.. missing.Concat(others).DistinctBy(static answer => answer.Server)]);
    }

    private (string Server, string Name)? Find(AggregateRequest request, McpListKind kind, string exposed)
    {
        foreach (var server in request.Servers)
        {
            if (Of(request.Grant.Name, server).Original(kind, exposed) is { } name)
                return (server, name);
        }

        return null;
    }

    private string? FindResource(AggregateRequest request, string uri) =>
        request.Servers.FirstOrDefault(server =>
            Of(request.Grant.Name, server).Original(McpListKind.Resources, uri) is not null)
        ?? request.Servers.FirstOrDefault(server => Of(request.Grant.Name, server).FitsTemplate(uri));

    /// <summary>Asks every server for a list, all of its pages; those that did not answer come back.</summary>
    private async Task<IReadOnlyList<ServerAnswer>> FillAsync(AggregateRequest request, McpListKind kind)
    {
        var answers = await Task.WhenAll(request.Servers.Select(server => Of(request.Grant.Name, server).AskAsync(
            kind, () => FillAsync(request, server, ListMethod.Of(kind)), request.Aborted)));
        return [.. answers.Where(static answer => answer is { Why: not null, LacksMethod: false })];
    }

    private async Task<ServerAnswer> FillAsync(AggregateRequest request, string server, ListMethod list)
    {
        string? cursor = null;
        for (var page = 0; ; page++)
        {
            var answer = await calls.AskAsync(
                request, server, Message(request, list.Method, cursor), Of(request.Grant.Name, server).Add);
            cursor = answer.Why is null ? CursorOf(answer) : null;
            // The entries are in the table now; the bytes of each page are released before the next one is requested.
            answer = answer.Release();
            if (cursor is null || page == options.InventoryPagesMax)
                return answer;
        }
    }

    /// <summary>A server's own cursor; null at the end, and for one that is too long to be carried.</summary>
    public static string? CursorOf(ServerAnswer answer) =>
        answer.Result.ValueKind == JsonValueKind.Object
        && answer.Result.TryGetProperty("nextCursor", out var next)
        && next.ValueKind == JsonValueKind.String
        && next.GetString() is { Length: > 0 and <= MergedCursor.ServerCursorCharsMax } cursor ? cursor : null;

    /// <summary>A question of the gateway's own, in the client's revision and with what it says of itself.</summary>
    private static byte[] Message(AggregateRequest request, string method, string? cursor)
    {
        var body = request.Message.Body.Span;
        var meta = request.Era == McpRevision.Stateless && RawJson.Find(body, "params", "_meta") is { } place
            ? body[place] : default;
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginMessage(json, method, "gateway-list");
        if (cursor is not null)
            json.WriteString("cursor"u8, cursor);
        if (!meta.IsEmpty)
        {
            json.WritePropertyName("_meta"u8);
            json.WriteRawValue(meta, skipInputValidation: true);
        }

        JsonRpcWriter.End(json);
        return scratch.ToArray();
    }
}
