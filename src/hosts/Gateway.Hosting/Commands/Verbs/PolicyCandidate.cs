using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway policy candidate</c>: an edit that is judged beside the policy in force.</summary>
internal static class PolicyCandidate
{
    private static readonly Argument<string> Name = new("name") { Description = "The policy's name." };

    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The edited policy; - for standard input.",
    };

    private static readonly Argument<string[]> Grants = new("grant")
    {
        Description = "Grants for which the candidate decides; none: it decides for nobody.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Although a test in it fails.",
    };

    private static readonly Option<string?> Since = new("--since")
    {
        Description = "Calls from then on: a length back such as 7d, today, yesterday, or an instant; since it became "
            + "the candidate, at the earliest.",
        HelpName = "WHEN",
    };

    private static readonly Option<string?> Reason = PolicyHistory.NewReason();

    public static Command Create() => new(
        "candidate",
        "Try an edit beside the policy in force: first it only judges, then it decides for some grants, then for all.")
    {
        RemoteVerb.Create("set",
            "Have an edit judge each call beside the policy in force. It decides nothing, and its limits count apart; "
            + "each call's record says what it would have done.\n\nExample:\n"
            + "  gateway policy candidate set support support.new.json",
            SetAsync, Name, Document, Force),
        RemoteVerb.Create("show", "Print the candidate's document.", ShowAsync, Name),
        RemoteVerb.Create("verdicts",
            "Say which calls the candidate would have decided otherwise than they were.\n\nExample:\n"
            + "  gateway policy candidate verdicts support --since 24h",
            VerdictsAsync, Name, Since, Frontends.Addresses),
        RemoteVerb.Create("grants",
            "Have the candidate decide for these grants and no others, instead of the policy.\n\nExamples:\n"
            + "  gateway policy candidate grants support support-bot\n"
            + "  gateway policy candidate grants support",
            GrantsAsync, Name, Grants),
        RemoteVerb.Create("promote", "Put the candidate in force for all, as a new version of the policy.",
            PromoteAsync, Name, Force, Reason),
        RemoteVerb.Create("remove", "End the candidate; the policy decides for all.", RemoveAsync, Name),
    };

    /// <summary>How far a candidate is, in a word or two.</summary>
    public static string Standing(JsonNode candidate) => candidate["grants"]!.AsArray() is { Count: > 0 } grants
        ? $"decides for {string.Join(", ", grants.Select(static one => (string)one!))}"
        : "judges";

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (PolicyFile.Load(parsed.GetValue(Document)!, out var bytes) is null)
            return ExitCode.Usage;
        var version = await client.VersionAsync(Path(parsed), cancellation);
        var body = new JsonObject
        {
            ["text"] = System.Text.Encoding.UTF8.GetString(bytes),
            ["base"] = await client.VersionAsync(Policy(parsed), cancellation),
        };
        var set = await client.SendAsync(
            "PUT", PolicyHistory.With(Path(parsed), parsed.GetValue(Force), null), body, version, cancellation);
        Warn(set.Object);
        output.Say($"It judges calls of {parsed.GetValue(Name)} and decides none. See: gateway policy candidate "
            + $"verdicts {parsed.GetValue(Name)}", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var candidate = (await client.GetAsync(Path(parsed), cancellation)).Object;
        if (output.IsJson)
        {
            output.Json(candidate);
            return ExitCode.Well;
        }

        Console.Out.WriteLine((string)candidate["text"]!);
        var grants = candidate["grants"]!.AsArray();
        Console.Error.WriteLine(VisibleText.Of(
            $"by {candidate["by"]}, {Times.Show((string?)candidate["at"])}; decides for "
            + (grants.Count == 0 ? "nobody" : string.Join(", ", grants.Select(static one => (string)one!)))));
        return ExitCode.Well;
    }

    private static async Task<int> VerdictsAsync(
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
        var job = new JsonObject { ["candidate"] = true, ["name"] = parsed.GetValue(Name) };
        if (from is { } given)
            job["since"] = $"{given:O}";
        try
        {
            var report = await AuditReplay.JobAsync(parsed, client, job, progress, end.Token);
            progress.Clear();
            return report is null ? ExitCode.Usage
                : AuditReplay.Print(
                    output, report, "the candidate", parsed.GetValue(Since) ?? "it became the candidate");
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Console.Error.WriteLine("Cancelled; nothing can be concluded from what was read.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<int> GrantsAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grants = parsed.GetValue(Grants)!;
        var version = await client.VersionAsync(Path(parsed), cancellation);
        var body = new JsonObject { ["grants"] = new JsonArray([.. grants.Select(static one => (JsonNode)one)]) };
        var set = await client.SendAsync("PUT", Path(parsed) + "?force=true", body, version, cancellation);
        output.Say(grants.Length == 0
            ? "The candidate decides for nobody; the policy decides for all."
            : $"The candidate decides for {string.Join(", ", grants)}, from the next call on.", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> PromoteAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var current = await client.VersionAsync(Policy(parsed), cancellation);
        var path = PolicyHistory.With(Path(parsed) + "/promote", parsed.GetValue(Force), parsed.GetValue(Reason));
        var set = await client.SendAsync("POST", path, null, current, cancellation);
        Warn(set.Object);
        output.Say($"{parsed.GetValue(Name)} is in force for all, sha256 {set.Object["sha256"]}.", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var version = await client.VersionAsync(Path(parsed), cancellation);
        await client.SendAsync("DELETE", Path(parsed), null, version, cancellation);
        output.Say($"The policy {parsed.GetValue(Name)} decides for all.", null);
        return ExitCode.Well;
    }

    private static void Warn(JsonObject answer)
    {
        foreach (var warning in answer["warnings"]?.AsArray() ?? [])
            Console.Error.WriteLine($"warning: {VisibleText.Of((string)warning!)}");
    }

    private static string Policy(ParseResult parsed) => $"policies/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";

    private static string Path(ParseResult parsed) => Policy(parsed) + "/candidate";
}
