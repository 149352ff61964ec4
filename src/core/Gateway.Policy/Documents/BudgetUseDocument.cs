using Gateway.Limits.Model;
using Gateway.Policy.Conditions;

namespace Gateway.Policy.Documents;

/// <summary>One entry of <c>budgets</c> as written.</summary>
internal sealed record BudgetUseDocument
{
    public required string Pointer { get; init; }

    /// <summary>The budget's name, as the gateway's configuration has it.</summary>
    public required string Budget { get; init; }

    /// <summary>What one call counts, where that is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that says what a call counts; null where that is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }
}
