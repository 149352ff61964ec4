using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>One <c>max_in_flight</c>: the counter whose places calls occupy while they are open.</summary>
/// <param name="written">The rule.</param>
/// <param name="entry">The pattern of the entry that contains it, as written; null for the rule of all tools.</param>
/// <param name="isShadow">True if it only records.</param>
internal sealed class InFlightRule(InFlightDocument written, string? entry, bool isShadow)
{
    /// <summary>The counter's name in refusals. No name in a policy has this form.</summary>
    public const string Counter = "(in flight)";

    private const string ShadowCounter = "(in flight)~shadow";

    // Part of the counter's identity, so it must never change: two lengths would be two counters, each with its own
    // slots.
    private static readonly Window Lease = Window.TryFromSeconds(30, out var lease) ? lease : default;

    private readonly CostTerms? _terms = CostTerms.Of([], written.Wait);

    private readonly string _name = entry is null
        ? isShadow ? ShadowCounter : Counter
        : CounterKey.NameByValue(isShadow ? ShadowCounter : Counter, entry);

    public bool IsShadow => isShadow;

    /// <summary>True if a call may wait for a slot.</summary>
    public bool MayWait => written.Wait > TimeSpan.Zero && !isShadow;

    /// <summary>Returns the slot that a call takes.</summary>
    public DecisionCost Place(PolicyBinding binding)
    {
        var scopeId = written.Scope == LimitScope.Server ? binding.Server : $"{binding.Grant}@{binding.Server}";
        var key = new CounterKey(written.Scope, scopeId, _name, WindowKind.InFlight, Lease);
        var cost = new LimitCost(key, Amount.FromUnits(written.Max), Amount.One);
        return new DecisionCost(cost, written.Pointer, Counter, Lease, "") { Terms = _terms };
    }
}
