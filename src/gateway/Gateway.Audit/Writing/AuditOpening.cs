using Microsoft.Extensions.Hosting;

namespace Gateway.Audit.Writing;

/// <summary>
/// Opens the audit log before the host listens, so that the start fails if the log cannot be opened, and starts the
/// shippers.
/// </summary>
public sealed class AuditOpening(AuditLog audit) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var shipper in audit.Shippers)
            shipper.Start(audit.Evidence?.Writer ?? Environment.MachineName);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(audit.Shippers.Select(static shipper => shipper.StopAsync()));
}
