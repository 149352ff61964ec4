namespace Gateway.Server.Tests.Approvals;

/// <summary>A client of 2025-11-25 that opens links: its call is held, and the link comes in its stream.</summary>
public sealed class LinkInStreamTests
{
    private const string Console = "https://ops.example.com";
    private const string OpensUrls = """{"elicitation":{"url":{}}}""";

    [Fact]
    public async Task Sends_the_link_and_its_end_before_the_answer_and_takes_the_clients_answer_itself()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        var session = await OpenAsync(bench, OpensUrls);
        using var response = await CallAsync(bench, session);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        var asked = await EventAsync(reader);
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.Equal("elicitation/create", asked.GetProperty("method").GetString());
        var shown = asked.GetProperty("params");
        Assert.Equal("url", shown.GetProperty("mode").GetString());
        Assert.Equal($"{Console}/console/#/approvals/{id}", shown.GetProperty("url").GetString());
        Assert.Contains("refund at srv waits for a person", shown.GetProperty("message").GetString(),
            StringComparison.Ordinal);
        using var taken = await bench.Gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{asked.GetProperty("id").GetRawText()}}},"result":{"action":"accept"}}""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal(202, (int)taken.StatusCode);

        await bench.ApproveAsync(id);

        var ended = await EventAsync(reader);
        Assert.Equal("notifications/elicitation/complete", ended.GetProperty("method").GetString());
        Assert.Equal(
            shown.GetProperty("elicitationId").GetString(),
            ended.GetProperty("params").GetProperty("elicitationId").GetString());
        var answer = await EventAsync(reader);
        Assert.True(ApprovalBench.IsDone(answer), answer.GetRawText());
        Assert.Equal(
            ["initialize", "tools/call"], bench.Server.Requests.Select(static request =>
                JsonDocument.Parse(request.Body).RootElement.GetProperty("method").GetString()!));
    }

    [Fact]
    public async Task Says_that_it_is_over_where_a_person_denied_it()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        using var response = await CallAsync(bench, await OpenAsync(bench, OpensUrls));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        await EventAsync(reader);

        await bench.DenyAsync(Assert.Single(await bench.OpenAsync(1)), "Too much.");

        var ended = await EventAsync(reader);
        Assert.Equal("notifications/elicitation/complete", ended.GetProperty("method").GetString());
        Assert.Contains("Too much.", ApprovalBench.Text(await EventAsync(reader)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_nothing_of_an_end_where_nobody_decided()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s", console: Console);
        using var response = await CallAsync(bench, await OpenAsync(bench, OpensUrls));

        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("elicitation/create", text, StringComparison.Ordinal);
        Assert.DoesNotContain("elicitation/complete", text, StringComparison.Ordinal);
        Assert.Contains("approval_required", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"elicitation":{}}""", "2025-11-25")]
    [InlineData("""{"elicitation":{"form":{}}}""", "2025-11-25")]
    [InlineData(OpensUrls, "2025-06-18")]
    public async Task Never_sends_it_to_a_client_that_does_not_know_it(string capabilities, string version)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s", console: Console);
        using var response = await CallAsync(bench, await OpenAsync(bench, capabilities), version);

        Assert.DoesNotContain(
            "elicitation/create", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_sends_it_in_a_session_that_another_client_began()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s", console: Console);
        await OpenAsync(bench, OpensUrls);
        using var response = await CallAsync(bench, await OpenAsync(bench, "{}"));

        Assert.DoesNotContain(
            "elicitation/create", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Knows_what_a_client_opens_after_a_restart()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        var session = await OpenAsync(bench, OpensUrls);
        await bench.RestartAsync();
        using var response = await CallAsync(bench, session);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("elicitation/create", (await EventAsync(reader)).GetProperty("method").GetString());

        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
    }

    private static async Task<string> OpenAsync(ApprovalBench bench, string capabilities)
    {
        bench.Server.Answer = static (http, request) =>
        {
            using var message = JsonDocument.Parse(request.Body);
            if (message.RootElement.GetProperty("method").ValueEquals("initialize"))
                http.Response.Headers["Mcp-Session-Id"] = "of-the-server";
            return RecordingServer.JsonAsync(http, $$$"""
                {"jsonrpc":"2.0","id":{{{message.RootElement.GetProperty("id")}}},"result":{"content":[{"type":"text","text":"done"}]}}
                """);
        };
        using var opened = await bench.Gateway.PostAsync(
            $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{{{{capabilities}}}},"clientInfo":{"name":"t","version":"1"}}}""");
        Assert.Equal(200, (int)opened.StatusCode);
        return opened.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<HttpResponseMessage> CallAsync(
        ApprovalBench bench, string session, string version = "2025-11-25")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, bench.Gateway.Endpoint)
        {
            Content = new StringContent(
                ApprovalBench.Body("""{"amount":5}"""), new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream, application/json");
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("MCP-Protocol-Version", version);
        return await bench.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<JsonElement> EventAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line[6..]).RootElement;
        }

        throw new EndOfStreamException();
    }
}
