namespace Gateway.Admin.Answers;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it, in the order that was asked for, by name if none was.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent on the last one.</param>
internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>How many there are on all pages, as filtered; absent where that is not counted.</summary>
    public int? Total { get; init; }

    /// <summary>The same page, each as it is shown.</summary>
    public PageView<TOther> Select<TOther>(Func<T, TOther> show) =>
        new([.. Items.Select(show)], Next) { Total = Total };
}
