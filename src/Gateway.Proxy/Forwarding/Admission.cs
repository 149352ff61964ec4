using Gateway.Limits;

namespace Gateway.Proxy.Forwarding;

/// <summary>What a call was let through with, and how that is settled: once, by how the call ended.</summary>
/// <param name="limiter">Who gave the permits.</param>
/// <param name="permit">The numbers that it holds; spent by the first byte.</param>
/// <param name="shadow">Its numbers on the counters of limits in shadow mode; they stop nothing.</param>
/// <param name="voucher">What was used up for it; null where it needed none.</param>
internal sealed class Admission(ILimiter limiter, Permit permit, Permit shadow, IVoucher? voucher)
{
    public Permit Permit => permit;

    public Permit Shadow => shadow;

    /// <summary>Whether an error in the answer gives something back, so that somebody has to look for one.</summary>
    public bool HasRefundable { get; } = IsRefundable(permit) || IsRefundable(shadow);

    /// <summary>Whether it took anything that a retry of the same call should not take again.</summary>
    public bool IsPaid => voucher is not null || !permit.Parts.IsEmpty || !shadow.Parts.IsEmpty;

    /// <summary>What the record says of a call that ended without an error.</summary>
    public string Counted => permit.Parts.IsEmpty ? "nothing" : "counted";

    /// <summary>No byte was written: whatever the policy says, the call counted nowhere.</summary>
    public async ValueTask GiveBackAsync()
    {
        await limiter.ReleaseAsync(permit, CancellationToken.None);
        await limiter.ReleaseAsync(shadow, CancellationToken.None);
        if (voucher is not null)
            await voucher.PutBackAsync();
    }

    /// <summary>The server answered with an error.</summary>
    /// <returns>What the record says of it.</returns>
    public async ValueTask<string> RefundAsync(long nowMs)
    {
        await limiter.RefundAsync(permit, CancellationToken.None);
        await limiter.RefundAsync(shadow, CancellationToken.None);
        if (!IsRefundable(permit))
            return Counted;
        return IsOver(nowMs) ? "counted, since the window had ended" : "refunded";
    }

    /// <summary>Nothing of it comes back any more.</summary>
    public void Complete()
    {
        permit.Complete();
        shadow.Complete();
    }

    private static bool IsRefundable(Permit permit)
    {
        foreach (var part in permit.Parts)
        {
            if (part.Refundable > Amount.Zero)
                return true;
        }

        return false;
    }

    private bool IsOver(long nowMs)
    {
        foreach (var part in permit.Parts)
        {
            if (part.Refundable > Amount.Zero && nowMs < part.WindowEndMs)
                return false;
        }

        return true;
    }
}
