namespace Gateway.Admin.Counters;

/// <summary>One limit of a grant with its current use.</summary>
/// <param name="Server">The server.</param>
/// <param name="Counter">The counter's name in the policy.</param>
/// <param name="Shared">True if all grants of the server share it.</param>
/// <param name="Rule">The limit, as a JSON Pointer into the policy.</param>
/// <param name="Window">The window as written.</param>
/// <param name="Limit">The exact maximum that one window admits; with <see cref="Each"/>, of persons or values.</param>
/// <param name="Used">The exact amount that this window has charged or, with <see cref="Each"/>, the number of persons
/// or values; null if the engine could not report it.</param>
/// <param name="Left">The amount that it can still admit.</param>
/// <param name="UsedRatio">The used fraction.</param>
/// <param name="Reset">The end of the window.</param>
/// <param name="Problem">The reason why the engine could not report it.</param>
internal sealed record BudgetView(
    string Server,
    string Counter,
    bool Shared,
    string Rule,
    string Window,
    string Limit,
    string? Used,
    string? Left,
    double? UsedRatio,
    DateTimeOffset? Reset,
    string? Problem)
{
    /// <summary>The kind that has its own counter, such as <c>person</c>; absent for a single counter.</summary>
    public string? Each { get; init; }

    /// <summary>The exact maximum of each of these counters in one window.</summary>
    public string? EachMax { get; init; }

    public static BudgetView Of(CounterView counter) => new(
        counter.Server, counter.Counter, counter.Grant is null, counter.Rule, counter.Window, counter.Max, counter.Used,
        counter.Remaining,
        Number(counter.Used) is { } used && Number(counter.Max) is > 0 and var max ? (double)(used / max) : null,
        counter.ResetAt, counter.Problem)
    {
        Each = counter.Each,
        EachMax = counter.EachMax,
    };

    private static decimal? Number(string? amount) => decimal.TryParse(
        amount, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture,
        out var number) ? number : null;
}
