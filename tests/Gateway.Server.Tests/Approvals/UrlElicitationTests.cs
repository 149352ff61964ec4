namespace Gateway.Server.Tests.Approvals;

/// <summary>A client that opens links, from 2026-07-28 on: its call is answered with a link, and comes again.</summary>
public sealed class UrlElicitationTests
{
    private const string Console = "https://ops.example.com/gw";
    private const string OpensUrls = """{"elicitation":{"form":{},"url":{}}}""";
    private const string Arguments = """{ "amount": 5, "note": "a\u00e9" }""";

    [Fact]
    public async Task Gives_the_link_and_holds_the_call_that_comes_again_until_it_is_approved()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);

        var asked = await ResultAsync(bench);
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());
        var input = Assert.Single(asked.GetProperty("inputRequests").EnumerateObject());
        Assert.Equal("approval", input.Name);
        Assert.Equal("elicitation/create", input.Value.GetProperty("method").GetString());
        var shown = input.Value.GetProperty("params");
        Assert.Equal("url", shown.GetProperty("mode").GetString());
        Assert.Equal($"{Console}/console/#/approvals/{id}", shown.GetProperty("url").GetString());
        Assert.Equal(
            "refund at srv waits for a person: Refunds are approved by a person. Open the link, sign in and decide.",
            shown.GetProperty("message").GetString());

        var again = ResultAsync(bench, State(asked), """{"approval":{"action":"accept"}}""");
        await bench.ApproveAsync(id);

        Assert.Equal("done", (await again).GetProperty("content")[0].GetProperty("text").GetString());
        var received = Assert.Single(bench.Server.Requests);
        // What is sent is the call as it first came, byte for byte.
        Assert.Equal(Body("", ""), Encoding.UTF8.GetString(received.Body));
    }

    [Theory]
    [InlineData("first")]
    [InlineData("between")]
    [InlineData("alone")]
    public async Task Takes_its_own_members_out_wherever_they_stand(string place)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        var state = State(await ResultAsync(bench)).GetRawText();
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
        var own = $$$"""
            "requestState" : {{{state}}}, "inputResponses":{"approval":{"action":"accept"}}
            """;
        var plain = Body("", "");
        var body = place switch
        {
            "first" => plain.Replace("{\"name\"", $"{{ {own} ,\"name\"", StringComparison.Ordinal),
            "between" => plain.Replace(",\"arguments\"", $" , {own},\"arguments\"", StringComparison.Ordinal),
            _ => plain.Replace("\"name\"", $"\"requestState\":{state},\"name\"", StringComparison.Ordinal),
        };

        using var response = await SendAsync(bench, body);

        Assert.Equal(200, (int)response.StatusCode);
        using var sent = JsonDocument.Parse(Assert.Single(bench.Server.Requests).Body);
        var parameters = sent.RootElement.GetProperty("params");
        Assert.Equal(
            ["name", "arguments", "_meta"], parameters.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(Arguments, parameters.GetProperty("arguments").GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"elicitation":{}}""")]
    [InlineData("""{"elicitation":{"form":{}}}""")]
    [InlineData("""{"elicitation":{"url":true}}""")]
    [InlineData("""{"elicitation":"url"}""")]
    public async Task Never_asks_a_client_that_did_not_declare_it(string capabilities)
    {
        await using var bench = await ApprovalBench.StartAsync(console: Console);

        var result = await ResultAsync(bench, capabilities: capabilities);

        Assert.Equal("complete", result.GetProperty("resultType").GetString());
        var id = Assert.Single(await bench.OpenAsync(1));
        var url = $"{Console}/console/#/approvals/{id}";
        Assert.Contains($"decide at {url} . Wait, then call again with the same arguments",
            result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(url, result.GetProperty("_meta").GetProperty("policy-gateway/decision")
            .GetProperty("approvalUrl").GetString());
    }

    [Fact]
    public async Task Never_asks_where_people_have_no_address_of_the_console()
    {
        await using var bench = await ApprovalBench.StartAsync();

        var result = await ResultAsync(bench);

        Assert.Equal("complete", result.GetProperty("resultType").GetString());
        Assert.DoesNotContain("http", result.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_it_is_pending_where_nobody_decides_while_the_call_that_came_again_is_held()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "1s", console: Console);
        var asked = await ResultAsync(bench);

        var again = await ResultAsync(bench, State(asked), """{"approval":{"action":"accept"}}""");

        Assert.Equal("complete", again.GetProperty("resultType").GetString());
        Assert.True(again.GetProperty("isError").GetBoolean());
        Assert.Single(await bench.OpenAsync(1));
        Assert.Empty(bench.Server.Requests);
    }

    [Theory]
    [InlineData("decline")]
    [InlineData("cancel")]
    public async Task Holds_no_call_whose_person_would_not_open_the_link(string action)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "600s", console: Console);
        var asked = await ResultAsync(bench);

        var again = await ResultAsync(bench, State(asked), $$$"""{"approval":{"action":"{{{action}}}"}}""")
            .WaitAsync(Soon.AtMost);

        Assert.True(again.GetProperty("isError").GetBoolean());
        Assert.Single(await bench.OpenAsync(1));
    }

    [Theory]
    [InlineData("\"policy-gateway.\"")]
    [InlineData("\"policy-gateway.AAAA\"")]
    [InlineData("\"policy\\u002dgateway.not base64\"")]
    public async Task Refuses_a_state_that_it_did_not_make(string state)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);

        using var response = await SendAsync(bench, Body(state, ""));

        Assert.Equal(400, (int)response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Empty(bench.Server.Requests);
        Assert.Empty(await bench.OpenAsync(0));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"approval":1}""")]
    [InlineData("""{"approval":{"action":"approve"}}""")]
    [InlineData("""{"approval":{"action":"accept"},"other":{"action":"accept"}}""")]
    public async Task Refuses_inputs_that_it_did_not_ask_for(string inputs)
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        var state = State(await ResultAsync(bench)).GetRawText();
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));

        using var response = await SendAsync(bench, Body(state, inputs));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task Rejects_a_changed_state_and_asks_again_for_another_call()
    {
        await using var bench = await ApprovalBench.StartAsync(wait: "60s", console: Console);
        var state = State(await ResultAsync(bench)).GetString()!;
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
        var flipped = state[^3] == 'A' ? 'B' : 'A';

        using var changed = await SendAsync(bench, Body($"\"{state[..^3]}{flipped}{state[^2..]}\"", ""));
        var other = await ResultAsync(
            bench, JsonSerializer.SerializeToElement(state), """{"approval":{"action":"accept"}}""",
            arguments: """{"amount":5000}""");

        Assert.Equal(400, (int)changed.StatusCode);
        Assert.Equal("input_required", other.GetProperty("resultType").GetString());
        Assert.NotEqual(state, State(other).GetString());
        Assert.Empty(bench.Server.Requests);
        Assert.Single(await bench.OpenAsync(1));
    }

    [Fact]
    public async Task Another_grant_gains_nothing_by_a_state()
    {
        await using var bench = await ApprovalBench.StartAsync(console: Console);
        var state = State(await ResultAsync(bench)).GetRawText();
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));

        using var response = await SendAsync(
            bench, Body(state, """{"approval":{"action":"accept"}}"""), TestTokens.Other);

        var result = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
        Assert.Equal("input_required", result.GetProperty("resultType").GetString());
        Assert.Empty(bench.Server.Requests);
    }

    [Theory]
    [InlineData("\"the servers own\"", "")]
    [InlineData("", """{"who":{"action":"accept"}}""")]
    public async Task Never_wraps_what_a_server_asked_for(string state, string inputs)
    {
        await using var bench = await ApprovalBench.StartAsync(console: Console);
        var body = Body(state, inputs);

        using var first = await SendAsync(bench, body);
        var result = JsonDocument.Parse(await first.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        await bench.ApproveAsync(Assert.Single(await bench.OpenAsync(1)));
        using var second = await SendAsync(bench, body);

        Assert.Equal(body, Encoding.UTF8.GetString(Assert.Single(bench.Server.Requests).Body));
    }

    [Fact]
    public async Task The_state_is_good_after_a_restart_and_says_nothing_to_who_holds_it()
    {
        await using var bench = await ApprovalBench.StartAsync(console: Console);
        var asked = await ResultAsync(bench);
        var id = Assert.Single(await bench.OpenAsync(1));
        Assert.DoesNotContain(id, State(asked).GetString(), StringComparison.Ordinal);
        await bench.ApproveAsync(id);

        await bench.RestartAsync();

        using var response = await SendAsync(
            bench, Body(State(asked).GetRawText(), """{"approval":{"action":"accept"}}"""));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Single(bench.Server.Requests);
    }

    [Fact]
    public async Task A_call_asked_by_link_is_on_record_as_one_that_waits()
    {
        await using var bench = await ApprovalBench.StartAsync(console: Console);
        await ResultAsync(bench);
        await bench.RestartAsync();

        var record = Assert.Single(bench.Gateway.AuditRecords(), static one =>
            one.GetProperty("kind").GetString() == "decision");
        Assert.Equal("approval_required", record.GetProperty("outcome").GetString());
    }

    private static JsonElement State(JsonElement asked) => asked.GetProperty("requestState");

    private static async Task<JsonElement> ResultAsync(
        ApprovalBench bench, JsonElement? state = null, string inputs = "", string capabilities = OpensUrls,
        string arguments = Arguments)
    {
        using var response = await SendAsync(
            bench, Body(state?.GetRawText() ?? "", inputs, capabilities, arguments));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("result");
    }

    private static string Body(
        string state, string inputs, string capabilities = OpensUrls, string arguments = Arguments)
    {
        var own = (state.Length == 0 ? "" : $",\"requestState\":{state}")
            + (inputs.Length == 0 ? "" : $",\"inputResponses\":{inputs}");
        return $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","arguments":{{{arguments}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{{{capabilities}}}}{{{own}}}}}""";
    }

    private static Task<HttpResponseMessage> SendAsync(ApprovalBench bench, string body, string? token = null) =>
        bench.Gateway.PostAsync(body, request =>
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "refund");
            if (token is not null)
                request.Headers.Authorization = new("Bearer", token);
        });
}
