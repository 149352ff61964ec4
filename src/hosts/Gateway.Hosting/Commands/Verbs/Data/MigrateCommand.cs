using System.CommandLine;
using Gateway.Hosting.Migrations;
using Gateway.Hosting.Options;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Data;

/// <summary><c>gateway migrate</c>: copies the content of a store to another one.</summary>
internal static class MigrateCommand
{
    private static readonly Option<string> From = Place(
        "--from", "The store to move from: a data directory, or postgres://user@host/database.");

    private static readonly Option<string> To = Place("--to", "The store to move to, which must be empty.");

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show what would be moved, and change nothing.",
    };

    private static readonly Option<bool> Undo = new("--undo")
    {
        Description = "Undo the migration, which is possible until a gateway starts on the target. The target is "
            + "emptied, and gateways can start on the source again.",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Fill a target whose content was moved away earlier. The old content of a directory is kept in "
            + "a folder inside it; the old content of a database is deleted.",
    };

    private static readonly Option<int> Wait = new("--wait")
    {
        Description = "The maximum time to wait for the gateways on the source to stop, in seconds.",
        HelpName = "SECONDS",
        DefaultValueFactory = static _ => 600,
    };

    public static Command Create()
    {
        var command = new Command("migrate",
            "Move control documents, history, usage and counters from a data directory to PostgreSQL, or back.\n"
            + "Run this command while the gateway runs, and stop the gateway when the command asks for it. A gateway "
            + "that is started on the target responds with 503 until the content is there. No gateway starts on the "
            + "source again. If the command is interrupted, run it again. The audit log stays in the data "
            + "directory.\n\n"
            + "Example:\n  gateway migrate --from .gateway --to postgres://gateway@db/gateway")
        {
            From, To, DryRun, Undo, Replace, Wait,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetValue(DryRun) && result.GetValue(Undo))
                result.AddError("Give either --dry-run or --undo, not both.");
        });
        command.SetAction((parsed, cancellation) => BackupCommand.RunAsync(async () =>
        {
            ShownSecret.Warn(parsed.GetValue(From), Console.Error, "--from");
            ShownSecret.Warn(parsed.GetValue(To), Console.Error, "--to");
            var request = new MigrationRequest(
                parsed.GetRequiredValue(From), parsed.GetRequiredValue(To), parsed.GetValue(Replace),
                TimeSpan.FromSeconds(parsed.GetValue(Wait)));
            var migration = new Migration(TimeProvider.System, Say);
            if (parsed.GetValue(DryRun))
                await migration.PlanAsync(request, cancellation);
            else if (parsed.GetValue(Undo))
                await migration.UndoAsync(request, cancellation);
            else
            {
                await migration.RunAsync(request, cancellation);
                Say($"Next: {Next(request.To)}");
            }

            return ExitCode.Well;
        }));
        return command;
    }

    private static string Next(string to) => MigrationStore.IsDatabase(to)
        ? "start the gateway with the same --data and --config, and --store with that URL."
        : $"start the gateway with --data {to}, --config, and without --store.";

    private static Option<string> Place(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "DIR|URL", Required = true };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } place
                && place.Contains("://", StringComparison.Ordinal) && !MigrationStore.IsDatabase(place))
            {
                result.AddError($"{name} must be a data directory or a postgres:// URL.");
            }
        });
        return option;
    }

    private static void Say(string line) => Console.WriteLine(VisibleText.Of(line));
}
