using Gateway.Audit.Shipping;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Tests.Options;

public sealed class HostSettingsTests
{
    [Theory]
    [InlineData(AuditSinkKind.Webhook)]
    [InlineData(AuditSinkKind.Otlp)]
    [InlineData(AuditSinkKind.Syslog)]
    public void Audit_sink_whose_extension_is_missing_is_refused(AuditSinkKind kind)
    {
        var options = new HostSettings().ToGateway();

        var refusal = Assert.Throws<InvalidOperationException>(() =>
            options.Audit.OpenSink(new AuditSinkOptions("siem", kind, "https://siem.example", Blocks: false)));

        Assert.Contains($"built without support for {kind} audit sinks", refusal.Message, StringComparison.Ordinal);
    }
}
