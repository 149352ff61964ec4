using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Audit.Directories;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;
using Gateway.Control.Network;
using Gateway.Hosting.Commands.Printing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>catalogue update</c>: replaces the index of public servers by a published catalogue.</summary>
internal static class CatalogueUpdateVerb
{
    private const string FromVariable = "GATEWAY_CATALOGUE_FROM";

    private static readonly Option<string?> From = new("--from")
    {
        Description = "The address or file of the catalogue. Its signature is at the same address, with "
            + $"{CatalogueUpdate.SignatureEnding} added. Default: {FromVariable}, else the catalogue of this release.",
        HelpName = "URL|FILE",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The publisher's public key (ECDSA P-256, PEM). Default: the key in this program.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Also use a catalogue that is older than the current one.",
    };

    public static Command Create()
    {
        var command = new Command("update",
            "Replace the index of public servers with a published catalogue, after verifying its signature. A running "
            + "gateway then searches the new index. If anything fails, the previous index stays.\n\n"
            + "Examples:\n  gateway catalogue update\n"
            + "  gateway catalogue update --from https://mirror.example.com/policy-gateway.catalogue\n"
            + "  gateway catalogue update --from own.catalogue --key own.pem --data /var/lib/gateway")
        {
            From, Key, Force, CatalogueImport.Data,
        };
        Output.AddOptions(command, hasRows: false);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var errors = new Output(Console.Error, OutputFormat.Table);
        using var end = new Interrupt(cancellation);
        try
        {
            if ((parsed.GetValue(From) ?? Variable() ?? CatalogueUpdate.ShippedUrl) is not { } from)
            {
                errors.Line("This program was built without the address of a catalogue: give the address with --from "
                    + "URL or --from FILE");
                return ExitCode.Usage;
            }

            var key = parsed.GetValue(Key) is { } file ? File.ReadAllText(file) : CatalogueUpdate.ShippedKey();
            if (key is null)
            {
                errors.Line("This program was built without the key of a publisher: give the key with --key FILE");
                return ExitCode.Usage;
            }

            var data = parsed.GetValue(CatalogueImport.Data)!;
            DataDirectory.RequireWritable(data, "catalogue");
            var update = new CatalogueUpdate(new OutboundConnector(
                [], environment: EnvironmentProxies.Read(Environment.GetEnvironmentVariable)));
            var report = await update.RunAsync(
                from, key, PublicCatalogue.PathIn(data), parsed.GetValue(Force), end.Token);
            Print(Output.For(parsed), report);
            return ExitCode.Well;
        }
        catch (IndexException e)
        {
            errors.Line(e.Message);
            return ExitCode.No;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            errors.Line(e.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            errors.Line("Canceled; the previous index stays.");
            return ExitCode.Interrupted;
        }
    }

    private static string? Variable() =>
        Environment.GetEnvironmentVariable(FromVariable) is { Length: > 0 } set ? set : null;

    private static void Print(Output output, UpdateReport report)
    {
        if (output.IsJson)
        {
            output.Json(new JsonObject
            {
                ["madeAt"] = report.MadeAt,
                ["servers"] = report.Servers,
                ["tools"] = report.Tools,
                ["bytes"] = report.Bytes,
                ["indexBytes"] = report.IndexBytes,
            });
            return;
        }

        output.Line($"{Spelling.Count(report.Servers, "server")} and {Spelling.Count(report.Tools, "tool")}, "
            + $"catalogue of {report.MadeAt.UtcDateTime:yyyy-MM-dd}; index of {report.IndexBytes / 1e6:0.0} MB");
    }
}
