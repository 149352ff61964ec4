using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Control.ConfigFile;
using Gateway.Policy.Problems;
using Gateway.Server.Commands.Printing;

namespace Gateway.Server.Commands.Verbs;

/// <summary><c>gateway config validate</c>: what a start would say of a configuration file, without a start.</summary>
internal static class ConfigCommand
{
    private static readonly Argument<FileInfo> Document = new("file")
    {
        Description = "The configuration file; - for standard input.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of text." };

    public static Command Create()
    {
        var validate = new Command("validate",
            "Check a configuration file, its policy files and what ${NAME} in it stands for, as a start does; nothing "
            + "is started. Exits with 1 where it has an error.\n\nExample:\n  gateway config validate gateway.json")
        {
            Document, Json,
        };
        validate.SetAction(parsed => Validate(
            parsed.GetValue(Document)!, new Output(Console.Out, parsed.GetValue(Json))));
        return new Command("config", "Check configuration files, show what is in force, and read the gateway's anew.")
        {
            validate, ConfigShow.Create(), ConfigReload.Create(),
        };
    }

    private static int Validate(FileInfo file, Output output)
    {
        if (PolicyFile.Read(file) is not { } content)
            return ExitCode.Usage;
        var path = PolicyFile.PathOf(file);
        var result = ConfigLoader.Load(path, Environment.GetEnvironmentVariable, content: content);
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["valid"] = result.Problems.IsEmpty,
                ["errors"] = Places(result.Problems),
                ["warnings"] = Places(result.Warnings),
            });
        }
        else
        {
            foreach (var problem in result.Problems)
                output.Line(problem.ToString());
            foreach (var warning in result.Warnings)
                output.Line(warning.ToString());
            output.Line($"{PolicyFile.Shown(file)}: {PolicyFile.Count(result.Problems.Length, "error")}, "
                + PolicyFile.Count(result.Warnings.Length, "warning"));
        }

        return result.Problems.IsEmpty ? ExitCode.Well : ExitCode.No;
    }

    private static JsonArray Places(IEnumerable<PolicyProblem> problems) =>
        new([.. problems.Select(PolicyFile.ToJson)]);
}
