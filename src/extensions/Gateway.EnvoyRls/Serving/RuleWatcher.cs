using Gateway.Control.Updating;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Rules;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EnvoyRls.Serving;

/// <summary>
/// Holds the active rules and tokens, and checks every second whether the files have changed. Problems are reported
/// once, with their lines, and the previous rules stay active.
/// </summary>
internal sealed partial class RuleWatcher(
    RlsSettings settings, SnapshotUpdater control, TimeProvider time, ILogger<RuleWatcher> logger)
    : BackgroundService
{
    private const int BudgetWarningsMax = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private volatile RlsRules? _rules;
    private string _digest = "";
    private HashSet<RuleProblem> _refusedBy = [];

    public RlsRules Rules => _rules ?? throw new InvalidOperationException("The rules were not opened.");

    /// <summary>The active tokens; null if callers need none.</summary>
    public CallerTokens? Tokens { get; private set; }

    /// <summary>Checks that the rules can be loaded.</summary>
    /// <exception cref="ListenException">
    /// The rules are not valid; the message lists the problems with file and line.
    /// </exception>
    public static void Check(RlsSettings settings) =>
        Read(settings, RuleFiles.Read(settings.RulesPath, settings.Options));

    /// <summary>Loads the rules for the first time.</summary>
    /// <exception cref="ListenException">
    /// The rules are not valid; the message lists the problems with file and line.
    /// </exception>
    public void Open()
    {
        var files = RuleFiles.Read(settings.RulesPath, settings.Options);
        (_rules, var notes) = Read(settings, files);
        _digest = files.Digest();
        Tokens = CallerTokens.Of(settings);
        Report(_rules, notes);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Interval, Look, stoppingToken);

    private static (RlsRules Rules, RuleNotes Notes) Read(RlsSettings settings, RuleFiles files)
    {
        var (rules, notes) = RuleReader.Read(files, settings.Options);
        return rules is not null
            ? (rules, notes)
            : throw new ListenException(
                "the rules of --rls-config are not valid:\n" + string.Join('\n', notes.Problems));
    }

    private void Look()
    {
        switch (Tokens?.Refresh())
        {
            case "":
                LogTokens(settings.TokenFile!);
                break;
            case { } problem:
                LogTokensKept(problem);
                break;
        }

        ReloadIfChanged();
        WarnAboutBudgets();
    }

    private void ReloadIfChanged()
    {
        var files = RuleFiles.Read(settings.RulesPath, settings.Options);
        var digest = files.Digest();
        if (digest == _digest)
            return;
        _digest = digest;
        var (rules, notes) = RuleReader.Read(files, settings.Options);
        if (rules is not null)
            _rules = rules;
        Report(rules, notes);
    }

    /// <summary>Warns once about each budget that a descriptor cannot charge, until that has changed.</summary>
    private void WarnAboutBudgets()
    {
        var state = control.State;
        // The budgets have not been read yet.
        if (ReferenceEquals(state, ControlState.Empty))
            return;
        HashSet<RuleProblem> found = [.. Rules.RefusedBy(state.Objects.Budgets).Take(BudgetWarningsMax)];
        foreach (var warning in found.Except(_refusedBy))
            LogWarning(warning.ToString());
        _refusedBy = found;
    }

    private void Report(RlsRules? rules, RuleNotes notes)
    {
        foreach (var warning in notes.Warnings)
            LogWarning(warning.ToString());
        foreach (var problem in notes.Problems)
            LogProblem(problem.ToString());
        if (rules is null)
            LogKept(settings.RulesPath);
        else
            LogLoaded(settings.RulesPath, rules.Count);
    }

    [LoggerMessage(1, LogLevel.Information, "The rate limits of {Path} are active; domains: {Domains}")]
    private partial void LogLoaded(string path, int domains);

    [LoggerMessage(2, LogLevel.Error, "The rate limits of {Path} are not valid; the last valid limits stay active")]
    private partial void LogKept(string path);

    [LoggerMessage(3, LogLevel.Error, "rate limits: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(4, LogLevel.Warning, "rate limits: {Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(5, LogLevel.Information, "The tokens of {Path} are active for callers of the rate limit service")]
    private partial void LogTokens(string path);

    [LoggerMessage(6, LogLevel.Error, "The callers' tokens cannot be used; the previous tokens stay active: {Problem}")]
    private partial void LogTokensKept(string problem);
}
