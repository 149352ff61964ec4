namespace Gateway.Server.Tests.Approvals;

/// <summary>Calls that several different people have to approve.</summary>
public sealed class QuorumTests : IAsyncLifetime
{
    private ApprovalBench _bench = null!;
    private string _ana = "";
    private string _bob = "";

    public async Task InitializeAsync()
    {
        _bench = await ApprovalBench.StartAsync(approvals: 2);
        _ana = await _bench.OperatorKeyAsync("ana", "approver");
        _bob = await _bench.OperatorKeyAsync("bob", "approver");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Goes_ahead_once_the_second_person_has_approved()
    {
        var id = await _bench.AskAsync();

        var (status, first) = await ApproveAsync(id, _ana);

        Assert.Equal((200, "open", 2), (status, (string?)first!["state"], (int)first["approvalsNeeded"]!));
        Assert.Equal("ana", (string?)Assert.Single(first["votes"]!.AsArray())!["by"]);
        Assert.Equal(id, await _bench.AskAsync());

        var (_, second) = await ApproveAsync(id, _bob);

        Assert.Equal(("approved", "ana, bob"), ((string?)second!["state"], (string?)second["answeredBy"]));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        Assert.Single(_bench.Server.Requests);
        await _bench.Gateway.DisposeHostAsync();
        Assert.Equal(["asked", "voted", "approved"], _bench.Gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "approval")
            .Select(static record => record.GetProperty("became").GetString()));
    }

    [Fact]
    public async Task Takes_two_keys_of_one_account_and_two_names_at_the_admin_key_for_one_person()
    {
        var (_, another) = await _bench.SendAsync("POST", "operators/ana/keys", new JsonObject { ["name"] = "second" });
        var id = await _bench.AskAsync();
        await ApproveAsync(id, _ana);

        var (status, problem) = await ApproveAsync(id, (string)another!["key"]!);

        Assert.Equal((409, "Another person is needed"), (status, (string?)problem!["title"]));
        var other = await _bench.AskAsync("""{"amount":6}""");
        Assert.Equal(200, (await _bench.ApproveAsync(other, "Ada")).Status);
        Assert.Equal(409, (await _bench.ApproveAsync(other, "Bob")).Status);
        await _bench.AskAsync("""{"amount":6}""");
        Assert.Empty(_bench.Server.Requests);
    }

    [Fact]
    public async Task Ends_with_one_denial()
    {
        var id = await _bench.AskAsync();
        await ApproveAsync(id, _ana);

        await _bench.SendAsync("POST", $"approvals/{id}/deny", new JsonObject { ["comment"] = "no" }, _bob);

        Assert.Equal(409, (await _bench.ApproveAsync(id)).Status);
        Assert.Equal("denied", ApprovalBench.Decision(await _bench.CallAsync()).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Counts_both_of_two_who_approve_at_the_same_instant()
    {
        var id = await _bench.AskAsync();

        var answers = await Task.WhenAll(ApproveAsync(id, _ana), ApproveAsync(id, _bob));

        Assert.All(answers, static answer => Assert.Equal(200, answer.Status));
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
    }

    [Fact]
    public async Task Remembers_the_first_person_over_a_restart()
    {
        var id = await _bench.AskAsync();
        await ApproveAsync(id, _ana);

        await _bench.RestartAsync();

        Assert.Equal(409, (await ApproveAsync(id, _ana)).Status);
        Assert.Equal("approved", (string?)(await ApproveAsync(id, _bob)).Json!["state"]);
    }

    [Fact]
    public async Task The_right_of_an_absent_person_counts_once_whoever_uses_it()
    {
        var cora = await _bench.OperatorKeyAsync("cora", "viewer");
        var dan = await _bench.OperatorKeyAsync("dan", "viewer");
        var (own, byCora) = (await _bench.AskAsync(), await _bench.AskAsync("""{"amount":6}"""));
        await ApproveAsync(own, _bob);
        await AwayAsync("cora");

        // Bob has approved, so nobody approves for him; the request still needs another person.
        var (status, problem) = await ApproveAsync(own, cora);
        Assert.Equal((409, true), (status, ((string?)problem!["detail"])!.Contains("bob", StringComparison.Ordinal)));
        Assert.Equal(200, (await ApproveAsync(byCora, cora)).Status);
        Assert.Equal(409, (await ApproveAsync(byCora, cora)).Status);
        Assert.Equal(409, (await ApproveAsync(byCora, _bob)).Status);
        await AwayAsync("dan");
        Assert.Equal(409, (await ApproveAsync(byCora, dan)).Status);

        var (_, done) = await ApproveAsync(byCora, _ana);

        Assert.Equal(("approved", "cora, ana"), ((string?)done!["state"], (string?)done["answeredBy"]));
        Assert.Equal(["bob", null],
            done["votes"]!.AsArray().Select(static vote => (string?)vote!["actor"]!["onBehalfOf"]));
        Assert.Equal("open", (string?)(await _bench.SendAsync("GET", $"approvals/{own}")).Json!["state"]);
    }

    [Fact]
    public async Task A_delegate_of_two_people_is_one_person()
    {
        var cora = await _bench.OperatorKeyAsync("cora", "viewer");
        await AwayAsync("cora");
        await _bench.SendAsync("PUT", "operators/ana/absence",
            new JsonObject { ["until"] = "1h", ["delegate"] = "cora" }, _ana);
        var id = await _bench.AskAsync();

        Assert.Equal((200, "open"), await ApproveAsync(id, cora) is var (status, first)
            ? (status, (string?)first!["state"]) : default);

        Assert.Equal(409, (await ApproveAsync(id, cora)).Status);
    }

    private Task<(int Status, JsonNode? Json)> AwayAsync(string other) => _bench.SendAsync(
        "PUT", "operators/bob/absence", new JsonObject { ["until"] = "1h", ["delegate"] = other }, _bob);

    private Task<(int Status, JsonNode? Json)> ApproveAsync(string id, string key) =>
        _bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject(), key);
}
