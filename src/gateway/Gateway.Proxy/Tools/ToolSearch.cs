using System.Globalization;
using System.Text;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Control.Virtual;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Apps;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Results;
using Gateway.Proxy.Searching;

namespace Gateway.Proxy.Tools;

/// <summary>
/// The search of the tools that a grant may call: those in the inventory of its servers that a list for the grant would
/// show now.
/// </summary>
internal sealed class ToolSearch(
    IToolLibrary library, PinnedTools pinned, GrantRevalidator grants, ResultFilters results,
    AggregationOptions options, TimeProvider time)
{
    // The server chooses the name, and the model reads it.
    private const int NameCharsMax = 256;

    /// <summary>Returns the tools of these servers that the grant may call.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="servers">The servers.</param>
    /// <param name="nameOf">Returns the name of a server's tool at the address; null keeps its own name.</param>
    /// <param name="cancellationToken">Cancelled when the client no longer waits.</param>
    public async Task<VisibleTools> OfAsync(
        GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf,
        CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(servers.Select(server => ToolsOfAsync(grant, server, cancellationToken)));
        var tools = new List<VisibleTool>();
        var missing = new List<(string Server, string Why)>();
        foreach (var (server, binding, known, why) in found)
        {
            if (why is not null)
                missing.Add((server, why));
            else
                tools.AddRange(Visible(grant, binding!, known!, nameOf));
        }

        return new VisibleTools(tools, missing);
    }

    /// <summary>Returns a tool if it is already known, or null; does not wait for a server.</summary>
    public VisibleTool? Known(
        GrantModel grant, IReadOnlyList<string> servers, Func<string, string, string>? nameOf, string name)
    {
        foreach (var server in servers)
        {
            if (grant.Bindings.TryGetValue(server, out var binding) && library.Known(server) is { } known
                && Visible(grant, binding, known, nameOf).FirstOrDefault(one => one.Name == name) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Records that the client was shown a tool, as if it had been in a list.</summary>
    public void Shown(GrantModel grant, VisibleTool shown)
    {
        if (grant.Bindings.TryGetValue(shown.Server, out var binding)
            && results.Watch(grant.CallerKey, shown.Server, binding.Policy) is { } see)
            see(shown.Own.Name, Encoding.UTF8.GetBytes(shown.Own.Definition));
    }

    private async Task<(string Server, GrantBinding? Binding, ServerTools? Tools, string? Why)> ToolsOfAsync(
        GrantModel grant, string server, CancellationToken cancellationToken)
    {
        if (grants.Now(grant, server) is not { } allowed)
            return (server, null, null, "is paused, or no longer part of the grant");
        var binding = allowed.Grant.Bindings[server];
        // If nothing may be called, the server needs no request.
        if (!binding.Policy.HasPolicy)
            return (server, binding, new ServerTools(allowed.Server, 0, default, [], null), null);
        using var end = new LinkedTimeout(options.ServerWait, time, cancellationToken);
        try
        {
            var known = await library.OfAsync(allowed.Server, end.Token);
            return (server, binding, known, known.Why is null ? null : "could not be reached for its tools");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var within = options.ServerWait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return (server, null, null, $"has not listed its tools within {within} s");
        }
    }

    private IEnumerable<VisibleTool> Visible(
        GrantModel grant, GrantBinding binding, ServerTools known, Func<string, string, string>? nameOf)
    {
        var server = known.Server.Name;
        foreach (var tool in known.Tools)
        {
            if (!VisibleText.IsClear(tool.Name)
                || !PolicyEngine.IsListed(
                    binding.Policy, ListKind.Tools, tool.Name, pinned.Of(server, tool.Name),
                    pinned.ListingOf(server, tool.Name) with { IsListed = true }, grant.Identity?.Caller,
                    pinned.ClassOf(server, tool.Name))
                || ForModel(binding.Policy, server, tool) is not { } narrowed)
                continue;
            foreach (var shown in Shown(grant.VirtualTools, server, narrowed))
            {
                var name = nameOf?.Invoke(server, shown.Name) ?? shown.Name;
                if (name.Length <= NameCharsMax)
                    yield return new VisibleTool(server, name, shown) { Own = tool };
            }
        }
    }

    /// <summary>Returns a tool as a model may see it; null if only apps may call it.</summary>
    private SearchableTool? ForModel(PolicyBinding policy, string server, SearchableTool tool)
    {
        if (!tool.Definition.Contains(AppMetadata.Meta, StringComparison.Ordinal)
            || AppFilter.Of(policy, pinned, showsApps: false) is not { } apps)
            return tool;
        var narrowed = apps.Tool(Encoding.UTF8.GetBytes(tool.Definition));
        return narrowed is null ? tool
            : narrowed.Length == 0 ? null : SearchableTool.Of(tool.Name, Encoding.UTF8.GetString(narrowed), server);
    }

    /// <summary>
    /// Returns the entries that a list shows for a tool: itself, or the virtual tools that represent it.
    /// </summary>
    private static IEnumerable<SearchableTool> Shown(VirtualTools? tools, string server, SearchableTool tool)
    {
        if (tools?.Covers(server, tool.Name) != true)
            return [tool];
        return from one in tools.Of(server, tool.Name)
               let definition = one.Shown(Encoding.UTF8.GetBytes(tool.Definition))
               where definition is not null
               select SearchableTool.Of(one.Name, Encoding.UTF8.GetString(definition), server);
    }
}
