using Gateway.Limits.Model;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The gate that spends the call's permit immediately before the first byte, unless its window has ended.
/// </summary>
internal sealed class PermitSpender(Permit permit, ProcessClock clock)
{
    /// <exception cref="PermitExpiredException">
    /// The window has ended; nothing was written, and a new permit is needed.
    /// </exception>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (permit.TrySpend(clock.NowMs(), out var waitMs))
            {
                case SpendOutcome.Spent:
                    return;
                case SpendOutcome.Wait:
                    await Task.Delay(TimeSpan.FromMilliseconds(waitMs), clock.Timers, cancellationToken);
                    break;
                case SpendOutcome.Expired:
                    throw new PermitExpiredException();
                default:
                    throw new InvalidOperationException("A permit cannot be spent twice.");
            }
        }
    }
}
