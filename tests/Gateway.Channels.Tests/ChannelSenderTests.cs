using Gateway.Control.Documents;
using Gateway.Control.Network;
using Gateway.Hosting.Running;
using Gateway.Limits.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Channels.Tests;

public sealed class ChannelSenderTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new("gateway-channels-");
    private GatewayHost _host = null!;

    private IServiceProvider Services => _host.Services;

    public async Task InitializeAsync() => _host = await GatewayHost.StartAsync(
        new GatewayHostOptions { DataDirectory = _folder.Path, Listen = ["http://127.0.0.1:0"], Quiet = true },
        CancellationToken.None);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    /// <summary>Returns a channel for all notifications.</summary>
    internal static async Task<Channel> ChannelAsync(
        ChannelStore store, ChannelKind kind, string url, bool allowsPrivate) =>
        new("ops", 1, new ChannelDocument
        {
            Kind = kind,
            SealedUrl = await store.SealAsync(url, CancellationToken.None),
            AllowsPrivate = allowsPrivate,
            Secrets = [],
            Servers = [],
            Tools = [],
            Grants = [],
        });

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
        using var sender = new ChannelSender(
            store, Services.GetRequiredService<ProcessClock>(), new OutboundConnector([], name.ResolveAsync));
        var url = kind == ChannelKind.Email
            ? $"smtp://{RebindingName.Host}:{name.Port}/?from=gw%40example.com&to=ops%40example.com"
            : $"https://{RebindingName.Host}:{name.Port}/hook";
        var channel = await ChannelAsync(store, kind, url, allowsPrivate);
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
    public async Task Program_without_the_extension_accepts_no_channel_and_says_why()
    {
        var sender = Services.GetRequiredService<IChannelSender>();

        Assert.Contains(
            "without notification channels", sender.AddressProblem(ChannelKind.Webhook, "https://example.com", false),
            StringComparison.Ordinal);
        Assert.Contains(
            "without notification channels",
            (await sender.SendAsync(null!, Asked, ControlSnapshot.Empty, CancellationToken.None)).Problem,
            StringComparison.Ordinal);
    }

    internal static Notification Asked => new()
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
}
