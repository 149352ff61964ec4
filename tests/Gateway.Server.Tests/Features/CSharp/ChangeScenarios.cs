using ModelContextProtocol;

namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>What a server tells its client unasked.</summary>
internal static class ChangeScenarios
{
    private const string Watched = "test://watched-resource";

    public static async Task SubscriptionsAsync(CSharpPeer peer)
    {
        await using var listening = await ListenAsync(
            peer, new() { ResourceSubscriptions = [Watched], ToolsListChanged = true });
        if (!peer.IsStateless)
            await peer.Client.SubscribeToResourceAsync(Watched, cancellationToken: peer.Deadline);
        await ChangeAsync(peer, "test://static-text");
        await ChangeAsync(peer, Watched);
        if (!peer.IsStateless)
        {
            await peer.Client.UnsubscribeFromResourceAsync(Watched, cancellationToken: peer.Deadline);
            await ChangeAsync(peer, Watched);
        }

        await ChangeAsync(peer, "tools");
        await peer.Seen.SayAllAsync(2, peer.Deadline);
    }

    public static async Task ListChangedAsync(CSharpPeer peer)
    {
        await using var listening = await ListenAsync(
            peer, new() { ToolsListChanged = true, PromptsListChanged = true, ResourcesListChanged = true });
        foreach (var what in new[] { "tools", "prompts", "resources" })
            await ChangeAsync(peer, what);
        await peer.Seen.SayAllAsync(3, peer.Deadline);
    }

    private static ValueTask<CallToolResult> ChangeAsync(CSharpPeer peer, string what) => peer.Client.CallToolAsync(
        "feature_change", new Dictionary<string, object?> { ["what"] = what }, cancellationToken: peer.Deadline);

    /// <summary>
    /// Opens what tells of changes: a request of its own from 2026-07-28, before that the stream of the session.
    /// </summary>
    private static async Task<Listening?> ListenAsync(CSharpPeer peer, SubscriptionsListenNotifications wanted)
    {
        if (!peer.IsStateless)
            return null;
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handler = peer.Client.RegisterNotificationHandler("notifications/subscriptions/acknowledged", (_, _) =>
        {
            acknowledged.TrySetResult();
            return ValueTask.CompletedTask;
        });
        var end = CancellationTokenSource.CreateLinkedTokenSource(peer.Deadline);
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.SubscriptionsListen,
            Params = JsonSerializer.SerializeToNode(
                new SubscriptionsListenRequestParams { Notifications = wanted }, McpJsonUtilities.DefaultOptions),
        };
        var stream = peer.Client.SendRequestAsync(request, end.Token);
        await Task.WhenAny(acknowledged.Task, stream).WaitAsync(peer.Deadline);
        return new Listening(stream, end, handler);
    }
}
