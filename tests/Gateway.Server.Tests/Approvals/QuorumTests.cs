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

    private Task<(int Status, JsonNode? Json)> ApproveAsync(string id, string key) =>
        _bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject(), key);
}
