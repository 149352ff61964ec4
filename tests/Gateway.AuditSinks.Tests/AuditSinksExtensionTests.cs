using System.CommandLine;

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

    private static ValueTask<NetworkStream> Refuse(string host, int port, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is connected yet.");
}
