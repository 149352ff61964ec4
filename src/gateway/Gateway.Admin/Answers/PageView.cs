namespace Gateway.Admin.Answers;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items of the page, in the requested order; by name if none was requested.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent on the last one.</param>
internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>The number of items on all pages after filtering; absent if they are not counted.</summary>
    public int? Total { get; init; }

    /// <summary>Returns the page with each item in another form.</summary>
    public PageView<TOther> Select<TOther>(Func<T, TOther> show) =>
        new([.. Items.Select(show)], Next) { Total = Total };
}
