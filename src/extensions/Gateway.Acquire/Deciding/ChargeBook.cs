using Gateway.Acquire.Messages;
using Gateway.Acquire.Options;
using Gateway.Audit.Records;
using Gateway.Limits.Model;

namespace Gateway.Acquire.Deciding;

/// <summary>
/// Charges of this process to refundable budgets, by id, until the last of their windows ends. Only numbers that were
/// issued here can be returned, each once, and never more than the call was charged.
/// </summary>
internal sealed class ChargeBook(
    ILimiter limiter, ProcessClock clock, CallMarkers markers, ChargeRecorder recorder, AcquireOptions options)
{
    private const string NotHere =
        "Nothing can be returned for this id here. Possible causes: this gateway process did not charge it; its budget "
        + "is not \"refundable\"; the window has ended; or too many calls were charged after it. The charge stays.";

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Service, string Id), ServiceCharge> _charges = [];
    private readonly Queue<ServiceCharge> _oldest = new();

    /// <summary>Keeps the refundable part of a charge; the rest is final.</summary>
    public void Add(WantedCall call, Permit permit)
    {
        var nowMs = clock.NowMs();
        var parts = new List<ChargePart>();
        foreach (var single in permit.Split())
        {
            var part = single.Parts[0];
            if (part.Refundable == Amount.Zero)
            {
                single.Complete();
                continue;
            }

            var cost = Array.Find(call.Costs, cost => cost.Counter == part.Key)!;
            parts.Add(new ChargePart(single, cost.Budget.Name, cost.Key, part.Cost, part.WindowEndMs));
        }

        lock (_lock)
        {
            if (parts.Count > 0)
            {
                var charge = new ServiceCharge((call.Service, call.Id), parts);
                // A forgotten id may have been charged again: its first charge is final.
                if (_charges.TryGetValue(charge.Name, out var earlier))
                    earlier.Complete();
                _charges[charge.Name] = charge;
                _oldest.Enqueue(charge);
            }

            while (_oldest.TryPeek(out var charge)
                && (charge.EndMs <= nowMs || _oldest.Count > options.RefundableMax))
            {
                _oldest.Dequeue();
                charge.Complete();
                if (_charges.GetValueOrDefault(charge.Name) == charge)
                    _charges.Remove(charge.Name);
            }
        }
    }

    /// <summary>Returns charges. The reply also lists earlier returns, which are not returned again.</summary>
    /// <param name="by">The service that was charged.</param>
    /// <param name="message">The id, and the amount for each budget.</param>
    public async Task<(ReturnAnswer? Answer, AcquireProblem? Problem)> ReturnAsync(
        Actor by, ReturnMessage message)
    {
        var service = by.Name;
        var nowMs = clock.NowMs();
        if (WantedCall.CheckId(message.Id, options) is { } wrong)
            return (null, wrong);
        ServiceCharge? charge;
        lock (_lock)
            charge = _charges.GetValueOrDefault((service, message.Id));
        if (charge is null || charge.EndMs <= nowMs)
            return (new ReturnAnswer { Id = message.Id, Returned = [], Reason = NotHere }, null);
        var (amounts, problem) = Amounts(charge, message.Costs);
        if (problem is not null)
            return (null, problem);
        if (await RecordAsync(by, message.Id, amounts) is { } unrecorded)
            return (null, unrecorded);
        // From here on a repeat of the call is refused, because the returned amount pays for other calls.
        var mark = await markers.MakeReturnedAsync(service, message.Id);
        if (mark.Outcome == MarkOutcome.Unknown)
            return (null, AcquireProblem.Unavailable(mark.Refusal!.Reason + " Nothing was returned; try again."));
        nowMs = clock.NowMs();
        List<ChargePart> begun;
        ReturnAnswer answer;
        lock (_lock)
        {
            begun = [.. amounts.Where(one => one.Part.TryBegin(one.Amount, nowMs)).Select(static one => one.Part)];
            answer = new ReturnAnswer
            {
                Id = message.Id,
                Returned = [.. charge.Parts.Where(static part => part.Returned > Amount.Zero).Select(static part =>
                    new ReturnedCost(part.Budget, part.Key, WantedCost.Number(part.Returned)))],
            };
        }

        foreach (var part in begun)
            await limiter.RefundAsync(part.Permit, CancellationToken.None);
        return (answer, null);
    }

    /// <summary>
    /// Records the amounts that are about to be returned; does nothing if everything was returned before.
    /// </summary>
    private async ValueTask<AcquireProblem?> RecordAsync(
        Actor by, string id, List<(ChargePart Part, Amount Amount)> amounts)
    {
        List<(string, string?, Amount?)> due;
        lock (_lock)
        {
            due = [.. amounts.Where(static one => one.Part.Returned == Amount.Zero).Select(static one =>
                (one.Part.Budget, (string?)one.Part.Permit.Parts[0].Key.Text, (Amount?)one.Amount))];
        }

        return due.Count == 0 ? null : await recorder.ReturnAsync(by, id, due);
    }

    private static (List<(ChargePart Part, Amount Amount)> Amounts, AcquireProblem? Problem) Amounts(
        ServiceCharge charge, IReadOnlyList<CostMessage>? costs)
    {
        if (costs is null)
            return ([.. charge.Parts.Select(static part => (part, part.Cost))], null);
        var amounts = new List<(ChargePart, Amount)>(costs.Count);
        for (var i = 0; i < costs.Count; i++)
        {
            var place = $"costs[{i}]";
            if (costs[i] is null)
                return ([], AcquireProblem.Invalid($"{place} is null; write an object."));
            if (WantedCall.ReadAmount(costs[i].Cost, place, out var problem) is not { } amount)
                return ([], problem);
            var part = charge.Parts.Find(one => one.Budget == costs[i].Budget && one.Key == costs[i].Key);
            if (part is null || amount > part.Cost)
            {
                return ([], AcquireProblem.Invalid(part is null
                    ? $"{place}: this id has no charge to that budget and key that can be returned."
                    : $"{place}: {amount} is more than the {part.Cost} that was charged."));
            }

            amounts.Add((part, amount));
        }

        return (amounts, null);
    }

    private sealed record ServiceCharge((string Service, string Id) Name, List<ChargePart> Parts)
    {
        public long EndMs { get; } = Parts.Max(static part => part.EndMs);

        public void Complete()
        {
            foreach (var part in Parts.Where(static part => part.Returned == Amount.Zero))
                part.Permit.Complete();
        }
    }

    private sealed class ChargePart(Permit permit, string budget, string? key, Amount cost, long endMs)
    {
        public Permit Permit => permit;

        public string Budget => budget;

        public string? Key => key;

        public Amount Cost => cost;

        public long EndMs => endMs;

        public Amount Returned { get; private set; }

        /// <summary>Returns true once, while the window lasts: a permit is returned only once.</summary>
        public bool TryBegin(Amount amount, long nowMs)
        {
            if (Returned > Amount.Zero || nowMs >= endMs)
                return false;
            permit.Parts[0].Refundable = Returned = amount;
            return true;
        }
    }
}
