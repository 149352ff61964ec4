namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>The official C# client: answers what a server asks of it, and says what it was asked and told.</summary>
internal static class CSharpClient
{
    private static readonly string[] Notifications =
    [
        NotificationMethods.LoggingMessageNotification, NotificationMethods.ResourceUpdatedNotification,
        NotificationMethods.ToolListChangedNotification, NotificationMethods.PromptListChangedNotification,
        NotificationMethods.ResourceListChangedNotification, NotificationMethods.ElicitationCompleteNotification,
    ];

    public static async Task<IReadOnlyList<string>> SeeAsync(
        Uri url, string token, string client, string scenario, CancellationToken cancellationToken)
    {
        var seen = new SeenLines();
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = url,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        });
        var options = OfficialOptions.Speaking(client.Split(", ")[1], new McpClientHandlers
        {
            SamplingHandler = (asked, _, _) => new(Sample(asked!, seen)),
            ElicitationHandler = (asked, _) => new(Elicit(asked!, seen)),
            RootsHandler = (_, _) => new(ListRoots(seen)),
            NotificationHandlers = Notifications.Select(method =>
                KeyValuePair.Create<string, Func<JsonRpcNotification, CancellationToken, ValueTask>>(method,
                    OnNotification)),
        });
        if (scenario == "approval")
            options.Capabilities = new() { Elicitation = new() { Form = new(), Url = new() } };
        await using var connected = await McpClient.CreateAsync(transport, options, null, cancellationToken);
        var isStateless = Official.IsStateless(client);
        await CSharpScenarios.All[scenario](new CSharpPeer(connected, seen, isStateless, cancellationToken));
        return seen.ToList();

        ValueTask OnNotification(JsonRpcNotification notification, CancellationToken _)
        {
            seen.Add(Words(notification));
            return ValueTask.CompletedTask;
        }
    }

    private static CreateMessageResult Sample(CreateMessageRequestParams asked, SeenLines seen)
    {
        seen.Say($"asked to sample: {((TextContentBlock)asked.Messages[0].Content[0]).Text}");
        return new CreateMessageResult
        {
            Model = "none",
            Role = Role.Assistant,
            Content = [new TextContentBlock { Text = "Paris" }],
        };
    }

    private static ElicitResult Elicit(ElicitRequestParams asked, SeenLines seen)
    {
        if (asked.Mode == "url")
        {
            seen.Say($"asked to open {asked.Url}");
            return new ElicitResult { Action = "accept" };
        }

        seen.Say($"asked the person: {asked.Message}");
        if (asked.Message.Contains("decline", StringComparison.Ordinal))
            return new ElicitResult { Action = "decline" };
        var properties = asked.RequestedSchema!.Properties;
        var (name, type) = properties.First();
        object first = type is ElicitRequestParams.BooleanSchema ? true : "Ada";
        var content = properties.Keys.ToDictionary(
            key => key, key => JsonSerializer.SerializeToElement(key == name ? first : "ada@example.org"));
        return new ElicitResult { Action = "accept", Content = content };
    }

    private static ListRootsResult ListRoots(SeenLines seen)
    {
        seen.Say("asked for roots");
        return new ListRootsResult { Roots = [new Root { Uri = "file:///work", Name = "Work" }] };
    }

    private static string Words(JsonRpcNotification notification) => notification.Method switch
    {
        NotificationMethods.LoggingMessageNotification =>
            $"logged {notification.Params!["level"]}: {notification.Params["data"]}",
        NotificationMethods.ResourceUpdatedNotification => $"updated: {notification.Params!["uri"]}",
        var method => method.Replace("notifications/", "", StringComparison.Ordinal),
    };
}
