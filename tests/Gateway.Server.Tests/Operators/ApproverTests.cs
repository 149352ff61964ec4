using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Operators;

/// <summary>People who approve calls, of some servers only.</summary>
public sealed class ApproverTests : IAsyncLifetime
{
    private ApprovalBench _bench = null!;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _bench = await ApprovalBench.StartAsync();
        await _bench.AskAsync("""{"amount":1}""");
        var (_, page) = await _bench.SendAsync("GET", "approvals");
        _server = (string)page!["items"]![0]!["server"]!;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Approves_by_the_name_of_the_account_whatever_name_was_said()
    {
        var key = await _bench.OperatorKeyAsync("ana", $"approver:{_server}");
        var id = await _bench.AskAsync();
        var body = new JsonObject { ["by"] = "Somebody Else" };

        var (status, approval) = await _bench.SendAsync("POST", $"approvals/{id}/approve", body, key);

        Assert.Equal((200, "ana"), (status, (string?)approval!["answeredBy"]));
        Assert.Equal(
            """{"name":"ana","claimedBy":"Somebody Else","from":"127.0.0.1","credential":"key","""
                + "\"credentialId\":\"ana/test\",\"origin\":\"api\"}",
            approval["answeredAs"]!.ToJsonString());
        Assert.True(ApprovalBench.IsDone(await _bench.CallAsync()));
        Assert.Contains(_bench.Gateway.AuditRecords(), static record =>
            record.TryGetProperty("approvedBy", out var by) && by.GetString() == "ana");
    }

    [Fact]
    public async Task Sees_and_answers_no_request_of_another_server()
    {
        var key = await _bench.OperatorKeyAsync("ana", "approver:another");
        var id = await _bench.AskAsync();

        var (listed, page) = await _bench.SendAsync("GET", "approvals", key: key);

        Assert.Equal((200, 0), (listed, page!["items"]!.AsArray().Count));
        Assert.Equal(404, (await _bench.SendAsync("GET", $"approvals/{id}", key: key)).Status);
        Assert.Equal(404, (await _bench.SendAsync("POST", $"approvals/{id}/approve", new JsonObject(), key)).Status);
        await _bench.AskAsync();
    }

    [Fact]
    public async Task A_viewer_sees_requests_and_answers_none()
    {
        var key = await _bench.OperatorKeyAsync("ana", "viewer");
        var id = await _bench.AskAsync();

        Assert.Equal(200, (await _bench.SendAsync("GET", $"approvals/{id}", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", $"approvals/{id}/deny", new JsonObject(), key)).Status);
    }
}
