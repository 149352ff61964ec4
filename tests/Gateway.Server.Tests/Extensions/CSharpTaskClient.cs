using ModelContextProtocol;

namespace Gateway.Server.Tests.Extensions;

/// <summary>
/// The official C# client in the revision 2026-07-28. It has no types for tasks, so it sends the requests of the
/// extension as raw requests. It reports the same lines as <c>ext-task-client.js</c>.
/// </summary>
internal sealed class CSharpTaskClient(McpClient client, Action<JsonObject> print, CancellationToken deadline)
{
    private const string Revision = "2026-07-28";

    /// <summary>Makes the calls one after another; each request goes to the next of the addresses.</summary>
    public static async Task RunAsync(
        IReadOnlyList<Uri> urls, IEnumerable<ToolCall> calls, Action<JsonObject> print, CancellationToken deadline)
    {
        using var http = new HttpClient(new NextAddress(urls));
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = urls[0],
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
            },
            http);
        var options = new McpClientOptions
        {
            ProtocolVersion = Revision,
            InitializationTimeout = Soon.AtMost,
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
            Capabilities = new()
            {
                Elicitation = new() { Form = new() },
                Extensions = new Dictionary<string, object> { ["io.modelcontextprotocol/tasks"] = new JsonObject() },
            },
        };
        await using var client = await McpClient.CreateAsync(transport, options, null, deadline);
        var own = new CSharpTaskClient(client, print, deadline);
        foreach (var call in calls)
            await own.CallAsync(call);
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(
            () => own.SendAsync("tasks/get", About("unknown")));
        print(new JsonObject { ["unknown"] = (int)unknown.ErrorCode });
    }

    private async Task CallAsync(ToolCall call)
    {
        var state = await SendAsync(
            "tools/call", new JsonObject { ["name"] = call.Name, ["arguments"] = new JsonObject() });
        var task = (string)state["taskId"]!;
        print(new JsonObject { ["task"] = task });
        if (call.Cancel)
            await SendAsync("tasks/cancel", About(task));
        var (statuses, questions) = (new List<string> { (string)state["status"]! }, new Dictionary<string, string>());
        await Soon.UntilAsync(
            async () =>
            {
                state = await SendAsync("tasks/get", About(task));
                var status = (string)state["status"]!;
                if (statuses[^1] != status)
                    statuses.Add(status);
                await AnswerAsync(task, state["inputRequests"] as JsonObject ?? [], questions);
                return status is not ("working" or "input_required");
            },
            "the task ends");
        var (result, error) = (state["result"], state["error"]);
        print(new JsonObject
        {
            ["status"] = statuses[^1],
            ["statuses"] = JsonSerializer.SerializeToNode(statuses),
            ["asked"] = JsonSerializer.SerializeToNode(questions.Values),
            ["isError"] = (bool?)result?["isError"] ?? false,
            ["text"] = (string?)(result?["content"]![0]!["text"] ?? error?["message"]),
            ["code"] = (int?)error?["code"],
        });
    }

    /// <summary>Answers each request for input once.</summary>
    private async Task AnswerAsync(string task, JsonObject requests, Dictionary<string, string> questions)
    {
        var responses = new JsonObject();
        foreach (var (key, request) in requests)
        {
            if (!questions.TryAdd(key, (string)request!["params"]!["message"]!))
                continue;
            responses[key] = new JsonObject
            {
                ["action"] = "accept",
                ["content"] = new JsonObject { ["name"] = "Ada" },
            };
        }

        if (responses.Count == 0)
            return;
        var parameters = About(task);
        parameters["inputResponses"] = responses;
        await SendAsync("tasks/update", parameters);
    }

    private static JsonObject About(string task) => new() { ["taskId"] = task };

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        var request = new JsonRpcRequest { Method = method, Params = parameters };
        return (await client.SendRequestAsync(request, deadline)).Result!;
    }

    /// <summary>
    /// Sends each request to the next address that responds. Adds <c>Mcp-Name</c>, which the client does not know for
    /// requests about tasks.
    /// </summary>
    private sealed class NextAddress(IReadOnlyList<Uri> urls)
        : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        private const string Name = "Mcp-Name";
        private int _turn = -1;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (body.Contains("\"taskId\"", StringComparison.Ordinal) && !request.Headers.Contains(Name))
                request.Headers.Add(Name, (string)JsonNode.Parse(body)!["params"]!["taskId"]!);
            for (var tries = 1; ; tries++)
            {
                request.RequestUri = urls[Interlocked.Increment(ref _turn) % urls.Count];
                try
                {
                    return await base.SendAsync(request, cancellationToken);
                }
                catch (HttpRequestException) when (tries < urls.Count)
                {
                    // The gateway was killed.
                }
            }
        }
    }
}
