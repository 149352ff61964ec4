using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Operators;

/// <summary>API keys: what they open, for how long, and that one is never worth more than what made it.</summary>
public sealed class OperatorKeyTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(time: _time);
        await _bench.ProvideAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Has_256_bits_and_is_shown_once()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");

        Assert.Matches("^pgo_[A-Za-z0-9_-]{43}$", key);
        var listed = await _bench.SendAsync("GET", "operators/ana/keys", key: key);
        Assert.DoesNotContain(key[4..], listed.Json!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_its_time()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");
        _time.Jump(TimeSpan.FromDays(89.9));
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants", key: key)).Status);

        _time.Jump(TimeSpan.FromDays(0.2));

        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: key)).Status);
    }

    [Fact]
    public async Task Key_whose_expiry_was_reached_stays_ended_at_an_earlier_time()
    {
        var startMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        await _bench.KeyOfAsync("ana", "viewer");
        _time.Jump(TimeSpan.FromDays(89));
        await _bench.KeyOfAsync("ben", "viewer");
        await SweepAsync();
        Assert.True(Key("ana/test").IsGood(startMs));

        _time.Jump(TimeSpan.FromDays(1.1));
        await SweepAsync();

        Assert.False(Key("ana/test").IsGood(startMs));
        Assert.True(Key("ben/test").IsGood(startMs));
    }

    [Fact]
    public async Task Unreadable_document_of_ended_keys_ends_every_key_with_an_expiry()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");
        await Service<IControlStore>().WriteAsync(
            new ControlKey(ControlKinds.Ended, "operator-keys"), 0, """{"odd":1}"""u8.ToArray(), default);
        await Service<SnapshotUpdater>().RefreshAsync(default);

        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: key)).Status);
        Assert.Equal(200, (await _bench.SendAsync("GET", "grants")).Status);
    }

    [Fact]
    public async Task Ends_when_it_is_revoked()
    {
        var key = await _bench.KeyOfAsync("ana", "viewer");

        Assert.Equal(404, (await _bench.SendAsync("DELETE", "operators/ana/keys/tset", key: key)).Status);
        Assert.Equal(204, (await _bench.SendAsync("DELETE", "operators/ana/keys/test", key: key)).Status);

        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: key)).Status);
    }

    [Fact]
    public async Task May_less_than_its_owner_and_makes_no_key_that_may_more_or_lasts_longer()
    {
        var key = await _bench.KeyOfAsync("ana", "admin");
        var soon = _time.GetUtcNow().AddDays(1);
        var small = await MakeAsync("small", key, soon, "viewer");

        Assert.Equal(200, (await _bench.SendAsync("GET", "grants", key: small)).Status);
        Assert.Equal(403, (await _bench.SendAsync("POST", "pause", key: small)).Status);
        Assert.Equal(422, (await TryAsync("more", small, soon, "admin")).Status);
        Assert.Equal(422, (await TryAsync("longer", small, soon.AddSeconds(1), "viewer")).Status);
        var same = await MakeAsync("same", small, null);
        Assert.Equal(403, (await _bench.SendAsync("POST", "pause", key: same)).Status);
        _time.Jump(TimeSpan.FromDays(1.1));
        Assert.Equal(401, (await _bench.SendAsync("GET", "grants", key: same)).Status);
    }

    [Fact]
    public async Task May_no_more_once_its_owner_may_not()
    {
        var key = await _bench.KeyOfAsync("ana", "editor");
        var bound = await MakeAsync("bound", key, null, "editor:crm");
        Assert.Equal(200, (await _bench.SendAsync("POST", "servers/crm/pause", key: bound)).Status);

        await _bench.SendAsync(
            "PUT", "operators/ana", new JsonObject { ["roles"] = new JsonArray("viewer") }, ifMatch: "*");

        Assert.Equal(403, (await _bench.SendAsync("POST", "servers/crm/resume", key: bound)).Status);
    }

    [Fact]
    public async Task Reaches_no_keys_of_others()
    {
        var key = await _bench.KeyOfAsync("ana", "editor");
        await _bench.KeyOfAsync("ben", "viewer");

        Assert.Equal(403, (await _bench.SendAsync("GET", "operators/ben/keys", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("DELETE", "operators/ben/keys/test", key: key)).Status);
        var body = new JsonObject { ["name"] = "mine" };
        Assert.Equal(403, (await _bench.SendAsync("POST", "operators/ben/keys", body, key: key)).Status);
    }

    [Theory]
    [InlineData("a b", 1, "viewer", "is not a valid name for a key")]
    [InlineData("k", -1, "viewer", "must expire in the future")]
    [InlineData("k", 401, "viewer", "within 400 days")]
    [InlineData("k", 1, "editor", "only roles that both its owner")]
    [InlineData("k", 1, "boss", "a role is")]
    public async Task Refuses_a_key_that_cannot_be(string name, int days, string role, string said)
    {
        await _bench.KeyOfAsync("ana", "viewer");
        var body = new JsonObject
        {
            ["name"] = name,
            ["roles"] = new JsonArray(role),
            ["expires"] = _time.GetUtcNow().AddDays(days),
        };

        var reply = await _bench.SendAsync("POST", "operators/ana/keys", body);

        Assert.Equal(422, reply.Status);
        Assert.Contains(said, (string?)reply.Json!["detail"], StringComparison.Ordinal);
    }

    private T Service<T>()
        where T : notnull =>
        _bench.Host.Services.GetRequiredService<T>();

    private OperatorKey Key(string name) =>
        Service<OperatorStore>().Current.Keys.Values.Single(key => key.FullName == name);

    private async Task SweepAsync()
    {
        await Service<OperatorStore>().SweepAsync(default);
        await Service<SnapshotUpdater>().RefreshAsync(default);
    }

    private async Task<string> MakeAsync(string name, string with, DateTimeOffset? expires, params string[] roles)
    {
        var made = await TryAsync(name, with, expires, roles);
        Assert.True(made.Status == 201, made.Json?.ToJsonString());
        return (string)made.Json!["key"]!;
    }

    private Task<AdminReply> TryAsync(string name, string with, DateTimeOffset? expires, params string[] roles)
    {
        var body = new JsonObject { ["name"] = name };
        if (expires is { } end)
            body["expires"] = end;
        if (roles.Length > 0)
            body["roles"] = new JsonArray([.. roles.Select(static role => JsonValue.Create(role))]);
        return _bench.SendAsync("POST", "operators/ana/keys", body, key: with);
    }
}
