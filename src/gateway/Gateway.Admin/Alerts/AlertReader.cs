using Gateway.Admin.Records;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Telemetry;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Asking;
using Gateway.Limits.Model;
using Gateway.Policy.Text;

namespace Gateway.Admin.Alerts;

/// <summary>The state of an alert rule at one time.</summary>
/// <param name="Value">The measured value; null if there are too few calls, or no limit was used.</param>
/// <param name="IsFiring">True if the value is above the threshold.</param>
/// <param name="Text">The measurement in one sentence without a full stop.</param>
internal sealed record AlertState(double? Value, bool IsFiring, string Text);

/// <summary>Measures alert rules over all frontends.</summary>
internal sealed class AlertReader(UsageReader usage, StatusReport status, ProcessClock clock)
{
    // Use of limits is summed up by the hour, so a long time costs little.
    private const string LimitsWithin = "24h";
    private const double Percent = 100;

    /// <summary>Returns every readable rule of the configuration file and the store; the file wins.</summary>
    public static IEnumerable<(string Name, AlertSpec Alert)> All(ControlState state)
    {
        foreach (var name in state.Config.Alerts.Keys)
            yield return (name, OfFile(state, name)!);
        foreach (var document in state.Documents.OfKind(ControlKinds.Alerts))
        {
            if (!state.Config.Alerts.ContainsKey(document.Key.Name) && Read(document) is { } alert)
                yield return (document.Key.Name, alert);
        }
    }

    /// <summary>
    /// Returns a rule of the configuration file with the first name of its server, as stored rules have it; null if the
    /// file has no rule of this name.
    /// </summary>
    public static AlertSpec? OfFile(ControlState state, string name) =>
        !state.Config.Alerts.TryGetValue(name, out var alert) ? null
        : alert.Server is { } server ? alert with { Server = state.Names.FirstOf(server) } : alert;

    /// <summary>Returns a rule; null if the document is not readable.</summary>
    public static AlertSpec? Read(ControlDocument document) =>
        document.ReadOrNull(AlertJson.Default.AlertSpec) is { } alert && !alert.Problems().Any() ? alert : null;

    /// <summary>Measures some rules; rules that measure the same calls share one reading.</summary>
    /// <exception cref="ControlStoreException">The figures cannot be read.</exception>
    public async Task<IReadOnlyList<AlertState>> MeasureAsync(
        IEnumerable<AlertSpec> alerts, ControlState state, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<UsageQuestion, UsageAnswer>();
        var states = new List<AlertState>();
        StatusView? view = null;
        foreach (var alert in alerts)
        {
            if (Missing(alert, state) is { } missing)
            {
                states.Add(new AlertState(null, false, missing));
                continue;
            }

            if (alert.Measure is AlertSpec.WaitingApprovals or AlertSpec.ChangedTools)
            {
                states.Add(OfStatus(alert, state, view ??= status.Of(state)));
                continue;
            }

            var question = Question(alert);
            if (!answers.TryGetValue(question, out var answer))
                answers[question] = answer = await usage.AnswerAsync(question, static _ => true, cancellationToken);
            states.Add(alert.Measure == AlertSpec.LimitUse
                ? OfLimits(alert, answer, state) : OfCalls(alert, answer, state));
        }

        return states;
    }

    /// <summary>Returns the reason why a rule can never fire; null if it can.</summary>
    private static string? Missing(AlertSpec alert, ControlState state) =>
        alert.Server is { } server && !state.Objects.Servers.ContainsKey(server)
            ? $"There is no server {state.Names.Shown(server)}, so the rule never fires"
        : alert.Grant is { } grant && !state.Objects.Grants.ContainsKey(grant)
            ? $"There is no grant {grant}, so the rule never fires" : null;

