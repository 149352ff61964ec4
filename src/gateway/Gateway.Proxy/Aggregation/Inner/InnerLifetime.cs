using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>How long an inner message's client is there: as long as the outer one, or until it waits no more.</summary>
internal sealed class InnerLifetime(CancellationTokenSource end) : IHttpRequestLifetimeFeature
{
    public CancellationToken RequestAborted { get; set; } = end.Token;

    /// <summary>The answer broke off.</summary>
    public bool IsAborted { get; private set; }

    public void Abort()
    {
        IsAborted = true;
        end.Cancel();
    }
}
