namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>What a client sees of a server whose gateway denies it a part.</summary>
internal static class PolicyScenario
{
    public static async Task RunAsync(CSharpPeer peer)
    {
        var (client, deadline) = (peer.Client, peer.Deadline);
        var tools = await client.ListToolsAsync(cancellationToken: deadline);
        peer.Say($"tools: {string.Join(' ', tools.Select(tool => tool.Name))}");
        var resources = await client.ListResourcesAsync(cancellationToken: deadline);
        peer.Say($"resources: {string.Join(' ', resources.Select(resource => resource.Uri))}");
        var prompts = await client.ListPromptsAsync(cancellationToken: deadline);
        peer.Say($"prompts: {string.Join(' ', prompts.Select(prompt => prompt.Name))}");
        await peer.CallAsync("test_simple_text");
        await peer.CallAsync("test_image_content");
        await peer.CallAsync("test_error_handling");
        const string uri = "test://static-binary";
        await peer.TryAsync(uri, () => client.ReadResourceAsync(uri, cancellationToken: deadline).AsTask());
        const string prompt = "test_prompt_with_arguments";
        var arguments = new Dictionary<string, object?> { ["arg1"] = "1", ["arg2"] = "2" };
        await peer.TryAsync(prompt, () => client.GetPromptAsync(prompt, arguments).AsTask());
        var reference = new PromptReference { Name = prompt };
        await peer.TryAsync(reference.Type, () => client.CompleteAsync(reference, "arg1", "t").AsTask());
        if (peer.IsStateless)
            await peer.TryAsync("listen", () => ListenAsync(peer, uri));
        else
            await peer.TryAsync("subscribe", () => client.SubscribeToResourceAsync(uri, cancellationToken: deadline));
    }

    private static async Task ListenAsync(CSharpPeer peer, string uri)
    {
        var wanted = new SubscriptionsListenRequestParams { Notifications = new() { ResourceSubscriptions = [uri] } };
        await peer.Client.SendRequestAsync<SubscriptionsListenRequestParams, EmptyResult>(
            RequestMethods.SubscriptionsListen, wanted, cancellationToken: peer.Deadline);
    }
}