    private UsageQuestion Question(AlertSpec alert)
    {
        var isLimit = alert.Measure == AlertSpec.LimitUse;
        return usage.Read(
            name => name switch
            {
                "since" => isLimit ? LimitsWithin : alert.Over ?? AlertSpec.DefaultOver,
                "step" => isLimit ? "1h" : null,
                "by" => isLimit ? "budget" : null,
                "server" => alert.Server,
                "grant" => alert.Grant,
                "tool" => alert.Tool,
                _ => null,
            }, out var problem)
            ?? throw new InvalidOperationException(problem);
    }

    private static AlertState OfCalls(AlertSpec alert, UsageAnswer answer, ControlState state)
    {
        var (of, over) = (Of(alert, state), alert.Over ?? AlertSpec.DefaultOver);
        var results = answer.Results!;
        var refused = Percent * answer.Refused / answer.Calls;
        var failed = Percent * results.Errors / results.Count;
        var (value, count, text) = alert.Measure switch
        {
            AlertSpec.RefusalRate => (
                refused, answer.Calls, FormattableString.Invariant($"{refused:0.#} % of the calls{of} were refused")),
            AlertSpec.ErrorRate => (
                failed, results.Count, FormattableString.Invariant($"{failed:0.#} % of the allowed calls{of} failed")),
            AlertSpec.Latency => (
                results.P95Ms ?? 0, results.Count,
                FormattableString.Invariant($"5 % of the allowed calls{of} took {results.P95Ms:0} ms or more")),
            AlertSpec.Calls => (answer.Calls, long.MaxValue, $"There were {Spelling.Count(answer.Calls, "call")}{of}"),
            _ => throw new NotSupportedException($"The measure {alert.Measure} has no case here."),
        };
        var least = alert.MinCalls ?? AlertSpec.DefaultMinCalls;
        return count < least
            ? new AlertState(null, false, $"There were fewer than {Spelling.Count(least, "call")}{of} in {over}")
            : State(alert, value, $"{text} in {over}");
    }

    private AlertState OfLimits(AlertSpec alert, UsageAnswer answer, ControlState state)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        var fullest = answer.Limits!.Where(limit => limit.Reset > now && limit.Max > 0
                && (alert.Limit is null || limit.Name == alert.Limit))
            .MaxBy(static limit => limit.Used / limit.Max);
        if (fullest is null)
            return new AlertState(null, false, "No matching limit was used in its current window");
        var value = Percent * fullest.Used / fullest.Max;
        var name = fullest.Server == CounterRatios.Budgets ? $"budget {fullest.Name}"
            : $"limit {fullest.Name} of {state.Names.Shown(fullest.Server)}";
        return State(alert, value, FormattableString.Invariant($"{value:0.#} % of the {name} is used, until ")
            + WrittenTime.Shown(fullest.Reset));
    }

    private static AlertState OfStatus(AlertSpec alert, ControlState state, StatusView view)
    {
        var server = alert.Server is { } first ? state.Names.Shown(first) : null;
        var count = alert.Measure == AlertSpec.WaitingApprovals ? view.Approvals?.Open ?? 0
            : view.ServerStates.Where(one => server is null || one.Name == server)
                .Sum(static one => one.BlockedTools + one.UnacceptedTools);
        return State(alert, count, alert.Measure == AlertSpec.WaitingApprovals
            ? Spelling.Count(count, "call waits for approval", "calls wait for approval")
            : Spelling.Count(count, "tool is", "tools are") + " new, changed or blocked"
                + (server is null ? "" : $" at {server}"));
    }

    private static AlertState State(AlertSpec alert, double value, string text) =>
        new(value, value > alert.Above, FormattableString.Invariant($"{text}; the threshold is {alert.Above}"));

    private static string Of(AlertSpec alert, ControlState state) =>
        (alert.Tool is { } tool ? $" of {tool}" : "")
        + (alert.Server is { } server ? $" to {state.Names.Shown(server)}" : "")
        + (alert.Grant is { } grant ? $" by {grant}" : "");
}
