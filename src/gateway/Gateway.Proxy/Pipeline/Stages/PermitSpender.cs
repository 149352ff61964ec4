using Gateway.Limits.Model;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The last thing before the first byte: spends the call's permit, if its window has not ended meanwhile.
/// </summary>
internal sealed class PermitSpender(Permit permit, ProcessClock clock)
{
    /// <exception cref="PermitExpiredException">The window ended; nothing was written, a new permit is
    /// needed.</exception>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (permit.TrySpend(clock.NowMs(), out var waitMs))
            {
                case SpendOutcome.Spent:
                    return;
                case SpendOutcome.Wait:
                    await Task.Delay(waitMs, cancellationToken);
                    break;
                case SpendOutcome.Expired:
                    throw new PermitExpiredException();
                default:
                    throw new InvalidOperationException("A permit was about to pay for a second call.");
            }
        }
    }
}
