using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Backtesting;
using Gateway.Admin.Tools;
using Gateway.Audit.Replaying;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs.Audit;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>gateway catalogue export</c>: pages about the tools of a registered server, as files.</summary>
internal static class CatalogueExport
{
    private static readonly Option<string> Server = new("--server")
    {
        Description = "The registered server.",
        HelpName = "NAME",
        Required = true,
    };

    private static readonly Option<string?> Tool = new("--tool")
    {
        Description = "Only this tool. Default: all tools of the server.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The folder for the files; created if it does not exist.",
        HelpName = "FOLDER",
        Required = true,
    };

    public static Command Create() => RemoteVerb.Create("export",
        "Write a self-contained HTML page about each tool of a server, and an index. The pages show what the "
        + "recommended policy would have decided on the calls of the last week; this requires the role "
        + "editor.\n\nExample:\n"
        + "  gateway catalogue export --server crm --out crm-tools",
        ExportAsync, Server, Tool, Out);

    private static async Task<int> ExportAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}";
        var list = (await client.GetAsync(path, ClientJson.Default.CatalogueView, cancellation)).Value;
        var only = parsed.GetValue(Tool);
        var names = only is null
            ? list.Tools.Select(static tool => tool.Name).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToList()
            : [only];
        var pages = new List<ToolPageView>();
        foreach (var name in names)
        {
            pages.Add((await client.GetAsync(
                $"{path}/tools/{Uri.EscapeDataString(name)}", ClientJson.Default.ToolPageView, cancellation)).Value);
        }

        var (effects, problem) = await EvaluateAsync(client, path, list.Server, only, cancellation);
        var html = new ToolHtml(list.Server, names, effects, problem);
        var folder = Directory.CreateDirectory(parsed.GetValue(Out)!).FullName;
        foreach (var page in pages)
            await WriteAsync(folder, ToolHtml.FileOf(page.Name), html.Page(page), cancellation);
        await WriteAsync(folder, "index.html", html.Index(list, pages), cancellation);
        output.Say(
            $"Wrote {Policy.Text.Spelling.Count(pages.Count, "page")} and index.html to {folder}."
            + (problem is null ? "" : $" The recommended policy was not evaluated: {problem}"), null);
        return ExitCode.Well;
    }

    /// <summary>
    /// Evaluates the recommended policy on the recorded calls of the last week. Returns the results by tool, or the
    /// reason why there are none: the rest of the pages is useful without them.
    /// </summary>
    private static async Task<(IReadOnlyDictionary<string, ReplayedTool>? Effects, string? Problem)> EvaluateAsync(
        AdminClient client, string path, string server, string? only, CancellationToken cancellation)
    {
        try
        {
            var policy = (await client.GetAsync(
                $"{path}/policy", ClientJson.Default.RecommendedPolicyView, cancellation)).Value.Policy;
            var body = new BacktestInput(JsonSerializer.SerializeToElement(policy, ClientJson.Default.JsonObject))
            {
                Server = server,
                Tool = only,
                Since = "7d",
            };
            using var progress = new ReplayProgressLine();
            var result = await ReplayJob.RunAsync(client, body, [], progress, cancellation);
            return result?.Report.Tools is { } tools
                ? (tools, result.HasOthers ? "Calls of other frontends of the fleet are not included." : null)
                : (null, "The gateway could not evaluate its records.");
        }
        catch (AdminProblemException e)
        {
            return (null, e.Message);
        }
    }

    private static Task WriteAsync(string folder, string file, string html, CancellationToken cancellation) =>
        File.WriteAllTextAsync(
            Path.Combine(folder, file), html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
}
