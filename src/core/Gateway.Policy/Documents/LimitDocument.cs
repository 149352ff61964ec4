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

    /// <summary>The scope of the counter; that of a limit for each subject is the server.</summary>
    public LimitScope Scope { get; init; }

    /// <summary>True for <c>"scope": "subject"</c>: each subject has its own counter, over all grants.</summary>
    public bool IsPerSubject { get; init; }

    /// <summary>True for <c>"without": "grant"</c>: a call without a subject counts for its grant.</summary>
    public bool CountsForGrant { get; init; }

    public IWindowKind Kind { get; init; } = WindowKind.Fixed;

    /// <summary>The cost of one call, if it is fixed.</summary>
    public Amount Increment { get; init; } = Amount.One;

    /// <summary>The argument that determines the cost of a call; null if it is fixed.</summary>
    public ArgumentPath? IncrementFrom { get; init; }

    /// <summary>
    /// The arguments, or parts of the caller, whose values each have their own counter; empty for one shared counter.
    /// </summary>
    public ImmutableArray<ValuePath> By { get; init; } = [];

    /// <summary>Maximum number of values in a window.</summary>
    public Amount KeysMax { get; init; }

    /// <summary>True if each subject or value has its own counter.</summary>
    public bool CountsValues => IsPerSubject || !By.IsEmpty;

    /// <summary>The subject and the values that determine the counter's identity.</summary>
    public string ByText =>
        By.IsEmpty && !IsPerSubject ? "" : (IsPerSubject ? "subject; " : "") + string.Join(", ", By);

    /// <summary>The kind of person or value that has its own counter, in words; empty for one counter.</summary>
    public string EachText => string.Join(
        " and ",
        (IsPerSubject ? [CountsForGrant ? "person or grant" : "person"] : Array.Empty<string>())
            .Concat(By.Select(static by => by.Path.Text)));

    public bool RefundOnError { get; init; }

    /// <summary>The time for which a call may wait for room as a task; zero refuses it at once.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The shares of <see cref="Max"/> that trigger a notification, smallest first.</summary>
    public ImmutableArray<NotifyShare> NotifyAt { get; init; } = [];
}
