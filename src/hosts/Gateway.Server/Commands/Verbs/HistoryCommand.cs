using System.CommandLine;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;

namespace Gateway.Server.Commands.Verbs;

/// <summary><c>gateway history</c>: who changed what.</summary>
internal static class HistoryCommand
{
    private const int LimitMax = 500;

    private static readonly Option<string?> Object = new("--object")
    {
        Description = "Only of this, as policies/support.",
        HelpName = "KIND/NAME",
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "Only of this operator.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Action = new("--action")
    {
        Description = "Only this action, such as create, replace, revoke or reload.",
        HelpName = "WORD",
    };

    private static readonly Option<bool> Raised = new("--raised")
    {
        Description = "Only changes that raise or remove a maximum of a limit.",
    };

    private static readonly Option<int> Limit = new("--limit", "-n")
    {
        Description = $"At most this many, the latest; {LimitMax} at most.",
        DefaultValueFactory = static _ => 50,
    };

    /// <summary><c>gateway history</c>.</summary>
    public static Command Create() => RemoteVerb.CreateRows("history",
        "Show who changed what, the latest first, at any gateway of the store; --json with before and after."
        + "\n\nExamples:\n  gateway history\n  gateway history --object policies/support --json",
        RunAsync, Object, By, Action, Raised, TimeRange.Since, TimeRange.Until, Limit);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (parsed.GetValue(Limit) is not (> 0 and <= LimitMax and var limit))
        {
            Console.Error.WriteLine($"--limit is from 1 to {LimitMax}.");
            return ExitCode.Usage;
        }

        var path = $"history?limit={limit}";
        if (parsed.GetValue(Object) is { Length: > 0 } what)
            path += $"&object={Uri.EscapeDataString(what)}";
        if (parsed.GetValue(By) is { Length: > 0 } by)
            path += $"&by={Uri.EscapeDataString(by)}";
        if (parsed.GetValue(Action) is { Length: > 0 } action)
            path += $"&action={Uri.EscapeDataString(action)}";
        if (parsed.GetValue(Raised))
            path += "&raised=true";
        if (!TimeRange.TryRead(parsed, out string times))
            return ExitCode.Usage;
        path += times;
        output.Table((await client.GetAsync(path, cancellation)).Object["items"]!.AsArray(), "Nothing was changed.",
            ("TIME", static one => Times.Show((string?)one["time"])),
            ("BY", static one => (string?)one["by"]),
            ("FROM", static one => (string?)one["from"] is { Length: > 0 } from ? from : (string?)one["frontend"]),
            ("WITH", static one => one["credential"] is { } credential
                ? $"{credential} {one["credentialId"]}".TrimEnd()
                : null),
            ("ORIGIN", static one => (string?)one["origin"]),
            ("ACTION", static one => (string?)one["action"]),
            ("OBJECT", static one => (string?)one["object"]),
            ("REASON", static one => (string?)one["reason"]),
            ("CHANGES", static one => one["changes"]?.AsArray() is { Count: > 0 } changes
                ? $"{changes[0]}" + (changes.Count > 1 ? $" and {changes.Count - 1} more" : "")
                : null));
        return ExitCode.Well;
    }
}
