using System.CommandLine;
using Gateway.Control.Network;

namespace Gateway.AuditSinks.Tests;

public sealed class AuditSinksExtensionTests
{
    [Theory]
    [InlineData(AuditSinkKind.Webhook, "https://siem.example", true)]
    [InlineData(AuditSinkKind.Otlp, "https://siem.example", true)]
    [InlineData(AuditSinkKind.Syslog, "tls://siem.example:6514", true)]
    [InlineData(AuditSinkKind.Postgres, "postgres://siem.example/audit", false)]
    public async Task Opens_each_kind_that_needs_no_database(AuditSinkKind kind, string url, bool isOpened)
    {
        var setup = new AuditSinksExtension().Read(new RootCommand().Parse([]));

        await using var transport = setup.OpenSink(new AuditSinkOptions("siem", kind, url, Blocks: false), Refuse);

        Assert.Equal(isOpened, transport is not null);
    }

    [Theory]
    [InlineData(AuditSinkKind.Webhook, "https")]
    [InlineData(AuditSinkKind.Webhook, "http")]
    [InlineData(AuditSinkKind.Otlp, "https")]
    [InlineData(AuditSinkKind.Syslog, "tls")]
    [InlineData(AuditSinkKind.Syslog, "tcp")]
    public async Task Metadata_address_is_not_connected_to(AuditSinkKind kind, string scheme)
    {
        using var name = new RebindingName("169.254.169.254", "127.0.0.1");
        var connector = new OutboundConnector([], name.ResolveAsync);
        await using var transport = AuditTransports.Open(
            new AuditSinkOptions("siem", kind, $"{scheme}://{RebindingName.Host}:{name.Port}", Blocks: false),
            (host, port, stop) => connector.OpenAsync(host, port, AddressRule.Registered, stop));

        var result = await transport.SendAsync(
            [new ShippedRecord("w", default, "{}"u8.ToArray())], CancellationToken.None);

        Assert.Contains("--allow-address", result.Problem, StringComparison.Ordinal);
        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    private static ValueTask<NetworkStream> Refuse(string host, int port, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is connected yet.");
}
