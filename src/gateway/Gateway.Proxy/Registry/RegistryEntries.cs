using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Registry;

/// <summary>The servers that the registry lists, sorted by name.</summary>
internal sealed partial class RegistryEntries(
    SnapshotUpdater control, AdminListener edge, IPublicServers published, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (ServerModel Model, DateTimeOffset Since)> _since =
        new(StringComparer.Ordinal);

    /// <summary>True if clients need a token because they cannot sign in.</summary>
    public bool NeedsToken => control.State.Config.OAuth is null;

    /// <summary>Returns all servers, except those whose names the protocol cannot represent.</summary>
    public IEnumerable<RegistryEntry> Of(HttpRequest request)
    {
        var state = control.State;
        var servers = state.Objects.Servers;
        foreach (var gone in _since.Keys.Where(name => !servers.ContainsKey(name)))
            _since.TryRemove(gone, out _);
        var root = new Uri((state.Config.PublicUrl ?? state.Config.OAuth?.Address ?? edge.AgentAddress(request))
            .GetLeftPart(UriPartial.Path).TrimEnd('/'));
        var space = RegistryEntry.NameSpace(root.Host);
        return servers.Values.Select(server => (Server: server, Name: state.Names.Shown(server.Name)))
            .Where(static one => Writable.IsMatch(one.Name))
            .Select(one => (RegistryEntry)new RegisteredEntry(
                $"{space}/{one.Name}", one.Name, Url(root, one.Server, state), Version(one.Server.Name, state),
                Since(one.Server)))
            .Concat(published.Allowed.Select(one => new PublicEntry($"{space}.catalogue/{Plain(one.Name)}", one)))
            // Two public servers whose names differ only in characters that the protocol does not allow.
            .DistinctBy(static one => one.Name)
            .OrderBy(static one => one.Name, StringComparer.Ordinal);
    }

    private static string Plain(string name) => Unwritable.Replace(name, "-").Trim('-');

    private static string Url(Uri root, ServerModel server, ControlState state) =>
        server.Host is { } host && state.Config.OAuth is { } oauth
            ? $"{oauth.AddressOf(host)}/mcp"
            : $"{root.ToString().TrimEnd('/')}/mcp/{state.Names.Shown(server.Name)}";

    private static string Version(string name, ControlState state) =>
        $"1.0.{state.Documents.Find(new ControlKey(ControlKinds.Servers, name))?.Version ?? 0}";

    private DateTimeOffset Since(ServerModel server) => _since.AddOrUpdate(
        server.Name,
        static (_, now) => (now.Server, now.Time.GetUtcNow()),
        static (_, known, now) => ServerReachComparer.Instance.Equals(known.Model, now.Server)
            ? known : (now.Server, now.Time.GetUtcNow()),
        (Server: server, Time: time)).Since;

    [GeneratedRegex("^[a-zA-Z0-9._-]{1,100}$")]
    private static partial Regex Writable { get; }

    [GeneratedRegex("[^a-zA-Z0-9._-]+")]
    private static partial Regex Unwritable { get; }
}
