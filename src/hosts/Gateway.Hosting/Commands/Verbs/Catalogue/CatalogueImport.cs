using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Audit.Directories;
using Gateway.Catalogue.Importing;
using Gateway.Catalogue.Publishing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>catalogue import</c>: builds an index of the entries that registries and directories publish.</summary>
internal static class CatalogueImport
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data directory of the gateway.",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("GATEWAY_DATA") is { Length: > 0 } set
            ? set
            : ".gateway",
        HelpName = "DIR",
    };

    private static readonly Argument<string[]> Sources = new("file")
    {
        Description = "Files, folders of .json, .jsonl or .ndjson files, or - for standard input.",
        Arity = ArgumentArity.OneOrMore,
        HelpName = "file|folder",
    };

    public static Command Create()
    {
        var command = new Command("import",
            "Rebuild the index of public servers from registry entries (server.json), dumps of catalogues, and "
            + "responses to tools/list. Unreadable entries are reported with their place. A running gateway then "
            + "searches the new index.\n\n"
            + "Examples:\n  gateway catalogue import dump.jsonl servers/\n"
            + "  gateway catalogue import tools.json --data /var/lib/gateway")
        {
            Sources, Data,
        };
        Output.AddOptions(command, hasRows: false);
        command.SetAction(Run);
        return command;
    }

    private static Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        var errors = new Output(Console.Error, OutputFormat.Table);
        var path = PublicCatalogue.PathIn(parsed.GetValue(Data)!);
        using var end = new Interrupt(cancellation);
        string? input = null;
        try
        {
            DataDirectory.RequireWritable(parsed.GetValue(Data)!, "catalogue");
            var sources = parsed.GetValue(Sources)!;
            if (sources.Contains("-"))
                input = CopyInput(parsed.GetValue(Data)!);
            var report = new DumpImporter(new DumpOptions(), TimeProvider.System).Import(
                [.. sources.Select(source => source == "-" ? input! : source).Distinct()], path, null, end.Token);
            foreach (var refusal in report.Refusals)
                errors.Line($"{Place(refusal.Place, input)}: {refusal.Reason}");
            if (report.Refused > report.Refusals.Count)
                errors.Line($"and {report.Refused - report.Refusals.Count} more rejected");
            var isMade = report.IndexBytes > 0;
            var output = Output.For(parsed);
            if (isMade || output.IsJson)
                Print(output, report);
            if (isMade)
                return Task.FromResult(ExitCode.Well);
            errors.Line("The input contains no server and no list of tools; the previous import stays.");
            return Task.FromResult(ExitCode.No);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Line(e.Message);
            return Task.FromResult(ExitCode.Usage);
        }
        catch (OperationCanceledException)
        {
            errors.Line("Canceled; the previous import stays.");
            return Task.FromResult(ExitCode.Interrupted);
        }
        finally
        {
            if (input is not null)
                File.Delete(input);
        }
    }

    // The importer reads files only, because a folder has many.
    private static string CopyInput(string data)
    {
        var path = Path.Combine(data, "catalogue", "standard-input.jsonl");
        using var file = File.Create(path);
        using var input = Console.OpenStandardInput();
        input.CopyTo(file);
        return path;
    }

    private static string Place(string place, string? input) =>
        input is null ? place : place.Replace(input, "<stdin>", StringComparison.Ordinal);

    private static void Print(Output output, DumpReport report)
    {
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["files"] = report.Files,
                ["servers"] = report.Servers,
                ["tools"] = report.Tools,
                ["repeated"] = report.Repeated,
                ["refused"] = report.Refused,
                ["indexBytes"] = report.IndexBytes,
                ["seconds"] = Math.Round(report.Took.TotalSeconds, 3),
                ["toolsPerSecond"] = Math.Round(report.Speed),
            });
            return;
        }

        output.Line($"{Spelling.Count(report.Servers, "server")} and {Spelling.Count(report.Tools, "tool")} from "
            + $"{Spelling.Count(report.Files, "file")} in {report.Took.TotalSeconds:0.0} s, "
            + $"{report.Speed:0} tools per second; index of {report.IndexBytes / 1e6:0.0} MB");
        if (report.Repeated > 0)
            output.Line($"{Spelling.Count(report.Repeated, "duplicate tool")} ignored; the first of each was kept");
        if (report.Refused > 0)
            output.Line($"{report.Refused} rejected");
    }
}
