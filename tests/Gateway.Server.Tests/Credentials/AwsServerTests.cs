using Gateway.Server.Tests.Connections;

namespace Gateway.Server.Tests.Credentials;

/// <summary>Servers on AWS that verify signatures with AWS's own implementation (<c>@smithy/signature-v4</c>).
/// </summary>
public sealed class AwsServerTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    [NodeTheory]
    [InlineData(null)]
    [InlineData("FwoGZXIvYXdzEXAMPLE//token==")]
    public async Task A_server_on_aws_accepts_the_signature_of_each_request(string? token)
    {
        await using var node = await StartAsync(token);
        await using var bench = await BenchAsync(node, Secret, token);

        var (status, text) = await CallAsync(bench);

        Assert.Equal(200, status);
        Assert.Contains("signed", text);
        // Requests of the gateway itself, such as those of the catalogue, are signed as well.
        var counts = await node.CountsAsync();
        Assert.NotEqual(0, (int)counts["accepted"]!["POST"]!);
        Assert.Equal(0, (int)counts["refused"]!);
        var shown = (await bench.SendAsync("GET", "servers/crm")).Json!;
        Assert.Equal("bedrock-agentcore", (string?)shown["aws"]!["service"]);
        Assert.DoesNotContain(Secret, shown.ToJsonString());
    }

    [NodeFact]
    public async Task A_server_on_aws_refuses_the_signature_of_another_key()
    {
        await using var node = await StartAsync(null);
        await using var bench = await BenchAsync(node, "another-key", null);

        var (_, text) = await CallAsync(bench);

        Assert.DoesNotContain("\"result\"", text);
        var counts = await node.CountsAsync();
        Assert.NotEqual(0, (int)counts["refused"]!);
        Assert.Empty(counts["accepted"]!.AsObject());
    }

    [Fact]
    public async Task An_account_on_aws_is_set_in_the_configuration_file_only()
    {
        await using var bench = await AdminBench.StartAsync();

        var refused = await bench.SendAsync("PUT", "servers/crm", new JsonObject
        {
            ["url"] = "https://crm.example/mcp",
            ["aws"] = new JsonObject { ["region"] = "us-east-1" },
        });

        Assert.Equal(422, refused.Status);
        Assert.Contains("configuration file", refused.Json!.ToJsonString());
    }

    private static async Task<AwsNode> StartAsync(string? token)
    {
        using var deadline = new CancellationTokenSource(Soon.AtMost);
        var node = NodeProcess.Start(
            "aws-server.js", "us-west-2", "bedrock-agentcore", "AKIDEXAMPLE", Secret, token ?? "");
        return new AwsNode(node, (string)JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!["url"]!);
    }

    private static Task<AdminBench> BenchAsync(AwsNode node, string secret, string? token) =>
        AdminBench.StartAsync($$"""
        {
          "admin": { "key": "{{AdminBench.ConfiguredKey}}" },
          "servers": { "crm": { "url": "{{node.Url}}", "aws": {
            "region": "us-west-2", "service": "bedrock-agentcore", "accessKeyId": "AKIDEXAMPLE",
            "secretAccessKey": "{{secret}}" {{(token is null ? "" : $", \"sessionToken\": \"{token}\"")}} } } },
          "policies": { "all": { "version": "1", "default": "allow" } },
          "grants": { "bot": { "server": "crm", "policy": "all", "token": "{{TestTokens.Agent}}" } }
        }
        """);

    private static async Task<(int Status, string Text)> CallAsync(AdminBench bench)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new(bench.Host.Addresses[0]), "/mcp/crm"))
        {
            Content = new StringContent(
                ConnectionBench.Call("echo"), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {TestTokens.Agent}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var client = new HttpClient();
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class AwsNode(NodeProcess node, string url) : IAsyncDisposable
    {
        public string Url => url;

        public async Task<JsonNode> CountsAsync()
        {
            using var deadline = new CancellationTokenSource(Soon.AtMost);
            await node.WriteLineAsync("count");
            return JsonNode.Parse(await node.ReadJsonLineAsync(deadline.Token))!;
        }

        public ValueTask DisposeAsync() => node.DisposeAsync();
    }
}
