using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Mcp;
using Gateway.Mcp.Events;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// The watch that notifies open streams whose grant may see other tools, prompts or resources because of a change in
/// the gateway: a policy, the grant, a pause, or a tool that was accepted or has drifted. Each frontend notifies its
/// own streams.
/// </summary>
internal sealed class ViewChanges : IDisposable
{
    private readonly ConcurrentDictionary<ViewWatch, bool> _open = new();
    private readonly SnapshotHolder _snapshots;
    private readonly SnapshotUpdater _control;
    private readonly PinnedTools _pinned;
    private GatewaySnapshot? _seen;

    public ViewChanges(SnapshotHolder snapshots, SnapshotUpdater control, PinnedTools pinned)
    {
        (_snapshots, _control, _pinned) = (snapshots, control, pinned);
        _control.Changed += CompareSnapshot;
        _pinned.Replaced += CompareAll;
    }

    /// <summary>Watches the view of a GET stream until the returned object is disposed.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="server">The server; null for all servers of the grant.</param>
    public ViewWatch Watch(GrantModel grant, string? server) =>
        Begin(new ViewWatch(this, grant, server, ChangedLists.All, default));

    /// <summary>
    /// Watches the view of a <c>subscriptions/listen</c>; returns null if the client did not request list changes.
    /// </summary>
    /// <param name="grant">The grant.</param>
    /// <param name="server">The server; null for all servers of the grant.</param>
    /// <param name="request">The request.</param>
    public ViewWatch? Watch(GrantModel grant, string? server, McpMessage request)
    {
        var lists = ChangedLists.RequestedBy(request);
        // The memory of the request may be reused before the stream ends.
        return lists.Length == 0 ? null : Begin(new ViewWatch(this, grant, server, lists, request.Id.ToArray()));
    }

    public void Dispose()
    {
        _control.Changed -= CompareSnapshot;
        _pinned.Replaced -= CompareAll;
    }

    internal void End(ViewWatch watch) => _open.TryRemove(watch, out _);

    /// <summary>Returns the current view of the grant; null if the grant has ended, and its streams with it.</summary>
    internal WatchedView? ViewOf(GrantModel grant, string? server)
    {
        var snapshot = _snapshots.Current;
        if (!snapshot.Grants.TryGetValue(grant.Token, out var now))
            return null;
        now = (grant.Identity is { } caller ? now.For(caller) : now).InSession(grant.Session);
        var names = server is null ? now.Bindings.Keys.Order(StringComparer.Ordinal) : (IEnumerable<string>)[server];
        return new WatchedView(
            now.ToolsAs, now.VirtualTools?.Json,
            [.. names.Select(name => WatchedServerOf(snapshot, now, name)).OfType<WatchedServer>()]);
    }

    private ViewWatch Begin(ViewWatch watch)
    {
        // Add first, then compare, so that no change is missed in between.
        _open[watch] = true;
        watch.Compare();
        return watch;
    }

    private WatchedServer? WatchedServerOf(GatewaySnapshot snapshot, GrantModel grant, string name)
    {
        if (!grant.Bindings.TryGetValue(name, out var binding) || !snapshot.Servers.TryGetValue(name, out var server)
            // An expiry ends the stream itself.
            || PausedResponse.Of(snapshot, grant, name, nowMs: 0) is not null)
        {
            return null;
        }

        var barriers = _pinned.BarriersOf(name);
        return new WatchedServer(
            name, server.Address, binding.PolicySha256, barriers?.Blocked ?? "",
            binding.Policy.DeniesUnaccepted ? barriers?.Unaccepted : "",
            binding.Policy.HasClasses ? barriers?.Classes : "");
    }

    private void CompareSnapshot()
    {
        var current = _snapshots.Current;
        // Documents that do not affect calls change all the time.
        if (!ReferenceEquals(Interlocked.Exchange(ref _seen, current), current))
            CompareAll();
    }

    private void CompareAll()
    {
        foreach (var (watch, _) in _open)
            watch.Compare();
    }
}

