using System.CommandLine;
using Gateway.Admin.Importing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>policy import</c>: converts a file of another product to a policy.</summary>
internal static class PolicyImport
{
    private static readonly Argument<FileInfo> Source = new("file")
    {
        Description = "The other product's file; - for standard input.",
    };

    private static readonly Option<string> From = new("--from")
    {
        Description = "The product whose format the file has: intercept, docker-mcp, toolhive or envoy.",
        Required = true,
        HelpName = "FORMAT",
    };

    private static readonly Option<string> Scope = new("--scope")
    {
        Description = "For Intercept: the scope of the counters, either grant or server.",
        DefaultValueFactory = static _ => "grant",
        HelpName = "grant|server",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "For Docker's gateway: the server in the file whose tools are converted.",
        HelpName = "NAME",
    };

    private static readonly Option<string> ToolKey = new("--tool-key")
    {
        Description = "For Envoy: the key of descriptors that name a tool.",
        DefaultValueFactory = static _ => "tool",
        HelpName = "KEY",
    };

    private static readonly Option<string> GrantKey = new("--grant-key")
    {
        Description = "For Envoy: the key of descriptors that name a grant.",
        DefaultValueFactory = static _ => "grant",
        HelpName = "KEY",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Exit with 1 if something could not be converted.",
    };

    public static Command Create()
    {
        From.AcceptOnlyFromAmong([.. PolicyImporter.Formats]);
        Scope.AcceptOnlyFromAmong("grant", "server");
        var command = new Command("import",
            "Convert another product's file to a policy. Parts that cannot be converted are listed with their lines; "
            + "the tools of a rule that cannot be converted are denied until you write that rule.\n\nExamples:\n"
            + "  gateway policy import --from intercept intercept.yaml > support.json\n"
            + "  gateway policy import --from docker-mcp tools.yaml --server github > github.json\n"
            + "  gateway policy import --from envoy ratelimit.yaml --tool-key mcp_tool")
        {
            Source, From, Scope, Server, ToolKey, GrantKey, Strict,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var file = parsed.GetValue(Source)!;
        if (InputFile.Read(file) is not { } bytes)
            return ExitCode.Usage;
        try
        {
            var imported = PolicyImporter.Import(bytes, new ImportChoices(parsed.GetValue(From)!)
            {
                Scope = parsed.GetValue(Scope)!,
                Server = parsed.GetValue(Server),
                ToolKey = parsed.GetValue(ToolKey)!,
                GrantKey = parsed.GetValue(GrantKey)!,
            });
            new Output(Console.Out, OutputFormat.Json).Json(imported.Document);
            var errors = new Output(Console.Error, OutputFormat.Table);
            foreach (var note in imported.Notes)
                errors.Line($"{file}:{note}");
            errors.Line($"{Spelling.Count(imported.Notes.Count, "note")}. Check it with: gateway policy validate FILE");
            return imported.Notes.Count > 0 && parsed.GetValue(Strict) ? ExitCode.No : ExitCode.Well;
        }
        catch (ImportException e)
        {
            new Output(Console.Error, OutputFormat.Table).Line($"{file}:{e.Message}");
            return ExitCode.Usage;
        }
    }
}
