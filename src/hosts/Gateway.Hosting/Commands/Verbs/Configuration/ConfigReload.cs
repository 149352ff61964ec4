using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Records;
using Gateway.Control.ConfigFile;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Configuration;

/// <summary>
/// <c>gateway config reload</c>: makes the gateway read its configuration file now, or shows what that file or another
/// one would change.
/// </summary>
internal static class ConfigReload
{
    private static readonly Argument<FileInfo?> Document = new("file")
    {
        Description = "With --dry-run: the file to compare, instead of the gateway's own.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show the changes without making them; exits with 1 if there are any.",
    };

    public static Command Create()
    {
        var command = RemoteVerb.Create("reload",
            "Make the gateway read its configuration file now. It also reads the file within a second of an edit.\n\n"
            + "Examples:\n  gateway config reload\n  gateway config reload edited.json --dry-run",
            RunAsync, Document, DryRun);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Document) is not null && !result.GetValue(DryRun))
            {
                result.AddError("A file other than the gateway's own can be compared, but not loaded. Add --dry-run, "
                    + "or edit the file that the gateway was started with.");
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var isDry = parsed.GetValue(DryRun);
        var body = new ReloadInput();
        if (parsed.GetValue(Document) is { } file && !TryRead(file, out body))
            return ExitCode.Usage;
        var reply = await client.PostAsync(
            $"config/reload?dryRun={(isDry ? "true" : "false")}", body, ClientJson.Default.ReloadInput,
            ClientJson.Default.ReloadView, cancellation);
        var answer = reply.Value;
        if (output.IsJson)
            output.Json(reply.Json);
        else
        {
            // The gateway usually loads an edit before an operator can request it.
            Changes.Print(
                output, answer.Changes.Concat(answer.Restarts ?? []), isDry,
                !isDry && answer.LoadedBefore is { } loaded
                    ? $"Nothing has changed: the gateway had loaded this content at {Times.Show(loaded)}." : null);
            if (isDry && answer.Restarts is null)
            {
                Console.Error.WriteLine(
                    "note: which counters would start at zero is unknown: the gateway cannot read this file.");
            }
        }

        return isDry && answer.Changes.Count > 0 ? ExitCode.No : ExitCode.Well;
    }

    /// <summary>
    /// Reads the file and the files that it names, and checks them as far as this shell can; returns false if it finds
    /// a problem.
    /// </summary>
    private static bool TryRead(FileInfo file, out ReloadInput body)
    {
        body = new ReloadInput();
        if (InputFile.Read(file) is not { } bytes)
            return false;
        var missing = new HashSet<string>(StringComparer.Ordinal);
        var path = InputFile.PathOf(file);
        var result = ConfigLoader.Load(path, name =>
        {
            var value = Environment.GetEnvironmentVariable(name);
            if (value is null)
                missing.Add(name);
            return value;
        }, content: bytes);
        // This shell need not have the environment variables of the gateway.
        var wrong = result.Problems
            .Where(problem => !missing.Any(name =>
                problem.Message.Contains($"no variable {name};", StringComparison.Ordinal)))
            .ToList();
        foreach (var problem in wrong)
            Console.Error.WriteLine(problem);
        if (missing.Count > 0)
        {
            var names = string.Join(", ", missing.Select(static name => $"${{{name}}}"));
            Console.Error.WriteLine(
                $"note: the values of {names} could not be checked here; the gateway's environment may have them.");
        }

        if (wrong.Count > 0)
            return false;
        body = new ReloadInput
        {
            Config = Encoding.UTF8.GetString(bytes),
            Files = Files(bytes).ToDictionary(
                static name => name,
                name => File.ReadAllText(Path.Combine(Path.GetDirectoryName(path) ?? "", name))),
        };
        return true;
    }

    /// <summary>Returns the policies and lists in separate files.</summary>
    private static IEnumerable<string> Files(byte[] config)
    {
        var root = JsonNode.Parse(config);
        return new[] { root?["policies"], root?["lists"] }
            .OfType<JsonObject>()
            .SelectMany(static section => section)
            .Select(static named => named.Value as JsonObject)
            .Where(static named => named is { Count: 1 } && named["file"] is not null)
            .Select(static named => (string)named!["file"]!)
            .Distinct();
    }
}
