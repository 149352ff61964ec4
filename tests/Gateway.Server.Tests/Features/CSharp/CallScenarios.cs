using ModelContextProtocol;

namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>What happens while a tool runs.</summary>
internal static class CallScenarios
{
    // The last one may be handled after the answer, which ends what a call reports to.
    public static async Task ProgressAsync(CSharpPeer peer)
    {
        await using var handler = peer.Client.RegisterNotificationHandler(
            NotificationMethods.ProgressNotification, (notification, _) =>
            {
                peer.Seen.Add($"progress {notification.Params!["progress"]}/{notification.Params["total"]}");
                return ValueTask.CompletedTask;
            });
        var options = new RequestOptions { ProgressToken = new ProgressToken("reported") };
        var result = await peer.Client.CallToolAsync(
            "test_tool_with_progress", options: options, cancellationToken: peer.Deadline);
        await peer.Seen.SayAllAsync(3, peer.Deadline);
        peer.Say(CSharpPeer.Read(result));
    }

    public static async Task CancellationAsync(CSharpPeer peer)
    {
        var key = Guid.NewGuid().ToString();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(peer.Deadline);
        await using var begun = peer.Client.RegisterNotificationHandler(
            NotificationMethods.ProgressNotification, async (_, cancellationToken) =>
            {
                // Up to 2025-11-25 this client leaves the stream without a word, which is no cancellation.
                if (!peer.IsStateless)
                    await CancelAsync(peer, key, cancellationToken);
                await giveUp.CancelAsync();
            });
        var call = new JsonRpcRequest
        {
            Id = new RequestId(key),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject
            {
                ["name"] = "feature_wait",
                ["arguments"] = new JsonObject { ["key"] = key },
                ["_meta"] = new JsonObject { ["progressToken"] = "begun" },
            },
        };
        try
        {
            await peer.Client.SendRequestAsync(call, giveUp.Token);
            peer.Say("answered");
        }
        catch (OperationCanceledException)
        {
            peer.Say("given up");
        }

        await peer.CallAsync("feature_fate", ("key", key));
    }

    public static async Task LoggingAsync(CSharpPeer peer)
    {
        const string tool = "test_tool_with_logging";
        await peer.Client.SetLoggingLevelAsync(LoggingLevel.Error, cancellationToken: peer.Deadline);
        await peer.CallAsync(tool);
        await peer.Client.SetLoggingLevelAsync(LoggingLevel.Info, cancellationToken: peer.Deadline);
        await peer.Client.CallToolAsync(tool, cancellationToken: peer.Deadline);
        await peer.Seen.SayAllAsync(3, peer.Deadline);
    }

    private static Task CancelAsync(CSharpPeer peer, string id, CancellationToken cancellationToken) =>
        peer.Client.SendNotificationAsync(
            NotificationMethods.CancelledNotification,
            new CancelledNotificationParams { RequestId = new RequestId(id) },
            cancellationToken: cancellationToken);
}
