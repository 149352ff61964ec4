using System.Collections.Concurrent;
using Gateway.Admin.Answers;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Recommending;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Reviewing;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Pool;

namespace Gateway.Admin.Policies;

/// <summary>
/// The tools of servers for reviews of policies: requested once, then cached for a while, because an editor requests a
/// review at each pause in typing.
/// </summary>
internal sealed class ReviewedServers(
    UpstreamPool upstreams, ToolCatalogue catalogue, PinnedTools pinned, ProcessClock clock)
{
    private const long RememberedMs = 20_000;
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);

    /// <summary>Returns the tools of the server in the query; null if the query has none.</summary>
    public async Task<(List<ReviewedTool>? Tools, string? Note, AdminResponse? Problem)> AskAsync(AdminCall call)
    {
        if ((string?)call.Request.Query["server"] is not { Length: > 0 } name)
            return (null, null, null);
        if (!call.State.Objects.Servers.TryGetValue(name, out var server))
            return (null, null, Problems.NotFound("server", name, call.State.ServerNamesShown));
        try
        {
            var inventory = await ListAsync(server, call);
            return ([.. inventory.Tools.Select(tool => Reviewed(call, name, tool))], inventory.Note, null);
        }
        catch (CatalogueException e)
        {
            // The rules can be described nevertheless.
            return (null, e.Message, null);
        }
    }

    private async Task<Inventory> ListAsync(ServerModel server, AdminCall call)
    {
        var now = clock.NowMs();
        foreach (var (old, found) in _remembered)
        {
            if (found.UntilMs <= now)
                _remembered.TryRemove(KeyValuePair.Create(old, found));
        }

        if (_remembered.TryGetValue(server.Name, out var one) && one.UntilMs > now
            && ReferenceEquals(one.Server, server))
            return one.Inventory;
        var inventory = await catalogue.ListAsync(server, upstreams.Get(server), call.Aborted);
        _remembered[server.Name] = new Remembered(server, inventory, now + RememberedMs);
        return inventory;
    }

    private ReviewedTool Reviewed(AdminCall call, string server, ToolFacts tool)
    {
        var found = OperatorClassifications.Of(call.State.Documents, server, tool);
        return RecommendedPolicy.Reviewed(tool, found) with { Class = pinned.ClassOf(server, tool.Name) };
    }

    private sealed record Remembered(ServerModel Server, Inventory Inventory, long UntilMs);
}
