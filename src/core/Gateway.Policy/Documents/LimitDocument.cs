using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Conditions;

namespace Gateway.Policy.Documents;

/// <summary>One limit as written, its window normalised.</summary>
internal sealed record LimitDocument
{
    public required string Pointer { get; init; }

    public required int Offset { get; init; }

    public required string Counter { get; init; }

    public required Window Window { get; init; }

    public required string WindowText { get; init; }

    public required Amount Max { get; init; }

    public LimitScope Scope { get; init; }

    public IWindowKind Kind { get; init; } = WindowKind.Fixed;

    /// <summary>What one call counts, where that is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that says what a call counts; null where that is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }

    /// <summary>The arguments of whose values each has a counter of its own; none for one counter of all.</summary>
    public ImmutableArray<ValuePath> By { get; init; } = [];

    /// <summary>How many values a window may have.</summary>
    public Amount KeysMax { get; init; }

    /// <summary>What of <see cref="By"/> makes two limits one counter.</summary>
    public string ByText => string.Join(", ", By);

    public bool RefundOnError { get; init; }

    /// <summary>The shares of <see cref="Max"/> at which people are told, the smallest first.</summary>
    public ImmutableArray<NotifyShare> NotifyAt { get; init; } = [];
}
