namespace Gateway.Server.Tests.Several;

/// <summary>Clients that open links call at <c>/mcp</c> what a person has to approve.</summary>
public sealed class SeveralApprovalTests(SeveralGateway gateway) : IClassFixture<SeveralGateway>
{
    private const string OpensUrls = """{"elicitation":{"url":{}}}""";

    [Fact]
    public async Task A_call_that_comes_again_goes_to_its_server_as_it_first_came()
    {
        await ListAsync(await gateway.OpenAsync());
        var asked = await SealAsync("");
        Assert.Equal("input_required", asked.GetProperty("resultType").GetString());
        var id = await OnlyAsync();
        Assert.EndsWith($"/console/#/approvals/{id}", asked.GetProperty("inputRequests").GetProperty("approval")
            .GetProperty("params").GetProperty("url").GetString(), StringComparison.Ordinal);

        await gateway.AdminAsync("POST", $"approvals/{id}/approve", "{}");
        var done = await SealAsync($$$"""
            ,"requestState":"{{{asked.GetProperty("requestState")}}}","inputResponses":{"approval":{"action":"accept"}}
            """.Trim());

        Assert.Equal("erp did", done.GetProperty("content")[0].GetProperty("text").GetString());
        var received = Assert.Single(gateway.Erp.Calls("seal"), static call =>
            call.Text.Contains("2026-07-28", StringComparison.Ordinal));
        Assert.DoesNotContain("requestState", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("inputResponses", received.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_comes_in_the_calls_stream_and_the_clients_answer_goes_to_no_server()
    {
        var session = (await gateway.TryOpenAsync(OpensUrls))!;
        await ListAsync(session);
        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"erp__seal","arguments":{"n":1}}}""",
            session, change: static request => request.Headers.Add("MCP-Protocol-Version", "2025-11-25"));
        await using var events = SeveralGateway.EventsAsync(response).GetAsyncEnumerator();
        var asked = await NextAsync(events);
        Assert.Equal("elicitation/create", asked.GetProperty("method").GetString());

        using var taken = await gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":"{{{asked.GetProperty("id")}}}","result":{"action":"accept"}}""", session);
        Assert.Equal(202, (int)taken.StatusCode);
        await gateway.AdminAsync("POST", $"approvals/{await OnlyAsync()}/approve", "{}");

        Assert.Equal(
            "notifications/elicitation/complete", (await NextAsync(events)).GetProperty("method").GetString());
        Assert.True((await NextAsync(events)).TryGetProperty("result", out _));
        Assert.Empty(gateway.Erp.Received("accept"));
    }

    private async Task ListAsync(string session)
    {
        gateway.Erp.Pages = [["find", "seal"]];
        await gateway.AskAsync("tools/list", session: session);
    }

    private async Task<string> OnlyAsync()
    {
        var open = await gateway.AdminAsync("GET", "approvals?state=open");
        return Assert.Single(open.GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> SealAsync(string more)
    {
        using var answer = await gateway.StatelessAsync(
            "tools/call", $$"""{"name":"erp__seal","arguments":{}{{more}}}""", "erp__seal", OpensUrls);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
    }

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<JsonElement> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current;
    }
}
