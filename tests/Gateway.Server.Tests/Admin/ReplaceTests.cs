namespace Gateway.Server.Tests.Admin;

/// <summary>PUT replaces configuration; paused, disabled and tokens change only through their own actions.</summary>
public sealed class ReplaceTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Put_without_expires_changes_nothing_and_names_the_fix()
    {
        await ProvideAsync();
        var before = await ShowAsync();

        var put = await PutAsync("""{ "servers": { "crm": null } }""");

        Assert.Equal(400, put.Status);
        Assert.Contains("\"expires\"", (string?)put.Json!["detail"], StringComparison.Ordinal);
        Assert.Contains("PATCH", (string?)put.Json["detail"], StringComparison.Ordinal);
        Assert.Equal("/expires", (string?)put.Json["errors"]![0]!["pointer"]);
        Assert.Equal(before.Json!.ToJsonString(), (await ShowAsync()).Json!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "servers": { "crm": null }, "expires": null }""")]
    [InlineData("""{ "servers": { "crm": "limited" }, "expires": "30d" }""")]
    [InlineData("""{ "servers": { "crm": { "deny": true } }, "expires": "2199-01-01T00:00:00Z", "paused": true }""")]
    public async Task Put_keeps_a_paused_grant_paused_and_its_token(string body)
    {
        var token = await ProvideAsync();

        var put = await PutAsync(body);

        Assert.Equal((200, "paused"), (put.Status, (string?)put.Json!["status"]));
        Assert.Equal(403, (await _bench.CallAsync(token)).Status);
        await _bench.SendAsync("POST", "grants/bot/resume");
        Assert.Equal(200, (await _bench.CallAsync(token)).Status);
    }

    [Theory]
    [InlineData("PUT", """{ "servers": { "crm": "limited" }, "expires": null, "paused": false }""")]
    [InlineData("PATCH", """{ "paused": false }""")]
    [InlineData("PATCH", """{ "paused": null }""")]
    public async Task A_configuration_change_cannot_resume_a_grant(string method, string body)
    {
        await ProvideAsync();

        var reply = await _bench.SendAsync(method, "grants/bot", JsonNode.Parse(body), "*");

        Assert.Equal(400, reply.Status);
        Assert.Contains("/grants/bot/resume", (string?)reply.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal("/paused", (string?)reply.Json["errors"]![0]!["pointer"]);
        Assert.Equal("paused", (string?)(await ShowAsync()).Json!["status"]);
    }

    [Fact]
    public async Task A_configuration_change_cannot_pause_a_grant()
    {
        var token = await ProvideAsync();
        await _bench.SendAsync("POST", "grants/bot/resume");

        var put = await PutAsync("""{ "servers": { "crm": "limited" }, "expires": null, "paused": true }""");

        Assert.Equal(400, put.Status);
        Assert.Contains("/grants/bot/pause", (string?)put.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal(200, (await _bench.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_value_that_denies_every_call_is_stored_as_the_previous_release_reads_it()
    {
        var token = await ProvideAsync();
        await _bench.SendAsync("POST", "grants/bot/resume");

        var put = await PutAsync("""{ "servers": { "crm": { "deny": true } }, "expires": null }""");

        Assert.Equal(200, put.Status);
        Assert.Equal("""{"crm":null}""", put.Json!["servers"]!.ToJsonString());
        Assert.Equal((200, true), await _bench.CallAsync(token));
        var stored = await File.ReadAllTextAsync(Assert.Single(
            Directory.EnumerateFiles(Path.Combine(_bench.Folder, "data"), "*bot*", SearchOption.AllDirectories)));
        Assert.DoesNotContain("deny", stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "crm": { "deny": false } }""", "/servers/crm")]
    [InlineData("""{ "crm": { "deny": true, "policy": "limited" } }""", "/servers/crm")]
    [InlineData("""{ "crm": {} }""", "/servers/crm")]
    [InlineData("""{ "crm": 1 }""", "/servers/crm")]
    [InlineData("""{ "crm": ["limited"] }""", "/servers/crm")]
    public async Task A_server_entry_of_another_form_is_rejected_with_its_location(string servers, string path)
    {
        await ProvideAsync();

        var put = await PutAsync($$"""{ "expires": null, "servers": {{servers}} }""");

        Assert.Equal(400, put.Status);
        Assert.Contains(path, (string?)put.Json!["detail"], StringComparison.Ordinal);
        Assert.Contains("\"deny\": true", (string?)put.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grant_takes_one_server_and_its_policy_as_in_the_configuration_file()
    {
        await ProvideAsync();

        var put = await PutAsync("""{ "server": "crm", "policy": "limited", "expires": null }""");

        Assert.Equal(200, put.Status);
        Assert.Equal("""{"crm":"limited"}""", put.Json!["servers"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "expires": null }""", "either \"servers\"")]
    [InlineData("""{ "expires": null, "server": "crm" }""", "\"server\" and \"policy\" are required together")]
    [InlineData("""{ "expires": null, "servers": { "crm": "limited" }, "server": "crm", "policy": "limited" }""",
        "either \"servers\"")]
    [InlineData("""{ "expires": null, "servers": { "crm": "limited" }, "policy": "limited" }""", "required together")]
    [InlineData("""{ "expires": 5, "servers": { "crm": "limited" } }""", "/expires must be a string.")]
    [InlineData("""{ "expires": null, "servrs": {} }""", "\"servrs\" is not a known member; remove it")]
    public async Task A_body_that_cannot_be_read_is_explained_without_names_of_types(string body, string message)
    {
        await ProvideAsync();

        var put = await PutAsync(body);

        Assert.Equal(400, put.Status);
        var detail = (string?)put.Json!["detail"];
        Assert.Contains(message, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Gateway.", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_keeps_a_disabled_operator_disabled()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");
        await _bench.SendAsync("POST", "operators/ana/disable");

        var put = await _bench.SendAsync("PUT", "operators/ana", JsonNode.Parse("""{ "roles": ["editor"] }"""), "*");
        var same = await _bench.SendAsync(
            "PUT", "operators/ana", JsonNode.Parse("""{ "roles": ["viewer"], "disabled": true }"""), "*");
        var enabled = await _bench.SendAsync(
            "PUT", "operators/ana", JsonNode.Parse("""{ "roles": ["viewer"], "disabled": false }"""), "*");

        Assert.Equal((200, "disabled"), (put.Status, (string?)put.Json!["status"]));
        Assert.Equal((200, "disabled"), (same.Status, (string?)same.Json!["status"]));
        Assert.Equal(400, enabled.Status);
        Assert.Contains("/operators/ana/enable", (string?)enabled.Json!["detail"], StringComparison.Ordinal);
        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: key)).Status);
        await _bench.SendAsync("POST", "operators/ana/enable");
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants", key: key)).Status);
    }

    [Fact]
    public async Task Put_keeps_a_paused_server_paused()
    {
        var token = await ProvideAsync();
        await _bench.SendAsync("POST", "grants/bot/resume");
        await _bench.SendAsync("POST", "servers/crm/pause");
        var url = _bench.Server.Address.ToString();

        var put = await _bench.SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = url }, "*");
        var patch = await _bench.SendAsync(
            "PATCH", "servers/crm", new JsonObject { ["host"] = "crm.example.com" }, "*");

        Assert.Equal((200, 200), (put.Status, patch.Status));
        Assert.Equal(403, (await _bench.CallAsync(token)).Status);
    }

    [Fact]
    public async Task Put_of_a_policy_or_a_list_leaves_what_stands_beside_it()
    {
        await ProvideAsync();
        var edit = AdminBench.Limited.Replace("\"max\": 3", "\"max\": 4", StringComparison.Ordinal);
        await _bench.SendAsync("PUT", "policies/limited/candidate",
            new JsonObject { ["text"] = edit, ["grants"] = new JsonArray("bot") });
        await _bench.SendAsync("PUT", "policies/limited/draft", new JsonObject { ["text"] = edit });

        await _bench.SendAsync("PUT", "policies/limited", JsonNode.Parse(AdminBench.Limited), "*");

        var candidate = await _bench.SendAsync("GET", "policies/limited/candidate");
        Assert.Equal((200, "bot"), (candidate.Status, (string?)candidate.Json!["grants"]![0]));
        Assert.Equal(200, (await _bench.SendAsync("GET", "policies/limited/draft")).Status);
    }

    /// <summary>The reproduction of the finding: a grant that ends in 30 days, and that an operator paused.</summary>
    private async Task<string> ProvideAsync()
    {
        await _bench.ProvideAsync();
        await _bench.SendAsync("DELETE", "grants/bot", ifMatch: "*");
        var body = AdminBench.GrantBody("bot");
        body["expires"] = "30d";
        var created = await _bench.SendAsync("POST", "grants", body);
        await _bench.SendAsync("POST", "grants/bot/pause");
        return (string)created.Json!["token"]!;
    }

    private Task<AdminReply> ShowAsync() => _bench.SendAsync("GET", "grants/bot");

    private Task<AdminReply> PutAsync(string body) => _bench.SendAsync("PUT", "grants/bot", JsonNode.Parse(body), "*");
}
