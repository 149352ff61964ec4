namespace Gateway.Server.Tests.Connect;

/// <summary>Who let a client in by signing in is not who approves its calls, where the policy says so.</summary>
public sealed class GrantorTests : IAsyncLifetime
{
    private ConnectBench _bench = null!;

    public async Task InitializeAsync() => _bench = await ConnectBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("""{ "wait": "0s", "not": "grantor" }""", false)]
    [InlineData("""{ "wait": "0s" }""", true)]
    public async Task The_person_who_let_the_client_in_may_approve_its_call_only_where_nothing_bars_it(
        string approval, bool mayApprove)
    {
        await _bench.AdminAsync("PUT", "policies/asks", JsonNode.Parse($$"""
            { "version": "1", "default": "deny", "tools": { "read": { "action": "approve", "approval": {{approval}} } } }
            """));
        await _bench.AdminAsync(
            "PUT", "operators/ana", new JsonObject { ["roles"] = new JsonArray("editor", "approver") });
        await _bench.AddOperatorAsync("ben", "approver");
        var access = await ConnectAsync();
        var id = Regex.Match((await _bench.CallAsync(access)).Text, "\"approvalId\":\"([^\"]+)\"").Groups[1].Value;

        var ana = await ApproveAsync("ana", id);

        Assert.Equal(mayApprove ? 200 : 403, ana.Status);
        Assert.Equal(mayApprove, (await _bench.CallAsync(access)).Text.Contains("\"done\"", StringComparison.Ordinal));
        if (mayApprove)
            return;
        Assert.Equal("Another person is needed", (string?)ana.Json!["title"]);
        Assert.Empty(_bench.Forwarded);
        // Nor by a key of hers: it is the person who is barred, not the way in which she came.
        var (_, key) = await _bench.AdminAsync("POST", "operators/ana/keys", new JsonObject { ["name"] = "own" });
        Assert.Equal(403, await ByKeyAsync((string)key!["key"]!, id));
        Assert.Equal(200, (await ApproveAsync("ben", id)).Status);
        Assert.Contains("\"done\"", (await _bench.CallAsync(access)).Text);
        Assert.Single(_bench.Forwarded);
    }

    /// <summary>Ana lets a client in under the policy that asks; its token.</summary>
    private async Task<string> ConnectAsync()
    {
        var (client, pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(client, pkce));
        var (status, html, _) = await _bench.AnswerAsync(asked.Html, changes: ("policy", "asks"));
        Assert.True(status == 200, html);
        var (redeemed, tokens) = await _bench.RedeemAsync(client, ConnectBench.Answer(html)["code"], pkce);
        Assert.True(redeemed == 200, tokens.ToJsonString());
        return (string)tokens["access_token"]!;
    }

    private async Task<(int Status, JsonNode? Json)> ApproveAsync(string name, string id)
    {
        using var browser = new OperatorBrowser(_bench.Gateway.Address);
        Assert.Equal(201, (await browser.SignInAsync(name, ConnectBench.Password)).Status);
        return await browser.SendAsync("POST", $"approvals/{id}/approve", new JsonObject());
    }

    private async Task<int> ByKeyAsync(string key, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/approvals/{id}/approve")
        {
            Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await _bench.Program.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
