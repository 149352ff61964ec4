using System.CommandLine;
using Gateway.Hosting.Backups;
using Gateway.Mcp.Writing;
using Gateway.Storage.Local.Files;

namespace Gateway.Hosting.Commands.Verbs.Data;

/// <summary><c>gateway repair</c>: removes damaged control documents from a data directory.</summary>
internal static class RepairCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "List the damaged documents and change nothing.",
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "Also move damaged documents that record what was revoked, expired, reset or counted. Without "
            + "such a document, calls may be allowed that were denied before: prefer gateway restore.",
    };

    public static Command Create()
    {
        var data = BackupOptions.Data();
        var command = new Command("repair",
            "Move damaged control documents out of a data directory, while no gateway uses it.\nIf a "
            + "server, policy, list or grant is damaged, a gateway starts without it and denies what depends on it; "
            + "gateway status lists the damaged documents. Afterwards, set the moved objects again, or restore a "
            + "backup. Policies can be taken from the history: "
            + "gateway policy versions NAME.\n\nExample:\n  gateway repair --data .gateway "
            + "--dry-run")
        {
            data, DryRun, All,
        };
        command.SetAction((parsed, _) => BackupCommand.RunAsync(() => Task.FromResult(
            Run(parsed.GetValue(data)!, parsed.GetValue(DryRun), parsed.GetValue(All)))));
        return command;
    }

    /// <summary>Returns 0 if no damaged document is left, otherwise 1.</summary>
    private static int Run(string data, bool isDryRun, bool all)
    {
        var control = Path.Combine(data, "control");
        if (!Directory.Exists(control))
            throw new BackupException($"{control} does not exist. Name the data directory with --data.");
        var found = FileControlStore.Repair(control, isDryRun, all);
        if (found.Count == 0)
            Console.WriteLine("No document is damaged.");
        foreach (var (key, path, movedTo) in found)
        {
            Console.WriteLine(VisibleText.Of(movedTo is null
                ? $"{key}: {path} is damaged, and stays because calls could be allowed without it; --all moves it too"
                : isDryRun ? $"{key}: {path} is damaged and would be moved to {movedTo}"
                : $"{key}: moved to {movedTo}"));
        }

        return found.All(one => one.MovedTo is not null && !isDryRun) ? ExitCode.Well : ExitCode.No;
    }
}
