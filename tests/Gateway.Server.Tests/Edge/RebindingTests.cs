using Gateway.Admin.Backtesting;
using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Admin.Identity.Providers;
using Gateway.Audit.Arguments;
using Gateway.Audit.Shipping;
using Gateway.Audit.Writing;
using Gateway.AuditSinks;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Gateway.Control.Notifications.Channels;
using Gateway.Control.Notifications.Messages;
using Gateway.Control.Notifications.Sending;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
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
            options, Services.GetRequiredService<SnapshotUpdater>(), Connector(name));
        var keys = new ProviderKeys(discovery, TimeProvider.System);

        await Assert.ThrowsAsync<AuthenticationFailureException>(
            () => keys.GetAsync($"{Https(name)}/keys", isUnknown: false, CancellationToken.None));

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    [Theory]
    [InlineData(ChannelKind.Webhook, false, "8.8.8.8")]
    [InlineData(ChannelKind.Webhook, false, "127.0.0.1")]
    [InlineData(ChannelKind.Slack, false, "127.0.0.1")]
    [InlineData(ChannelKind.Teams, false, "127.0.0.1")]
    [InlineData(ChannelKind.Email, false, "8.8.8.8")]
    [InlineData(ChannelKind.Email, false, "127.0.0.1")]
    [InlineData(ChannelKind.Webhook, true, "169.254.169.254")]
    [InlineData(ChannelKind.Email, true, "169.254.169.254")]
    public async Task Channel_reaches_the_addresses_of_its_rule_only(ChannelKind kind, bool allowsPrivate, string first)
    {
        using var name = new RebindingName(first, "127.0.0.1");
        var store = Services.GetRequiredService<ChannelStore>();
        using var sender = new ChannelSender(store, Services.GetRequiredService<ProcessClock>(), Connector(name));
        var url = kind == ChannelKind.Email
            ? $"smtp://{RebindingName.Host}:{name.Port}/?from=gw%40example.com&to=ops%40example.com"
            : $"{Https(name)}/hook";
        var channel = new Channel("ops", 1, new ChannelDocument
        {
            Kind = kind,
            SealedUrl = await store.SealAsync(url, CancellationToken.None),
            AllowsPrivate = allowsPrivate,
            Secrets = [],
            Servers = [],
            Tools = [],
            Grants = [],
        });
        var documents = await Services.GetRequiredService<IControlStore>().ReadAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        string? problem = null;
        try
        {
            problem = (await sender.SendAsync(channel, Asked, documents, limit.Token)).Problem;
        }
        catch (OperationCanceledException)
        {
            // Nobody answers at the public address.
        }

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
        if (first != "8.8.8.8")
            Assert.Contains(allowsPrivate ? "--allow-address" : "--allow-private", problem, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(AuditSinkKind.Webhook, "https")]
    [InlineData(AuditSinkKind.Webhook, "http")]
    [InlineData(AuditSinkKind.Otlp, "https")]
    [InlineData(AuditSinkKind.Syslog, "tls")]
    [InlineData(AuditSinkKind.Syslog, "tcp")]
    public async Task Audit_sink_at_a_metadata_address_is_not_connected_to(AuditSinkKind kind, string scheme)
    {
        using var name = new RebindingName("169.254.169.254", "127.0.0.1");
        var connector = Connector(name);
        await using var transport = AuditTransports.Open(
            new AuditSinkOptions("siem", kind, $"{scheme}://{RebindingName.Host}:{name.Port}", Blocks: false),
            (host, port, stop) => connector.OpenAsync(host, port, AddressRule.Registered, stop));

        var result = await transport.SendAsync(
            [new ShippedRecord("w", default, "{}"u8.ToArray())], CancellationToken.None);

        Assert.Contains("--allow-address", result.Problem, StringComparison.Ordinal);
        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    private static Notification Asked => new()
    {
        Id = "1",
        Type = "approval.asked",
        Grant = "agent",
        Server = "crm",
        Tool = "refund",
        Rule = "",
        Reason = "",
        AtMs = 0,
        ExpiresMs = 1,
    };

    private static OutboundConnector Connector(RebindingName name) => new([], name.ResolveAsync);

    private static string Https(RebindingName name) => $"https://{RebindingName.Host}:{name.Port}";
}
