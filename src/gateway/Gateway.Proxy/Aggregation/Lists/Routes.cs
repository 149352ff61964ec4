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
using Gateway.Proxy.Edge.Grants;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Tasks;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// The table of the servers of names and URIs, by the lists that each server has returned to this caller. If they are
/// not known yet, for example after a restart, the lists are requested first.
/// </summary>
internal sealed class Routes(
    InnerCalls calls, UnevaluatedCalls unlisted, ResourceUris uris, TaskHandles tasks, TimeProvider time)
{
    // The maximum number of names per kind, server and grant.
    private const int NamesPerServerMax = 10_000;

    private readonly ConcurrentDictionary<(string Caller, string Server), Offers> _offers = new();
    private readonly CallerBound _callers = new();

    /// <summary>
    /// The record of names that no server lists. No policy evaluates them, but the operator should see them.
    /// </summary>
    public UnevaluatedCalls Unlisted => unlisted;

    /// <summary>Returns the entries that a server has listed to a caller.</summary>
    public Offers Of(string caller, string server)
    {
        if (_offers.TryGetValue((caller, server), out var known))
            return known;
        _callers.Add(caller, _offers.Keys, static key => key.Caller, key => _offers.TryRemove(key, out _));
        return _offers.GetOrAdd((caller, server), key => new Offers(key.Server, NamesPerServerMax, time));
    }

    /// <summary>
    /// Returns the server of a tool or prompt with its own name for it, and the servers that could not be reached.
    /// </summary>
    public async Task<(string? Server, string Name, IReadOnlyList<ServerAnswer> Missing)> FindAsync(
        AggregateRequest request, McpListKind kind, string exposed)
    {
        if (Find(request, kind, exposed) is { } known)
            return (known.Server, known.Name, []);
        if (request.Servers.All(server => Of(request.Grant.CallerKey, server).WasAsked(kind))
            && FindOwn(request, kind, exposed) is { } own)
            return (own.Server, own.Name, []);
        var missing = await FillAsync(request, kind);
        return (Find(request, kind, exposed) ?? (missing.Count > 0 ? null : FindOwn(request, kind, exposed)))
            is { } found ? (found.Server, found.Name, missing) : (null, exposed, missing);
    }

    /// <summary>
    /// Returns the only server that lists a tool under this name of its own. The page of an app calls the tools of its
    /// server by their own names, because it knows no others.
    /// </summary>
    private (string Server, string Name)? FindOwn(AggregateRequest request, McpListKind kind, string name)
    {
        if (kind != McpListKind.Tools)
            return null;
        List<string> owners = [.. request.Servers.Where(
            server => Of(request.Grant.CallerKey, server).Exposed(kind, name) is not null).Take(2)];
        return owners is [var server] ? (server, name) : null;
    }

    /// <summary>
    /// Returns the server of a URI: the one for which it was sealed, else the one that lists it, else the one with a
    /// matching template. If several match, none is chosen.
    /// </summary>
    public async Task<FoundResource> FindResourceAsync(AggregateRequest request, string uri)
    {
        // Checked before any list, so that no server can claim such a URI.
        if (ResourceUris.IsSealed(uri))
        {
            return uris.Open(request.Grant.CallerKey, uri) is { } opened && request.Servers.Contains(opened.Server)
                ? new FoundResource([opened.Server], opened.Uri, []) : new FoundResource([], uri, []);
        }

        // A server whose lists were never requested could own it as well.
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

    /// <summary>Returns the task of a client's id; null if the caller has no such task at these servers.</summary>
    public TaskHandle? FindTask(AggregateRequest request, string text) =>
        tasks.Open(TaskHandles.CallerOf(request.Grant), text) is { } task && request.Servers.Contains(task.Server)
            ? task : null;

    /// <summary>Returns the rewriter for the URIs in the responses of one server of several.</summary>
    public ResourceLinks Links(
        AggregateRequest request, string server, IReadOnlyDictionary<string, string>? asked = null) =>
        new(uris, request.Grant.CallerKey, server, asked,
            uri => Owners(request, uri) is [var owner] && owner == server);

    /// <summary>
    /// Returns the URI of a listed resource for the client: sealed if another server lists it as well, and for the page
    /// of an app, because a host looks it up in the list by the URI in the tool.
    /// </summary>
    public string UriInList(AggregateRequest request, string server, string uri) =>
        uri.StartsWith("ui:", StringComparison.OrdinalIgnoreCase) || Listing(request, uri).Count > 1
            ? uris.Seal(request.Grant.CallerKey, server, uri) ?? uri : uri;

    private (string Server, string Name)? Find(AggregateRequest request, McpListKind kind, string exposed)
    {
        foreach (var server in request.Servers)
        {
            if (Of(request.Grant.CallerKey, server).Original(kind, exposed) is { } name)
                return (server, name);
        }

        return null;
    }

    /// <summary>Returns the servers that list a URI, or else those with a matching template.</summary>
    private List<string> Owners(AggregateRequest request, string uri) =>
        Listing(request, uri) is { Count: > 0 } listing
            ? listing
            : Allowed(request, uri,
                request.Servers.Where(server => Of(request.Grant.CallerKey, server).FitsTemplate(uri)));

    private List<string> Listing(AggregateRequest request, string uri) =>
        Allowed(request, uri, request.Servers.Where(server =>
            Of(request.Grant.CallerKey, server).Original(McpListKind.Resources, uri) is not null));

    /// <summary>
    /// Returns the servers whose rules allow the URI: a server from which this grant may not read it does not make it
    /// ambiguous. If no rules allow it, returns all, so that a rule refuses it.
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
    /// Requests all pages of a list from every server, and returns those that did not respond. With
    /// <paramref name="isFirst"/>, only servers without an earlier request are included.
    /// </summary>
    private async Task<IReadOnlyList<ServerAnswer>> FillAsync(
        AggregateRequest request, McpListKind kind, bool isFirst = false)
    {
        var asked = request.Servers.Where(server => !isFirst || !Of(request.Grant.CallerKey, server).WasAsked(kind));
        var answers = await Task.WhenAll(asked.Select(server => Of(request.Grant.CallerKey, server).AskAsync(
            kind, () => FillAsync(request, server, ListMethod.Of(kind)), request.Aborted)));
        return [.. answers.Where(static answer => answer is { Why: not null, LacksMethod: false })];
    }

    private async Task<ServerAnswer> FillAsync(AggregateRequest request, string server, ListMethod list)
    {
        string? cursor = null;
        for (var page = 0; ; page++)
        {
            var answer = await calls.AskAsync(
                request, server, Message(request, list.Method, cursor), Of(request.Grant.CallerKey, server).Add);
            cursor = answer.Why is null ? CursorOf(answer) : null;
            // The entries are in the table now, so the bytes of each page are released before the next one is
            // requested.
            answer = answer.Release();
            if (cursor is null || page == McpReadBounds.ListPagesMax)
                return answer;
        }
    }

    /// <summary>Returns a server's own cursor; null at the end, and for one that is too long to pass on.</summary>
    public static string? CursorOf(ServerAnswer answer) =>
        answer.Result.ValueKind == JsonValueKind.Object
        && answer.Result.TryGetProperty("nextCursor", out var next)
        && next.ValueKind == JsonValueKind.String
        && next.GetString() is { Length: > 0 and <= MergedCursor.ServerCursorCharsMax } cursor ? cursor : null;

    /// <summary>Returns a list request of the gateway, in the client's revision and with its metadata.</summary>
    private static byte[] Message(AggregateRequest request, string method, string? cursor)
    {
        var body = request.Message.Body.Span;
        var meta = request.Revision == McpRevision.Stateless && RawJson.Find(body, "params", "_meta") is { } place
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

/// <summary>The servers from which a resource could be read.</summary>
/// <param name="Owners">The servers; the resource is read only if there is exactly one.</param>
/// <param name="Uri">The server's own URI.</param>
/// <param name="Missing">The servers that could not be reached.</param>
internal sealed record FoundResource(
    IReadOnlyList<string> Owners, string Uri, IReadOnlyList<ServerAnswer> Missing)
{
    /// <summary>The only server; null if there are none or several.</summary>
    public string? Server => Owners is [var one] ? one : null;

    /// <summary>Returns the reason why the resource is not read.</summary>
    /// <param name="asked">The URI as the client wrote it.</param>
    public string Reason(string asked) => Owners.Count == 0
        ? $"No server of this grant lists {asked}, and none has a matching template."
        : $"The URI {asked} could belong to several servers of this grant: {string.Join(", ", Owners)}. Use "
            + "the URI that resources/list or a result gives for the server that you mean, or read it at that server's "
            + "own address.";
}
