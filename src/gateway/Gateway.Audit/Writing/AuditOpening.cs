using Microsoft.Extensions.Hosting;

namespace Gateway.Audit.Writing;

/// <summary>Opens the audit log before the host listens, so that one that cannot be had ends the start.</summary>
public sealed class AuditOpening(AuditLog audit) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = audit.IsHealthy;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
