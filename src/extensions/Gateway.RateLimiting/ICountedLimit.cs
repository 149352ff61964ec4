using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>One limit, together with its means of counting.</summary>
internal interface ICountedLimit
{
    /// <summary>The most that one window admits.</summary>
    int PermitLimit { get; }

    /// <summary>Decides immediately, or returns a failed lease.</summary>
    /// <param name="cost">The cost; 0 queries whether one permit is available.</param>
    /// <param name="seen">Receives the remaining amount, if the decision contains it.</param>
    RateLimitLease TakeAtOnce(Amount cost, Action<Amount>? seen);

    /// <summary>Waits for a decision, but never for room.</summary>
    ValueTask<RateLimitLease> AcquireAsync(Amount cost, Action<Amount>? seen, CancellationToken cancellationToken);
}
