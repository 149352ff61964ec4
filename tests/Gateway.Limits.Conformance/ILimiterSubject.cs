namespace Gateway.Limits.Conformance;

/// <summary>
/// A kind of limiter, and a store of the test's own for it; where that is more than memory, it is disposed of with it.
/// </summary>
public interface ILimiterSubject
{
    /// <summary>Opens a limiter over the store, the first time or again.</summary>
    /// <param name="time">The clock of the test; the limiter reads no other.</param>
    /// <param name="strictWindows">As the limiter's option of that name.</param>
    Task<ILimiter> OpenAsync(ManualTime time, bool strictWindows);

    /// <summary>Ends a limiter in an orderly way; its store stays.</summary>
    Task CloseAsync(ILimiter limiter);
}
