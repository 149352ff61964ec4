using System.CommandLine;
using Gateway.Audit.Shipping;
using Gateway.Hosting.Extensions;

namespace Gateway.AuditSinks;

/// <summary>Extension for the audit sinks of <c>--audit-sinks</c>: webhooks, OpenTelemetry and syslog.</summary>
public sealed class AuditSinksExtension : GatewayExtension
{
    /// <inheritdoc/>
    public override ExtensionSetup Read(ParseResult parsed) => new Setup();

    private sealed class Setup : ExtensionSetup
    {
        public override IAuditTransport? OpenSink(AuditSinkOptions sink, SinkConnect connect) =>
            sink.Kind == AuditSinkKind.Postgres ? null : AuditTransports.Open(sink, connect);
    }
}
