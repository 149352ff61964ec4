using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// The lifetime of an inner message's client: as long as the outer request, or until it no longer waits.
/// </summary>
internal sealed class InnerLifetime(CancellationTokenSource end) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted { get; set; } = end.Token;

    /// <summary>True if the response broke off.</summary>
    public bool IsAborted { get; private set; }

    public void Abort()
    {
        IsAborted = true;
        end.Cancel();
    }
}
