using Gateway.Limits.Model;

namespace Gateway.EnvoyRls.Deciding;

/// <summary>
/// Charges of this process to descriptors that allow negative hits, by counter, until the window ends. A return
/// therefore concerns only numbers that were issued here to the same descriptor, and never more than was charged.
/// </summary>
/// <param name="limiter">Takes the numbers back.</param>
/// <param name="entriesMax">Maximum number of charges to keep; beyond it the oldest charge becomes final.</param>
internal sealed class RefundBook(ILimiter limiter, int entriesMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, List<Charge>> _charges = [];
    private readonly Queue<Charge> _oldest = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _oldest.Count;
        }
    }

    /// <summary>Keeps a charge, with each counter's part separate.</summary>
    public void Add(Permit permit, long nowMs)
    {
        foreach (var single in permit.Split())
        {
            var part = single.Parts[0];
            if (part.Refundable == Amount.Zero)
            {
                single.Complete();
                continue;
            }

            var charge = new Charge(single, part.Key, part.Cost, part.WindowEndMs);
            lock (_lock)
            {
                if (!_charges.TryGetValue(charge.Key, out var ofKey))
                    _charges.Add(charge.Key, ofKey = []);
                ofKey.Add(charge);
                _oldest.Enqueue(charge);
            }
        }

        Forget(nowMs);
    }

    /// <summary>Returns up to this amount, limited by the charges here; the result is the returned amount.</summary>
    public async ValueTask<Amount> ReturnAsync(CounterKey key, Amount wanted, long nowMs)
    {
        var left = wanted.Nano;
        while (left > 0 && Next(key, Amount.FromNano(left), nowMs) is { } charge)
        {
            // The rest of a larger charge stays charged: a permit is returned only once.
            var back = Int128.Min(left, charge.Cost.Nano);
            charge.Permit.Parts[0].Refundable = Amount.FromNano(back);
            await limiter.RefundAsync(charge.Permit, CancellationToken.None);
            left -= back;
        }

        return Amount.FromNano(wanted.Nano - left);
    }

    /// <summary>Returns the latest charge of exactly this cost; otherwise the latest charge.</summary>
    private Charge? Next(CounterKey key, Amount cost, long nowMs)
    {
        lock (_lock)
        {
            if (!_charges.TryGetValue(key, out var ofKey))
                return null;
            var at = ofKey.FindLastIndex(charge => charge.Cost == cost && charge.EndMs > nowMs);
            if (at < 0)
                at = ofKey.FindLastIndex(charge => charge.EndMs > nowMs);
            if (at < 0)
                return null;
            var found = ofKey[at];
            Remove(found);
            found.IsGone = true;
            return found;
        }
    }

    private void Forget(long nowMs)
    {
        lock (_lock)
        {
            while (_oldest.TryPeek(out var charge)
                && (charge.IsGone || charge.EndMs <= nowMs || _oldest.Count > entriesMax))
            {
                _oldest.Dequeue();
                if (charge.IsGone)
                    continue;
                Remove(charge);
                charge.Permit.Complete();
            }
        }
    }

    private void Remove(Charge charge)
    {
        var ofKey = _charges[charge.Key];
        ofKey.Remove(charge);
        if (ofKey.Count == 0)
            _charges.Remove(charge.Key);
    }

    private sealed class Charge(Permit permit, CounterKey key, Amount cost, long endMs)
    {
        public Permit Permit { get; } = permit;

        public CounterKey Key { get; } = key;

        public Amount Cost { get; } = cost;

        public long EndMs { get; } = endMs;

        public bool IsGone { get; set; }
    }
}
