using System.CommandLine;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Policies;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs.Audit;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>gateway policy candidate</c>: an edit that is evaluated beside the current policy.</summary>
internal static class PolicyCandidate
{
    private static readonly Argument<string> Name = Resources.Policies.Name;

    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The edited policy; - for standard input.",
    };

    private static readonly Argument<string[]> Grants = new("grant")
    {
        Description = "The grants for which the candidate decides. If you give none, the candidate decides only for "
            + "the percentage of sessions.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> Sessions = new("--sessions")
    {
        Description = "Let the candidate also decide for this percentage of the sessions of all other grants. A "
            + "session keeps its policy; calls without a session are assigned by caller. If this option is omitted, "
            + "the percentage does not change; with 0, the candidate does not decide for any session of other grants.",
        HelpName = "PERCENT",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Set the candidate even if a test in it fails.",
    };

    private static readonly Option<string?> Since = new("--since")
    {
        Description = "The earliest call: an age such as 7d, today, yesterday, or an instant. Calls from before "
            + "the candidate was set are not evaluated.",
        HelpName = "WHEN",
    };


    public static Command Create() => new(
        "candidate",
        "Try an edited policy beside the active one: at first the edited policy only evaluates calls, then it decides "
            + "for some grants or sessions, then for all.")
    {
        RemoteVerb.Create("set",
            "Let an edited policy evaluate each call beside the active one. The edited policy does not decide, and it "
            + "counts separately; the audit record of each call shows what it would have decided.\n\nExample:\n"
            + "  gateway policy candidate set support support.new.json",
            SetAsync, Name, Document, Force, RemoteVerb.Reason),
        RemoteVerb.Create("show", "Print the candidate's document.", ShowAsync, Name),
        RemoteVerb.CreateRows("verdicts",
            "List the calls that the candidate would have decided differently.\n\nExample:\n"
            + "  gateway policy candidate verdicts support --since 24h",
            EvaluateAsync, Name, Since, Frontends.Addresses, AuditReplay.By),
        RemoteVerb.Create("grants",
            "Let the candidate decide for these grants and this share of sessions only, instead of the policy."
            + "\n\nExamples:\n"
            + "  gateway policy candidate grants support support-bot\n"
            + "  gateway policy candidate grants support --sessions 10\n"
            + "  gateway policy candidate grants support --sessions 0",
            GrantsAsync, Name, Grants, Sessions),
        RemoteVerb.Create("promote", "Publish the candidate to all grants, as a new version of the policy.",
            PromoteAsync, Name, Force, RemoteVerb.Reason),
        RemoteVerb.Create("remove",
            "Delete the candidate. The policy then decides for all grants.", RemoveAsync, Name),
    };

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (PolicyFile.Load(parsed.GetValue(Document)!, out var bytes) is null)
            return ExitCode.Usage;
        var version = await client.VersionAsync(Path(parsed), cancellation);
        var body = new CandidateInput(
            System.Text.Encoding.UTF8.GetString(bytes),
            await client.VersionAsync(Resources.Policies.PathOf(parsed), cancellation));
        var set = await client.PutAsync(
            PolicyHistory.With(Path(parsed), parsed.GetValue(Force)), body, ClientJson.Default.CandidateInput,
            version, ClientJson.Default.CandidateView, cancellation);
        Warn(set.Value.Warnings);
        output.Say($"The candidate evaluates calls of {parsed.GetValue(Name)}, but does not decide them. See: "
            + $"gateway policy candidate verdicts {parsed.GetValue(Name)}", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var shown = await client.GetAsync(Path(parsed), ClientJson.Default.CandidateView, cancellation);
        if (output.IsJson)
        {
            output.Json(shown.Json);
            return ExitCode.Well;
        }

        var candidate = shown.Value;
        Console.Out.WriteLine(candidate.Text);
        Console.Error.WriteLine(VisibleText.Of(
            $"set by {candidate.By}, {Times.Show(candidate.At)}; decides for {Scope(candidate) ?? "no grant"}"));
        return ExitCode.Well;
    }

    private static async Task<int> EvaluateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        DateTimeOffset? from = null;
        if (parsed.GetValue(Since) is { } text)
        {
            if (!WrittenTime.TryBack(text, now, out var since))
            {
                Console.Error.WriteLine($"--since \"{text}\" is not a time: write {WrittenTime.BackRule}.");
                return ExitCode.Usage;
            }

            from = since;
        }

        using var progress = new ReplayProgressLine();
        using var end = new Interrupt(cancellation);
        var job = new BacktestInput(
            Name: parsed.GetValue(Name), Since: from is { } given ? $"{given:O}" : null, Candidate: true);
        try
        {
            var report = await AuditReplay.JobAsync(parsed, client, job, progress, end.Token);
            progress.Clear();
            return report is null ? ExitCode.Usage
                : AuditReplay.Print(
                    output, report, "the candidate", parsed.GetValue(Since) ?? "it became the candidate",
                    parsed.GetValue(AuditReplay.By));
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Console.Error.WriteLine("Canceled; nothing can be concluded from what was read.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> GrantsAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grants = parsed.GetValue(Grants)!;
        var old = await client.GetAsync(Path(parsed), ClientJson.Default.CandidateView, cancellation);
        var set = await client.PutAsync(
            Path(parsed) + "?force=true",
            new CandidateInput(Grants: grants, Percent: parsed.GetValue(Sessions) ?? old.Value.Percent),
            ClientJson.Default.CandidateInput, old.ETag, ClientJson.Default.CandidateView, cancellation);
        output.Say(Scope(set.Value) is { } scope
            ? $"The candidate decides for {scope}, from the next call on."
            : "The candidate does not decide for any grant; the policy decides for all grants.", set.Json);
        return ExitCode.Well;
    }

    /// <summary>Returns the grants and sessions for which the candidate decides; null for none.</summary>
    private static string? Scope(CandidateView candidate) => ResourceText.Joined(
        candidate.Percent > 0 ? [.. candidate.Grants, $"{candidate.Percent} % of the sessions"] : candidate.Grants);

    private static async Task<int> PromoteAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var current = await client.VersionAsync(Resources.Policies.PathOf(parsed), cancellation);
        client.Reason ??= (await client.GetAsync(Path(parsed), ClientJson.Default.CandidateView, cancellation))
            .Value.Reason;
        var path = PolicyHistory.With(Path(parsed) + "/promote", parsed.GetValue(Force));
        var set = await client.PostAsync(path, ClientJson.Default.PolicyView, cancellation, current);
        Warn(set.Value.Warnings);
        output.Say($"{parsed.GetValue(Name)} is active for all grants, sha256 {set.Value.Sha256}.", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var version = await client.VersionAsync(Path(parsed), cancellation);
        await client.DeleteAsync(Path(parsed), version, cancellation);
        output.Say($"The policy {parsed.GetValue(Name)} decides for all grants.", null);
        return ExitCode.Well;
    }

    private static void Warn(IReadOnlyList<string>? warnings)
    {
        foreach (var warning in warnings ?? [])
            Console.Error.WriteLine($"warning: {VisibleText.Of(warning)}");
    }

    private static string Path(ParseResult parsed) => $"{Resources.Policies.PathOf(parsed)}/candidate";
}
