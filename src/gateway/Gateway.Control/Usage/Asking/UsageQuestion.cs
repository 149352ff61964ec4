using System.Text.Json;
using Gateway.Audit.Searching;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Keeping;
using Gateway.Policy.Text;

namespace Gateway.Control.Usage.Asking;

/// <summary>A query for calls, with their grouping.</summary>
/// <param name="SinceMs">The start of the first step in Unix milliseconds.</param>
/// <param name="UntilMs">The end of the last step.</param>
/// <param name="StepMs">The length of each step: whole minutes, or whole hours.</param>
/// <param name="By">The subject of each row.</param>
/// <param name="Server">The only server to include; null for all.</param>
/// <param name="Grant">The only grant to include; null for all.</param>
/// <param name="Tool">The only tool to include; null for all.</param>
public sealed record UsageQuestion(
    long SinceMs, long UntilMs, long StepMs, UsageBy By, string? Server, string? Grant, string? Tool)
{
    /// <summary>The only policy to include; null for all.</summary>
    public string? Policy { get; init; }

    /// <summary>The only callers to include; null members for all.</summary>
    public CallerNames Caller { get; init; }

    /// <summary>True if only the audit log has the figures: they are not stored by person.</summary>
    public bool NeedsLog => !Caller.IsEmpty
        || By is UsageBy.Caller or UsageBy.CallerIssuer or UsageBy.CallerClient or UsageBy.CallerActor;

    /// <summary>True for charges to budgets: each budget is a tool of one server.</summary>
    internal bool IsOfBudgets => Server == CounterRatios.Budgets;

    /// <summary>The groupings, as queries name them.</summary>
    public static IReadOnlyList<string> Groupings { get; } =
        [.. Enum.GetNames<UsageBy>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private const int PointsMax = 1500;

    /// <summary>The parameters of a query, and their meanings.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        ("since", "The start: an age such as 7d, today, yesterday, or an instant. Default: 1h."),
        ("until", "The end, in the same forms as the start. Default: now."),
        ("step", "The length of time that a point covers: whole minutes for the last 48 hours, otherwise whole hours "
            + "or days."),
        ("by", $"The subject of each row: {string.Join(", ", Groupings)}. Default: outcome."),
        ("server", "Only this server."),
        ("grant", "Only this grant."),
        ("tool", "Only this tool."),
        ("policy", "Only calls that this policy decided."),
        ("caller", "Only this subject, from the audit log of the gateway that serves the request."),
        ("callerIssuer", "Only callers of this issuer, from the audit log of the gateway that serves the request."),
        ("callerClient", "Only callers whose token was issued to this OAuth client, from the audit log of the gateway "
            + "that serves the request."),
        ("callerActor", "Only calls that this party made on behalf of the caller, from the audit log of the gateway "
            + "that serves the request."),
    ];

    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>True if whole hours suffice for the query.</summary>
    internal bool IsByHour => StepMs % Hour == 0;

    /// <summary>The number of points.</summary>
    internal int Points => (int)((UntilMs - SinceMs + StepMs - 1) / StepMs);

    /// <summary>Reads a query; returns null with the problem if it is invalid.</summary>
    /// <param name="ask">Returns a parameter's text; null or empty if it is absent.</param>
    /// <param name="now">The present.</param>
    /// <param name="problem">The problem, and what to write instead.</param>
    public static UsageQuestion? Read(
        Func<string, string?> ask, DateTimeOffset now, out string problem)
    {
        problem = "";
        if (!Time("since", now - TimeSpan.FromHours(1), out var since, out problem)
            || !Time("until", now, out var until, out problem))
            return null;
        var (sinceMs, untilMs) = (since.ToUnixTimeMilliseconds(), Math.Min(
            until.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds()));
        if (sinceMs >= untilMs || sinceMs < 0)
            return Wrong("\"since\" must be before \"until\", and neither may be in the future.", out problem);
        var hasMinutes = sinceMs >= now.ToUnixTimeMilliseconds() - (UsageStore.MinutesKeptHours * Hour);
        if (!TryStep(Text("step"), untilMs - sinceMs, hasMinutes, out var stepMs))
        {
            return Wrong(
                "\"step\" must be whole minutes such as 5m, or whole hours or days such as 1h or 1d.", out problem);
        }

        if (!Enum.TryParse<UsageBy>(Text("by") ?? nameof(UsageBy.Outcome), ignoreCase: true, out var by)
            || !Enum.IsDefined(by) || char.IsDigit((Text("by") ?? "o")[0]))
            return Wrong($"\"by\" must be one of {string.Join(", ", Groupings)}.", out problem);
        var unit = stepMs % Hour == 0 ? Hour : Minute;
        var question = new UsageQuestion(
            sinceMs / stepMs * stepMs, (untilMs + unit - 1) / unit * unit, stepMs, by,
            Text("server"), Text("grant"), Text("tool"))
        {
            Policy = Text("policy"),
            Caller = CallerNames.Read(Text),
        };
        if (question.UntilMs - question.SinceMs > PointsMax * stepMs)
        {
            return Wrong(
                $"The figures would have more than {PointsMax} points; use a longer \"step\" or a later \"since\".",
                out problem);
        }

        if (unit == Minute && question.SinceMs < now.ToUnixTimeMilliseconds() - (UsageStore.MinutesKeptHours * Hour))
        {
            return Wrong(
                $"Single minutes are kept for {UsageStore.MinutesKeptHours} hours. Use a \"step\" of 1h or more, "
                + "or a later \"since\".", out problem);
        }

        return question;

        string? Text(string name) => ask(name) is { Length: > 0 } text ? text : null;

        bool Time(string name, DateTimeOffset otherwise, out DateTimeOffset time, out string problem)
        {
            (time, problem) = (otherwise, "");
            if (Text(name) is not { } text || WrittenTime.TryBack(text, now, out time))
                return true;
            problem = $"\"{name}\" is not a time: write {WrittenTime.BackRule}.";
            return false;
        }
    }

    private static bool TryStep(string? text, long spanMs, bool hasMinutes, out long stepMs)
    {
        stepMs = spanMs switch
        {
            <= 2 * Hour when hasMinutes => Minute,
            <= 12 * Hour when hasMinutes => 10 * Minute,
            <= 31 * Day => Hour,
            _ => Day,
        };
        if (text is null)
            return true;
        if (!WrittenTime.TryLength(text, out var length))
            return false;
        stepMs = (long)length.TotalMilliseconds;
        return stepMs % (stepMs >= Hour ? Hour : Minute) == 0;
    }

    private static UsageQuestion? Wrong(string what, out string problem)
    {
        problem = what;
        return null;
    }
}
