namespace Gateway.Server.Tests.Approvals;

/// <summary><c>/api/v1/approvals/ID/tool</c>: whoever answers knows what the tool does.</summary>
public sealed class AskedToolTests
{
    [Fact]
    public async Task An_approver_learns_what_the_tool_does_and_nothing_of_the_rest_of_the_catalogue()
    {
        await using var bench = await AdminBench.StartAsync();
        await bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = bench.Server.Address.ToString() });
        await bench.SendAsync("PUT", "policies/limited", JsonNode.Parse("""
            {
              "version": "1", "default": "deny",
              "tools": { "list_customers": { "action": "approve", "approval": { "wait": "0s" } } }
            }
            """));
        var made = await bench.SendAsync("POST", "grants", AdminBench.GrantBody("bot"));
        await bench.CallAsync((string)made.Json!["token"]!);
        var mine = await bench.KeyOfAsync("ana", "approver:crm");
        var other = await bench.KeyOfAsync("ben", "approver:another");
        var id = (string)(await bench.SendAsync("GET", "approvals", key: mine)).Json!["items"]![0]!["id"]!;

        var tool = await bench.SendAsync("GET", $"approvals/{id}/tool", key: mine);

        Assert.Equal((200, "Read"), (tool.Status, (string?)tool.Json!["category"]));
        Assert.NotEmpty(tool.Json["reasons"]!.AsArray());
        Assert.Equal(404, (await bench.SendAsync("GET", $"approvals/{id}/tool", key: other)).Status);
        Assert.Equal(403, (await bench.SendAsync("GET", "catalogue/crm", key: mine)).Status);
    }
}
