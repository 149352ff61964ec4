using System.CommandLine;
using Gateway.Admin.Applying;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Configuration;

/// <summary><c>gateway apply</c>: brings a gateway into the state that documents describe.</summary>
internal static class ApplyCommand
{
    private const string Unchanged = "unchanged";

    private static readonly Option<string[]> Files = new("--file", "-f")
    {
        Description = "A document, a folder of documents (*.json, subfolders too), or - for standard input; "
            + "repeatable.",
        HelpName = "FILE|DIR",
        Required = true,
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show the changes without making them; exits with 1 if there are any.",
    };

    private static readonly Option<bool> Prune = new("--prune")
    {
        Description = "Delete objects that earlier documents of this owner created and that the given documents no "
            + "longer describe.",
    };

    private static readonly Option<string?> Selector = CommonOptions.Filter("--selector", "SELECTOR",
        "With --prune: delete only grants whose labels match (team=support,env!=prod).");

    private static readonly Option<string> Owner = new("--owner")
    {
        Description = "The owner of the documents: --prune deletes only what documents of this owner created.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "default",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Also apply policies with failing tests.",
    };

    public static Command Create()
    {
        var command = RemoteVerb.CreateRows("apply",
            "Apply documents that describe servers, policies, lists, budgets, grants and alert rules to a running "
            + "gateway. They have the same members as the configuration file. If a document is invalid, nothing is "
            + "applied.\n\nExamples:\n  gateway apply -f gateway.d --dry-run\n  gateway apply -f gateway.d --prune\n"
            + "  jq … | gateway apply -f -", RunAsync, Files, DryRun, Prune, Selector, Owner, Force);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Selector) is not null && !result.GetValue(Prune))
                result.AddError("--selector limits what --prune deletes; give --prune too, or omit --selector.");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var documents = new ApplyDocuments();
        if (!documents.Read(parsed.GetValue(Files)!))
            return ExitCode.Usage;
        if (documents.Problems.Count > 0)
            return Refuse(documents.Problems);
        var isDry = parsed.GetValue(DryRun);
        var path = $"apply?owner={Uri.EscapeDataString(parsed.GetValue(Owner)!)}&dryRun={Flag(isDry)}"
            + $"&force={Flag(parsed.GetValue(Force))}" + (parsed.GetValue(Selector) is { } selector
                ? $"&prune=selected&selector={Uri.EscapeDataString(selector)}"
                : $"&prune={Flag(parsed.GetValue(Prune))}");
        try
        {
            return Print(
                output, await client.PostAsync(path, documents.Body(), ClientJson.Default.ApplyView, cancellation),
                isDry);
        }
        catch (AdminProblemException e) when (e is { Status: 422, Errors.Count: > 0 })
        {
            return Refuse([.. e.Errors.Select(error =>
                documents.Locate(error.Pointer, error.Message))]);
        }
    }

    private static string Flag(bool value) => value ? "true" : "false";

    private static int Refuse(List<PolicyProblem> problems)
    {
        var ordered = problems.OrderBy(static problem => problem.File, StringComparer.Ordinal)
            .ThenBy(static problem => problem.Line).ThenBy(static problem => problem.Column);
        foreach (var problem in ordered)
            Console.Error.WriteLine(VisibleText.Of(problem.ToString()));
        Console.Error.WriteLine($"{Spelling.Count(problems.Count, "error")}; nothing was applied.");
        return ExitCode.Usage;
    }

    private static int Print(Output output, Reply<ApplyView> reply, bool isDry)
    {
        var applied = reply.Value;
        foreach (var warning in applied.Warnings)
            Console.Error.WriteLine(VisibleText.Of($"warning: {warning}"));
        var counts = applied.Changes.CountBy(static change => change.Action).ToDictionary();
        if (output.IsJson)
            output.Json(reply.Json);
        else
        {
            List<(string Head, Func<AppliedChange, string?> Cell)> columns =
            [
                ("ACTION", static change => change.Action),
                ("OBJECT", static change => change.Object),
            ];
            if (applied.Tokens.Count > 0)
                columns.Add(("TOKEN, SHOWN ONLY ONCE", change => Token(applied.Tokens, change.Object)));
            // For an apply only the changes are of interest; a dry run lists every object.
            output.Table(
                applied.Changes.Where(change => isDry || change.Action != Unchanged),
                isDry ? "Nothing would change." : "Nothing has changed.", [.. columns]);
            output.Note(string.Join(", ", new[] { "create", "change", "delete", Unchanged }
                .Select(action => $"{counts.GetValueOrDefault(action)} {action}")) + (isDry ? " (dry run)" : ""));
        }

        return isDry && counts.Keys.Any(static action => action != Unchanged) ? ExitCode.No : ExitCode.Well;
    }

    private static string? Token(IReadOnlyDictionary<string, string> tokens, string key) =>
        key.StartsWith("grants/", StringComparison.Ordinal) ? tokens.GetValueOrDefault(key["grants/".Length..]) : null;
}
