using Gateway.Admin.Backtesting;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Providers;
using Gateway.Audit.Arguments;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Edge;

/// <summary>Outbound connections to names that change their addresses, by kind.</summary>
public sealed class RebindingTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private IServiceProvider Services => _bench.Host.Services;

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task Client_document_and_its_keys_are_fetched_from_public_addresses_only(string first)
    {
        using var name = new RebindingName(first, "127.0.0.1");
        using var fetcher = new DocumentFetcher(
            new OAuthServerOptions { DocumentTimeMax = TimeSpan.FromSeconds(1) }, Connector(name));

        Assert.Null(await fetcher.FetchAsync($"{Https(name)}/client.json", CancellationToken.None));

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    /// <summary>The issuer stands in no configuration here, so each address counts as learned from metadata.</summary>
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task Provider_endpoint_that_only_metadata_names_is_reached_at_public_addresses_only(string first)
    {
        using var name = new RebindingName(first, "127.0.0.1");
        var options = new ProviderOptions { AnswerTimeMax = TimeSpan.FromSeconds(1) };
        using var discovery = new ProviderDiscovery(
            options, Services.GetRequiredService<SnapshotUpdater>(), Connector(name), TimeProvider.System);
        var keys = new ProviderKeys(discovery, TimeProvider.System);

        await Assert.ThrowsAsync<AuthenticationFailureException>(
            () => keys.GetAsync($"{Https(name)}/keys", isUnknown: false, CancellationToken.None));

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    [Fact]
    public async Task Replay_sends_its_key_to_no_metadata_address()
    {
        using var name = new RebindingName("169.254.169.254", "127.0.0.1");
        using var exchange = new RecordExchange(
            Services.GetRequiredService<AuditLogOptions>(), Services.GetRequiredService<RecordedArgumentsOptions>(),
            Services.GetRequiredService<IDataProtectionProvider>(),
            Services.GetRequiredService<Readiness>(), Connector(name));

        var (sources, away) = await exchange.AskAsync(
            [new Uri(Https(name))], "Bearer key", 0, 0, CancellationToken.None);

        Assert.Empty(sources);
        Assert.Contains("--allow-address", Assert.Single(away).Why, StringComparison.Ordinal);
        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    private static OutboundConnector Connector(RebindingName name) => new([], name.ResolveAsync);

    private static string Https(RebindingName name) => $"https://{RebindingName.Host}:{name.Port}";
}
