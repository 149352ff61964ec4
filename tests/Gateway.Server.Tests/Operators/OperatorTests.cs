namespace Gateway.Server.Tests.Operators;

/// <summary>Accounts of operators, what their roles allow, and how soon a change holds.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("viewer", 200, 403, 403)]
    [InlineData("approver", 403, 403, 403)]
    [InlineData("editor", 200, 204, 403)]
    [InlineData("admin", 200, 204, 200)]
    [InlineData("member", 403, 403, 403)]
    [InlineData("viewer:crm", 403, 403, 403)]
    [InlineData("editor:crm", 403, 403, 403)]
    public async Task May_do_what_the_role_allows(string role, int read, int changed, int administered)
    {
        var key = await _bench.KeyOfAsync("ana", role);

        Assert.Equal(read, (await _bench.SendAsync("GET", "grants", key: key)).Status);
        Assert.Equal(
            changed, (await _bench.SendAsync("DELETE", "grants/bot", ifMatch: "*", key: key)).Status);
        Assert.Equal(administered, (await _bench.SendAsync("GET", "operators", key: key)).Status);
        var who = await _bench.SendAsync("GET", "session", key: key);
        Assert.Equal((200, "ana", role), (who.Status, (string?)who.Json!["name"], (string?)who.Json["roles"]![0]));
    }

    [Fact]
    public async Task May_with_a_bound_role_change_that_server_alone()
    {
        var other = new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" };
        await _bench.SendAsync("PUT", "servers/other", other);
        var key = await _bench.KeyOfAsync("ana", "editor:crm");

        var seen = await _bench.SendAsync("GET", "servers", key: key);

        Assert.Equal("crm", (string?)Assert.Single(seen.Json!["items"]!.AsArray())!["name"]);
        Assert.Equal(200, (await _bench.SendAsync("POST", "servers/crm/pause", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", "servers/other/pause", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("PUT", "servers/new", other, key: key)).Status);
    }

    [Fact]
    public async Task Loses_what_it_may_with_its_role_its_account_and_never_to_a_later_one_of_its_name()
    {
        var key = await _bench.KeyOfAsync("ana", "editor");
        var roles = new JsonObject { ["roles"] = new JsonArray("viewer") };
        Assert.Equal(200, (await _bench.SendAsync("POST", "pause", key: key)).Status);

        Assert.Equal(200, (await _bench.SendAsync("PUT", "operators/ana", roles, ifMatch: "*")).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", "resume", key: key)).Status);
        Assert.Equal(200, (await _bench.SendAsync("POST", "operators/ana/disable")).Status);
        Assert.Equal(401, (await _bench.SendAsync("GET", "session", key: key)).Status);
        Assert.Equal(200, (await _bench.SendAsync("POST", "operators/ana/enable")).Status);
        Assert.Equal(200, (await _bench.SendAsync("GET", "session", key: key)).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/ana", ifMatch: "*")).Status);
        Assert.Equal(401, (await _bench.SendAsync("GET", "session", key: key)).Status);
        await _bench.KeyOfAsync("ana", "admin");
        Assert.Equal(401, (await _bench.SendAsync("GET", "session", key: key)).Status);
    }

    [Theory]
    [InlineData("admin", "viewer", null, "Use the person's name")]
    [InlineData("a b", "viewer", null, "is not a valid name for an operator")]
    [InlineData("ana", "boss", null, "a role is viewer, approver")]
    [InlineData("ana", "admin:crm", null, "all but admin may be bound")]
    [InlineData("ana", "viewer:", null, "a role is viewer, approver")]
    [InlineData("ana", "viewer", "elevenchars", "12 to 256 characters")]
    public async Task Refuses_an_account_that_cannot_be(string name, string role, string? password, string said)
    {
        var body = new JsonObject { ["name"] = name, ["roles"] = new JsonArray(role), ["password"] = password };

        var reply = await _bench.SendAsync("POST", "operators", body);

        Assert.Equal(422, reply.Status);
        Assert.Contains(said, (string?)reply.Json!["detail"], StringComparison.Ordinal);
        Assert.Empty((await _bench.SendAsync("GET", "operators")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task Records_who_changed_what_and_never_a_password()
    {
        const string password = "correct horse battery staple";
        var key = await _bench.KeyOfAsync("ana", "admin");
        var body = new JsonObject { ["name"] = "ben", ["roles"] = new JsonArray("viewer"), ["password"] = password };

        var made = await _bench.SendAsync("POST", "operators", body, key: key);

        Assert.Equal((201, true), (made.Status, (bool)made.Json!["hasPassword"]!));
        var change = _bench.Changes()[^1];
        Assert.Equal("ana", change.GetProperty("by").GetString());
        Assert.Equal("127.0.0.1", change.GetProperty("from").GetString());
        Assert.Equal("operators/ben", change.GetProperty("object").GetString());
        Assert.Equal("changed", change.GetProperty("after").GetProperty("password").GetString());
        var files = Directory.EnumerateFiles(_bench.Folder, "*.json*", SearchOption.AllDirectories);
        Assert.Contains(files, static file => Text(file).Contains("\"ben\"", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file =>
            Text(file) is var text && (text.Contains(password, StringComparison.Ordinal)
                || text.Contains(key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Says_when_it_was_last_used()
    {
        var before = await _bench.SendAsync("POST", "operators", Operator("ana", "viewer"));
        Assert.Null(before.Json!["lastUsed"]);
        var key = await _bench.KeyOfAsync("ana");

        await _bench.SendAsync("GET", "grants", key: key);

        var shown = await _bench.SendAsync("GET", "operators/ana");
        Assert.True((DateTimeOffset)shown.Json!["lastUsed"]! >= (DateTimeOffset)shown.Json["created"]!);
        var keys = await _bench.SendAsync("GET", "operators/ana/keys");
        Assert.NotNull(Assert.Single(keys.Json!["items"]!.AsArray())!["lastUsed"]);
    }

    [Fact]
    public async Task Changes_an_account_only_from_the_version_that_was_read()
    {
        var made = await _bench.SendAsync("POST", "operators", Operator("ana", "viewer"));
        var body = new JsonObject { ["roles"] = new JsonArray("editor") };

        Assert.Equal(428, (await _bench.SendAsync("PUT", "operators/ana", body)).Status);
        Assert.Equal(200, (await _bench.SendAsync("PUT", "operators/ana", body, ifMatch: made.ETag)).Status);
        Assert.Equal(412, (await _bench.SendAsync("PUT", "operators/ana", body, ifMatch: made.ETag)).Status);
        Assert.Equal(409, (await _bench.SendAsync("POST", "operators", Operator("ana", "viewer"))).Status);
    }

    private static string Text(string path)
    {
        using var reader = new StreamReader(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static JsonObject Operator(string name, params string[] roles) => new()
    {
        ["name"] = name,
        ["roles"] = new JsonArray([.. roles.Select(static role => JsonValue.Create(role))]),
    };
}
