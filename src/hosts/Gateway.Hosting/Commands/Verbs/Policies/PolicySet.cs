using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Policies;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Lists;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Hosting.Commands.Verbs.Policies;

internal static class PolicySet
{
    private static readonly Argument<string> Name = Resources.Policies.Name;

    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The policy document; - for standard input.",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show the changes without making them; exits with 1 if there are any.",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Set the policy even if a test fails, in the policy or in the file NAME.tests.json beside it.",
    };

    private static readonly Option<long?> Replaces = new("--replaces")
    {
        Description = "Set the policy only if this version, as listed by \"policy versions\", is still active. This "
            + "makes sure that nobody else has changed the policy since you exported it.",
        HelpName = "VERSION",
    };


    public static Command Create() => RemoteVerb.Create("set",
        "Set a policy on a running gateway. A policy with an error or a failing test is not set."
        + "\n\nExamples:\n"
        + "  gateway policy set support support.json\n"
        + "  gateway policy set support support.json --dry-run", RunAsync, Name, Document, DryRun, Force, Replaces,
        RemoteVerb.Reason);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var file = parsed.GetValue(Document)!;
        if (PolicyFile.Load(file, out var bytes) is not { } policy
            || PolicyFile.Test(policy, bytes, file, await ListsAsync(policy, client, cancellation)) is not { } tests)
            return ExitCode.Usage;
        var isForced = parsed.GetValue(Force);
        if (!Passes(tests, isForced))
            return ExitCode.No;
        var name = parsed.GetValue(Name)!;
        var path = Resources.Policies.PathOf(name);
        var version = await client.VersionAsync(path, cancellation);
        // Read after the version that the request names: a change since then is refused by the gateway.
        var replaced = await PolicyHistory.ActiveAsync(name, client, cancellation);
        if (parsed.GetValue(Replaces) is { } expected && expected != replaced?.Version
            && (replaced is null || expected != PolicyHistory.NumberOf(replaced)))
        {
            Console.Error.WriteLine(VisibleText.Of($"{name} was not set. Version {expected} is not active. "
                + (replaced is null ? "" : $"The active version is {PolicyHistory.Text(replaced)}. ")
                + $"See: gateway policy versions {name}"));
            return ExitCode.No;
        }

        var said = new HashSet<string>(
            PolicyLoader.Load(bytes, InputFile.Shown(file)).Problems
                .Concat(tests.SelectMany(static one => one.Failures))
                .Select(static problem => problem.ToString()),
            StringComparer.Ordinal);
        if (parsed.GetValue(DryRun))
        {
            return await CompareAsync(
                path, name, bytes, version, client, output, cancellation,
                answer => ReportWarnings(answer, name, file, said));
        }

        var set = await client.PutAsync(
            PolicyHistory.With(path, isForced), bytes, version,
            ClientJson.Default.PolicyView, cancellation);
        output.Say($"{name} is active, sha256 {set.Value.Sha256}.", set.Json);
        if (replaced is not null && replaced.Sha256 != set.Value.Sha256)
        {
            output.Note($"It replaced {PolicyHistory.Text(replaced)}. To go back: gateway policy restore {name} "
                + $"{PolicyHistory.NumberOf(replaced)}");
        }

        ReportWarnings(set.Value, name, file, said);
        return ExitCode.Well;
    }

    /// <summary>
    /// Prints the warnings that only the gateway can find, because it knows its lists, budgets and channels.
    /// </summary>
    private static void ReportWarnings(PolicyView answer, string name, FileInfo file, HashSet<string> said)
    {
        foreach (var text in answer.Warnings ?? [])
        {
            var here = text.StartsWith(name + ":", StringComparison.Ordinal) ? file + text[name.Length..] : text;
            if (said.Add(here))
                Console.Error.WriteLine(VisibleText.Of(here));
        }
    }

    /// <summary>
    /// Returns those of the policy's lists that the gateway has. The gateway itself reports a missing one.
    /// </summary>
    private static async Task<NamedLists> ListsAsync(
        CompiledPolicy policy, AdminClient client, CancellationToken cancellation)
    {
        var lists = new Dictionary<string, NamedList?>(StringComparer.Ordinal);
        foreach (var name in policy.Lists.Select(static use => use.Name).Distinct())
        {
            try
            {
                var list = await client.GetAsync(
                    Resources.Lists.PathOf(name), ClientJson.Default.ListInput, cancellation);
                lists[name] = new NamedList([.. list.Value.Values]);
            }
            catch (AdminProblemException e) when (e.Status is 404 or 409)
            {
                lists[name] = null;
            }
        }

        return new NamedLists(lists);
    }

    private static bool Passes(List<CallTestReport> tests, bool isForced)
    {
        var failures = tests.SelectMany(static report => report.Failures).ToList();
        foreach (var failure in failures)
            Console.Error.WriteLine(VisibleText.Of(failure.ToString()));
        if (failures.Count > 0 && !isForced)
            Console.Error.WriteLine(Spelling.Count(failures.Count, "test fails", "tests fail")
                + ", so the policy was not set. Correct the policy or the tests, or set it anyway with --force.");
        return failures.Count == 0 || isForced;
    }

    /// <summary>Prints the changes that setting the policy would make.</summary>
    public static async Task<int> CompareAsync(
        string path, string name, byte[] bytes, string? version, AdminClient client, Output output,
        CancellationToken cancellation, Action<PolicyView>? report = null)
    {
        // The dry run meets the same refusals as the real change. The tests were reported already.
        var answer = (await client.PutAsync(
            path + "?dryRun=true&force=true", bytes, version, ClientJson.Default.PolicyView, cancellation)).Value;
        report?.Invoke(answer);
        var changes = version is null
            ? [$"add the policy {name}"]
            : DocumentChanges.Between(
                Encoding.UTF8.GetBytes((await client.GetAsync(path, cancellation)).Text), bytes);
        var grants = answer.Grants;
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["dryRun"] = true,
                ["changes"] = new JsonArray([.. changes.Select(static change => JsonValue.Create(change))]),
                ["grants"] = new JsonArray([.. grants.Select(static grant => JsonValue.Create(grant))]),
            });
        }
        else
        {
            Changes.Print(output, changes, isDry: true);
            if (changes.Count > 0 && grants.Count > 0)
                output.Line($"for {string.Join(", ", grants)}, from the next call on");
        }

        return changes.Count > 0 ? ExitCode.No : ExitCode.Well;
    }
}
