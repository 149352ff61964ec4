using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Conditions;

namespace Gateway.Policy.Documents;

/// <summary>One limit as written, with its window normalized.</summary>
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

    /// <summary>The cost of one call, if it is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that determines the cost of a call; null if it is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }

    /// <summary>The arguments whose values each have their own counter; empty for one shared counter.</summary>
    public ImmutableArray<ValuePath> By { get; init; } = [];

    /// <summary>Maximum number of values in a window.</summary>
    public Amount KeysMax { get; init; }

    /// <summary>The part of <see cref="By"/> that determines the counter's identity.</summary>
    public string ByText => string.Join(", ", By);

    public bool RefundOnError { get; init; }

    /// <summary>The shares of <see cref="Max"/> that trigger a notification, smallest first.</summary>
    public ImmutableArray<NotifyShare> NotifyAt { get; init; } = [];
}
