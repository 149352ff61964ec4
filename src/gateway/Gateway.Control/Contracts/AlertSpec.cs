using System.Collections.Immutable;

namespace Gateway.Control.Contracts;

/// <summary>
/// An alert rule as an operator configures it. While a measured value is above a threshold, the alert needs attention.
/// </summary>
public record AlertSpec
{
    /// <summary>The measure of refused calls in percent of all calls.</summary>
    public const string RefusalRate = "refusal-rate";

    /// <summary>The measure of failed calls in percent of allowed calls.</summary>
    public const string ErrorRate = "error-rate";

    /// <summary>The measure of the duration that 95 % of the allowed calls do not exceed, in milliseconds.</summary>
    public const string Latency = "p95-latency";

    /// <summary>The measure of the number of calls.</summary>
    public const string Calls = "calls";

    /// <summary>The measure of the use of a limit or a budget in percent of its maximum.</summary>
    public const string LimitUse = "limit-use";

    /// <summary>The measure of the number of calls that wait for approval.</summary>
    public const string WaitingApprovals = "waiting-approvals";

    /// <summary>
    /// The measure of the number of tools that are not accepted, changed since acceptance or are blocked.
    /// </summary>
    public const string ChangedTools = "changed-tools";

    /// <summary>The severity of an alert that does not name one.</summary>
    public const string DefaultSeverity = "warning";

    /// <summary>The period of an alert that does not name one.</summary>
    public const string DefaultOver = "10m";

    /// <summary>The minimum number of calls of an alert that does not name one.</summary>
    public const int DefaultMinCalls = 20;

    /// <summary>The maximum number of rules, of the configuration file and the store together.</summary>
    public const int CountMax = 32;

    /// <summary>The longest period; a frontend adds up its minutes once a minute.</summary>
    public static TimeSpan OverMax { get; } = TimeSpan.FromHours(6);

    /// <summary>The declared members.</summary>
    public static ImmutableArray<SpecMember> Members { get; } = SpecMember.Of(SpecJson.Default.AlertSpec);

    private const int NameLengthMax = 128;

    /// <summary>The measured value; required.</summary>
    [Member("The measured value: the percentage of calls that are refused, the percentage of allowed calls that fail, "
        + "the 95th percentile of the duration of allowed calls in ms, the number of calls, the used percentage of a "
        + "limit or budget, the number of calls that wait for approval, or the number of changed and blocked tools.",
        Choices = [RefusalRate, ErrorRate, Latency, Calls, LimitUse, WaitingApprovals, ChangedTools],
        HasDefault = false, Placeholder = "MEASURE", Order = 1)]
    public string? Measure { get; set; }

    /// <summary>The threshold; required.</summary>
    [Member("The threshold: the alert fires while the value is above it.",
        Min = 0, Max = 1_000_000_000, Placeholder = "NUMBER", Order = 2)]
    public int? Above { get; set; }

    /// <summary>The period in which calls are measured.</summary>
    [Member("The period in which calls are measured, up to now: whole minutes or hours, at most 6h. Default: "
        + DefaultOver + ".",
        Placeholder = "LENGTH", Order = 3)]
    public string? Over { get; set; }

    /// <summary>The only server.</summary>
    [Member("Only calls to this server, or tools of this server.", LengthMax = NameLengthMax, Placeholder = "NAME",
        Order = 4)]
    public string? Server { get; set; }

    /// <summary>The only grant.</summary>
    [Member("Only calls of this grant.", LengthMax = NameLengthMax, Placeholder = "NAME", Order = 5)]
    public string? Grant { get; set; }

    /// <summary>The only tool.</summary>
    [Member("Only calls of this tool.", LengthMax = NameLengthMax, Placeholder = "NAME", Order = 6)]
    public string? Tool { get; set; }

    /// <summary>The only limit or budget.</summary>
    [Member("Only the limit with this counter name, or the budget of this name; for limit-use.",
        LengthMax = NameLengthMax, Placeholder = "NAME", Order = 7)]
    public string? Limit { get; set; }

    /// <summary>The minimum number of calls for a rate or a latency.</summary>
    [Member("The minimum number of calls in the period for a rate or a latency. With fewer calls, the alert does not "
        + "fire.",
        Min = 1, Max = 1_000_000, Default = DefaultMinCalls, Placeholder = "NUMBER", Order = 8)]
    public int? MinCalls { get; set; }

    /// <summary>The severity among the conditions that need attention.</summary>
    [Member("The severity.", Choices = [DefaultSeverity, "critical", "info"], Placeholder = "SEVERITY", Order = 9)]
    public string? Severity { get; set; }

    /// <summary>A note for those who are notified.</summary>
    [Member("A note for the people who are notified, such as the first step to take.",
        LengthMax = 512, Placeholder = "TEXT", Order = 10)]
    public string? Note { get; set; }

    /// <summary>Returns the JSON Pointer of each member that is not valid, with the reason.</summary>
    public IEnumerable<(string Pointer, string Message)> Problems()
    {
        if (Measure is null)
            yield return ("/measure", $"\"measure\" is required: write a measure, such as \"{RefusalRate}\"");
        if (Above is null)
            yield return ("/above", "\"above\" is required: write the threshold, a whole number");
        foreach (var problem in Members.Problems(this))
            yield return problem;
        if (Over is not null && (!Policy.Text.WrittenTime.TryLength(Over, out var over)
            || over > OverMax || over.Ticks % TimeSpan.TicksPerMinute != 0))
            yield return ("/over", "\"over\" must be whole minutes or hours from 1m to 6h, such as 10m");
        foreach (var (name, value, measures) in Filters())
        {
            if (value is not null && Measure is { } measure && !measures.Contains(measure))
                yield return ($"/{name}", $"\"{name}\" has no effect on {measure}; remove \"{name}\"");
        }
    }

    /// <summary>
    /// Returns the problems of an alert that never fires. An earlier release accepted it, so it stays readable.
    /// </summary>
    public IEnumerable<(string Pointer, string Message)> ProblemsOfNew() =>
        Above >= 100 && Measure is RefusalRate or ErrorRate
            ? [("/above", $"\"above\" must be below 100, since {Measure} is in percent")]
            : [];

    private (string Name, object? Value, string[] Measures)[] Filters() =>
    [
        ("over", Over, [RefusalRate, ErrorRate, Latency, Calls]),
        ("minCalls", MinCalls, [RefusalRate, ErrorRate, Latency]),
        ("server", Server, [RefusalRate, ErrorRate, Latency, Calls, LimitUse, ChangedTools]),
        ("grant", Grant, [RefusalRate, ErrorRate, Latency, Calls, LimitUse]),
        ("tool", Tool, [RefusalRate, ErrorRate, Latency, Calls]),
        ("limit", Limit, [LimitUse]),
    ];
}
