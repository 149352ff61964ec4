using System.Globalization;
using Gateway.Acquire.Messages;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;

namespace Gateway.Acquire.Deciding;

/// <summary>One cost of a request, with the budget to charge.</summary>
internal sealed record WantedCost(Budget Budget, string? Key, CounterKey Counter, Amount Cost)
{
    public LimitCost Charge => Budget.CostOf(Counter, Cost);

    /// <summary>A minimal cost, to query the remaining amount.</summary>
    public LimitCost Look => Budget.CostOf(Counter, Amount.FromNano(1));

    public CostAnswer Answer(Amount max, Amount remaining, long resetAtMs) => new()
    {
        Budget = Budget.Name,
        Key = Key,
        Cost = Number(Cost),
        Max = Number(max),
        Remaining = Number(remaining),
        Reset = resetAtMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(resetAtMs) : null,
    };

    /// <summary>Converts exactly: an amount has at most 27 digits, and this type holds 28.</summary>
    public static decimal Number(Amount amount) => decimal.Parse(amount.ToString(), CultureInfo.InvariantCulture);
}
