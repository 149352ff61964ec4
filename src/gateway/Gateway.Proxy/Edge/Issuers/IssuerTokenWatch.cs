using Gateway.Control.Updating;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// A background service that closes the streams of tokens that expired, whose key is gone, whose caller was stopped, or
/// that select another grant, within a second.
/// </summary>
internal sealed class IssuerTokenWatch(IssuerTokens tokens, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Every, async _ => await tokens.EndGoneAsync(), stoppingToken);
}
