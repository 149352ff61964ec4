namespace Gateway.Admin.Answers;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it, by name in ordinal order.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent on the last one.</param>
internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next);
