using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>What a condition is held against: one call at one instant.</summary>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Work">What looking at them may cost.</param>
internal readonly record struct JudgedCall(JsonNode Arguments, WorkBudget Work)
{
    /// <summary>The instant of the decision; null where no clock can be trusted.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The lists that may be named.</summary>
    public NamedLists Lists { get; init; } = NamedLists.None;

    /// <summary>What comparing something that is not there comes to: false, but for <c>approve_if</c>.</summary>
    public TriState Missing { get; init; }
}
