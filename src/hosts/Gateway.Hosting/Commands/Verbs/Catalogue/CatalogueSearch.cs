using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Admin.Tools;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs.Tools;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Catalogue;

/// <summary><c>catalogue search</c>: finds tools of registered and imported servers by words.</summary>
internal static class CatalogueSearch
{
    private static readonly Argument<string[]> Words = new("words")
    {
        Description = "Words that must all match. A word of three letters or more also matches the beginning of a "
            + "longer word.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Category = new("--category")
    {
        Description = "Only tools of this category: Read, Write, Execute, Destructive, Financial or Secret.",
        HelpName = "CATEGORY",
    };

    private static readonly Option<string?> Risk = new("--risk")
    {
        Description = "Only tools of this risk: Low, Medium, High or Critical.",
        HelpName = "RISK",
    };

    private static readonly Option<string?> Of = new("--of")
    {
        Description = "Only tools of registered servers, or only those of public servers.",
        HelpName = "registered|public",
    };

    private static readonly Option<string?> Transport = new("--transport")
    {
        Description = "Only tools of servers with this transport: stdio, http, sse or unknown.",
        HelpName = "TRANSPORT",
    };

    private static readonly Option<bool> Servers = new("--servers")
    {
        Description = "Show the servers that have matching tools, the best match first.",
    };

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "The maximum number of tools, up to 100.",
        DefaultValueFactory = static _ => 20,
        HelpName = "COUNT",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Search only the public servers in this data directory, without a running gateway.",
        HelpName = "DIR",
    };

    public static Command Create() => RemoteVerb.CreateRows("search",
        "Search the tools of registered servers and of public servers. The public servers are those from the last "
        + "import or update, or else those that this program contains.\n\nExamples:\n"
        + "  gateway catalogue search refund payment --risk Critical\n"
        + "  gateway catalogue search send email --servers --transport stdio\n"
        + "  gateway catalogue search otp --of public --json",
        RunAsync, Words, ToolsCommand.Server, Category, Risk, Transport, Of, Servers, Limit, Data);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (parsed.GetValue(Data) is { } data)
            return SearchFolder(output, PublicCatalogue.PathIn(data), Wanted);
        List<string> query = [];
        foreach (var name in (string[])["q", "server", "category", "risk", "transport", "of", "group", "limit"])
        {
            if (Wanted(name) is { } value)
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        var path = $"catalogue/search?{string.Join('&', query)}";
        var found = await client.GetAsync(path, ClientJson.Default.SearchView, cancellation);
        Print(output, found.Value, found.Json);
        return ExitCode.Well;

        string? Wanted(string name) => name switch
        {
            "q" => parsed.GetValue(Words) is { Length: > 0 } words ? string.Join(' ', words) : null,
            "server" => parsed.GetValue(ToolsCommand.Server),
            "category" => parsed.GetValue(Category),
            "risk" => parsed.GetValue(Risk),
            "transport" => parsed.GetValue(Transport),
            "of" => parsed.GetValue(Of),
            "group" => parsed.GetValue(Servers) ? "server" : null,
            _ => parsed.GetValue(Limit).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static int SearchFolder(Output output, string path, Func<string, string?> wanted)
    {
        var errors = new Output(Console.Error, OutputFormat.Table);
        try
        {
            if (SearchQuestion.Read(wanted, out var problem) is not { } question
                || PublicCatalogue.Open(path, out problem) is not { } index)
                errors.Line(problem!);
            else
            {
                var found = SearchViews.Find(index, question);
                Print(output, ResponseReader.Read(found, ClientJson.Default.SearchView), found);
                return ExitCode.Well;
            }
        }
        catch (IndexException e)
        {
            errors.Line(e.Message);
        }

        return ExitCode.Usage;
    }

    private static void Print(Output output, SearchView found, JsonNode json)
    {
        if (output.IsJson)
        {
            output.Json(json);
            return;
        }

        if (found.Note is { } note)
            new Output(Console.Error, OutputFormat.Table).Line(note);
        if (found.Groups is { } groups)
        {
            output.Table(groups, "No tool matches.",
                ("SERVER", static group => group.Server.Name),
                ("PACKAGE", static group => group.Server.Package ?? group.Server.Repository),
                ("TRANSPORT", static group => group.Server.Transport),
                ("REGISTERED", static group => group.Server.Registered ? "yes" : "no"),
                ("MATCHING", static group => group.Matching.ToString(CultureInfo.InvariantCulture)),
                ("BEST TOOLS", static group => string.Join(", ", group.Tools.Select(static tool => tool.Name))));
            PrintFacets(output, found);
            return;
        }

        output.Table(found.Items, "No tool matches.",
            ("SERVER", static tool => tool.Server),
            ("TOOL", static tool => tool.Name),
            ("CATEGORY", static tool => tool.Category),
            ("RISK", static tool => tool.Risk),
            ("REGISTERED", static tool => tool.Registered ? "yes" : "no"),
            ("DESCRIPTION", tool => output.IsCsv
                ? tool.Description
                : Excerpt(tool) ?? ResourceText.FirstLine(tool.Parameters)));
        foreach (var server in found.Servers)
        {
            output.Note($"server {server.Name}: {Spelling.Count(server.Tools, "tool")}. "
                + ResourceText.FirstLine(server.Description ?? server.Package));
        }

        PrintFacets(output, found);
    }

    private static void PrintFacets(Output output, SearchView found)
    {
        if (found.Items.Count == 0)
            return;
        output.Note($"categories: {Counts(found.Facets.Categories)}");
        output.Note($"risks: {Counts(found.Facets.Risks)}");
        output.Note($"transports: {Counts(found.Facets.Transports)}");
        output.Note(found.Groups is { } groups
            ? $"{Spelling.Count(groups.Count, "server")}; {Spelling.Count(found.Total, "tool")}"
            : $"{found.Items.Count} of {Spelling.Count(found.Total, "tool")}");
    }

    /// <summary>Returns the description from shortly before the first word that matched.</summary>
    private static string? Excerpt(FoundToolView tool)
    {
        const int before = 20;
        var text = tool.Description;
        var first = tool.Highlights.Description is [var mark, ..] ? mark.Start : 0;
        return text is not null && first > before + before ? "…" + ResourceText.FirstLine(text[(first - before)..])
            : ResourceText.FirstLine(text);
    }

    private static string Counts(IReadOnlyDictionary<string, int> facet) => string.Join(
        ", ", facet.Where(static one => one.Value > 0).Select(static one => $"{one.Value} {one.Key}"));
}
