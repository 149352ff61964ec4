namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>What the C# client does, and says that it saw; the same as <c>scenarios.js</c> has the others do.</summary>
internal static class CSharpScenarios
{
    public static readonly IReadOnlyDictionary<string, Func<CSharpPeer, Task>> All =
        new Dictionary<string, Func<CSharpPeer, Task>>
        {
            ["tools"] = ToolsAsync,
            ["resources"] = ResourcesAsync,
            ["prompts"] = PromptsAsync,
            ["completion"] = CompletionAsync,
            ["progress"] = CallScenarios.ProgressAsync,
            ["cancellation"] = CallScenarios.CancellationAsync,
            ["logging"] = CallScenarios.LoggingAsync,
            ["reconnection"] = peer => peer.CallAsync("test_reconnection"),
            ["sampling"] = AskingScenarios.SamplingAsync,
            ["elicitation"] = AskingScenarios.ElicitationAsync,
            ["approval"] = AskingScenarios.ApprovalAsync,
            ["roots"] = AskingScenarios.RootsAsync,
            ["inputs"] = AskingScenarios.InputsAsync,
            ["subscriptions"] = ChangeScenarios.SubscriptionsAsync,
            ["listChanged"] = ChangeScenarios.ListChangedAsync,
            ["policy"] = PolicyScenario.RunAsync,
        };

    private static async Task ToolsAsync(CSharpPeer peer)
    {
        foreach (var tool in await peer.Client.ListToolsAsync(cancellationToken: peer.Deadline))
        {
            string[] prefixes = ["test_simple", "test_image", "test_error"];
            if (prefixes.Any(prefix => tool.Name.StartsWith(prefix, StringComparison.Ordinal)))
                peer.Say(tool.Name);
        }

        await peer.CallAsync("test_simple_text");
        await peer.CallAsync("test_multiple_content_types");
        await peer.CallAsync("test_error_handling");
        await peer.CallAsync("json_schema_2020_12_tool", ("name", "Zoë \U0001F600"), ("phone", "1"));
        await peer.TryAsync("no such tool", () => peer.Client.CallToolAsync("no_such_tool").AsTask());
    }

    private static async Task ResourcesAsync(CSharpPeer peer)
    {
        var (client, deadline) = (peer.Client, peer.Deadline);
        foreach (var resource in await client.ListResourcesAsync(cancellationToken: deadline))
            peer.Say(resource.Uri);
        foreach (var template in await client.ListResourceTemplatesAsync(cancellationToken: deadline))
            peer.Say(template.UriTemplate);
        foreach (var uri in new[] { "test://static-text", "test://static-binary", "test://template/7/data" })
        {
            var content = (await client.ReadResourceAsync(uri, cancellationToken: deadline)).Contents.Single();
            object value = content is BlobResourceContents blob
                ? blob.Blob.Length
                : ((TextResourceContents)content).Text;
            peer.Say($"{content.Uri} {content.MimeType} {value}");
        }

        await peer.TryAsync("test://none", () => client.ReadResourceAsync("test://none").AsTask());
    }

    private static async Task PromptsAsync(CSharpPeer peer)
    {
        foreach (var prompt in await peer.Client.ListPromptsAsync(cancellationToken: peer.Deadline))
            peer.Say(prompt.Name);
        var arguments = new Dictionary<string, object?> { ["arg1"] = "one", ["arg2"] = "two" };
        var got = await peer.Client.GetPromptAsync("test_prompt_with_arguments", arguments);
        foreach (var message in got.Messages)
            peer.Say($"{message.Role.ToString().ToLowerInvariant()}: {((TextContentBlock)message.Content).Text}");
        await peer.TryAsync("no_such_prompt", () => peer.Client.GetPromptAsync("no_such_prompt").AsTask());
    }

    private static async Task CompletionAsync(CSharpPeer peer)
    {
        Reference[] references =
        [
            new PromptReference { Name = "test_prompt_with_arguments" },
            new ResourceTemplateReference { Uri = "test://template/{id}/data" },
        ];
        foreach (var reference in references)
        {
            await peer.TryAsync(reference.Type, async () =>
            {
                var result = await peer.Client.CompleteAsync(reference, "arg1", "test");
                peer.Say($"{reference.Type}: {string.Join(' ', result.Completion.Values)}");
            });
        }
    }
}
