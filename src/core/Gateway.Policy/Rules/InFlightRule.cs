using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>One <c>max_in_flight</c>: the counter whose places are taken by calls while they are open.</summary>
/// <param name="written">The rule.</param>
/// <param name="entry">The entry that it stands in, as written; null for that of all tools.</param>
/// <param name="isShadow">Whether it only records.</param>
internal sealed class InFlightRule(InFlightDocument written, string? entry, bool isShadow)
{
    /// <summary>What a refusal calls the counter. No name that a policy gives is written so.</summary>
    public const string Counter = "(in flight)";

    private const string ShadowCounter = "(in flight)~shadow";

    // Part of what the counter is. It must never change: two lengths would be two counters, each with its places.
    private static readonly Window Lease = Window.TryFromSeconds(30, out var lease) ? lease : default;

    private readonly string _name = entry is null
        ? isShadow ? ShadowCounter : Counter
        : CounterKey.NameByValue(isShadow ? ShadowCounter : Counter, entry);

    public bool IsShadow => isShadow;

    /// <summary>The place that a call takes.</summary>
    public DecisionCost Place(PolicyBinding binding)
    {
        var scopeId = written.Scope == LimitScope.Server ? binding.Server : $"{binding.Grant}@{binding.Server}";
        var key = new CounterKey(written.Scope, scopeId, _name, WindowKind.InFlight, Lease);
        var cost = new LimitCost(key, Amount.FromUnits(written.Max), Amount.One);
        return new DecisionCost(cost, written.Pointer, Counter, Lease, "");
    }
}
