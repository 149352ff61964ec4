using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Control.Secrets;
using Gateway.Limits.Model;
using Gateway.Proxy.Delegation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Connections;

/// <summary>
/// The renewal of access tokens by three frontends over one store. The authorization server rotates refresh tokens, and
/// ends everything if one is used twice.
/// </summary>
public sealed class ConnectionRenewalTests : IAsyncLifetime
{
    private const int Lifetime = 100;
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private ConnectionBench _bench = null!;
    private string _ana = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await ConnectionBench.StartAsync(Lifetime, _time);
        _ana = await _bench.TokenOfAsync("ana");
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana), "ana");
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeTheory]
    [InlineData(Lifetime - 10)]
    [InlineData(Lifetime + 10)]
    public async Task Many_calls_at_three_frontends_renew_a_token_once(int later)
    {
        var frontends = Enumerable.Range(0, 3).Select(_ => Frontend()).ToList();
        for (var round = 1; round <= 3; round++)
        {
            var before = await _bench.CallAsync(_ana);
            Assert.Equal("ana@crm", before);
            _time.Jump(TimeSpan.FromSeconds(later));

            var tokens = await Task.WhenAll(
                Enumerable.Range(0, 30).Select(i => Task.Run(() => FindAsync(frontends[i % 3]))));

            Assert.All(tokens, static token => Assert.NotNull(token.Value));
            // Those that did not renew may have used the old token while it was valid.
            Assert.InRange(tokens.Select(static token => token.Value).Distinct().Count(), 1, later < Lifetime ? 2 : 1);
            Assert.Equal(round, await _bench.RefreshesAsync());
        }

        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
    }

    [NodeFact]
    public async Task A_token_that_a_server_refuses_at_three_frontends_is_renewed_once()
    {
        var frontends = Enumerable.Range(0, 3).Select(_ => Frontend()).ToList();
        var refused = (await FindAsync(frontends[0])).Value!;
        _time.Jump(TimeSpan.FromSeconds(20));
        var name = (await StoredAsync()).Key.Name;
        var server = _bench.Host.Snapshots.Current.Servers["crm"];

        var tokens = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            await frontends[i % 3].RefusedAsync(server, name, refused);
            return await FindAsync(frontends[i % 3]);
        })));

        Assert.Single(tokens.Select(static token => token.Value).Distinct(), static token => token is not null);
        Assert.DoesNotContain(refused, tokens.Select(static token => token.Value));
        Assert.Equal(1, await _bench.RefreshesAsync());
    }

    [NodeFact]
    public async Task A_connection_that_the_authorization_server_has_ended_is_made_again()
    {
        await _bench.RefreshesAsync("revoke");
        _time.Jump(TimeSpan.FromSeconds(Lifetime));

        Assert.Contains("the authorization server ended it (invalid_grant)", await _bench.CallAsync(_ana),
            StringComparison.Ordinal);

        using var browser = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana), "ana");
        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
    }

    [NodeFact]
    public async Task A_seal_of_another_caller_or_of_another_address_is_not_used()
    {
        var store = _bench.Host.Services.GetRequiredService<IControlStore>();
        var ana = await StoredAsync();
        using (var browser = ConnectionBench.NewBrowser("ben@crm"))
            await _bench.ConnectAsync(browser, await _bench.LinkAsync(await _bench.TokenOfAsync("ben")), "ben");
        var ben = (await AllAsync()).Single(one => one.Key != ana.Key);
        var mixed = JsonNode.Parse(ben.Content.Span)!;
        mixed["sealed"] = JsonNode.Parse(ana.Content.Span)!["sealed"]!.DeepClone();
        await store.WriteAsync(ben.Key, ben.Version, Encoding.UTF8.GetBytes(mixed.ToJsonString()), default);

        Assert.Contains(
            "Connection required", await _bench.CallAsync(await _bench.TokenOfAsync("ben")), StringComparison.Ordinal);
        Assert.Equal("ana@crm", await _bench.CallAsync(_ana));
        var path = Path.Combine(_bench.Folder, "gateway.json");
        var config = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(
            path, config.Replace("/mcp\", \"auth\"", "/mcp?x\", \"auth\"", StringComparison.Ordinal));
        await Soon.UntilAsync(
            () => _bench.Host.Snapshots.Current.Servers["crm"].Url!.Query.Length > 0, "the address is changed");
        Assert.Contains(
            "the address of the server, or the gateway's client there, was changed since you connected",
            await _bench.CallAsync(_ana), StringComparison.Ordinal);
    }

    private async Task<CallerToken> FindAsync(CallerConnections frontend)
    {
        var stored = await StoredAsync();
        return await frontend.FindAsync(
            _bench.Host.Snapshots.Current.Servers["crm"], stored.Key.Name, CancellationToken.None);
    }

    private async Task<ControlDocument> StoredAsync() => (await AllAsync()).First(
        static one => (string?)JsonNode.Parse(one.Content.Span)!["subject"] == "ana");

    private async Task<List<ControlDocument>> AllAsync() =>
    [
        .. (await _bench.Host.Services.GetRequiredService<IControlStore>().ReadAsync(CancellationToken.None))
            .OfKind(ControlKinds.CallerConnections),
    ];

    /// <summary>Returns the connections as another frontend of the same store has them.</summary>
    private CallerConnections Frontend()
    {
        var services = _bench.Host.Services;
        var store = services.GetRequiredService<IControlStore>();
        return new CallerConnections(
            new ConnectionStore(store, new DocumentCache(store), new SecretProtector(store)),
            services.GetRequiredService<ConnectionClients>(),
            services.GetRequiredService<OutboundConnector>(), services.GetRequiredService<ProcessClock>(), _time,
            NullLogger<CallerConnections>.Instance);
    }
}
