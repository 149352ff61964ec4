using System.CommandLine;
using Gateway.Admin.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway attention</c>: the conditions that need attention, and what operators noted on them.</summary>
internal static class AttentionCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The condition's id." };

    private static readonly Option<string?> Assignee = new("--assignee")
    {
        Description = "The operator who is responsible for the condition; \"\" for none.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Comment = new("--comment")
    {
        Description = "A comment for other operators; \"\" for none.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> Snooze = new("--snooze")
    {
        Description = "How long the list does not show the condition and channels are not notified of it: a length or "
            + "a time, at most 30d. The condition returns when its text or severity changes. \"\" ends a snooze.",
        HelpName = "TIME",
    };

    public static Command Create() => new("attention", "List, assign, comment and snooze what needs attention.")
    {
        Resources.Attention.List(
            "List the conditions that need attention, the most severe first.\n\nExample:\n  gateway attention list"),
        RemoteVerb.Create("set",
            "Assign, comment or snooze a condition. Members that are not given stay the same.\n\nExamples:\n"
            + "  gateway attention set 81b9d3c0a4e5f617 --assignee ana --comment \"called the vendor\"\n"
            + "  gateway attention set 81b9d3c0a4e5f617 --snooze 4h",
            SetAsync, Id, Assignee, Comment, Snooze),
    };

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var id = parsed.GetValue(Id)!;
        var all = await client.ListAsync(Resources.Attention.Path, Resources.Attention.Page, cancellation);
        var old = all.FirstOrDefault(one => one.Value.Id == id)?.Value.Note;
        var set = await client.PutAsync(
            Resources.Attention.PathOf(id),
            new AttentionNoteInput
            {
                Assignee = Of(Assignee, old?.Assignee),
                Comment = Of(Comment, old?.Comment),
                Snooze = Of(Snooze, old?.SnoozedUntil?.ToString("O")),
            },
            ClientJson.Default.AttentionNoteInput, null, ClientJson.Default.AttentionView, cancellation);
        output.Say($"The note was saved: {set.Value.Text}.", set.Json);
        return ExitCode.Well;

        string? Of(Option<string?> option, string? before) =>
            parsed.GetValue(option) is not { } given ? before : given.Length == 0 ? null : given;
    }
}
