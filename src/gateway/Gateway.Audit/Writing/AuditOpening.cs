using Microsoft.Extensions.Hosting;

namespace Gateway.Audit.Writing;

/// <summary>
/// Opens the audit log before the host listens, so that one that cannot be had ends the start; and ships it.
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
