using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>One limit with whoever counts it.</summary>
internal interface ICountedLimit
{
    /// <summary>The most that one window admits.</summary>
    int PermitLimit { get; }

    /// <summary>Answers at once, or with a lease that failed.</summary>
    /// <param name="cost">0 asks whether one would pass.</param>
    /// <param name="seen">Takes what is left, where that was said.</param>
    RateLimitLease TakeAtOnce(Amount cost, Action<Amount>? seen);

    /// <summary>Waits for whoever counts; never for room.</summary>
    ValueTask<RateLimitLease> AcquireAsync(Amount cost, Action<Amount>? seen, CancellationToken cancellationToken);
}
