using System.CommandLine;
using Gateway.Hosting.Backups;
using Gateway.Hosting.Options;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Data;

/// <summary><c>gateway restore</c>: restores a backup into an empty data directory or database.</summary>
internal static class RestoreCommand
{
    private const int LinesMax = 20;

    private static readonly Option<string?> StoreKey = Setting.Text(
        "--store-key", "FILE", "File of store keys; the same value as for \"gateway run\". Required if the backup's "
            + "documents are authenticated.");

    private static readonly Option<string[]> Audit = new("--audit")
    {
        Description = "The data directory of a gateway that ran after the backup, or the folder \"audit\" in it. "
            + "Grants that were revoked there stay revoked; grants that were paused or changed there are paused. "
            + "Repeatable.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> Revoked = new("--revoked")
    {
        Description = "File of the grants that were revoked after the backup, one name per line; \"NAME paused\" for "
            + "a grant that was paused. The file may be empty. Repeatable.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Replace existing content. The content of a data directory is kept in a folder inside it; the "
            + "content of a database is deleted.",
    };

    public static Command Create()
    {
        var file = BackupCommand.FileArgument("The backup; - for standard input.");
        var (data, store) = (BackupOptions.Data(), BackupOptions.Store());
        var (passphrase, key) = (BackupOptions.PassphraseFile(), BackupOptions.KeyFile());
        var command = new Command("restore",
            "Restore a backup into an empty data directory or database, while no gateway uses it.\nA backup has no "
            + "counts. So, after the next start, a call to which a limit applies is refused until the current window "
            + "of that limit ends. Without --audit or --revoked every grant starts paused, since it may have been "
            + "revoked after the backup.\n\nExample:\n  gateway restore --data .gateway --audit old/.gateway "
            + "--passphrase-file passphrase.txt gateway.backup")
        {
            file, data, store, StoreKey, passphrase, key, Audit, Revoked, Replace,
        };
        BackupOptions.RequireOneSecret(command, passphrase, key);
        command.SetAction((parsed, cancellation) => BackupCommand.RunAsync(() => BackupCommand.WithInputAsync(
            parsed.GetRequiredValue(file), async path =>
        {
            var request = new RestoreRequest(
                path, parsed.GetValue(data)!, BackupOptions.StoreOf(parsed, store), parsed.GetValue(StoreKey),
                parsed.GetValue(Replace))
            {
                Secret = BackupOptions.SecretOf(parsed, path, passphrase, key),
                Audits = parsed.GetValue(Audit) ?? [],
                Lists = parsed.GetValue(Revoked) ?? [],
            };
            Print(request, await Restoration.RunAsync(request, TimeProvider.System, cancellation));
            return ExitCode.Well;
        })));
        return command;
    }

    private static void Print(RestoreRequest request, RestoreReport report)
    {
        BackupCommand.Describe(report.Backup);
        var data = Path.GetFullPath(request.Data);
        Line($"restored   {(request.Store is null ? data : $"the database, and the audit log in {data}")}");
        if (report.Replaced is { } replaced)
            Line($"kept       the previous content, in {replaced}");
        foreach (var done in report.Controls.Done)
            Line($"changed    {done}");
        if (!report.Later.IsKnown)
            Line($"paused     every call and {Spelling.Count(report.Controls.GrantsPaused, "grant", "grants")}: "
                + "it is unknown what was revoked since");
        foreach (var note in report.Notes)
            Line($"note       {note}");
        Line("closed     every window that has begun when the gateway first starts, until the window ends");
        PrintOthers(report.Later.Others);
        Console.WriteLine();
        Console.WriteLine("Next:");
        Line("- Do not start the old gateway again: both would admit calls independently.");
        Line("- Provide the files that no backup contains: the configuration file, certificates, the "
            + "store key, the audit key.");
        Line($"- Start the gateway: gateway run --data {request.Data}{(request.Store is null ? "" : " --store URL")} "
            + "--config FILE");
        if (!report.Later.IsKnown)
        {
            Line("- Revoke the grants that were revoked after the backup. Resume the others with \"gateway grant "
                + "resume NAME\", then end the pause of every call with \"gateway resume --all\".");
        }
        else if (report.Later.Paused.Count > 0)
            Line("- Review the paused grants; \"gateway grant resume NAME\" resumes one.");

        Line("- Operators must sign in again. Calls that waited for approval must be made again.");
    }

    private static void PrintOthers(IReadOnlyList<string> others)
    {
        if (others.Count == 0)
            return;
        Line($"lost       {Spelling.Count(others.Count, "other change")} made after the backup; make these changes "
            + "again:");
        foreach (var other in others.TakeLast(LinesMax))
            Line($"           {other}");
        if (others.Count > LinesMax)
            Line($"           and {others.Count - LinesMax} before these; see: gateway audit query --kind change");
    }

    private static void Line(string text) => Console.WriteLine(VisibleText.Of(text));
}
