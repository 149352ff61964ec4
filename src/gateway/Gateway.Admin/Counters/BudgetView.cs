namespace Gateway.Admin.Counters;

/// <summary>One limit of a grant as it stands.</summary>
/// <param name="Server">On which server.</param>
/// <param name="Counter">The counter's name in the policy.</param>
/// <param name="Shared">Whether all grants of the server use it up together.</param>
/// <param name="Rule">The limit, as a JSON Pointer into the policy.</param>
/// <param name="Window">The window as written.</param>
/// <param name="Limit">The most that one window admits, exact.</param>
/// <param name="Used">What this window has charged, exact; null where the engine could not say.</param>
/// <param name="Left">What it could still admit.</param>
/// <param name="UsedRatio">The share that is used.</param>
/// <param name="Reset">When the window ends.</param>
/// <param name="Problem">Why the engine could not say.</param>
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
    public static BudgetView Of(CounterView counter) => new(
        counter.Server, counter.Counter, counter.Grant is null, counter.Rule, counter.Window, counter.Max, counter.Used,
        counter.Remaining,
        Number(counter.Used) is { } used && Number(counter.Max) is > 0 and var max ? (double)(used / max) : null,
        counter.ResetAt, counter.Problem);

    private static decimal? Number(string? amount) => decimal.TryParse(
        amount, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture,
        out var number) ? number : null;
}
