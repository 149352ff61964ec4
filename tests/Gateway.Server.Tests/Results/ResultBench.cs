namespace Gateway.Server.Tests.Results;

/// <summary>
/// A real gateway whose policy evaluates what a server answers, in front of a server that answers as told.
/// </summary>
internal sealed class ResultBench : IAsyncDisposable
{
    public const string Card = "4111 1111 1111 1111";

    private const string Policy = """
        {
          "version": "1", "default": "allow",
          "tools": {
            "pay": {
              "limits": [ { "counter": "pays", "window": "month", "max": 100, "refund_on_error": true } ],
              "results": {
                "redact": [ { "known": "card_number" }, { "path": "result.structuredContent.pin" } ],
                "deny_if": [ { "path": "result.structuredContent.class", "op": "eq", "value": "secret" } ]
              }
            },
            "watch": {
              "mode": "shadow",
              "results": { "redact": [ { "known": "email" } ], "deny_if": [ { "path": "result.no", "op": "exists" } ] }
            },
            "plain": {}
          },
          "resources": { "default": "allow", "results": { "redact": [ { "matches": "AB-\\d+" } ] } },
          "prompts": { "default": "allow", "results": { "redact": [ { "known": "email" } ] } }
        }
        """;

    private ResultBench(RecordingServer server, TestGateway gateway) => (Server, Gateway) = (server, gateway);

    public RecordingServer Server { get; }

    public TestGateway Gateway { get; }

    public static async Task<ResultBench> StartAsync(string policy = Policy)
    {
        var server = await RecordingServer.StartAsync();
        return new ResultBench(server, await TestGateway.StartAsync(server, policy));
    }

    public static string Call(string tool) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{} }}""";

    public static string Result(string result, string id = "1") =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";

    public static string Text(string text) => $$$"""{"content":[{"type":"text","text":"{{{text}}}"}]}""";

    /// <summary>The server answers everything with this body.</summary>
    public ResultBench Answers(string body, string type = "application/json", int status = 200)
    {
        Server.Answer = (http, _) =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            return http.Response.WriteAsync(body);
        };
        return this;
    }

    public async Task<string> PostAsync(string body, int status = 200)
    {
        using var response = await Gateway.PostAsync(body);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<string> GetAsync(Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Gateway.Endpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        change?.Invoke(request);
        using var response = await Gateway.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>The records of a kind, once the gateway has stopped.</summary>
    public async Task<IReadOnlyList<JsonElement>> RecordsAsync(string kind)
    {
        await Gateway.DisposeHostAsync();
        return [.. Gateway.AuditRecords().Where(record => record.GetProperty("kind").GetString() == kind)];
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Server.DisposeAsync();
    }
}
