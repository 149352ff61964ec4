using Gateway.Limits.Model;
using Gateway.Policy.Conditions;

namespace Gateway.Policy.Documents;

/// <summary>One entry of <c>budgets</c> as written.</summary>
internal sealed record BudgetUseDocument
{
    public required string Pointer { get; init; }

    /// <summary>The budget's name in the gateway's configuration.</summary>
    public required string Budget { get; init; }

    /// <summary>The cost of one call, if it is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that determines the cost of a call; null if it is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }
}
