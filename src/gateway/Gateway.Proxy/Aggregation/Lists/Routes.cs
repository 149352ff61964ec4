using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Names;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Aggregation.Sessions;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// Which server a name or a URI belongs to, by what the servers have listed to this grant. Where that is not known yet,
/// as after a restart, they are asked for their lists first.
/// </summary>
internal sealed class Routes(
    InnerCalls calls, UnlistedNames unlisted, ResourceUris uris)
{
    // Names of each kind that one server has for one grant.
    private const int NamesPerServerMax = 10_000;

    private readonly ConcurrentDictionary<(string Grant, string Server), Offers> _offers = new();

    /// <summary>Where it goes on record that a name is nobody's.</summary>
    public UnlistedNames Unlisted => unlisted;

    /// <summary>What a server has listed to a grant.</summary>
    public Offers Of(string grant, string server) =>
        _offers.GetOrAdd((grant, server), key => new Offers(key.Server, NamesPerServerMax));

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

    /// <summary>
    /// The server of a URI: the one that it was sealed for, else the one that lists it, else the one whose template it
    /// fits. Of several none is chosen.
    /// </summary>
    public async Task<FoundResource> FindResourceAsync(AggregateRequest request, string uri)
    {
        // Before any list, so that no server can claim such a URI.
        if (ResourceUris.IsSealed(uri))
        {
            return uris.Open(request.Grant.Name, uri) is { } opened && request.Servers.Contains(opened.Server)
                ? new FoundResource([opened.Server], opened.Uri, []) : new FoundResource([], uri, []);
        }

        // Another server that was never asked could own it as well.
        await FillAsync(request, McpListKind.Resources, isFirst: true);
        if (Listing(request, uri) is { Count: > 0 } listing)
            return new FoundResource(listing, uri, []);
        await FillAsync(request, McpListKind.ResourceTemplates, isFirst: true);
        if (Owners(request, uri) is { Count: > 0 } owners)
            return new FoundResource(owners, uri, []);
        var missing = await FillAsync(request, McpListKind.Resources);
        var others = await FillAsync(request, McpListKind.ResourceTemplates);
        return new FoundResource(
            Owners(request, uri), uri, [.. missing.Concat(others).DistinctBy(static answer => answer.Server)]);
    }

    /// <summary>Rewrites the URIs in what one server of several answers.</summary>
    public ResourceLinks Links(
        AggregateRequest request, string server, IReadOnlyDictionary<string, string>? asked = null) =>
        new(uris, request.Grant.Name, server, asked, uri => Owners(request, uri) is [var owner] && owner == server);

    /// <summary>The URI of a listed resource for the client: sealed where another server lists it as well.</summary>
    public string UriInList(AggregateRequest request, string server, string uri) =>
        Listing(request, uri).Count > 1 ? uris.Seal(request.Grant.Name, server, uri) ?? uri : uri;

    private (string Server, string Name)? Find(AggregateRequest request, McpListKind kind, string exposed)
    {
        foreach (var server in request.Servers)
        {
            if (Of(request.Grant.Name, server).Original(kind, exposed) is { } name)
                return (server, name);
        }

        return null;
    }

    /// <summary>The servers that list a URI; where none does, those with a template that it fits.</summary>
    private List<string> Owners(AggregateRequest request, string uri) =>
        Listing(request, uri) is { Count: > 0 } listing
            ? listing
            : Allowed(request, uri, request.Servers.Where(server => Of(request.Grant.Name, server).FitsTemplate(uri)));

    private List<string> Listing(AggregateRequest request, string uri) =>
        Allowed(request, uri, request.Servers.Where(server =>
            Of(request.Grant.Name, server).Original(McpListKind.Resources, uri) is not null));

    /// <summary>
    /// Those of several servers whose rules allow the URI: one that this grant may not read it of does not make it
    /// ambiguous. All of them where none does, so that a rule refuses it.
    /// </summary>
    private static List<string> Allowed(AggregateRequest request, string uri, IEnumerable<string> servers)
    {
        List<string> all = [.. servers];
        if (all.Count < 2)
            return all;
        var allowed = all.FindAll(server =>
            PolicyEngine.IsListed(request.Grant.Bindings[server].Policy, ListKind.Resources, uri));
        return allowed.Count > 0 ? allowed : all;
    }

    /// <summary>
    /// Asks every server for a list, all of its pages; those that did not answer come back. With
    /// <paramref name="isFirst"/> only the servers that were not asked before.
    /// </summary>
    private async Task<IReadOnlyList<ServerAnswer>> FillAsync(
        AggregateRequest request, McpListKind kind, bool isFirst = false)
    {
        var asked = request.Servers.Where(server => !isFirst || !Of(request.Grant.Name, server).WasAsked(kind));
        var answers = await Task.WhenAll(asked.Select(server => Of(request.Grant.Name, server).AskAsync(
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
            if (cursor is null || page == McpReadBounds.ListPagesMax)
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

/// <summary>The servers that a resource could be read of.</summary>
/// <param name="Owners">The servers; only where it is one, the resource is read.</param>
/// <param name="Uri">The server's own URI.</param>
/// <param name="Missing">The servers that could not be asked.</param>
internal sealed record FoundResource(
    IReadOnlyList<string> Owners, string Uri, IReadOnlyList<ServerAnswer> Missing)
{
    /// <summary>The server; null for none and for several.</summary>
    public string? Server => Owners is [var one] ? one : null;

    /// <summary>The reason why the resource is not read.</summary>
    /// <param name="asked">The URI as the client wrote it.</param>
    public string Reason(string asked) => Owners.Count == 0
        ? $"No server of this grant lists {asked}, and none has a template that it fits."
        : $"The URI {asked} could be one of several servers of this grant: {string.Join(", ", Owners)}. Read it by "
            + "the URI that resources/list or a result gives for the server that you mean, or at that server's own "
            + "address.";
}
