namespace Gateway.Server.Tests.Approvals;

/// <summary>A gateway with a tool that a person has to approve, its server, and an operator's client.</summary>
internal sealed class ApprovalBench : IAsyncDisposable
{
    public const string AdminKey = "operator-key-0123456789";
    private const string Admin = $$""", "admin": { "key": "{{AdminKey}}" }""";
    private string _policy;
    private readonly JumpingTime? _time;

    private readonly Uri? _console;

    private readonly string _config;

    private ApprovalBench(
        RecordingServer server, TestGateway gateway, string policy, JumpingTime? time, Uri? console, string config) =>
        (Server, Gateway, _policy, _time, _console, _config) = (server, gateway, policy, time, console, config);

    public RecordingServer Server { get; }

    public TestGateway Gateway { get; private set; }

    /// <param name="wait">How long a call is held; by default not at all.</param>
    /// <param name="more">Further members of the tool's entry, each with a comma before it.</param>
    /// <param name="time">Null: the system's.</param>
    /// <param name="action">What the tool's entry does by itself.</param>
    /// <param name="approvals">How many people must approve.</param>
    /// <param name="console">Where people reach the console; null: agents are told no link.</param>
    /// <param name="policy">The policy in place of the one of these parameters; null for that.</param>
    /// <param name="config">Further members of the configuration, each with a comma before it.</param>
    public static async Task<ApprovalBench> StartAsync(
        string wait = "0s", string more = "", JumpingTime? time = null, string action = "approve",
        int approvals = 1, string? console = null, string? policy = null, string config = "")
    {
        var server = await RecordingServer.StartAsync();
        var people = approvals == 1 ? "" : $", \"approvals\": {approvals}";
        policy ??= $$"""
            { "version": "1", "default": "deny", "tools": { "refund": {
              "action": "{{action}}", "reason": "Refunds are approved by a person.",
              "approval": { "expires": "15m", "wait": "{{wait}}"{{people}} } {{more}} } } }
            """;
        var consoleUrl = console is null ? null : new Uri(console);
        var gateway = await TestGateway.StartAsync(server.Url, policy, Admin + config, time, consoleUrl: consoleUrl);
        return new ApprovalBench(server, gateway, policy, time, consoleUrl, config);
    }

    /// <summary>Stops the gateway and starts another in the same folder, at the same address.</summary>
    /// <param name="between">What is done while there is none.</param>
    /// <param name="policy">What becomes of the policy; null: nothing.</param>
    public async Task RestartAsync(Func<Task>? between = null, Func<string, string>? policy = null)
    {
        _policy = policy?.Invoke(_policy) ?? _policy;
        var address = Gateway.Address.GetLeftPart(UriPartial.Authority);
        await Gateway.DisposeHostAsync();
        if (between is not null)
            await between();
        Gateway = await TestGateway.StartAsync(
            Server.Url, _policy, Admin + _config, _time, after: Gateway, address, consoleUrl: _console);
    }

    public Task<JsonElement> CallAsync(string arguments = """{"amount":5}""") =>
        Gateway.CallToolAsync("refund", arguments);

    /// <summary>Calls as another grant.</summary>
    public async Task<JsonElement> CallAsOtherAsync(string arguments = """{"amount":5}""")
    {
        using var response = await Gateway.PostAsync(
            Body(arguments), request => request.Headers.Authorization = new("Bearer", TestTokens.Other));
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    public static string Body(string arguments, string meta = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","arguments":{{{arguments}}},"_meta":{{{meta}}} } }""";

    /// <summary>Asks as the agent, and returns the id of the request.</summary>
    public async Task<string> AskAsync(string arguments = """{"amount":5}""")
    {
        var decision = Decision(await CallAsync(arguments));
        Assert.Equal("approval_required", decision.GetProperty("outcome").GetString());
        return decision.GetProperty("approvalId").GetString()!;
    }

    public Task<(int Status, JsonNode? Json)> ApproveAsync(string id, string by = "Ada") =>
        SendAsync("POST", $"approvals/{id}/approve", new JsonObject { ["by"] = by });

    /// <summary>Approves a request, and calls like it; the terms are JSON.</summary>
    public Task<(int Status, JsonNode? Json)> LetAsync(string id, string standing, string key = AdminKey) => SendAsync(
        "POST", $"approvals/{id}/approve", new JsonObject { ["standing"] = JsonNode.Parse(standing) }, key);

    public Task<(int Status, JsonNode? Json)> DenyAsync(string id, string comment, string by = "Ada") =>
        SendAsync("POST", $"approvals/{id}/deny", new JsonObject { ["by"] = by, ["comment"] = comment });

    public async Task<(int Status, JsonNode? Json)> SendAsync(
        string method, string path, JsonNode? body = null, string key = AdminKey)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(Gateway.Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        // A merge patch or a removal is for whatever version there is.
        if (method is "PATCH" or "DELETE")
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue(
                method == "PATCH" ? "application/merge-patch+json" : "application/json"));
        }

        using var response = await Gateway.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Makes an account of the operators, and returns a key of its own.</summary>
    public async Task<string> OperatorKeyAsync(string name, string role)
    {
        await SendAsync("POST", "operators", new JsonObject { ["name"] = name, ["roles"] = new JsonArray(role) });
        var (_, made) = await SendAsync("POST", $"operators/{name}/keys", new JsonObject { ["name"] = "test" });
        return (string)made!["key"]!;
    }

    /// <summary>The ids of the open requests, once there are so many.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync(int count)
    {
        while (true)
        {
            var (_, page) = await SendAsync("GET", "approvals?state=open");
            var ids = page!["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()).ToList();
            if (ids.Count == count)
                return ids;
            await Task.Yield();
        }
    }

    public static JsonElement Decision(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("_meta").GetProperty("policy-gateway/decision");

    public static string Text(JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;

    public static bool IsDone(JsonElement answer) => Text(answer) == "done";

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Server.DisposeAsync();
    }
}