/// <summary>The view of a grant; equal views show the same lists of one server.</summary>
internal sealed record WatchedView(ToolsAs ToolsAs, string? VirtualTools, WatchedServer[] Servers)
{
    public bool HasSameTools(WatchedView other) => ToolsAs == other.ToolsAs && VirtualTools == other.VirtualTools
        && Servers.AsSpan().SequenceEqual(other.Servers);

    /// <summary>Returns true if the prompts and resources are equal; they have no standing.</summary>
    public bool HasSameRest(WatchedView other) => Servers.Select(static one => (one.Name, one.Address, one.Policy))
        .SequenceEqual(other.Servers.Select(static one => (one.Name, one.Address, one.Policy)));
}

/// <summary>The view of a grant on one server.</summary>
/// <param name="Name">The name of the server.</param>
/// <param name="Address">Its address: another address means another server.</param>
/// <param name="Policy">The hash of the grant's policy; null if there is none.</param>
/// <param name="Blocked">The tools that are hidden from every grant.</param>
/// <param name="Unaccepted">
/// The tools that are hidden because they were not accepted; null for all tools while none is known.
/// </param>
/// <param name="Classes">The accepted classes, if the policy has rules by class.</param>
internal sealed record WatchedServer(
    string Name, string Address, string? Policy, string Blocked, string? Unaccepted, string? Classes);

/// <summary>The lists that a notification may report as changed.</summary>
internal static class ChangedLists
{
    /// <summary>Each list's member in the filter of <c>subscriptions/listen</c>, and its notification.</summary>
    public static (string Member, string Method)[] All { get; } =
    [
        ("toolsListChanged", McpMethods.ToolsListChanged),
        ("promptsListChanged", McpMethods.PromptsListChanged),
        ("resourcesListChanged", McpMethods.ResourcesListChanged),
    ];

    /// <summary>Returns the lists that a <c>subscriptions/listen</c> requests.</summary>
    public static (string Member, string Method)[] RequestedBy(McpMessage request)
    {
        var body = request.Body;
        return [.. All.Where(list => RawJson.Find(body.Span, "params", "notifications", list.Member) is { } place
            && body.Span[place].SequenceEqual("true"u8))];
    }
}

/// <summary>The comparison of one stream's view, and its notifications.</summary>
internal sealed class ViewWatch(
    ViewChanges all, GrantModel grant, string? server, (string Member, string Method)[] lists,
    ReadOnlyMemory<byte> subscription) : IStreamNotices, IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _methods = new(StringComparer.Ordinal);
    private TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WatchedView? _seen;

    // The first message of a subscription is its acknowledgment.
    public bool FollowFirst => !subscription.IsEmpty;

    public Task Due
    {
        get
        {
            lock (_gate)
                return _due.Task;
        }
    }

    /// <summary>Compares the view with the previous one and schedules notifications of the differences.</summary>
    public void Compare()
    {
        lock (_gate)
        {
            if (all.ViewOf(grant, server) is not { } now)
                return;
            var before = _seen ?? now;
            _seen = now;
            foreach (var (_, method) in lists)
            {
                if (method == McpMethods.ToolsListChanged ? !now.HasSameTools(before) : !now.HasSameRest(before))
                    _methods.Add(method);
            }

            if (_methods.Count > 0)
                _due.TrySetResult();
        }
    }

    public ReadOnlyMemory<byte> Take()
    {
        var events = new ArrayBufferWriter<byte>();
        lock (_gate)
        {
            foreach (var (_, method) in lists)
            {
                if (_methods.Remove(method))
                    SseRewriter.WriteNew(Message(method).WrittenSpan, events);
            }

            if (_due.Task.IsCompleted)
                _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return events.WrittenMemory;
    }

    public void Dispose() => all.End(this);

    private ArrayBufferWriter<byte> Message(string method)
    {
        var message = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(message);
        JsonRpcWriter.BeginMessage(json, method);
        if (!subscription.IsEmpty)
        {
            json.WriteStartObject("_meta"u8);
            json.WritePropertyName("io.modelcontextprotocol/subscriptionId"u8);
            json.WriteRawValue(subscription.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        JsonRpcWriter.End(json);
        json.Flush();
        return message;
    }
}
