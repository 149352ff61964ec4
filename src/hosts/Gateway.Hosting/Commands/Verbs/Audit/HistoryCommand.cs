using System.CommandLine;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway history</c>: the changes, with their authors.</summary>
internal static class HistoryCommand
{
    private const int LimitMax = 100_000;

    private static readonly Option<string?> Object = new("--object")
    {
        Description = "Only changes of this object, such as policies/support.",
        HelpName = "KIND/NAME",
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "Only changes by this operator.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Action = new("--action")
    {
        Description = "Only changes with this action, such as create, replace, revoke or reload.",
        HelpName = "WORD",
    };

    private static readonly Option<bool> Raised = new("--raised")
    {
        Description = "Only changes that raise or remove the maximum of a limit.",
    };

    private static readonly Option<int> Limit = new("--limit", "-n")
    {
        Description = $"How many of the latest changes to show, up to {LimitMax}.",
        DefaultValueFactory = static _ => 50,
    };

    public static Command Create() => RemoteVerb.CreateRows("history",
        "Show the changes made at all gateways of the store, the latest first. --json adds the values before and "
        + "after each change."
        + "\n\nExamples:\n  gateway history\n  gateway history --object policies/support --json",
        RunAsync, Object, By, Action, Raised, TimeRange.Since, TimeRange.Until, Limit);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (parsed.GetValue(Limit) is not (> 0 and <= LimitMax and var limit))
        {
            Console.Error.WriteLine($"--limit must be from 1 to {LimitMax}.");
            return ExitCode.Usage;
        }

        var filter = "";
        if (parsed.GetValue(Object) is { Length: > 0 } what)
            filter += $"&object={Uri.EscapeDataString(what)}";
        if (parsed.GetValue(By) is { Length: > 0 } by)
            filter += $"&by={Uri.EscapeDataString(by)}";
        if (parsed.GetValue(Action) is { Length: > 0 } action)
            filter += $"&action={Uri.EscapeDataString(action)}";
        if (parsed.GetValue(Raised))
            filter += "&raised=true";
        if (!TimeRange.TryRead(parsed, out string times))
            return ExitCode.Usage;
        filter += times;
        var (items, last) = await ReadAsync(client, filter, limit, cancellation);
        output.List(items, WhenEmpty(parsed, last),
            ("TIME", static one => Times.Show(one.Time)),
            ("BY", static one => one.By),
            ("FROM", static one => one.From is { Length: > 0 } from ? from : one.Frontend),
            ("WITH", static one => one.Credential is { } credential
                ? $"{credential} {one.CredentialId}".TrimEnd()
                : null),
            ("ORIGIN", static one => one.Origin),
            ("ACTION", static one => one.Action),
            ("OBJECT", static one => one.Object),
            ("REASON", static one => one.Reason),
            ("CHANGES", static one => one.Changes is { Count: > 0 } changes
                ? changes[0] + (changes.Count > 1 ? $" and {More(one, changes.Count)} more" : "")
                : null),
            ("ABOUT", static one => one.About));
        if (items.Count > 0 && Limits(parsed, last, items.Count) is { } limits)
            Console.Error.WriteLine(VisibleText.Of(limits));
        return ExitCode.Well;
    }

    /// <summary>
    /// Returns the number of changes that are not named: the record names at most 1,000 changes of an apply, but all of
    /// its objects.
    /// </summary>
    private static int More(HistoryView change, int named) =>
        Math.Max(named, change.Objects?.Count ?? 0) - 1;

    /// <summary>
    /// Reads pages until there are enough items; the last page contains the time when the record begins.
    /// </summary>
    private static async Task<(List<Reply<HistoryView>> Items, HistoryPageView Last)> ReadAsync(
        AdminClient client, string filter, int limit, CancellationToken cancellation)
    {
        var items = new List<Reply<HistoryView>>();
        var cursor = "";
        while (true)
        {
            var path = $"history?limit={Math.Min(Pages.LimitMax, limit - items.Count)}{filter}&cursor={cursor}";
            var page = await client.GetAsync(path, ClientJson.Default.HistoryPageView, cancellation);
            items.AddRange(AdminClient.Items(page.Value.Items, page.Json));
            if (page.Value.Next is not { } next || items.Count >= limit)
                return (items, page.Value);
            cursor = next;
        }
    }

    /// <summary>
    /// Returns the text for an empty list: the history has a beginning, and there may have been earlier changes.
    /// </summary>
    private static string WhenEmpty(ParseResult parsed, HistoryPageView page)
    {
        var about = parsed.GetValue(Object) is { Length: > 0 } what ? $" of {what}" : "";
        var by = parsed.GetValue(By) is { Length: > 0 } name ? $" by {name}" : "";
        return $"The history has no change{about}{by}. {Begins(page)}";
    }

    /// <summary>Describes the requested changes that the list does not show; null if it shows all.</summary>
    private static string? Limits(ParseResult parsed, HistoryPageView page, int count) =>
        page.Next is not null ? $"These are the {count} latest changes; see more with --limit."
        : parsed.GetValue(Object) is not { Length: > 0 } what ? Begins(page)
        : page.IsComplete != false ? null
        : $"Earlier changes of {what} are not in the history. {Begins(page)}";

    /// <summary>Returns when the history begins, which a gateway of an earlier release does not send.</summary>
    private static string Begins(HistoryPageView page) => Times.Show(page.Since) is { } since
        ? $"The history begins at {since}."
        : "This gateway keeps the latest 1,000 changes of all objects.";
}
